//! A graph for people and for `grep`: each module with what it imports and where, and at the end the
//! modules that import each other.

use std::io::{self, Write as _};
use std::path::Path;

use codespan_reporting::term::termcolor::{Buffer, WriteColor as _};
use pycheck_model::{Graph, GraphEdge, GraphModule, Level, Origin, Statement};

use super::{cycles, is_circular};
use crate::{paths, style};

pub(super) fn write(
    graph: &Graph,
    base: &Path,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut buffer = style::buffer(color);
    let mut edges = graph.edges.iter().peekable();
    for (number, module) in graph.modules.iter().enumerate() {
        write_module(module, base, &mut buffer)?;
        while let Some(edge) = edges.next_if(|edge| edge.from == number) {
            write_edge(graph, edge, base, &mut buffer)?;
        }
    }
    for cycle in cycles(graph) {
        write_cycle(graph, &cycle, base, &mut buffer)?;
    }
    write_counts(graph, &mut buffer)?;
    out.write_all(buffer.as_slice())
}

fn write_module(module: &GraphModule, base: &Path, buffer: &mut Buffer) -> io::Result<()> {
    buffer.set_color(&style::strong())?;
    write!(buffer, "{}", paths::one_line(&module.name))?;
    buffer.reset()?;
    let remark = match (module.size, &module.path, module.origin) {
        (2.., _, _) => format!("  {} modules", module.size),
        (_, Some(path), Origin::Project) => format!("  {}", paths::shown(path, base)),
        (_, _, Origin::Project) => String::new(),
        (_, _, origin) => format!("  {}", origin.as_str()),
    };
    writeln!(buffer, "{remark}")
}

fn write_edge(graph: &Graph, edge: &GraphEdge, base: &Path, buffer: &mut Buffer) -> io::Result<()> {
    // The first that fails tells most.
    let failing = edge.statements.iter().find(|statement| statement.failure.is_some());
    let Some(shown) = failing.or_else(|| edge.statements.first()) else { return Ok(()) };
    let name = paths::one_line(&graph.modules[edge.to].name);
    let others = match edge.statements.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    write!(buffer, "  -> {name}  {}{others}", place(shown, base))?;
    let kind = edge.kind().as_str();
    if kind != "normal" {
        write!(buffer, "  {kind}")?;
    }
    if let Some(failure) = &shown.failure {
        buffer.set_color(&style::level(Level::Error))?;
        write!(buffer, "  {}", paths::one_line(failure))?;
        buffer.reset()?;
    } else if is_circular(graph, edge) {
        buffer.set_color(&style::level(Level::Warn))?;
        write!(buffer, "  circular")?;
        buffer.reset()?;
    }
    writeln!(buffer)
}

fn place(statement: &Statement, base: &Path) -> String {
    format!("{}:{}", paths::shown(&statement.path, base), statement.line)
}

fn write_cycle(graph: &Graph, cycle: &[usize], base: &Path, buffer: &mut Buffer) -> io::Result<()> {
    let name = |number: &usize| paths::one_line(&graph.modules[*number].name).into_owned();
    let names: Vec<String> = cycle.iter().map(name).collect();
    writeln!(buffer)?;
    buffer.set_color(&style::level(Level::Warn))?;
    write!(buffer, "cycle of {}", cycle.len())?;
    buffer.reset()?;
    writeln!(buffer, ": {}", names.join(", "))?;
    let inner = graph.edges.iter().filter(|edge| cycle.contains(&edge.from));
    for edge in inner.filter(|edge| is_circular(graph, edge)) {
        for cut in edge.statements.iter().filter(|statement| statement.is_cut) {
            let (from, to) = (name(&edge.from), name(&edge.to));
            let place = place(cut, base);
            writeln!(buffer, "  would go without: {place}  {from} -> {to}")?;
        }
    }
    Ok(())
}

fn write_counts(graph: &Graph, buffer: &mut Buffer) -> io::Result<()> {
    let statements: usize = graph.edges.iter().map(|edge| edge.statements.len()).sum();
    let modules = counted(graph.modules.len(), "module");
    let failing = graph.edges.iter().flat_map(|edge| &edge.statements);
    let failing = failing.filter(|statement| statement.failure.is_some()).count();
    let cycles = counted(cycles(graph).len(), "cycle");
    let failing = if failing > 0 { format!(", {failing} failing") } else { String::new() };
    if !graph.modules.is_empty() {
        writeln!(buffer)?;
    }
    writeln!(buffer, "{modules}, {}, {cycles}{failing}.", counted(statements, "import"))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
