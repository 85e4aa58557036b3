//! The index as git itself writes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;

use super::untracked;

/// Runs git in a folder, without the settings of the machine; `false` if there is no git.
fn git(folder: &Path, arguments: &[&str]) -> bool {
    let run = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .output();
    let Ok(output) = run else { return false };
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    true
}

struct Repository {
    top: PathBuf,
    _temporary: TempDir,
}

impl Repository {
    /// A repository with these files, of which `tracked` are added; `None` if there is no git.
    fn new(init: &[&str], files: &[&str], tracked: &[&str]) -> Option<Self> {
        let temporary = TempDir::new().unwrap();
        let top = temporary.path().canonicalize().unwrap();
        for name in files {
            let path = top.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        let made = git(&top, &[&["init", "-q"], init].concat());
        made.then(|| git(&top, &[&["add", "-f", "--"], tracked].concat()))?;
        Some(Self { top, _temporary: temporary })
    }

    fn untracked(&self, files: &[&str]) -> Vec<String> {
        self.untracked_with(files, None)
    }

    fn untracked_with(&self, files: &[&str], index: Option<&str>) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|name| Arc::new(self.top.join(name))).collect();
        let found = untracked(&self.top, &files, index.map(str::as_ref));
        let mut names: Vec<String> = found
            .iter()
            .map(|path| path.strip_prefix(&self.top).unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

const FILES: [&str; 5] =
    ["a.py", "pkg/__init__.py", "pkg/long_name_of_a_module.py", "pkg/b.py", "z.pyi"];

#[test]
fn every_version_of_the_index_and_both_hashes_are_read() {
    for (init, version) in [
        (&[][..], "2"),
        (&[], "4"),
        (&["--object-format=sha256"], "2"),
        (&["--object-format=sha256"], "4"),
    ] {
        let tracked = ["a.py", "pkg/__init__.py", "pkg/long_name_of_a_module.py", "z.pyi"];
        let Some(repository) = Repository::new(init, &FILES, &tracked) else { return };
        git(&repository.top, &["update-index", "--index-version", version]);
        assert_eq!(repository.untracked(&FILES), ["pkg/b.py"], "version {version}, {init:?}");
        // An entry that is meant to be added makes it version 3.
        git(&repository.top, &["add", "-N", "pkg/b.py"]);
        assert_eq!(repository.untracked(&FILES), [""; 0], "version {version}, {init:?}");
    }
}

#[test]
fn what_another_repository_keeps_is_not_told() {
    let files = ["a.py", "inner/b.py", "module/c.py"];
    let Some(repository) = Repository::new(&[], &files, &["a.py"]) else { return };
    for folder in ["inner", "module"] {
        git(&repository.top.join(folder), &["init", "-q"]);
    }
    git(&repository.top.join("module"), &["add", "c.py"]);
    git(&repository.top.join("module"), &["commit", "-qm", "one"]);
    git(&repository.top, &["add", "module"]);
    assert_eq!(repository.untracked(&files), [""; 0]);
}

#[test]
fn the_index_of_the_commit_in_progress_counts() {
    let Some(repository) = Repository::new(&[], &["a.py", "b.py"], &["a.py", "b.py"]) else {
        return;
    };
    let files = ["a.py", "b.py"];
    fs::copy(repository.top.join(".git/index"), repository.top.join(".git/next-index-1.lock"))
        .unwrap();
    git(&repository.top, &["rm", "-q", "--cached", "b.py"]);
    assert_eq!(repository.untracked(&files), ["b.py"]);
    assert_eq!(repository.untracked_with(&files, Some(".git/next-index-1.lock")), [""; 0]);
    assert_eq!(
        repository.untracked_with(&files, Some("elsewhere/index")),
        ["b.py"],
        "not of this repository"
    );
}

#[test]
fn a_linked_worktree_has_an_index_of_its_own() {
    let Some(repository) = Repository::new(&[], &["a.py"], &["a.py"]) else { return };
    git(&repository.top, &["commit", "-qm", "one"]);
    git(&repository.top, &["worktree", "add", "-q", "tree"]);
    let worktree = repository.top.join("tree");
    fs::write(worktree.join("new.py"), "").unwrap();
    let files = [Arc::new(worktree.join("a.py")), Arc::new(worktree.join("new.py"))];
    let found = untracked(&worktree, &files, None);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [worktree.join("new.py")]);
}

#[test]
fn what_is_not_understood_leads_to_silence() {
    let files = ["a.py", "b.py"];
    let Some(repository) = Repository::new(&[], &files, &["a.py"]) else { return };
    let index = repository.top.join(".git/index");
    let whole = fs::read(&index).unwrap();
    assert_eq!(repository.untracked(&files), ["b.py"]);
    for end in 0..whole.len() {
        fs::write(&index, &whole[..end]).unwrap();
        // Cut anywhere, it must not panic; without its end nothing is claimed.
        assert!(repository.untracked(&files).len() <= 1);
    }
    let mut flipped = whole.clone();
    for at in 0..whole.len() {
        flipped[at] ^= 0xff;
        fs::write(&index, &flipped).unwrap();
        repository.untracked(&files);
        flipped[at] = whole[at];
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(repository.untracked(&files), [""; 0]);
    git(&repository.top, &["add", "a.py"]);
    git(&repository.top, &["update-index", "--split-index"]);
    assert_eq!(repository.untracked(&files), [""; 0], "a split index has a part elsewhere");
}
