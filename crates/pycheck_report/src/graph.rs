//! A graph of modules in several formats, one file each.

mod dot;
mod html;
mod json;
mod layout;
mod mermaid;
mod svg;
mod text;

use std::io;
use std::path::Path;

use pycheck_model::{Graph, GraphEdge};

/// The ways in which a graph can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// For people and for `grep`.
    Text,
    /// For programs.
    Json,
    /// For Graphviz.
    Dot,
    /// For Markdown that draws Mermaid.
    Mermaid,
    /// A picture.
    Svg,
    /// A page to click through.
    Html,
}

/// Writes a graph; paths are shown relative to `base`.
pub fn write_graph(
    format: GraphFormat,
    graph: &Graph,
    base: &Path,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        GraphFormat::Text => text::write(graph, base, color, out),
        GraphFormat::Json => json::write(graph, base, out),
        GraphFormat::Dot => dot::write(graph, out),
        GraphFormat::Mermaid => mermaid::write(graph, out),
        GraphFormat::Svg => svg::write(graph, out),
        GraphFormat::Html => html::write(graph, base, out),
    }
}

/// The numbers of the modules of each cycle.
fn cycles(graph: &Graph) -> Vec<Vec<usize>> {
    let mut numbered: std::collections::BTreeMap<usize, Vec<usize>> =
        std::collections::BTreeMap::new();
    for (number, module) in graph.modules.iter().enumerate() {
        if let Some(cycle) = module.cycle {
            numbered.entry(cycle).or_default().push(number);
        }
    }
    // Of some cycles a part may be left.
    numbered.into_values().filter(|cycle| cycle.len() > 1).collect()
}

/// Whether an edge leads from a module of a cycle to another of the same, when the modules run.
fn is_circular(graph: &Graph, edge: &GraphEdge) -> bool {
    let cycle = graph.modules[edge.from].cycle;
    cycle.is_some() && cycle == graph.modules[edge.to].cycle && edge.runs()
}

/// A path for other programs: relative if it can be, with `/` between its parts.
fn portable(path: &Path, base: &Path) -> String {
    let path = path.strip_prefix(base).unwrap_or(path).to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}
