//! Runs the cases in `tests/cli`: what the command writes, and how it exits.
//!
//! Each case runs in a fresh copy of its folder, once for each number of threads, and must write
//! the same bytes each time. `PYCHECK_UPDATE=1` writes what came out into the cases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// A run of the command, as it stands in its file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    about: String,
    /// The folder it runs in, if not the one named like the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    args: Vec<String>,
    /// Variables as `NAME=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    env: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stdin: Option<String>,
    /// Where standard output goes, if it is not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    stdout_to: Option<Sink>,
    /// With how many threads the command runs, in turn.
    #[serde(default = "one_and_two", skip_serializing_if = "is_one_and_two")]
    threads: Vec<usize>,
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    /// The files that the command has changed or made, and what is in them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    changed: BTreeMap<String, String>,
}

/// What comes of a run.
#[derive(PartialEq, Eq, Clone, Debug)]
struct Outcome {
    exit: i32,
    stdout: String,
    stderr: String,
    changed: BTreeMap<String, String>,
}

/// What does not take the output.
#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Sink {
    ClosedPipe,
    FullDevice,
}

fn one_and_two() -> Vec<usize> {
    vec![1, 2]
}

fn is_one_and_two(threads: &[usize]) -> bool {
    threads == [1, 2]
}

#[test]
fn the_command_writes_and_exits_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli");
    let update = std::env::var_os("PYCHECK_UPDATE").is_some_and(|value| value == "1");
    let mut failures = Vec::new();
    let mut inputs = BTreeSet::new();
    for file in
        entries(&folder).into_iter().filter(|path| path.extension() == Some("toml".as_ref()))
    {
        let text = fs::read_to_string(&file).unwrap();
        let mut case: Case =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let input = input(&case, &file);
        inputs.insert(input.clone());
        if matches!(case.stdout_to, Some(Sink::FullDevice)) && !Path::new("/dev/full").exists() {
            continue;
        }
        match outcome(&case, &input) {
            Ok(outcome) if outcome == expected(&case) => {}
            Ok(Outcome { exit, stdout, stderr, changed }) if update => {
                case = Case { exit, stdout, stderr, changed, ..case };
                fs::write(&file, toml::to_string_pretty(&case).unwrap()).unwrap();
            }
            Ok(outcome) => failures.push(difference(&file, &expected(&case), &outcome)),
            Err(message) => failures.push(format!("{}: {message}", file.display())),
        }
    }
    for path in entries(&folder).into_iter().filter(|path| path.is_dir()) {
        assert!(inputs.contains(&path), "no case uses {}", path.display());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What README.md shows is what the case `readme` expects.
#[test]
fn the_readme_shows_real_output() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let case = fs::read_to_string(top.join("tests/cli/readme.toml")).unwrap();
    let case: Case = toml::from_str(&case).unwrap();
    let shown = format!("```text\n$ pycheck {}\n{}```\n", case.args.join(" "), case.stdout);
    let readme = fs::read_to_string(top.join("README.md")).unwrap();
    assert!(readme.contains(&shown), "README.md should show:\n{shown}");
}

fn input(case: &Case, file: &Path) -> PathBuf {
    match &case.input {
        Some(name) => file.with_file_name(format!("{name}.in")),
        None => file.with_extension("in"),
    }
}

fn expected(case: &Case) -> Outcome {
    Outcome {
        exit: case.exit,
        stdout: case.stdout.clone(),
        stderr: case.stderr.clone(),
        changed: case.changed.clone(),
    }
}

/// The one outcome for all numbers of threads.
fn outcome(case: &Case, input: &Path) -> Result<Outcome, String> {
    let outcomes: Vec<Outcome> = case.threads.iter().map(|n| run(case, input, *n)).collect();
    let first = outcomes.first().ok_or("`threads` is empty")?;
    match outcomes.iter().find(|outcome| *outcome != first) {
        Some(other) => Err(format!("depends on the number of threads:\n{first:#?}\n{other:#?}")),
        None => Ok(first.clone()),
    }
}

fn run(case: &Case, input: &Path, threads: usize) -> Outcome {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().canonicalize().unwrap().join("root");
    let home = place.path().join("home");
    fs::create_dir(&home).unwrap();
    copy(input, &root);
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycheck"));
    let variables = case.env.iter().filter_map(|variable| variable.split_once('='));
    command
        .args(&case.args)
        .current_dir(&root)
        .env_clear()
        .env("HOME", home)
        .env("PATH", "")
        .env("RAYON_NUM_THREADS", threads.to_string())
        .envs(variables)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(case.stdout_to.map_or_else(Stdio::piped, sink));
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // The command may end without reading it.
    let _ = stdin.write_all(case.stdin.as_deref().unwrap_or_default().as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let shown = |bytes: Vec<u8>| without_circumstances(&String::from_utf8(bytes).unwrap(), &root);
    Outcome {
        exit: output.status.code().unwrap(),
        stdout: shown(output.stdout),
        stderr: shown(output.stderr),
        changed: changed(input, &root, &root),
    }
}

/// The files of a folder that are not as they are in the input, with their content. What is kept for
/// the next run has tests of its own.
fn changed(input: &Path, root: &Path, folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in entries(folder).into_iter().filter(|path| !path.ends_with(".pycheck_cache")) {
        let name = path.strip_prefix(root).unwrap();
        if path.is_dir() {
            found.extend(changed(input, root, &path));
            continue;
        }
        let content = fs::read(&path).unwrap();
        if fs::read(input.join(name)).ok().as_ref() != Some(&content) {
            let content = String::from_utf8_lossy(&content).into_owned();
            found.insert(name.to_str().unwrap().to_owned(), content);
        }
    }
    found
}

/// The text without what differs from run to run.
fn without_circumstances(text: &str, root: &Path) -> String {
    let text = text.replace(root.to_str().unwrap(), "[ROOT]");
    let text = text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    let line = |line: &str| match line.split_once(' ') {
        Some(("took", _)) => "took [TIME]\n".to_owned(),
        Some(("platform:", _)) => "platform: [PLATFORM]\n".to_owned(),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

fn sink(sink: Sink) -> Stdio {
    match sink {
        Sink::ClosedPipe => {
            let (reader, writer) = io::pipe().unwrap();
            drop(reader);
            writer.into()
        }
        Sink::FullDevice => fs::File::options().write(true).open("/dev/full").unwrap().into(),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in entries(from) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What is in the folder, sorted; nothing if there is no such folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn difference(file: &Path, expected: &Outcome, actual: &Outcome) -> String {
    format!(
        "{}: not as expected (PYCHECK_UPDATE=1 accepts it)\n\
         --- expected: exit {}\n{}--- stderr\n{}{:#?}\n--- actual: exit {}\n{}--- stderr\n{}{:#?}",
        file.display(),
        expected.exit,
        expected.stdout,
        expected.stderr,
        expected.changed,
        actual.exit,
        actual.stdout,
        actual.stderr,
        actual.changed
    )
}
