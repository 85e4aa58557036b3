//! Projects as people describe them: what is found in each, and that CPython agrees.
//!
//! `expected.txt` in the folder of a project holds the concise output; `PYCHECK_UPDATE=1` rewrites it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_test::checked::{Checked, How};
use pycheck_test::fixture::Fixture;
use pycheck_test::oracle::{self, Tree};
use pycheck_test::{diff, suite, update};

const HOW: How = How { threads: 2, with_environment: true };

fn projects() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/notes");
    let entries = fs::read_dir(folder.canonicalize().unwrap()).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// The folder that is checked: the only one within the project, or the project's own.
fn root(fixture: &Fixture) -> PathBuf {
    let is_folder = |path: &PathBuf| path.is_dir();
    let entries = fs::read_dir(&fixture.folder).unwrap().map(|entry| entry.unwrap().path());
    let folders: Vec<PathBuf> = entries.filter(is_folder).collect();
    if let [only] = folders.as_slice() { only.clone() } else { fixture.folder.clone() }
}

/// What stands on `sys.path`: the root, and each folder that no import can name.
fn roots(root: &Path, files: &[PathBuf]) -> Vec<PathBuf> {
    let mut roots = vec![root.to_owned()];
    let folders = files.iter().flat_map(|file| file.ancestors().skip(1));
    let odd = folders.filter(|folder| {
        folder.file_name().is_some_and(|name| name.to_string_lossy().contains('-'))
    });
    roots.extend(odd.map(Path::to_owned));
    roots.sort();
    roots.dedup();
    roots
}

#[test]
fn projects_give_what_is_expected_of_them() {
    let mut failures = Vec::new();
    for project in projects() {
        let fixture = Fixture::copy(&project).unwrap();
        let root = root(&fixture);
        fixture.add_environment(&root, suite::VERSION).unwrap();
        let found = Checked::open(&root, HOW).unwrap().concise();
        let file = project.join("expected.txt");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if update::is_wanted() {
            fs::write(&file, &found).unwrap();
        } else if found != expected {
            failures.push(format!("{}\n{}", file.display(), diff::lines(&expected, &found)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn cpython_agrees_with_the_projects() {
    let mut failures = Vec::new();
    for python in oracle::pythons() {
        for project in projects() {
            let fixture = Fixture::copy(&project).unwrap();
            let root = root(&fixture);
            let files = fixture.python_files().unwrap();
            fixture.add_environment(&root, python.version).unwrap();
            let predictions = Checked::open(&root, HOW).unwrap().predictions();
            let roots = roots(&root, &files);
            let modules = oracle::modules(&files, &roots);
            assert!(!modules.is_empty(), "{} has no modules", project.display());
            let tree = Tree { folder: root.clone(), roots, sites: Vec::new(), modules };
            let answers = oracle::import_each(&python, std::slice::from_ref(&tree)).unwrap();
            for found in oracle::contradictions(&tree, &predictions, &answers[0]) {
                let name = project.file_name().unwrap().display();
                failures.push(format!("{name}, Python {}: {}", python.version, found.message));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
