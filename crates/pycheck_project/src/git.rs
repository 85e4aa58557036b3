//! Which files git does not track: they are here, and will not be in a checkout.
//!
//! The index is read, and no git is started: that would cost more than the check itself on a small
//! project, and what is asked for is one list of names. Whatever is not understood leads to silence.

mod changed;
mod index;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

pub(crate) use self::changed::changed_since;
use self::index::{Tracked, tracked};

/// No index is longer; what is longer is not read.
const INDEX_LIMIT: u64 = 256 << 20;

/// The files that git does not track and does not ignore either; none where there is no git.
///
/// `files` must be without those that are ignored. `index_file` is the value of `GIT_INDEX_FILE`,
/// which git sets while it runs a hook.
pub(crate) fn untracked(
    project_root: &Path,
    files: &[Arc<PathBuf>],
    index_file: Option<&OsStr>,
) -> FxHashSet<PathBuf> {
    let Some((top, index)) = find_index(project_root, index_file) else {
        return FxHashSet::default();
    };
    let Some(tracked) = read(&index).as_deref().and_then(tracked) else {
        return FxHashSet::default();
    };
    let is_untracked = |file: &&Arc<PathBuf>| {
        name_below(&top, file).is_some_and(|name| !tracked.has(&name))
            && is_ours(&top, file, &tracked)
    };
    files.iter().filter(is_untracked).map(|file| file.to_path_buf()).collect()
}

/// The folder that git keeps, and the index that says what of it.
fn find_index(project_root: &Path, index_file: Option<&OsStr>) -> Option<(PathBuf, PathBuf)> {
    let top = project_root.ancestors().find(|folder| folder.join(".git").exists())?;
    let dot_git = top.join(".git");
    let folder = if dot_git.is_dir() { dot_git } else { linked(&dot_git)? };
    // While a commit is made of a part of the changes, another index says what belongs to it.
    let stated = index_file.filter(|value| !value.is_empty()).map(|value| top.join(value));
    let is_of_this = |file: &PathBuf| {
        let parent = file.parent().and_then(|parent| parent.canonicalize().ok());
        parent.is_some() && parent == folder.canonicalize().ok()
    };
    let index = stated.filter(is_of_this).unwrap_or_else(|| folder.join("index"));
    Some((top.to_owned(), index))
}

/// The folder that the `.git` file of a linked worktree or of a submodule names.
fn linked(file: &Path) -> Option<PathBuf> {
    let text = crate::environment::read_lossy(file, 1 << 16)?;
    let folder = file.parent()?.join(text.strip_prefix("gitdir:")?.trim());
    folder.join("HEAD").is_file().then_some(folder)
}

fn read(index: &Path) -> Option<Vec<u8>> {
    let facts = fs::metadata(index).ok()?;
    (facts.is_file() && facts.len() <= INDEX_LIMIT).then(|| fs::read(index).ok())?
}

/// The name that the index has for a file.
fn name_below(top: &Path, file: &Path) -> Option<Vec<u8>> {
    let name = file.strip_prefix(top).ok()?.as_os_str().as_encoded_bytes().to_vec();
    Some(if cfg!(windows) {
        name.into_iter().map(|byte| if byte == b'\\' { b'/' } else { byte }).collect()
    } else {
        name
    })
}

/// Whether a file without an entry is one that this repository could have an entry for.
fn is_ours(top: &Path, file: &Path, tracked: &Tracked) -> bool {
    // Here the file system may spell a name in another way than the index.
    let is_respelt = |name: &[u8]| {
        tracked.has_in_other_case(name) || (cfg!(target_os = "macos") && !name.is_ascii())
    };
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != top);
    let is_elsewhere = |folder: &Path| {
        folder.join(".git").exists()
            || folder.is_symlink()
            || name_below(top, folder).is_some_and(|name| tracked.has_folder(&name))
    };
    !name_below(top, file).is_some_and(|name| is_respelt(&name))
        && !folders.into_iter().any(is_elsewhere)
}

#[cfg(test)]
mod tests;
