//! Which files have changed since a revision. Git is asked: only it can tell.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The files that differ from those of a revision, and those that git does not track; absolute. An
/// error is a sentence for the user.
pub(crate) fn changed_since(folder: &Path, revision: &str) -> Result<Vec<PathBuf>, String> {
    if revision.is_empty() || revision.starts_with('-') {
        return Err(format!("`{revision}` is no revision of git"));
    }
    let top = run(folder, &["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(top.trim_end_matches(['\n', '\r']));
    let diff = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", revision, "--"];
    let changed = run(&top, &diff)?;
    let new = run(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    // The folder may have been reached through a link, as the paths of the session are.
    let top = seen_from(folder, &top);
    let names = changed.split('\0').chain(new.split('\0')).filter(|name| !name.is_empty());
    Ok(names.map(|name| top.join(name)).collect())
}

/// The top folder of the repository, as it is called by one who stands in `folder`.
fn seen_from(folder: &Path, top: &Path) -> PathBuf {
    let is_top = |above: &&Path| above.canonicalize().ok() == top.canonicalize().ok();
    folder.ancestors().find(is_top).unwrap_or(top).to_owned()
}

fn run(folder: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    // A program that the configuration names for watching files is not started.
    command.arg("-C").arg(folder).args(["-c", "core.fsmonitor=false"]).args(args);
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            "git was not found on the `PATH`, and `--affected` asks it for the changed files"
                .to_owned()
        }
        _ => format!("git could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("not a git repository") {
        let folder = folder.display();
        return Err(format!(
            "`{folder}` is in no git repository, so what has changed can't be told"
        ));
    }
    let first = complaint.lines().next().unwrap_or("it ended without a word");
    Err(format!("git can't tell what has changed: {}", first.trim_start_matches("fatal: ")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{changed_since, run};

    #[test]
    fn changed_and_new_files_are_named_and_others_are_not() {
        let place = tempfile::tempdir().unwrap();
        let top = place.path().canonicalize().unwrap();
        if run(&top, &["--version"]).is_err() {
            return;
        }
        assert!(changed_since(&top, "HEAD").unwrap_err().contains("in no git repository"));
        run(&top, &["init", "-q"]).unwrap();
        for name in ["same.py", "other.py", "gone.py"] {
            fs::write(top.join(name), "").unwrap();
        }
        run(&top, &["add", "."]).unwrap();
        let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
        run(&top, &[&who[..], &["commit", "-qm", "first"]].concat()).unwrap();
        fs::write(top.join("other.py"), "x = 1\n").unwrap();
        fs::write(top.join("new.py"), "").unwrap();
        fs::remove_file(top.join("gone.py")).unwrap();
        let mut changed = changed_since(&top, "HEAD").unwrap();
        changed.sort();
        assert_eq!(changed, ["gone.py", "new.py", "other.py"].map(|name| top.join(name)));
        assert!(changed_since(&top, "nowhere").unwrap_err().contains("nowhere"));
        assert!(changed_since(&top, "--output=x").unwrap_err().contains("no revision"));
    }
}
