//! Checks the pages that document and specify: what they show is what is found.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_rules::{ALL, Check};
use pycheck_test::{page, rule_page, update};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The Markdown files of a folder, as path from the workspace and text, sorted.
fn pages_in(folder: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = fs::read_dir(workspace().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(workspace().join(&name)).unwrap();
            (name, text)
        })
        .collect()
}

#[test]
fn rules_find_what_their_pages_show() {
    let mut failures = Vec::new();
    for (name, text) in pages_in("crates/pycheck_rules/src/rules") {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap().replace('_', "-");
        let Some((id, rule)) = pycheck_rules::find(&stem) else {
            failures.push(format!("{name}:1: no rule is called `{stem}`"));
            continue;
        };
        if !matches!(rule.check, Check::Nodes(..)) {
            continue;
        }
        let page = page::parse(&name, &text);
        let outcome = rule_page::check(&page, id, update::is_wanted());
        update::write(&workspace().join(&name), &text, &outcome.replacements).unwrap();
        failures.extend(outcome.failures);
    }
    assert!(failures.is_empty(), "{} failures\n\n{}\n", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_rule_about_nodes_shows_a_finding_and_a_clean_block() {
    for rule in ALL.iter().filter(|rule| matches!(rule.check, Check::Nodes(..))) {
        let page = page::parse(rule.name, rule.page);
        let blocks: Vec<bool> = page
            .cases
            .iter()
            .flat_map(|case| &case.blocks)
            .filter(|block| block.kind == "python")
            .map(|block| pycheck_test::expect::markers(&block.text).1.is_empty())
            .collect();
        assert!(blocks.contains(&false), "the page of `{}` shows no finding", rule.name);
        assert!(blocks.contains(&true), "the page of `{}` shows no clean block", rule.name);
    }
}
