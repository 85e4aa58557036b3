//! What was read of the disk for one link, kept for the next.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pycheck_imports::{Entry, Listing};
use pycheck_model::ModuleSummary;
use rustc_hash::{FxHashMap, FxHashSet};

/// What was read of the disk, each thing once.
#[derive(Default)]
pub(crate) struct Memory {
    /// What lies in folders.
    pub(crate) listings: Listings,
    /// The summaries of files outside of the session.
    pub(crate) summaries: Mutex<FxHashMap<PathBuf, Option<Arc<ModuleSummary>>>>,
    /// The bytes of source files outside of the session.
    pub(crate) sources: Mutex<FxHashMap<OsString, Arc<[u8]>>>,
}

impl Memory {
    /// A memory without all that can be read again.
    pub(crate) fn forgotten(&self) -> Self {
        let unsaved = Mutex::new(self.listings.unsaved().clone());
        Self { listings: Listings { unsaved, ..Listings::default() }, ..Self::default() }
    }

    /// Forgets what a file says. Gives whether anything was known of it.
    pub(crate) fn forget_file(&self, file: &Path) -> bool {
        let mut summaries = self.summaries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let had_summary = summaries.remove(file).is_some();
        sources.remove(file.as_os_str()).is_some() || had_summary
    }
}

/// What lies in folders; each is listed once. The keys are texts because the parts of a path would be
/// hashed one by one.
#[derive(Default)]
pub(crate) struct Listings {
    known: Mutex<FxHashMap<OsString, Option<Arc<Listing>>>>,
    /// Files that an editor holds and the disk does not have.
    unsaved: Mutex<FxHashSet<PathBuf>>,
}

impl Listings {
    /// The names in a folder; `None` when it is no folder that can be read.
    pub(crate) fn of(&self, folder: &Path) -> Option<Arc<Listing>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(folder.as_os_str()) {
            return known.clone();
        }
        let listing = self.read(folder);
        known.insert(folder.as_os_str().to_owned(), listing.clone());
        listing
    }

    /// Looks at the folder that holds a path again, and at those around it that may have come or gone
    /// with it, as far as they were ever looked at. Gives whether there is anything new.
    pub(crate) fn refresh_around(&self, path: &Path) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_new = false;
        for folder in path.ancestors().skip(1) {
            let Some(before) = known.get_mut(folder.as_os_str()) else { continue };
            let now = self.read(folder);
            let (was_there, is_there) = (before.is_some(), now.is_some());
            is_new |= matters(before.as_deref(), now.as_deref());
            *before = now;
            if was_there && is_there {
                break;
            }
        }
        is_new
    }

    /// Looks again at a path as a folder, and if that came or went, at all folders below it that were
    /// ever looked at.
    pub(crate) fn refresh_below(&self, path: &Path) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = known.get_mut(path.as_os_str()) else { return false };
        let now = self.read(path);
        let (was_there, is_there) = (before.is_some(), now.is_some());
        if was_there == is_there {
            let matters = matters(before.as_deref(), now.as_deref());
            *before = now;
            return matters;
        }
        let below = known.keys().filter(|folder| Path::new(folder).starts_with(path));
        let mut below: Vec<OsString> = below.cloned().collect();
        below.sort_unstable();
        let mut is_new = false;
        for folder in below {
            let now = self.read(Path::new(&folder));
            is_new |= known.get(&folder) != Some(&now);
            known.insert(folder, now);
        }
        is_new
    }

    /// The names that came to a folder or went since it was looked at, or are something else now.
    pub(crate) fn changed_names(&self, folder: &Path) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Some(before)) = known.get(folder.as_os_str()).cloned() else { return Vec::new() };
        let now = self.read(folder).unwrap_or_default();
        differing(&before, &now).map(|(name, _)| name.to_owned()).collect()
    }

    /// Adds a file that only an editor has, or takes it away. Gives whether that changes anything.
    pub(crate) fn set_unsaved(&self, file: &Path, is_unsaved: bool) -> bool {
        let is_new = if is_unsaved {
            self.unsaved().insert(file.to_owned())
        } else {
            self.unsaved().remove(file)
        };
        // Folders that are not there yet come with their file.
        is_new && self.refresh_around(file)
    }

    /// The folders that were looked at, those that do not exist included.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut folders: Vec<PathBuf> = known.keys().map(PathBuf::from).collect();
        folders.sort_unstable();
        folders
    }

    fn unsaved(&self) -> MutexGuard<'_, FxHashSet<PathBuf>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, folder: &Path) -> Option<Arc<Listing>> {
        let entries = entries(folder);
        let mut held: Vec<(Box<str>, Entry)> =
            self.unsaved().iter().filter_map(|file| entry_towards(file, folder)).collect();
        if held.is_empty() {
            return Some(Arc::new(entries?.into_iter().collect()));
        }
        held.extend(entries.unwrap_or_default());
        Some(Arc::new(held.into_iter().collect()))
    }
}

/// What is in one of two listings only.
fn differing<'l>(
    before: &'l Listing,
    now: &'l Listing,
) -> impl Iterator<Item = (&'l str, Entry)> + use<'l> {
    let gone = before.entries().into_iter().filter(|(name, kind)| !has(now, name, *kind));
    let come = now.entries().into_iter().filter(|(name, kind)| !has(before, name, *kind));
    gone.chain(come)
}

fn has(listing: &Listing, name: &str, kind: Entry) -> bool {
    match kind {
        Entry::File => listing.has_file(name),
        Entry::Folder => listing.has_folder(name),
    }
}

/// Whether something came or went that an import may find, or that is checked. Editors put other files
/// beside those that they save.
fn matters(before: Option<&Listing>, now: Option<&Listing>) -> bool {
    let endings = ["py", "pyi", "pyw", "pyc", "so", "pyd"];
    let is_module = |(name, kind): (&str, Entry)| match kind {
        Entry::Folder => name != "__pycache__" && !name.starts_with('.'),
        Entry::File => {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            !name.starts_with('.') && endings.contains(&ending)
        }
    };
    match (before, now) {
        (Some(before), Some(now)) => differing(before, now).any(is_module),
        (before, now) => before.is_some() != now.is_some(),
    }
}

/// The name in a folder that leads to a file somewhere below it.
fn entry_towards(file: &Path, folder: &Path) -> Option<(Box<str>, Entry)> {
    let mut below = file.strip_prefix(folder).ok()?.components();
    let name: Box<str> = below.next()?.as_os_str().to_str()?.into();
    Some((name, if below.next().is_some() { Entry::Folder } else { Entry::File }))
}

/// The names in a folder with what they are, links followed. Names that are not UTF-8 are left out.
fn entries(folder: &Path) -> Option<Vec<(Box<str>, Entry)>> {
    let entries = std::fs::read_dir(folder).ok()?;
    let named = entries.flatten().filter_map(|entry| {
        let name: Box<str> = entry.file_name().to_str()?.into();
        let kind = entry.file_type().ok()?;
        let kind = if kind.is_symlink() {
            std::fs::metadata(entry.path()).ok()?.file_type()
        } else {
            kind
        };
        if kind.is_dir() {
            Some((name, Entry::Folder))
        } else {
            kind.is_file().then_some((name, Entry::File))
        }
    });
    Some(named.collect())
}
