//! What every rule keeps to: a file, a page, a line in the list, and a name that nobody else mentions.

use super::assert_none;
use super::files::{TextFile, all, rust, text};
use super::literals::split_untested;

const RULES: &str = "crates/pycheck_rules/src/rules/";

/// The headings of a page; cases for us may follow.
const HEADINGS: [&str; 3] = ["What it finds", "Why it matters", "Example"];

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    assert_eq!(stems("rs"), stems("md"));
}

#[test]
fn every_rule_is_listed_by_its_own_name() {
    let list = text("crates/pycheck_rules/src/rules.rs");
    let mut problems = Vec::new();
    for stem in stems("rs") {
        let rule = text(&format!("{RULES}{stem}.rs"));
        for (line, text) in [
            (format!("mod {stem};"), &list),
            (format!("&{stem}::RULE"), &list),
            (format!("name: \"{}\"", kebab(&stem)), &rule),
            (format!("include_str!(\"{stem}.md\")"), &rule),
        ] {
            if !text.contains(&line) {
                problems.push(format!("{stem}: `{line}` is missing"));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn every_page_has_the_headings() {
    let mut problems = Vec::new();
    for page in files_of_rules("md") {
        let found = headings(&page.text);
        let title = format!("# {}", kebab(stem(&page.path)));
        let expected = |cases: &[&str]| {
            let sections = HEADINGS.iter().chain(cases).map(|heading| format!("## {heading}"));
            std::iter::once(title.clone()).chain(sections).collect::<Vec<_>>()
        };
        if found != expected(&[]) && found != expected(&["Cases"]) {
            problems.push(format!("{}: {found:?}", page.path));
        }
    }
    assert_none(&problems);
}

/// Texts for people may name rules; what is compared with a name is the name alone.
#[test]
fn no_code_outside_the_rules_names_one() {
    let names: Vec<String> = stems("rs").iter().map(|stem| kebab(stem)).collect();
    let mut problems = Vec::new();
    for file in rust().iter().filter(|file| is_outside(&file.path) && !file.is_for_tests()) {
        for (line, literal) in split_untested(&file.text).strings {
            if names.contains(&literal) {
                problems.push(format!("{}:{line}: `{literal}`", file.path));
            }
        }
    }
    assert_none(&problems);
}

fn is_outside(path: &str) -> bool {
    !path.starts_with(RULES) && path.contains("/src/")
}

/// The headings of the first two levels, outside of code blocks.
fn headings(page: &str) -> Vec<String> {
    let mut in_code = false;
    let mut headings = Vec::new();
    for line in page.lines() {
        in_code ^= line.starts_with("```");
        if !in_code && (line.starts_with("# ") || line.starts_with("## ")) {
            headings.push(line.to_owned());
        }
    }
    headings
}

/// The files beside each other that make the rules; what they are helped by lies in folders.
fn files_of_rules(extension: &str) -> Vec<TextFile> {
    let is_rule = |file: &TextFile| {
        file.path.strip_prefix(RULES).is_some_and(|rest| !rest.contains('/'))
            && file.extension() == extension
    };
    let files: Vec<TextFile> = all().into_iter().filter(is_rule).collect();
    assert!(!files.is_empty(), "no .{extension} file in {RULES}");
    files
}

/// The stems of the files of rules that have this extension.
fn stems(extension: &str) -> Vec<String> {
    files_of_rules(extension).iter().map(|file| stem(&file.path).to_owned()).collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn kebab(stem: &str) -> String {
    stem.replace('_', "-")
}
