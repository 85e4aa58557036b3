//! Checks the pages that document and specify: what they show is what is found.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pycheck_rules::{ALL, Check, Group, Rule};
use pycheck_test::outcome::Outcome;
use pycheck_test::{Page, expect, oracle, page, rule_page, suite_page, update};

const RULES: &str = "crates/pycheck_rules/src/rules";
const IMPORTS: &str = "tests/imports";
const WITHOUT_ENVIRONMENT: &str = "tests/imports/without_environment";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The Markdown pages of a folder, sorted by name.
fn pages_in(folder: &str) -> Vec<Page> {
    let mut names: Vec<String> = fs::read_dir(workspace().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| page::parse(&name, &fs::read_to_string(workspace().join(&name)).unwrap()))
        .collect()
}

/// The pages of rules that need more than the nodes of one file.
fn pages_of_folders() -> Vec<(Page, &'static Rule)> {
    let with_rule = pages_in(RULES).into_iter().filter_map(|page| {
        let (_, rule) = pycheck_rules::find(&rule_name(&page))?;
        Some((page, rule))
    });
    with_rule.filter(|(_, rule)| !matches!(rule.check, Check::Nodes(..))).collect()
}

fn rule_name(page: &Page) -> String {
    Path::new(&page.name).file_stem().unwrap().to_str().unwrap().replace('_', "-")
}

fn options(only_rule: Option<&str>) -> suite_page::Options<'_> {
    suite_page::Options { only_rule, with_environment: true, update: update::is_wanted() }
}

/// Rewrites the page and keeps the failures.
fn finish(page: &Page, outcome: Outcome, failures: &mut Vec<String>) {
    update::write(&workspace().join(&page.name), &page.text, &outcome.replacements).unwrap();
    failures.extend(outcome.failures);
}

fn assert_none(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures\n\n{}\n", failures.len(), failures.join("\n\n"));
}

#[test]
fn rules_find_what_their_pages_show() {
    let mut failures = Vec::new();
    for page in pages_in(RULES) {
        let Some((id, rule)) = pycheck_rules::find(&rule_name(&page)) else {
            failures.push(format!("{}:1: no rule is called `{}`", page.name, rule_name(&page)));
            continue;
        };
        if matches!(rule.check, Check::Nodes(..)) {
            let outcome = rule_page::check(&page, id, update::is_wanted());
            finish(&page, outcome, &mut failures);
        }
    }
    for (page, rule) in pages_of_folders() {
        finish(&page, suite_page::check(&page, options(Some(rule.name))), &mut failures);
    }
    assert_none(&failures);
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
            .map(|block| expect::markers(&block.text).1.is_empty())
            .collect();
        assert!(blocks.contains(&false), "the page of `{}` shows no finding", rule.name);
        assert!(blocks.contains(&true), "the page of `{}` shows no clean block", rule.name);
    }
}

#[test]
fn imports_lead_where_the_suites_say() {
    let mut failures = Vec::new();
    for page in pages_in(IMPORTS) {
        finish(&page, suite_page::check(&page, options(None)), &mut failures);
    }
    assert_none(&failures);
}

#[test]
fn cpython_agrees_with_the_suites() {
    let mut failures = Vec::new();
    for python in oracle::pythons() {
        for page in pages_in(IMPORTS) {
            failures.extend(suite_page::ask_oracle(&page, options(None), &python).failures);
        }
        for (page, rule) in pages_of_folders() {
            if rule.group == Group::Imports {
                failures.extend(suite_page::ask_oracle(&page, options(None), &python).failures);
            }
        }
    }
    assert_none(&failures);
}

/// Runs itself again where no Python can be found.
#[test]
fn imports_without_an_environment() {
    if std::env::var_os("PATH").is_none() {
        let mut failures = Vec::new();
        for page in pages_in(WITHOUT_ENVIRONMENT) {
            let options = suite_page::Options { with_environment: false, ..options(None) };
            finish(&page, suite_page::check(&page, options), &mut failures);
        }
        return assert_none(&failures);
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.env_clear().args(["--exact", "imports_without_an_environment", "--nocapture"]);
    if update::is_wanted() {
        again.env("PYCHECK_UPDATE", "1");
    }
    let output = again.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
