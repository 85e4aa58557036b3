//! Folder listings and file summaries for the resolver, each read once.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use memchr::memmem;
use pycheck_imports::shadow::Owner;
use pycheck_imports::{Folders, Listing, ModuleInput};
use pycheck_model::ModuleSummary;
use pycheck_syntax::{Target, may_bind, parse, summarize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::decode::decode;
use crate::installed::owner;
use crate::memory::Memory;

/// The disk as the resolver sees it, with the session's files as they were analysed.
pub(crate) struct Disk<'a> {
    target: Target,
    /// By path.
    session: FxHashMap<&'a OsStr, &'a Arc<ModuleSummary>>,
    memory: &'a Memory,
    /// The session\'s files that git does not track.
    untracked: Option<&'a FxHashSet<PathBuf>>,
}

impl<'a> Disk<'a> {
    /// A view of the disk in which the session's files do what their summaries say.
    pub(crate) fn new(target: Target, session: &'a [ModuleInput], memory: &'a Memory) -> Self {
        let summary = |module: &'a ModuleInput| (module.path.as_os_str(), &module.summary);
        let session = session.iter().map(summary).collect();
        Self { target, session, memory, untracked: None }
    }

    /// The same, told which of the session's files git does not track.
    pub(crate) fn without(self, untracked: &'a FxHashSet<PathBuf>) -> Self {
        Self { untracked: Some(untracked), ..self }
    }
}

impl Folders for Disk<'_> {
    fn list(&self, folder: &Path) -> Option<Arc<Listing>> {
        self.memory.listings.of(folder)
    }

    fn summary(&self, file: &Path) -> Option<Arc<ModuleSummary>> {
        if let Some(summary) = self.session.get(file.as_os_str()) {
            return Some(Arc::clone(summary));
        }
        let mut summaries = self.memory.summaries.lock().unwrap_or_else(PoisonError::into_inner);
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
        self.untracked
    }

    fn binds_plainly(&self, file: &Path, name: &str) -> bool {
        let mut sources = self.memory.sources.lock().unwrap_or_else(PoisonError::into_inner);
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
