//! Imports of a shape or a size that nobody writes on purpose: a clear answer, and soon.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use pycheck_test::checked::{Checked, How};
use pycheck_test::suite;

fn empty() -> (tempfile::TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().canonicalize().unwrap().join("project");
    suite::write_environment(&root, suite::VERSION).unwrap();
    fs::write(root.join("pycheck.toml"), "src = [\".\"]\n").unwrap();
    (temporary, root)
}

/// Checks a folder on another thread, so that what never ends is a failure and not a hang.
fn check(root: &Path) -> Checked {
    let (sender, receiver) = mpsc::channel();
    let folder = root.to_owned();
    let how = How { threads: 2, with_environment: true };
    std::thread::spawn(move || _ = sender.send(Checked::open(&folder, how)));
    receiver.recv_timeout(Duration::from_mins(2)).expect("checking ends").unwrap()
}

/// The rules and the first words of what is found in a file.
fn found_in(checked: &Checked, file: &str) -> Vec<String> {
    let found = checked.found_in(&checked.folder.join(file));
    found.iter().map(|found| format!("{}: {}", found.rule, found.message)).collect()
}

fn assert_only(found: &[String], start: &str) {
    assert!(found.len() == 1 && found[0].starts_with(start), "{found:#?}");
}

#[test]
fn a_ring_too_deep_for_python_does_not_silence_a_small_cycle() {
    let (_temporary, root) = empty();
    for number in 0..3000 {
        let next = (number + 1) % 3000;
        fs::write(root.join(format!("m{number}.py")), format!("import m{next}\n")).unwrap();
    }
    fs::write(root.join("one.py"), "from two import b\na = 1\n").unwrap();
    fs::write(root.join("two.py"), "from one import a\nb = 1\n").unwrap();
    let checked = check(&root);
    assert_only(&found_in(&checked, "one.py"), "circular-import-fragile: cannot import name 'b'");
    assert_only(&found_in(&checked, "two.py"), "circular-import-fragile: cannot import name 'a'");
    assert!(found_in(&checked, "m7.py").is_empty());
}

#[test]
fn a_ring_of_star_imports_comes_to_an_end() {
    let (_temporary, root) = empty();
    // Deeper than a hundred and more CPython itself gives up.
    for number in 0..100 {
        let next = (number + 1) % 100;
        let text = format!("name{number} = 1\nfrom m{next} import *\n");
        fs::write(root.join(format!("m{number}.py")), text).unwrap();
    }
    fs::write(root.join("good.py"), "from m7 import nowhere\n").unwrap();
    assert_only(
        &found_in(&check(&root), "good.py"),
        "unresolved-import-name: cannot import name 'nowhere'",
    );
}

#[test]
fn a_million_names_in_dunder_all_are_read() {
    let (_temporary, root) = empty();
    let mut text = String::from("value = 1\n__all__ = [\n");
    for _ in 0..1_000_000 {
        text.push_str("    \"value\",\n");
    }
    text.push_str("    \"nope\",\n]\n");
    fs::write(root.join("many.py"), text).unwrap();
    fs::write(root.join("good.py"), "from many import *\n").unwrap();
    assert_only(
        &found_in(&check(&root), "good.py"),
        "invalid-dunder-all: module 'many' has no attribute 'nope'",
    );
}

#[test]
fn a_module_that_imports_itself_is_half_made() {
    let (_temporary, root) = empty();
    fs::write(root.join("own.py"), "import own\nfrom own import later\nlater = 1\n").unwrap();
    assert_only(
        &found_in(&check(&root), "own.py"),
        "circular-import-failure: cannot import name 'later'",
    );
}

#[test]
fn a_package_five_hundred_deep_is_followed_to_its_end() {
    let (_temporary, root) = empty();
    let mut folder = root.clone();
    for _ in 0..500 {
        folder.push("p");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("__init__.py"), "").unwrap();
    }
    let dots = ".".repeat(500);
    let text = format!("from {dots} import nope\nfrom {dots}. import far\n");
    fs::write(folder.join("last.py"), text).unwrap();
    let checked = check(&root);
    let found: Vec<String> =
        checked.diagnostics().iter().map(|it| format!("{}: {}", it.rule, it.message)).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("unresolved-import-name: cannot import name 'nope'"));
    let beyond = "relative-import-beyond-top-level: attempted relative import beyond";
    assert!(found[1].starts_with(beyond), "{found:#?}");
}

#[test]
fn a_root_inside_of_a_root_is_one_too() {
    let (_temporary, root) = empty();
    fs::write(root.join("pycheck.toml"), "src = [\".\", \"inner\"]\n").unwrap();
    fs::create_dir(root.join("inner")).unwrap();
    fs::write(root.join("inner/helper.py"), "value = 1\n").unwrap();
    fs::write(root.join("top.py"), "import helper\nimport inner.helper\nimport nope_top\n")
        .unwrap();
    assert_only(
        &found_in(&check(&root), "top.py"),
        "unresolved-import: No module named 'nope_top'",
    );
}

#[test]
fn an_environment_whose_python_is_gone_is_read_all_the_same() {
    let (_temporary, root) = empty();
    let gone = "home = /nowhere/at/all/bin\nversion = 3.12.1\n";
    fs::write(root.join(".venv/pyvenv.cfg"), gone).unwrap();
    fs::write(root.join("app.py"), "import json\nimport nope_here\n").unwrap();
    let checked = check(&root);
    assert_only(&found_in(&checked, "app.py"), "unresolved-import: No module named 'nope_here'");
}

#[test]
fn garbage_in_a_pth_file_adds_nothing() {
    let (_temporary, root) = empty();
    let mut packages = Vec::new();
    folders_named("site-packages", &root.join(".venv"), &mut packages);
    let mut garbage = String::new();
    for number in 0..10_000 {
        _ = writeln!(garbage, "/nowhere/{number}\u{0}\u{fffd}");
    }
    garbage.push_str("import sys; sys.path.insert(0, '/tmp')\n\n   \n#\n../../../../../../..\n");
    let mut bytes = garbage.into_bytes();
    bytes.extend([0xff, 0xfe, b'\n', 0x00, 0x80]);
    fs::write(packages[0].join("garbage.pth"), bytes).unwrap();
    fs::write(root.join("app.py"), "import json\nimport nope_here\n").unwrap();
    assert_only(
        &found_in(&check(&root), "app.py"),
        "unresolved-import: No module named 'nope_here'",
    );
}

fn folders_named(name: &str, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(path.ends_with(name).then(|| path.clone()));
            folders_named(name, &path, found);
        }
    }
}
