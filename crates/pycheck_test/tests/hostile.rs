//! Files and folders that go wrong: each gives a finding of its own, and all others are checked.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use pycheck_test::checked::{Checked, How};
use pycheck_test::fixture::Fixture;
use pycheck_test::oracle::{self, Answer, Tree};
use pycheck_test::{diff, suite, update};

const HOW: How = How { threads: 2, with_environment: true };

/// The rules that say that a file can't be checked, or not as a whole.
const BROKEN: [&str; 2] = ["unreadable-file", "syntax-error"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hostile").canonicalize().unwrap()
}

/// A copy with an environment, in which only `good.py` would be checked if nothing were added.
fn empty() -> (tempfile::TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().canonicalize().unwrap().join("project");
    suite::write_environment(&root, suite::VERSION).unwrap();
    fs::write(root.join("good.py"), "import not_there_good\n").unwrap();
    (temporary, root)
}

/// Checks a folder on another thread, so that what never ends is a failure and not a hang.
fn check(root: &Path) -> Checked {
    let (sender, receiver) = mpsc::channel();
    let folder = root.to_owned();
    std::thread::spawn(move || _ = sender.send(Checked::open(&folder, HOW)));
    receiver.recv_timeout(Duration::from_mins(2)).expect("checking ends").unwrap()
}

fn assert_good_is_checked(checked: &Checked) {
    let found = checked.found_in(&checked.folder.join("good.py"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.starts_with("No module named 'not_there_good'"), "{found:?}");
}

fn is_broken(checked: &Checked, file: &Path) -> bool {
    checked.found_in(file).iter().any(|found| BROKEN.contains(&found.rule.as_str()))
}

#[test]
fn files_give_what_is_expected_of_them() {
    let fixture = Fixture::copy(&folder()).unwrap();
    fixture.add_environment(Path::new(""), suite::VERSION).unwrap();
    let found = check(&fixture.folder).concise();
    let file = folder().join("expected.txt");
    if update::is_wanted() {
        fs::write(&file, &found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap();
    assert!(expected == found, "{}", diff::lines(&expected, &found));
}

#[test]
fn cpython_refuses_the_files_that_are_called_broken() {
    let mut failures = Vec::new();
    for python in oracle::pythons() {
        let fixture = Fixture::copy(&folder()).unwrap();
        let files = fixture.python_files().unwrap();
        fixture.add_environment(Path::new(""), python.version).unwrap();
        let checked = check(&fixture.folder);
        let roots = vec![fixture.folder.clone()];
        let modules = oracle::modules(&files, &roots);
        let tree = Tree { folder: fixture.folder.clone(), roots, sites: Vec::new(), modules };
        let answers = oracle::import_each(&python, std::slice::from_ref(&tree)).unwrap();
        for (module, answer) in tree.modules.iter().zip(&answers[0]) {
            // An import that fails shows that the file was read up to there.
            let is_refused = matches!(
                answer,
                Answer::Raised(raised) if raised.exception != "ModuleNotFoundError"
            );
            if is_refused != is_broken(&checked, &module.file) {
                let found = checked.found_in(&module.file);
                let version = python.version;
                failures.push(format!("Python {version}: {}: {answer:?}: {found:?}", module.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_walked_once() {
    let (_temporary, root) = empty();
    fs::create_dir(root.join("inner")).unwrap();
    fs::write(root.join("inner/module.py"), "import not_there_inner\n").unwrap();
    std::os::unix::fs::symlink("..", root.join("inner/back")).unwrap();
    std::os::unix::fs::symlink("itself", root.join("itself")).unwrap();
    std::os::unix::fs::symlink("itself.py", root.join("itself.py")).unwrap();
    std::os::unix::fs::symlink("gone.py", root.join("dead.py")).unwrap();
    let checked = check(&root);
    assert_good_is_checked(&checked);
    assert_eq!(checked.found_in(&root.join("inner/module.py")).len(), 1);
    let module = |path: &&PathBuf| path.ends_with("module.py");
    assert_eq!(checked.files().iter().filter(module).count(), 1, "{:?}", checked.files());
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_are_checked_too() {
    use std::os::unix::ffi::OsStrExt as _;
    let (_temporary, root) = empty();
    let name = std::ffi::OsStr::from_bytes(b"gr\xf6\xdfe.py");
    fs::write(root.join(name), "import not_there_odd\n").unwrap();
    let folder = root.join(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("module.py"), "from . import x\n").unwrap();
    let checked = check(&root);
    assert_good_is_checked(&checked);
    assert_eq!(checked.found_in(&root.join(name)).len(), 1);
    assert!(checked.concise().contains("not_there_odd"));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_waited_for() {
    let (_temporary, root) = empty();
    let made = Command::new("mkfifo").arg(root.join("pipe.py")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_good_is_checked(&check(&root));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_a_finding() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_temporary, root) = empty();
    let file = root.join("secret.py");
    fs::write(&file, "x = 1\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let is_readable = fs::read(&file).is_ok();
    let checked = check(&root);
    assert_good_is_checked(&checked);
    // The superuser reads everything.
    assert_eq!(checked.found_in(&file).len(), usize::from(!is_readable));
}

#[test]
fn deep_nesting_is_one_finding() {
    let depth = 100_000;
    let deep: [(&str, String); 11] = [
        ("brackets", format!("{}{}\n", "[".repeat(depth), "]".repeat(depth))),
        ("parentheses", format!("{}1{}\n", "(".repeat(depth), ")".repeat(depth))),
        ("dotted", format!("import {}a\n", "a.".repeat(depth))),
        ("dots", format!("from {} import a\n", ".".repeat(depth))),
        ("open_brackets", "[".repeat(depth)),
        ("unary", format!("x = {}1\n", "-".repeat(depth))),
        ("not", format!("x = {}1\n", "not ".repeat(depth))),
        ("sum", format!("x = 1{}\n", " + 1".repeat(depth))),
        ("attributes", format!("x{}\n", ".a".repeat(depth))),
        ("calls", format!("x{}\n", "()".repeat(depth))),
        ("blocks", (0..5_000).flat_map(|n| [" ".repeat(n), "if x:\n".to_owned()]).collect()),
    ];
    let mut failures = Vec::new();
    for (name, text) in &deep {
        let (_temporary, root) = empty();
        let file = root.join(format!("{name}.py"));
        fs::write(&file, text).unwrap();
        let checked = check(&root);
        assert_good_is_checked(&checked);
        let found = checked.found_in(&file);
        if found.len() != 1 {
            failures.push(format!("{name}: {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_long_file_is_checked_to_its_end() {
    let (_temporary, root) = empty();
    let mut text = "x = [\n".to_owned();
    text.push_str(&"    1,\n".repeat(200_000));
    text.push_str("]\n");
    text.push_str(&"y = x\n".repeat(100_000));
    text.push_str("import not_there_at_the_end\n");
    fs::write(root.join("long.py"), text).unwrap();
    let checked = check(&root);
    assert_good_is_checked(&checked);
    let found = checked.found_in(&root.join("long.py"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].line, 300_003);
}
