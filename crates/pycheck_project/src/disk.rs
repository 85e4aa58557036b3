//! Folder listings and file summaries for the resolver, each read once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use pycheck_imports::{Entry, Folders, Listing};
use pycheck_model::ModuleSummary;
use pycheck_syntax::{Target, parse, summarize};
use rustc_hash::FxHashMap;

use crate::decode::decode;

/// The disk as the resolver sees it, with the session's files as they were analysed.
pub(crate) struct Disk {
    target: Target,
    session: FxHashMap<Arc<PathBuf>, Arc<ModuleSummary>>,
    listings: Mutex<FxHashMap<PathBuf, Option<Arc<Listing>>>>,
    summaries: Mutex<FxHashMap<PathBuf, Option<Arc<ModuleSummary>>>>,
}

impl Disk {
    /// A view of the disk in which the session's files do what their summaries say.
    pub(crate) fn new(
        target: Target,
        session: FxHashMap<Arc<PathBuf>, Arc<ModuleSummary>>,
    ) -> Self {
        Self { target, session, listings: Mutex::default(), summaries: Mutex::default() }
    }
}

impl Folders for Disk {
    fn list(&self, folder: &Path) -> Option<Arc<Listing>> {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = listings.get(folder) {
            return known.clone();
        }
        let listing = read_listing(folder).map(Arc::new);
        listings.insert(folder.to_owned(), listing.clone());
        listing
    }

    fn summary(&self, file: &Path) -> Option<Arc<ModuleSummary>> {
        if let Some(summary) = self.session.get(&file.to_path_buf()) {
            return Some(summary.clone());
        }
        let mut summaries = self.summaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = summaries.get(file) {
            return known.clone();
        }
        let text = std::fs::read(file).ok().and_then(|bytes| decode(bytes).ok());
        let summary =
            text.map(|text| Arc::new(summarize(&parse(text, self.target.version), &self.target).0));
        summaries.insert(file.to_owned(), summary.clone());
        summary
    }
}

/// The names in a folder with what they are, links followed. Names that are not UTF-8 are left out.
fn read_listing(folder: &Path) -> Option<Listing> {
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
