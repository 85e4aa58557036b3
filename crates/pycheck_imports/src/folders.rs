//! What the resolver asks of the disk: the listing of a folder, and the summary of a file that is
//! not part of the session.

use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use pycheck_model::ModuleSummary;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::shadow::Owner;

/// What a name in a folder is, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// The names in a folder. Names that are not UTF-8 can't be imported and are left out.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    entries: FxHashMap<Box<str>, Entry>,
    /// The hashes of what stands before the first dot of the names.
    stems: FxHashSet<u64>,
    /// The names by what stands before their first dot, in small letters; made when it is asked for.
    spellings: OnceLock<FxHashMap<String, Vec<Box<str>>>>,
}

impl Listing {
    /// Whether there is a file of this name.
    pub fn has_file(&self, name: &str) -> bool {
        self.entries.get(name) == Some(&Entry::File)
    }

    /// Whether there is a folder of this name.
    pub fn has_folder(&self, name: &str) -> bool {
        self.entries.get(name) == Some(&Entry::Folder)
    }

    /// Whether some name may be this one before its first dot: where none is, there is no module of
    /// this name in any form, and no need to look for each.
    pub(crate) fn may_have_stem(&self, stem: &str) -> bool {
        self.stems.contains(&hash(stem))
    }

    /// Whether some name is this one before its first dot, but for small and capital letters. `small`
    /// has small letters only.
    pub(crate) fn has_like(&self, small: &str) -> bool {
        self.spellings.get_or_init(|| self.by_spelling()).contains_key(small)
    }

    /// The first of these names in alphabetical order that is of this kind, and wanted.
    pub(crate) fn first_like(
        &self,
        small: &str,
        kind: Entry,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<&str> {
        let spellings = self.spellings.get_or_init(|| self.by_spelling());
        let similar = spellings.get(small)?.iter().map(|name| &**name);
        similar.filter(|name| self.entries.get(*name) == Some(&kind) && is_wanted(name)).min()
    }

    fn by_spelling(&self) -> FxHashMap<String, Vec<Box<str>>> {
        let mut spellings: FxHashMap<String, Vec<Box<str>>> = FxHashMap::default();
        for (name, _) in self.entries() {
            let stem = name.split('.').next().unwrap_or(name);
            spellings.entry(stem.to_lowercase()).or_default().push(name.into());
        }
        spellings
    }

    /// All names with their kind, sorted.
    pub fn entries(&self) -> Vec<(&str, Entry)> {
        let mut entries: Vec<(&str, Entry)> =
            self.entries.iter().map(|(name, entry)| (&**name, *entry)).collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        entries
    }
}

impl PartialEq for Listing {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Listing {}

impl FromIterator<(Box<str>, Entry)> for Listing {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Entry)>>(entries: I) -> Self {
        let entries: FxHashMap<Box<str>, Entry> = entries.into_iter().collect();
        let stems = entries.keys().map(|name| hash(name.split('.').next().unwrap_or(name)));
        let stems = stems.collect();
        Self { entries, stems, spellings: OnceLock::new() }
    }
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// What the resolver asks of the disk. The answers are the same throughout one link.
pub trait Folders: Sync {
    /// The names in a folder; `None` when it is no folder that can be read.
    fn list(&self, folder: &Path) -> Option<Arc<Listing>>;

    /// The summary of a source file; `None` when it can't be read.
    fn summary(&self, file: &Path) -> Option<Arc<ModuleSummary>>;

    /// Whether a source file plainly binds a name: a line at its margin says so. Cheaper than its
    /// summary, and enough for most names.
    fn binds_plainly(&self, file: &Path, name: &str) -> bool;

    /// Whether running a source file may bind this name.
    fn may_bind(&self, file: &Path, name: &str) -> bool;

    /// The distribution that installed a top-level module into the folder `site`, if somebody else
    /// than the project in `project` needs it, and the file `local` is no part or copy of it.
    fn owner(&self, _site: &Path, _name: &str, _project: &Path, _local: &Path) -> Option<Owner> {
        None
    }

    /// The files of the session that git does not track; `None` where nobody asks.
    fn untracked(&self) -> Option<&FxHashSet<PathBuf>> {
        None
    }

    /// Whether a folder holds an `__init__.py` (or another form of it).
    fn is_regular_package(&self, folder: &Path) -> bool {
        self.list(folder).is_some_and(|listing| {
            listing.has_file("__init__.py") || listing.has_file("__init__.pyc") || {
                let is_extension = |name: &str| name.starts_with("__init__.") && is_extension(name);
                listing
                    .entries
                    .iter()
                    .any(|(name, entry)| *entry == Entry::File && is_extension(name))
            }
        })
    }
}

/// Whether a file name ends like an extension module's.
pub(crate) fn is_extension(name: &str) -> bool {
    let lower = name.rsplit('.').next().unwrap_or_default();
    matches!(lower, "so" | "pyd")
}
