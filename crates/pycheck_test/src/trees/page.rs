//! Writes a tree as a case of a suite, ready to be pasted into a page.

use std::fmt::Write as _;
use std::path::Path;

use pycheck_model::PythonVersion;

use super::judge::Contradiction;
use super::program::{Files, text};
use super::truth::Import;
use crate::oracle::Raised;

/// The case: its files, each failure of CPython as a marker, and below it what is wrong.
pub(crate) fn page(
    (seed, version): (u64, PythonVersion),
    (folder, files): (&Path, &Files),
    imports: &[Import],
    contradictions: &[Contradiction],
) -> String {
    let mut page = format!("## Tree {seed}\n\n```toml\nsrc = [\".\"]\n```\n");
    for (name, nodes) in files {
        if nodes.is_empty() {
            _ = write!(page, "\n`{name}`: (empty)\n");
            continue;
        }
        let body = marked(&text(nodes), &folder.join(name), imports);
        _ = write!(page, "\n`{name}`:\n\n```python\n{body}```\n");
    }
    _ = write!(page, "\nPython {version}:\n");
    for found in contradictions {
        _ = write!(page, "\n- {}: {}\n", found.kind, found.text);
    }
    page
}

/// A text with what CPython raises at each of its lines.
fn marked(text: &str, file: &Path, imports: &[Import]) -> String {
    let mut marked = String::new();
    for (index, line) in text.lines().enumerate() {
        marked.push_str(line);
        let at_line = |raised: &&Raised| {
            raised.place.as_ref().is_some_and(|(path, number)| path == file && *number == index + 1)
        };
        let mut told: Vec<&str> = Vec::new();
        for raised in imports.iter().flat_map(Import::all).filter(at_line) {
            let message = raised.message.split(" (/").next().unwrap_or_default();
            if !told.contains(&message) {
                told.push(message);
                _ = write!(marked, "  # error: \"{message}\"");
            }
        }
        marked.push('\n');
    }
    marked
}
