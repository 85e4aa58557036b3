//! Keeping what is known of files changes nothing that is found: trees are edited at random, runs are
//! killed, kept files are damaged, and each time the findings are those of a run that keeps nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot run must fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Numbers that look random, and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

const LINES: &[&str] = &[
    "import os",
    "import nowhere",
    "from . import m1",
    "from m2 import value",
    "from m3 import *",
    "value = 1",
    "def f(a=[]): a.append(1)",
    "try: pass\nexcept: pass",
    "x == None",
    "def broken(:",
    "# pycheck: ignore-file",
];

fn pycheck(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycheck"));
    let arguments = [&["check", "--output-format", "concise"], arguments].concat();
    command.args(arguments).current_dir(folder).env("HOME", folder).env("PATH", "");
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX").env_remove("PYCHECK_CACHE_DIR");
    command
}

fn output(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn same_as_afresh(folder: &Path, after: &str) {
    let kept = output(pycheck(folder, &[]));
    assert_ne!(kept.0, Some(2), "the run failed after {after}");
    assert_eq!(kept, output(pycheck(folder, &["--no-cache"])), "after {after}");
}

fn change(folder: &Path, numbers: &mut Numbers) -> String {
    let name = format!("m{}.py", numbers.below(6));
    let file = folder.join(&name);
    match numbers.below(5) {
        0 => {
            let _ = fs::remove_file(&file);
            format!("removing {name}")
        }
        1 => {
            let other = folder.join(format!("m{}.py", numbers.below(6)));
            let _ = fs::rename(&file, other);
            format!("moving {name}")
        }
        _ => {
            let count = numbers.below(4);
            let lines: Vec<&str> = (0..count).map(|_| LINES[numbers.below(LINES.len())]).collect();
            fs::write(&file, lines.join("\n")).unwrap();
            format!("writing {name}: {lines:?}")
        }
    }
}

fn tree() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pyproject.toml"), "[tool.pycheck]\n").unwrap();
    for (index, line) in LINES.iter().take(6).enumerate() {
        let text = format!("{line}\nvalue = {index}\n");
        fs::write(folder.path().join(format!("m{index}.py")), text).unwrap();
    }
    folder
}

#[test]
fn random_edits_show_at_once() {
    let folder = tree();
    let mut numbers = Numbers(7);
    for _ in 0..60 {
        let change = change(folder.path(), &mut numbers);
        same_as_afresh(folder.path(), &change);
    }
}

#[test]
fn a_change_that_leaves_size_and_time_alone_shows() {
    let folder = tree();
    let file = folder.path().join("m5.py");
    fs::write(&file, "import os\n").unwrap();
    same_as_afresh(folder.path(), "the first run");
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, "import :s\n").unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(before).unwrap();
    let (_, found) = output(pycheck(folder.path(), &[]));
    assert!(found.contains("m5.py:1:8"), "{found}");
}

#[test]
fn runs_that_are_killed_leave_nothing_wrong_behind() {
    let folder = tree();
    let mut numbers = Numbers(11);
    for _ in 0..15 {
        let change = change(folder.path(), &mut numbers);
        let mut run = pycheck(folder.path(), &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(numbers.below(20_000) as u64));
        let _ = run.kill();
        run.wait().unwrap();
        same_as_afresh(folder.path(), &change);
    }
}

/// The files in which records are kept.
fn kept_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let versions = fs::read_dir(folder.join(".pycheck_cache")).unwrap().flatten();
    let files = versions.filter_map(|version| fs::read_dir(version.path()).ok());
    files.flatten().flatten().map(|file| file.path()).collect()
}

#[test]
fn a_damaged_file_is_as_good_as_none() {
    let folder = tree();
    let (_, first) = output(pycheck(folder.path(), &[]));
    output(pycheck(folder.path(), &[]));
    let kept = kept_files(folder.path());
    assert_eq!(kept.len(), 1);
    let content = fs::read(&kept[0]).unwrap();
    for damage in [0, 9, 30, 35, 60, content.len() / 2, content.len() - 1] {
        let mut damaged = content.clone();
        damaged[damage] ^= 0x55;
        fs::write(&kept[0], damaged).unwrap();
        assert_eq!(output(pycheck(folder.path(), &[])).1, first, "byte {damage}");
        fs::write(&kept[0], &content[..damage]).unwrap();
        assert_eq!(output(pycheck(folder.path(), &[])).1, first, "cut at {damage}");
    }
}

#[test]
fn a_folder_that_is_in_the_way_does_not_matter() {
    let folder = tree();
    fs::write(folder.path().join(".pycheck_cache"), "mine").unwrap();
    same_as_afresh(folder.path(), "a file of that name");
}

#[test]
fn other_settings_have_records_of_their_own() {
    let folder = tree();
    same_as_afresh(folder.path(), "the first run");
    for arguments in [&["--select", "bare-except"][..], &["--python-version", "3.8"], &["m1.py"]] {
        let afresh = [arguments, &["--no-cache"]].concat();
        let kept = output(pycheck(folder.path(), arguments));
        assert_eq!(kept, output(pycheck(folder.path(), &afresh)), "{arguments:?}");
    }
}

#[test]
fn the_folder_is_marked_and_can_be_removed() {
    let folder = tree();
    output(pycheck(folder.path(), &[]));
    let cache = folder.path().join(".pycheck_cache");
    assert!(cache.join("CACHEDIR.TAG").is_file());
    assert_eq!(fs::read_to_string(cache.join(".gitignore")).unwrap(), "*\n");
    let mut clean = Command::new(env!("CARGO_BIN_EXE_pycheck"));
    let (status, said) = output({
        clean.arg("clean").current_dir(folder.path()).env("HOME", folder.path());
        clean
    });
    assert_eq!((status, said.as_str()), (Some(0), "Removed .pycheck_cache.\n"));
    assert!(!cache.exists());
}

#[test]
fn a_folder_of_the_users_choice_is_not_marked_or_removed() {
    let folder = tree();
    let other = tempfile::tempdir().unwrap();
    let place = other.path().to_str().unwrap();
    let kept = output(pycheck(folder.path(), &["--cache-dir", place]));
    assert_eq!(kept, output(pycheck(folder.path(), &["--cache-dir", place])));
    assert!(!folder.path().join(".pycheck_cache").exists());
    assert!(!other.path().join(".gitignore").exists());
}
