//! A tree of modules as statements, so that it can be made, written and cut down.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The files of a tree: path to statements.
pub(crate) type Files = BTreeMap<String, Vec<Node>>;

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// One line.
    Line(String),
    /// Headers with what stands below each: an `if` with its `else`, a `def`.
    Block(Vec<Arm>),
}

/// A header and what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arm {
    pub(crate) head: String,
    pub(crate) body: Vec<Node>,
}

/// A statement of one line.
pub(crate) fn line(text: impl Into<String>) -> Node {
    Node::Line(text.into())
}

/// A header with what stands below it.
pub(crate) fn arm(head: impl Into<String>, body: Vec<Node>) -> Arm {
    Arm { head: head.into(), body }
}

/// A block with one header.
pub(crate) fn block(head: impl Into<String>, body: Vec<Node>) -> Node {
    Node::Block(vec![arm(head, body)])
}

/// The text of a module.
pub(crate) fn text(nodes: &[Node]) -> String {
    let mut text = String::new();
    write_nodes(nodes, 0, &mut text);
    text
}

fn write_nodes(nodes: &[Node], depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    for node in nodes {
        match node {
            Node::Line(line) => _ = writeln!(text, "{indent}{line}"),
            Node::Block(arms) => {
                for Arm { head, body } in arms {
                    // A decorator stands in the header, on a line of its own.
                    for line in head.lines() {
                        _ = writeln!(text, "{indent}{line}");
                    }
                    if body.is_empty() {
                        _ = writeln!(text, "{indent}    pass");
                    }
                    write_nodes(body, depth + 1, text);
                }
            }
        }
    }
}

/// All ways to make a list of statements smaller by one step, the largest steps first.
pub(crate) fn smaller(nodes: &[Node]) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    if nodes.len() > 3 {
        let half = nodes.len() / 2;
        found.extend([nodes[..half].to_vec(), nodes[half..].to_vec()]);
    }
    for index in 0..nodes.len() {
        let with = |new: Vec<Node>| [&nodes[..index], &new, &nodes[index + 1..]].concat();
        found.push(with(Vec::new()));
        found.extend(variants(&nodes[index]).into_iter().map(with));
    }
    found
}

/// What may stand in place of a statement.
fn variants(node: &Node) -> Vec<Vec<Node>> {
    match node {
        Node::Line(line) => shorter_line(line).into_iter().map(|line| vec![line]).collect(),
        Node::Block(arms) => {
            let mut found: Vec<Vec<Node>> = arms.iter().map(|arm| arm.body.clone()).collect();
            for index in 0..arms.len() {
                found.extend(smaller_arms(arms, index));
            }
            found
        }
    }
}

fn smaller_arms(arms: &[Arm], index: usize) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    if arms.len() > 1 {
        found.push([&arms[..index], &arms[index + 1..]].concat());
    }
    for body in smaller(&arms[index].body) {
        let mut arms = arms.to_vec();
        arms[index].body = body;
        found.push(arms);
    }
    found.into_iter().map(|arms| vec![Node::Block(arms)]).collect()
}

/// The line with one item less after its last `import`.
fn shorter_line(text: &str) -> Vec<Node> {
    let Some((before, items)) = text.rsplit_once("import ") else { return Vec::new() };
    let items: Vec<&str> = items.split(", ").collect();
    if items.len() < 2 {
        return Vec::new();
    }
    let without = |index: usize| {
        let kept: Vec<&str> = [&items[..index], &items[index + 1..]].concat();
        line(format!("{before}import {}", kept.join(", ")))
    };
    (0..items.len()).map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::{arm, block, line, smaller, text};
    use crate::trees::program::Node;

    #[test]
    fn what_is_empty_passes() {
        let nodes = [block("if x:", Vec::new()), line("y")];
        assert_eq!(text(&nodes), "if x:\n    pass\ny\n");
    }

    #[test]
    fn each_step_takes_one_thing_away() {
        let tried = Node::Block(vec![
            arm("try:", vec![line("from m import a, b")]),
            arm("except E:", Vec::new()),
        ]);
        let steps: Vec<String> = smaller(&[tried]).iter().map(|nodes| text(nodes)).collect();
        assert!(steps.contains(&String::new()));
        assert!(steps.contains(&"from m import a, b\n".to_owned()));
        assert!(steps.contains(&"try:\n    from m import b\nexcept E:\n    pass\n".to_owned()));
    }
}
