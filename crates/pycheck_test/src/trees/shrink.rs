//! Makes a failing tree as small as it gets while it fails in the same way.

use super::program::{Files, Node, smaller, text};

/// How often a smaller tree is tried.
const MOST_TRIALS: usize = 1500;

/// The smallest tree found for which `fails` still holds.
pub(crate) fn shrink(files: Files, mut fails: impl FnMut(&Files) -> bool) -> Files {
    let mut current = files;
    let mut trials = 0;
    while let Some(next) = step(&current, &mut trials, &mut fails) {
        current = next;
    }
    current
}

fn step(
    files: &Files,
    trials: &mut usize,
    fails: &mut impl FnMut(&Files) -> bool,
) -> Option<Files> {
    for candidate in candidates(files) {
        if !is_sound(&candidate) {
            continue;
        }
        *trials += 1;
        if *trials > MOST_TRIALS {
            return None;
        }
        if fails(&candidate) {
            return Some(candidate);
        }
    }
    None
}

/// What the statements of a tree need from outside of it, each with the import that gives it.
const NEEDED: [(&str, &str); 4] = [
    ("sys.", "import sys\n"),
    ("contextlib.", "import contextlib\n"),
    ("importlib.", "import importlib\n"),
    ("if TYPE_CHECKING", "import TYPE_CHECKING\n"),
];

/// Whether each module still imports what it needs.
fn is_sound(files: &Files) -> bool {
    files
        .values()
        .map(|nodes| text(nodes))
        .all(|text| NEEDED.iter().all(|(used, given)| !text.contains(used) || text.contains(given)))
}

/// All trees that are smaller by one step, the smallest first.
fn candidates(files: &Files) -> impl Iterator<Item = Files> {
    let without = files.keys().map(|name| {
        let mut fewer = files.clone();
        fewer.remove(name);
        fewer
    });
    let filled = files.iter().filter(|(_, nodes)| !nodes.is_empty());
    let emptied = filled.map(|(name, _)| with(files, name, Vec::new()));
    let shorter = files.iter().flat_map(move |(name, nodes)| {
        smaller(nodes).into_iter().map(move |nodes| with(files, name, nodes))
    });
    without.chain(emptied).chain(shorter)
}

fn with(files: &Files, name: &str, nodes: Vec<Node>) -> Files {
    let mut changed = files.clone();
    changed.insert(name.to_owned(), nodes);
    changed
}

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::trees::program::{Files, line, text};

    #[test]
    fn only_what_fails_is_left() {
        let nodes = ["import a", "import b, c", "x = 1"].map(line).to_vec();
        let files = Files::from([("p.py".to_owned(), nodes.clone()), ("q.py".to_owned(), nodes)]);
        let fails =
            |files: &Files| files.get("q.py").is_some_and(|nodes| text(nodes).contains('c'));
        let small = shrink(files, fails);
        let texts: Vec<String> = small.values().map(|nodes| text(nodes)).collect();
        assert_eq!(texts, ["import c\n"]);
    }
}
