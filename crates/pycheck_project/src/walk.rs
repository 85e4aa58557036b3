//! Which files are checked: the given paths, and what lies below those that are folders.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use rustc_hash::FxHashSet;

use crate::session::ProjectError;
use crate::settings::Settings;
use crate::settings::filter::is_environment;

/// The files below the paths, absolute, sorted, each once; and remarks for the user.
///
/// Folders are walked as ruff's users expect: what `.gitignore` and its kin leave out is left out.
/// A file that is named itself is always checked, unless `force_exclude` is set.
pub(crate) fn files(
    paths: &[PathBuf],
    settings: &Settings,
    force_exclude: bool,
) -> Result<Chosen, ProjectError> {
    let mut found = Found::default();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| ProjectError::path(path, &error))?;
        if force_exclude && settings.files.is_excluded(path, metadata.is_dir()) {
            continue;
        }
        if metadata.is_dir() {
            walk_folder(path, settings, &mut found);
        } else if metadata.is_file() {
            found.files.push(path.clone());
            if path.is_symlink() {
                found.links.push(path.clone());
            }
        } else {
            found
                .notes
                .push(format!("{} is neither a file nor a folder: not checked", path.display()));
        }
    }
    found.files.sort_unstable_by(|left, right| compare(left, right));
    found.files.dedup();
    found.notes.sort_unstable();
    drop_links_to_known_files(&mut found);
    let Found { files, notes, unread, .. } = found;
    Ok(Chosen { files: files.into_iter().map(Arc::new).collect(), named: None, notes, unread })
}

/// What is checked, and what is told of it.
#[derive(Default)]
pub(crate) struct Chosen {
    /// The files that are checked, absolute, sorted, each once.
    pub(crate) files: Vec<Arc<PathBuf>>,
    /// The files that are reported on, if those are not all.
    pub(crate) named: Option<FxHashSet<PathBuf>>,
    /// Remarks for the user.
    pub(crate) notes: Vec<String>,
    /// How many folders could not be read.
    pub(crate) unread: usize,
}

impl Chosen {
    /// One file, and nothing to tell of it.
    pub(crate) fn only(file: Arc<PathBuf>) -> Self {
        Self { files: vec![file], ..Self::default() }
    }
}

/// The files below the paths; with `whole_project` all others of the project are looked at as well.
pub(crate) fn choose(
    paths: &[PathBuf],
    settings: &Settings,
    force_exclude: bool,
    whole_project: bool,
) -> Result<Chosen, ProjectError> {
    let mut chosen = files(paths, settings, force_exclude)?;
    if !whole_project {
        return Ok(chosen);
    }
    chosen.named = Some(chosen.files.iter().map(|path| path.to_path_buf()).collect());
    let others = files(std::slice::from_ref(&settings.project_root), settings, false)?;
    chosen.files.extend(others.files);
    chosen.files.sort_unstable_by(|left, right| compare(left, right));
    chosen.files.dedup();
    Ok(chosen)
}

/// The order in which files are listed and their findings shown: that of [`Path`], part by part, for
/// paths that are absolute and normalized, without taking them apart at each comparison.
pub(crate) fn compare(left: &Path, right: &Path) -> Ordering {
    let (left, right) = (left.as_os_str().as_encoded_bytes(), right.as_os_str().as_encoded_bytes());
    // What is equal is passed over in blocks.
    let blocks = left.as_chunks::<16>().0.iter().zip(right.as_chunks::<16>().0);
    let same = blocks.take_while(|(left, right)| left == right).count() * 16;
    // The separator comes before every character of a name.
    let weight = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
    left[same..].iter().map(weight).cmp(right[same..].iter().map(weight))
}

#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Those of the files that are symbolic links.
    links: Vec<PathBuf>,
    notes: Vec<String>,
    /// How many folders could not be read.
    unread: usize,
}

fn walk_folder(folder: &Path, settings: &Settings, found: &mut Found) {
    let collected: Mutex<&mut Found> = Mutex::new(found);
    let filter = settings.files.clone();
    let top = folder.to_owned();
    // Most files are not Python's: whether one is excluded is asked when it is to be checked.
    let keep = move |entry: &DirEntry| {
        let path = entry.path();
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        !is_dir || path == top || !(filter.is_entry_excluded(path, true) || is_environment(path))
    };
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
    let mut walker = WalkBuilder::new(folder);
    walker.hidden(false).threads(threads).filter_entry(keep);
    if !settings.respect_gitignore {
        walker.git_ignore(false).git_global(false).git_exclude(false).ignore(false);
    }
    let walker = walker.build_parallel();
    walker.run(|| {
        let mut batch = Batch { own: Found::default(), into: &collected };
        Box::new(move |entry| {
            match entry {
                Ok(entry) if is_checked(&entry, settings) => {
                    if entry.path_is_symlink() {
                        batch.own.links.push(entry.path().to_owned());
                    }
                    batch.own.files.push(entry.into_path());
                }
                Ok(_) => {}
                Err(error) => {
                    batch.own.unread += usize::from(is_refused(&error));
                    batch.own.notes.push(error.to_string());
                }
            }
            WalkState::Continue
        })
    });
}

/// Whether something is there and can't be read.
fn is_refused(error: &ignore::Error) -> bool {
    error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// What one thread has found, handed over when it is done.
struct Batch<'a, 'f> {
    own: Found,
    into: &'a Mutex<&'f mut Found>,
}

impl Drop for Batch<'_, '_> {
    fn drop(&mut self) {
        let mut into = self.into.lock().unwrap_or_else(PoisonError::into_inner);
        into.files.append(&mut self.own.files);
        into.links.append(&mut self.own.links);
        into.notes.append(&mut self.own.notes);
        into.unread += self.own.unread;
    }
}

/// Whether an entry is a regular file, or a link to one, that the settings include.
fn is_checked(entry: &DirEntry, settings: &Settings) -> bool {
    let Some(kind) = entry.file_type() else { return false };
    if kind.is_dir()
        || !settings.files.is_included(entry.path())
        || settings.files.is_entry_excluded(entry.path(), false)
    {
        return false;
    }
    kind.is_file()
        || (kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|it| it.is_file()))
}

/// A link to a file that is checked under its own name is not checked again.
fn drop_links_to_known_files(found: &mut Found) {
    let files = &mut found.files;
    for link in &found.links {
        let target = std::fs::canonicalize(link).ok();
        if target.is_some_and(|target| {
            target != *link && files.binary_search_by(|file| compare(file, &target)).is_ok()
        }) {
            files.retain(|path| path != link);
        }
    }
}
