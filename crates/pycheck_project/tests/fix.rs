//! What fixing leaves of a file's bytes, and which files it leaves alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use pycheck_model::{Level, Safety};
use pycheck_project::fix::{Failure, Mended, Wanted, WriteError, mend};
use pycheck_project::{Progress, Request, Session};
use tempfile::TempDir;

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

const ALL: Wanted = Wanted { safety: Safety::Unsafe, lowest: Level::Warn };

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn session(folder: &Path) -> Session {
    let request = Request {
        paths: vec![folder.to_owned()],
        working_directory: folder.to_owned(),
        ..Request::default()
    };
    Session::open(request, &Silent).unwrap()
}

fn mended(folder: &Path) -> (Vec<Mended>, Vec<Failure>) {
    let done = mend(&mut session(folder), ALL);
    (done.mended, done.failures)
}

fn fixed(content: &[u8]) -> Vec<u8> {
    let folder = folder(&[("a.py", content)]);
    let (files, failures) = mended(folder.path());
    assert!(failures.is_empty());
    for file in &files {
        file.write().unwrap();
    }
    let (again, _) = mended(folder.path());
    assert!(again.is_empty(), "a second time changes nothing");
    fs::read(folder.path().join("a.py")).unwrap()
}

#[test]
fn line_ends_and_the_end_of_the_file_stay() {
    assert_eq!(
        fixed(b"def f(a=[]):\r\n    a.append(1)\r\n    return a"),
        b"def f(a=None):\r\n    if a is None:\r\n        a = []\r\n    a.append(1)\r\n    return a"
    );
    assert_eq!(
        fixed(b"def f(a=[]):\r    a.append(1)\r"),
        b"def f(a=None):\r    if a is None:\r        a = []\r    a.append(1)\r"
    );
}

#[test]
fn mark_and_encoding_stay() {
    let text = |operator: &str| format!("\u{feff}x = 'é'\nif x {operator} None:\n    pass\n");
    assert_eq!(fixed(text("==").as_bytes()), text("is").as_bytes());
    assert_eq!(
        fixed(b"# coding: latin-1\nif f('\xe9') != None:\n    pass\n"),
        b"# coding: latin-1\nif f('\xe9') is not None:\n    pass\n"
    );
}

#[test]
fn a_file_that_was_changed_meanwhile_is_left_alone() {
    let folder = folder(&[("a.py", b"if f() == None:\n    pass\n")]);
    let path = folder.path().join("a.py");
    let (mut session, mut late) = (session(folder.path()), session(folder.path()));
    let files = mend(&mut session, ALL).mended;
    fs::write(&path, b"# new\nif f() == None:\n    pass\n").unwrap();
    assert!(matches!(files[0].write(), Err(Failure { error: WriteError::Changed, .. })));
    let done = mend(&mut late, ALL);
    assert!(done.mended.is_empty());
    assert!(matches!(done.failures[0].error, WriteError::Changed));
    assert_eq!(fs::read(&path).unwrap(), b"# new\nif f() == None:\n    pass\n");
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_fixed_once() {
    let folder = folder(&[("a.py", b"if f() == None:\n    pass\n")]);
    fs::hard_link(folder.path().join("a.py"), folder.path().join("b.py")).unwrap();
    let (files, _) = mended(folder.path());
    assert_eq!(files.len(), 1);
    files[0].write().unwrap();
    assert_eq!(fs::read(folder.path().join("b.py")).unwrap(), b"if f() is None:\n    pass\n");
}

#[test]
fn a_body_on_the_line_of_its_def_has_no_room() {
    let content = b"def f(a=[], *, b=[]): a.append(b); b.append(a)\n";
    assert_eq!(fixed(content), content);
}
