//! A graph for Graphviz.

use std::io;

use pycheck_model::{Graph, GraphEdge, GraphModule, Origin, StatementKind};

use super::is_circular;
use crate::paths;

pub(super) fn write(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "digraph imports {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, style=rounded, fontname=\"sans-serif\"];")?;
    for module in &graph.modules {
        writeln!(out, "  {}{};", quoted(&module.name), attributes(&node_attributes(module)))?;
    }
    for edge in &graph.edges {
        let (from, to) = (&graph.modules[edge.from].name, &graph.modules[edge.to].name);
        let attributes = attributes(&edge_attributes(graph, edge));
        writeln!(out, "  {} -> {}{attributes};", quoted(from), quoted(to))?;
    }
    writeln!(out, "}}")
}

fn node_attributes(module: &GraphModule) -> Vec<String> {
    let mut all = Vec::new();
    if module.origin != Origin::Project {
        all.push("style=\"rounded,dashed\"".to_owned());
    }
    if module.cycle.is_some() {
        all.push("color=\"#b45309\"".to_owned());
    }
    if module.size > 1 {
        let label = format!("{}\n{} modules", module.name, module.size);
        all.push(format!("label={}", quoted(&label)));
    }
    all
}

fn edge_attributes(graph: &Graph, edge: &GraphEdge) -> Vec<String> {
    let mut all = Vec::new();
    if edge.fails() {
        all.push("color=\"#dc2626\", penwidth=2".to_owned());
    } else if is_circular(graph, edge) {
        all.push("color=\"#b45309\"".to_owned());
    }
    match edge.kind() {
        StatementKind::Lazy | StatementKind::Script => all.push("style=dashed".to_owned()),
        StatementKind::TypeChecking => all.push("style=dotted".to_owned()),
        StatementKind::Normal | StatementKind::Try => {}
    }
    if edge.statements.len() > 1 {
        all.push(format!("label=\"{}\"", edge.statements.len()));
    }
    all
}

fn attributes(all: &[String]) -> String {
    if all.is_empty() { String::new() } else { format!(" [{}]", all.join(", ")) }
}

fn quoted(text: &str) -> String {
    let text = paths::lines(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_cannot_end_its_quotes() {
        assert_eq!(quoted("a\"];b\\"), r#""a\"];b\\""#);
    }
}
