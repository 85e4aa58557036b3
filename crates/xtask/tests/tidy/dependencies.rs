//! Which crate may know which, against what the manifests say.

use std::process::Command;

use serde_json::Value;

use super::assert_none;
use super::files::{all, root};

/// Our crates, and which of ours each may be built upon. Arrows only point down.
const OURS: &[(&str, &[&str])] = &[
    ("pycheck_model", &[]),
    ("pycheck_syntax", &["pycheck_model"]),
    ("pycheck_imports", &["pycheck_model"]),
    ("pycheck_rules", &["pycheck_model", "pycheck_syntax", "pycheck_imports"]),
    ("pycheck_project", &["pycheck_model", "pycheck_syntax", "pycheck_imports", "pycheck_rules"]),
    ("pycheck_report", &["pycheck_model", "pycheck_imports"]),
    ("pycheck_server", &["pycheck_model", "pycheck_rules", "pycheck_project"]),
    (
        "pycheck",
        &["pycheck_model", "pycheck_rules", "pycheck_project", "pycheck_report", "pycheck_server"],
    ),
    (
        "pycheck_test",
        &[
            "pycheck_model",
            "pycheck_syntax",
            "pycheck_imports",
            "pycheck_rules",
            "pycheck_project",
            "pycheck_report",
        ],
    ),
    ("xtask", &["pycheck_model", "pycheck_rules", "pycheck_project", "pycheck", "pycheck_test"]),
];

/// Crates of others that only some of ours may be built upon, so that what they know stays there.
const OTHERS: &[(&str, &[&str])] = &[
    ("ruff_python_parser", &["pycheck_syntax"]),
    ("ignore", &["pycheck_project"]),
    ("walkdir", &["pycheck_project"]),
    ("encoding_rs", &["pycheck_project"]),
    ("toml", &["pycheck_project", "pycheck_test"]),
    ("codespan-reporting", &["pycheck_report"]),
    ("notify", &["pycheck_project"]),
    ("lsp-server", &["pycheck_server"]),
    ("lsp-types", &["pycheck_server"]),
    ("clap", &["pycheck", "xtask"]),
];

/// A dependency of one of our crates, as cargo sees it; those for tests only are left out.
struct Dependency {
    from: String,
    to: String,
}

#[test]
fn crates_depend_on_those_below_them_only() {
    let mut problems = Vec::new();
    for Dependency { from, to } in dependencies() {
        let is_ours = OURS.iter().any(|(name, _)| *name == to);
        if is_ours && !allowed(OURS, &from).contains(&to.as_str()) {
            problems.push(format!("{from} must not know {to}"));
        }
        let reserved = OTHERS.iter().find(|(name, _)| *name == to);
        if reserved.is_some_and(|(_, users)| !users.contains(&from.as_str())) {
            problems.push(format!("{from} must not know {to}"));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_crate_has_a_place_in_the_table() {
    let missing: Vec<String> =
        packages().into_iter().filter(|name| !OURS.iter().any(|(ours, _)| ours == name)).collect();
    assert!(missing.is_empty(), "say what these crates may know: {missing:?}");
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    let mut problems = Vec::new();
    for file in all().iter().filter(|file| is_manifest_of_a_crate(&file.path)) {
        if !file.text.contains("[lints]\nworkspace = true\n") {
            problems.push(format!("{}: no `[lints] workspace = true`", file.path));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_version_stands_in_the_manifest_of_the_workspace() {
    let mut problems = Vec::new();
    for file in all().iter().filter(|file| is_manifest_of_a_crate(&file.path)) {
        let dependencies = file.text.split("dependencies]\n").skip(1);
        let lines = dependencies
            .flat_map(|section| section.lines().take_while(|line| !line.starts_with('[')));
        let own =
            lines.filter(|line| !line.trim().is_empty() && !line.contains("workspace = true"));
        problems.extend(own.map(|line| format!("{}: {line}", file.path)));
    }
    assert_none(&problems);
}

fn is_manifest_of_a_crate(path: &str) -> bool {
    path.starts_with("crates/") && path.ends_with("/Cargo.toml")
}

fn allowed(table: &'static [(&str, &[&str])], from: &str) -> &'static [&'static str] {
    table.iter().find(|(name, _)| *name == from).map_or(&[], |(_, allowed)| allowed)
}

fn packages() -> Vec<String> {
    list(&metadata()["packages"], |package| vec![name(package)])
}

fn dependencies() -> Vec<Dependency> {
    list(&metadata()["packages"], |package| {
        let from = name(package);
        let shipped = |dependency: &Value| dependency["kind"] != "dev";
        list(&package["dependencies"], |dependency| {
            let edge = Dependency { from: from.clone(), to: name(dependency) };
            if shipped(dependency) { vec![edge] } else { Vec::new() }
        })
    })
}

fn list<T>(array: &Value, items: impl FnMut(&Value) -> Vec<T>) -> Vec<T> {
    array.as_array().expect("cargo metadata lists packages").iter().flat_map(items).collect()
}

fn name(value: &Value) -> String {
    value["name"].as_str().expect("cargo metadata names things").to_owned()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}
