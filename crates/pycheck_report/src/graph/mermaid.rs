//! A graph for Markdown that draws Mermaid.

use std::fmt::Write as _;
use std::io;

use pycheck_model::{Graph, GraphEdge, StatementKind};

use super::is_circular;
use crate::paths;

pub(super) fn write(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (number, module) in graph.modules.iter().enumerate() {
        let size = match module.size {
            0 | 1 => String::new(),
            size => format!(" ({size} modules)"),
        };
        writeln!(out, "  m{number}[\"{}{size}\"]", escaped(&module.name))?;
    }
    for edge in &graph.edges {
        let count = match edge.statements.len() {
            0 | 1 => String::new(),
            count => format!("|{count}|"),
        };
        writeln!(out, "  m{} {}{count} m{}", edge.from, arrow(edge), edge.to)?;
    }
    write_styles(graph, out)
}

fn arrow(edge: &GraphEdge) -> &'static str {
    match edge.kind() {
        StatementKind::Normal | StatementKind::Try => "-->",
        StatementKind::Lazy | StatementKind::Script | StatementKind::TypeChecking => "-.->",
    }
}

fn write_styles(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    let failing = numbers(graph, &|edge| edge.fails());
    if !failing.is_empty() {
        writeln!(out, "  linkStyle {failing} stroke:#dc2626,stroke-width:3px")?;
    }
    let circular = numbers(graph, &|edge| !edge.fails() && is_circular(graph, edge));
    if !circular.is_empty() {
        writeln!(out, "  linkStyle {circular} stroke:#b45309")?;
    }
    Ok(())
}

fn numbers(graph: &Graph, is_meant: &dyn Fn(&GraphEdge) -> bool) -> String {
    let meant = graph.edges.iter().enumerate().filter(|(_, edge)| is_meant(edge));
    let numbers: Vec<String> = meant.map(|(number, _)| number.to_string()).collect();
    numbers.join(",")
}

/// Mermaid knows characters by their numbers.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in paths::one_line(text).chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | '`' | '\\' => {
                // Writing to a string can't fail.
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_end_its_quotes() {
        assert_eq!(escaped("a\"]<b>"), "a#34;]#60;b#62;");
    }
}
