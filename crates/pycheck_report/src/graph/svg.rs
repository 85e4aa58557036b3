//! A graph as a picture that stands alone, light and dark.

use std::io;

use pycheck_model::{Graph, GraphEdge, GraphModule, Origin, StatementKind};
use quick_xml::escape::escape;

use super::is_circular;
use super::layout::{Frame, HEIGHT, Layout, layout};
use crate::paths;

const STYLE: &str = "\
svg { background: #fff; --text: #1f2328; --box: #f6f8fa; --line: #8c959f; --edge: #afb8c1; --circular: #b45309; --fails: #cf222e; }
@media (prefers-color-scheme: dark) { svg { background: #0d1117; --text: #e6edf3; --box: #161b22; --line: #656c76; --edge: #4d555e; --circular: #f0883e; --fails: #ff7b72; } }
text { font: 12px system-ui, sans-serif; text-anchor: middle; fill: var(--text); }
.edge text { font-size: 10px; }
rect { fill: var(--box); stroke: var(--line); }
.outside rect { stroke-dasharray: 4 3; } .circular rect { stroke: var(--circular); }
.edge path { fill: none; stroke: var(--edge); stroke-width: 1.3; } .edge .tip { fill: var(--edge); stroke: none; }
.lazy path { stroke-dasharray: 6 4; } .typing path { stroke-dasharray: 2 3; }
.edge.circular path { stroke: var(--circular); } .edge.circular .tip { fill: var(--circular); }
.edge.fails path { stroke: var(--fails); stroke-width: 3; } .edge.fails .tip { fill: var(--fails); }
";

pub(super) fn write(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    let labels: Vec<String> = graph.modules.iter().map(label).collect();
    let Layout { frames, width, height } = layout(graph, &labels);
    let size = format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
    writeln!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\">")?;
    writeln!(out, "<title>Imports</title>\n<style>\n{STYLE}</style>")?;
    for edge in &graph.edges {
        write_edge(graph, edge, &frames, out)?;
    }
    for ((module, frame), label) in graph.modules.iter().zip(&frames).zip(&labels) {
        write_module(module, *frame, label, out)?;
    }
    writeln!(out, "</svg>")
}

fn label(module: &GraphModule) -> String {
    let name = paths::one_line(&module.name);
    if module.size > 1 { format!("{name} ({})", module.size) } else { name.into_owned() }
}

fn write_module(
    module: &GraphModule,
    Frame { x, y, width }: Frame,
    label: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut class = "node".to_owned();
    if module.origin != Origin::Project {
        class.push_str(" outside");
    }
    if module.cycle.is_some() {
        class.push_str(" circular");
    }
    let (middle, base) = (x + width / 2, y + 18);
    writeln!(
        out,
        "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"6\"/><text x=\"{middle}\" y=\"{base}\">{}</text></g>",
        escape(label)
    )
}

fn write_edge(
    graph: &Graph,
    edge: &GraphEdge,
    frames: &[Frame],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let class = match edge.kind() {
        _ if edge.fails() => "fails",
        _ if is_circular(graph, edge) => "circular",
        StatementKind::Lazy | StatementKind::Script => "lazy",
        StatementKind::TypeChecking => "typing",
        StatementKind::Normal | StatementKind::Try => "plain",
    };
    let (from, to) = (&graph.modules[edge.from].name, &graph.modules[edge.to].name);
    let (from, to) = (paths::one_line(from), paths::one_line(to));
    let title = format!("{from} imports {to}");
    let curve = curve(frames[edge.from], frames[edge.to]);
    write!(out, "<g class=\"edge {class}\"><title>{}</title>{}", escape(&title), curve.path)?;
    if edge.statements.len() > 1 {
        let (x, y) = curve.middle;
        write!(out, "<text x=\"{x}\" y=\"{y}\">{}</text>", edge.statements.len())?;
    }
    writeln!(out, "</g>")
}

struct Curve {
    path: String,
    middle: (usize, usize),
}

/// A line from the lower side of one box to the upper side of another, or back. The line ends where
/// its tip begins.
fn curve(from: Frame, to: Frame) -> Curve {
    let (x1, x2) = (from.x + from.width / 2, to.x + to.width / 2);
    if to.y > from.y {
        let (y1, y2, tip) = (from.y + HEIGHT, to.y - 6, to.y);
        let bend = ((to.y - from.y) / 2).max(24);
        return drawn([x1, y1, y1 + bend, x2, y2 - bend.min(y2), y2], tip, -7);
    }
    let (y2, tip) = (to.y + HEIGHT + 6, to.y + HEIGHT);
    if to.y == from.y {
        let y1 = from.y + HEIGHT;
        return drawn([x1, y1, y1 + 34, x2, y2 + 34, y2], tip, 7);
    }
    let bend = ((from.y - to.y) / 2).max(24);
    drawn([x1, from.y, from.y - bend.min(from.y), x2, y2 + bend, y2], tip, 7)
}

fn drawn([x1, y1, bent1, x2, bent2, y2]: [usize; 6], tip: usize, back: i32) -> Curve {
    let path = format!(
        "<path d=\"M{x1} {y1}C{x1} {bent1} {x2} {bent2} {x2} {y2}\"/><path class=\"tip\" d=\"M{x2} {tip}l-4 {back}h8z\"/>"
    );
    Curve { path, middle: (usize::midpoint(x1, x2), usize::midpoint(y1, y2)) }
}
