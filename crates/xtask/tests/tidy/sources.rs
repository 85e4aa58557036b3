//! What every Rust file keeps to.

use super::assert_none;
use super::files::{TextFile, rust};
use super::literals::{split, split_untested};

/// The most lines that a file may have.
const LONGEST_FILE: usize = 500;

/// Files that are nothing but lists or tables, each with what it lists.
const TABLES: &[(&str, &str)] =
    &[("crates/pycheck_imports/src/stdlib/table.rs", "the modules of the standard library")];

/// Crates that know no disk, environment, clock or process; see ARCHITECTURE.md.
const PURE_CRATES: [&str; 5] =
    ["pycheck_model", "pycheck_syntax", "pycheck_imports", "pycheck_rules", "pycheck_report"];

/// What a pure crate does not call.
const OUTSIDE: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::time",
    ".canonicalize()",
    ".exists()",
    ".is_file()",
];

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |file: &TextFile| !file.text.starts_with("//! ");
    let problems: Vec<String> =
        rust().iter().filter(|file| silent(file)).map(|file| file.path.clone()).collect();
    assert!(problems.is_empty(), "these files do not open with a `//!` sentence: {problems:?}");
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    let mut problems = Vec::new();
    for file in rust() {
        let lines = file.text.lines().count();
        let is_table = TABLES.iter().any(|(path, _)| *path == file.path);
        if lines > LONGEST_FILE && !is_table {
            problems.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", file.path));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_table_exists_and_is_long() {
    for (path, reason) in TABLES {
        let lines = super::files::text(path).lines().count();
        assert!(lines > LONGEST_FILE, "{path} ({reason}) needs no exception: {lines} lines");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let mut problems = Vec::new();
    for file in rust() {
        let code = split(&file.text).code;
        for unfinished in ["todo!", "unimplemented!", "#[ignore", "dbg!("] {
            problems.extend(mentions(&file.path, &code, unfinished));
        }
    }
    assert_none(&problems);
}

#[test]
fn pure_crates_touch_nothing_outside() {
    let mut problems = Vec::new();
    let is_pure = |path: &str| {
        PURE_CRATES.iter().any(|name| path.starts_with(&format!("crates/{name}/src/")))
    };
    for file in rust().iter().filter(|file| is_pure(&file.path) && !file.is_for_tests()) {
        let code = split_untested(&file.text).code;
        for outside in OUTSIDE {
            problems.extend(mentions(&file.path, &code, outside));
        }
    }
    assert_none(&problems);
}

fn mentions(path: &str, code: &str, what: &str) -> Vec<String> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| line.contains(what))
        .map(|(index, _)| format!("{path}:{}: `{what}`", index + 1))
        .collect()
}
