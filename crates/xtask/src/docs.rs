//! `cargo xtask docs`: the pages that are made from the rules, the options and the arguments.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::process::workspace_root;

mod cli;
mod configuration;
mod rules;
mod schema;

/// The first line of each page that nobody edits by hand.
const MARK: &str = "<!-- Made by `cargo xtask docs`. -->\n\n";

/// Generated pages by their path from the root of the workspace.
type Pages = BTreeMap<String, String>;

/// Writes all pages, and removes those of rules that are gone.
pub(crate) fn write() -> Result<()> {
    let root = workspace_root();
    let pages = pages();
    for path in stale(&root, &pages)? {
        fs::remove_file(root.join(&path)).with_context(|| format!("can't remove {path}"))?;
        println!("removed {path}");
    }
    fs::create_dir_all(root.join("docs/rules")).context("can't make docs/rules")?;
    for (path, text) in pages {
        if !is_current(&root, &path, &text) {
            fs::write(root.join(&path), text).with_context(|| format!("can't write {path}"))?;
            println!("wrote {path}");
        }
    }
    Ok(())
}

fn pages() -> Pages {
    let mut pages = rules::pages();
    pages.insert("docs/cli.md".to_owned(), cli::page(pycheck::command()));
    pages.insert("docs/configuration.md".to_owned(), configuration::page());
    let mut pages: Pages =
        pages.into_iter().map(|(path, text)| (path, format!("{MARK}{text}"))).collect();
    // JSON has no comments.
    pages.insert(schema::PATH.to_owned(), schema::text());
    pages
}

fn is_current(root: &Path, path: &str, text: &str) -> bool {
    fs::read_to_string(root.join(path)).is_ok_and(|found| found == text)
}

/// Pages in the folder of rules that no rule stands behind.
fn stale(root: &Path, pages: &Pages) -> Result<Vec<String>> {
    let folder = "docs/rules";
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Ok(Vec::new()) };
    let mut stale = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("can't list {folder}"))?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if !pages.contains_key(&path) {
            stale.push(path);
        }
    }
    stale.sort();
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::{is_current, pages, stale, write};
    use crate::process::workspace_root;

    #[test]
    fn generated_pages_are_as_they_would_be_made_now() {
        if std::env::var_os("PYCHECK_UPDATE").is_some() {
            write().unwrap();
        }
        let (root, pages) = (workspace_root(), pages());
        let old: Vec<&String> = pages
            .iter()
            .filter(|(path, text)| !is_current(&root, path, text))
            .map(|(path, _)| path)
            .collect();
        let stale = stale(&root, &pages).unwrap();
        assert!(
            old.is_empty() && stale.is_empty(),
            "`cargo xtask docs` would write {old:?} and remove {stale:?}"
        );
    }
}
