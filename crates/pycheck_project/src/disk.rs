//! Folder listings and file summaries for the resolver, each read once.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use pycheck_imports::shadow::Owner;
use pycheck_imports::{Entry, Folders, Listing, ModuleInput};
use pycheck_model::ModuleSummary;
use pycheck_syntax::{Target, may_bind, parse, summarize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::decode::decode;
use crate::installed::owner;

/// The disk as the resolver sees it, with the session's files as they were analysed.
pub(crate) struct Disk<'a> {
    target: Target,
    /// By path.
    session: FxHashMap<&'a OsStr, &'a Arc<ModuleSummary>>,
    listings: &'a Listings,
    summaries: Mutex<FxHashMap<PathBuf, Option<Arc<ModuleSummary>>>>,
    /// The bytes of source files outside of the session.
    sources: Mutex<FxHashMap<OsString, Arc<[u8]>>>,
    /// The session's files that git does not track.
    pub(crate) untracked: FxHashSet<PathBuf>,
}

impl<'a> Disk<'a> {
    /// A view of the disk in which the session's files do what their summaries say.
    pub(crate) fn new(target: Target, session: &'a [ModuleInput], listings: &'a Listings) -> Self {
        let summary = |module: &'a ModuleInput| (module.path.as_os_str(), &module.summary);
        let session = session.iter().map(summary).collect();
        Self {
            target,
            session,
            listings,
            summaries: Mutex::default(),
            sources: Mutex::default(),
            untracked: FxHashSet::default(),
        }
    }
}

/// What lies in folders; each is listed once. The keys are texts because the parts of a path would be
/// hashed one by one.
#[derive(Default)]
pub(crate) struct Listings(Mutex<FxHashMap<OsString, Option<Arc<Listing>>>>);

impl Listings {
    /// The names in a folder; `None` when it is no folder that can be read.
    pub(crate) fn of(&self, folder: &Path) -> Option<Arc<Listing>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(folder.as_os_str()) {
            return known.clone();
        }
        let listing = read_listing(folder).map(Arc::new);
        known.insert(folder.as_os_str().to_owned(), listing.clone());
        listing
    }
}

impl Folders for Disk<'_> {
    fn list(&self, folder: &Path) -> Option<Arc<Listing>> {
        self.listings.of(folder)
    }

    fn summary(&self, file: &Path) -> Option<Arc<ModuleSummary>> {
        if let Some(summary) = self.session.get(file.as_os_str()) {
            return Some(Arc::clone(summary));
        }
        let mut summaries = self.summaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = summaries.get(file) {
            return known.clone();
        }
        let summary = read_summary(file, &self.target).map(Arc::new);
        summaries.insert(file.to_owned(), summary.clone());
        summary
    }

    fn owner(&self, site: &Path, name: &str, project: &Path, local: &Path) -> Option<Owner> {
        owner(site, name, project, local)
    }

    fn untracked(&self) -> Option<&FxHashSet<PathBuf>> {
        Some(&self.untracked)
    }

    fn binds_plainly(&self, file: &Path, name: &str) -> bool {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if !sources.contains_key(file.as_os_str()) {
            let is_source = file.extension().is_some_and(|ending| ending == "py");
            let bytes = is_source.then(|| std::fs::read(file).ok()).flatten().unwrap_or_default();
            sources.insert(file.as_os_str().to_owned(), bytes.into());
        }
        let bytes = sources.get(file.as_os_str());
        bytes.is_some_and(|bytes| binds_plainly(bytes, name))
    }

    fn may_bind(&self, file: &Path, name: &str) -> bool {
        let text = std::fs::read(file).ok().and_then(|bytes| decode(bytes).ok());
        text.is_none_or(|text| may_bind(&parse(text, self.target.version), name))
    }
}

/// Whether a line of a source begins with `def name`, `class name` or `name =`, or imports the name,
/// and none with `del` names it.
fn binds_plainly(source: &[u8], name: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let binds = |at: usize| {
        let (before, after) = (&source[..at], &source[at + name.len()..]);
        if after.first().is_some_and(is_part) {
            return false;
        }
        let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        match &before[line..] {
            b"def " | b"async def " | b"class " => true,
            // In an import statement, on the first line or one of the next.
            line if line.trim_ascii_start().starts_with(b"from ") => {
                memmem::find(line, b" import ").is_some()
            }
            line if line.starts_with(b"    ") && line.trim_ascii().is_empty() => {
                after.first() == Some(&b',')
            }
            b"" => after.trim_ascii_start().first().is_some_and(|next| *next == b'='),
            _ => false,
        }
    };
    let unbinds = |at: usize| {
        let line = source[at + 1..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        memmem::find(line, name.as_bytes()).is_some()
    };
    memmem::find_iter(source, name).any(binds) && !memmem::find_iter(source, "\ndel ").any(unbinds)
}

/// The summary of a file outside of the session; `None` for what can't be read, such as extension
/// modules.
fn read_summary(file: &Path, target: &Target) -> Option<ModuleSummary> {
    let ending = file.extension()?.to_str()?;
    if ending != "py" && ending != "pyc" {
        return None;
    }
    let bytes = std::fs::read(file).ok()?;
    if ending == "pyc" {
        return Some(bytecode_summary(&bytes));
    }
    Some(summarize(&parse(decode(bytes).ok()?, target.version), target).0)
}

/// What can be told of bytecode: the names that it uses are in it as they are.
fn bytecode_summary(bytes: &[u8]) -> ModuleSummary {
    let words = [&b"modules"[..], b"__path__", b"meta_path", b"path_hooks", b"__import__"];
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    ModuleSummary { alters_imports: words.iter().any(|word| has(word)), ..ModuleSummary::default() }
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
