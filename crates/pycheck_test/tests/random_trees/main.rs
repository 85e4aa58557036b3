//! Trees of packages made at random: what is predicted for them is what CPython does.
//!
//! `PYCHECK_RANDOM_TREES` says how many trees are made, `PYCHECK_RANDOM_SEED` with which to begin.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod generator;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::{CONFIGURATION, Files, GAP};
use pycheck_test::checked::{Checked, How};
use pycheck_test::oracle::{
    self, Answer, Contradiction, Prediction, Python, Tree, contradictions, import_each,
};
use pycheck_test::suite;
use tempfile::TempDir;

/// How many contradictions are shown in full.
const SHOWN: usize = 3;

/// A tree on disk, with what was predicted for it.
struct Case {
    seed: u64,
    files: Files,
    predictions: Vec<Prediction>,
    /// The questions.
    tree: Tree,
    _temporary: TempDir,
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn case(seed: u64, python: &Python) -> Case {
    let files = generator::tree(seed);
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().canonicalize().unwrap().join("project");
    write(&folder, &files);
    suite::write_environment(&folder, python.version).unwrap();
    let checked = Checked::open(&folder, How { threads: 1, with_environment: true }).unwrap();
    let predictions = checked.predictions();
    let tree = tree(&folder, &files);
    Case { seed, files, predictions, tree, _temporary: temporary }
}

fn write(folder: &Path, files: &Files) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn tree(folder: &Path, files: &Files) -> Tree {
    let sources: Vec<PathBuf> = files.keys().map(|name| folder.join(name)).collect();
    let roots = vec![folder.to_owned(), folder.join(GAP)];
    let modules = oracle::modules(&sources, &roots);
    Tree { folder: folder.to_owned(), roots, sites: Vec::new(), modules }
}

/// Whether a contradiction is a mistake.
///
/// Where no roots are named, what works from another folder on `sys.path` is not reported, and a
/// package in a bare folder lets a wrong root be guessed. And a submodule of a compiled module is
/// not judged: what is compiled may do anything.
fn is_claimed(case: &Case, contradiction: &Contradiction) -> bool {
    let has_roots = case.files.contains_key(CONFIGURATION);
    let Some(raised) = &contradiction.raised else {
        return has_roots || !has_package_in_bare_folder(&case.files);
    };
    if !has_roots {
        return false;
    }
    let parent = raised.message.split("; '").nth(1).and_then(|rest| rest.split('\'').next());
    parent.is_none_or(|parent| {
        let file = format!("{}.pyc", parent.replace('.', "/"));
        !case.files.contains_key(&file) && !case.files.contains_key(&format!("{GAP}/{file}"))
    })
}

fn has_package_in_bare_folder(files: &Files) -> bool {
    let packages = files.keys().filter_map(|name| name.strip_suffix("/__init__.py"));
    let mut around = packages.filter_map(|package| Some(package.rsplit_once('/')?.0));
    around.any(|folder| !files.contains_key(&format!("{folder}/__init__.py")))
}

/// The contradictions, one for each place, and the files that they name.
fn shown(case: &Case, contradictions: &[Contradiction]) -> String {
    let mut text = format!("seed {}\n", case.seed);
    let mut told: Vec<String> = Vec::new();
    for Contradiction { message, .. } in contradictions {
        let place = message.split_once(" raises ").map_or(message.as_str(), |(_, place)| place);
        if !told.contains(&place.to_owned()) {
            told.push(place.to_owned());
            writeln!(text, "  {message}").unwrap();
        }
    }
    for (name, content) in &case.files {
        writeln!(text, "    ── {name}").unwrap();
        if told.iter().any(|message| message.contains(&format!("{name}:"))) {
            for (index, line) in content.lines().enumerate() {
                writeln!(text, "    {:>3} {line}", index + 1).unwrap();
            }
        }
    }
    text
}

#[test]
fn cpython_does_what_is_predicted_for_random_trees() {
    let pythons = oracle::pythons();
    let count = number("PYCHECK_RANDOM_TREES", 150);
    let first = number("PYCHECK_RANDOM_SEED", 1);
    let (mut wrong, mut raising, mut modules) = (Vec::new(), 0, 0);
    for (index, python) in pythons.iter().enumerate() {
        let seeds = (first..first + count).skip(index).step_by(pythons.len());
        let cases: Vec<Case> = seeds.map(|seed| case(seed, python)).collect();
        let trees: Vec<Tree> = cases.iter().map(|case| case.tree.clone()).collect();
        let answers = import_each(python, &trees).unwrap();
        for (case, answers) in cases.iter().zip(answers) {
            modules += answers.len();
            raising += answers.iter().filter(|answer| matches!(answer, Answer::Raised(_))).count();
            let mut found = contradictions(&case.tree, &case.predictions, &answers);
            found.retain(|contradiction| is_claimed(case, contradiction));
            if !found.is_empty() {
                wrong.push(format!("Python {}, {}", python.version, shown(case, &found)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} trees\n{}",
        wrong.len(),
        wrong[..wrong.len().min(SHOWN)].join("\n")
    );
    // The trees are worth nothing if everything in them works, or nothing does.
    let is_mixed = raising * 5 > modules && raising * 5 < modules * 4;
    assert!(pythons.is_empty() || is_mixed, "{raising} of {modules} imports fail");
}
