//! What is known of each file alone, kept from run to run.
//!
//! A record counts if the file's stamp is the one that was noted, or else if its content is the same.
//! What depends on several files is never kept. Whatever is wrong with the kept file, it is as if
//! there were none.

mod file;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_rules::rules::id_of;
use pycheck_rules::{ALL, Rule};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_128;

use crate::analyze::{FileRecord, FileSettings, has_failed};

use self::file::{Entry, Kept};
use self::stamp::Stamp;

/// Where records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CachePlace {
    /// In the folder `.pycheck_cache` of the project.
    Project,
    /// In a folder of the user's choice.
    Folder(PathBuf),
}

/// The name of the folder in a project.
const FOLDER: &str = ".pycheck_cache";

/// To be raised whenever the form of what is kept changes without a change of our sources.
const FORMAT: u32 = 1;

/// The records of earlier runs.
pub(crate) struct Cache {
    /// The project's folder: paths are kept from here, so that it can be moved.
    root: PathBuf,
    file: PathBuf,
    key: u128,
    kept: Kept,
    today: u32,
}

/// What a run has found out about one file.
pub(crate) struct Update {
    path: String,
    hash: u128,
    stamp: Option<Stamp>,
    /// The record, unless the one that is kept still counts.
    encoded: Option<Vec<u8>>,
}

impl Cache {
    /// Reads what earlier runs with the same settings have kept.
    pub(crate) fn open(place: &CachePlace, root: &Path, settings: &FileSettings) -> Self {
        let folder = folder(place, root);
        let key = key(settings);
        let version = env!("CARGO_PKG_VERSION");
        let name = match place {
            CachePlace::Project => format!("{key:032x}"),
            // Several projects may share it.
            CachePlace::Folder(_) => {
                format!("{key:032x}-{:032x}", xxh3_128(root.as_os_str().as_encoded_bytes()))
            }
        };
        let file = folder.join(version).join(name);
        let kept = Kept::read(&file, key).unwrap_or_default();
        Self { root: root.to_owned(), file, key, kept, today: stamp::today() }
    }

    /// The record of a file: the one that is kept, or the one that `analyze` makes of its content.
    /// `None` instead of an update when nothing is to be written.
    pub(crate) fn record(
        &self,
        path: &Path,
        analyze: impl FnOnce(std::io::Result<Vec<u8>>) -> FileRecord,
    ) -> (FileRecord, Option<Update>) {
        let Some(name) = path.strip_prefix(&self.root).ok().and_then(Path::to_str) else {
            return (analyze(fs::read(path)), None);
        };
        let stamp = Stamp::of(path);
        let known = self.kept.entry(name);
        if let Some(entry) = known.filter(|entry| stamp.is_some() && entry.stamp == stamp)
            && let Some(record) = self.kept.record(entry)
        {
            return (record, None);
        }
        let Ok(content) = fs::read(path) else { return (analyze(fs::read(path)), None) };
        let hash = xxh3_128(&content);
        let stamp = stamp.filter(Stamp::is_settled);
        let update = |encoded| Some(Update { path: name.to_owned(), hash, stamp, encoded });
        if let Some(record) =
            known.filter(|entry| entry.hash == hash).and_then(|entry| self.kept.record(entry))
        {
            return (record, update(None));
        }
        let record = analyze(Ok(content));
        let encoded = postcard::to_stdvec(&record).ok().filter(|_| !has_failed(&record));
        let update = encoded.and_then(|encoded| update(Some(encoded)));
        (record, update)
    }

    /// Writes what has changed. A folder that can't be written to is no reason to complain.
    pub(crate) fn save(self, updates: Vec<Update>, seen: &[Arc<PathBuf>]) {
        let names = seen.iter().filter_map(|path| path.strip_prefix(&self.root).ok()?.to_str());
        let names: FxHashSet<&str> = names.collect();
        let is_old = |entry: &Entry| names.contains(&*entry.path) && entry.day != self.today;
        if updates.is_empty() && !self.kept.entries().any(is_old) {
            return;
        }
        let mut updates: FxHashMap<String, Update> =
            updates.into_iter().map(|update| (update.path.clone(), update)).collect();
        let mut next = Kept::default();
        for entry in self.kept.entries().filter(|entry| entry.day + file::DAYS >= self.today) {
            let day = if names.contains(&*entry.path) { self.today } else { entry.day };
            let bytes = self.kept.bytes(entry);
            match updates.remove(&*entry.path) {
                None => next.add(Entry { day, ..entry.clone() }, bytes),
                Some(Update { path, hash, stamp, encoded }) => {
                    let entry = Entry { path, hash, stamp, day, place: (0, 0) };
                    next.add(entry, encoded.as_deref().unwrap_or(bytes));
                }
            }
        }
        let mut new: Vec<Update> = updates.into_values().collect();
        new.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        for Update { path, hash, stamp, encoded } in new {
            if let Some(encoded) = encoded {
                next.add(Entry { path, hash, stamp, day: self.today, place: (0, 0) }, &encoded);
            }
        }
        // Without it the next run is slower, and nothing else.
        let _ = next.write(&self.file, self.key);
    }
}

/// Removes the folder in which a project's records are kept. Gives whether there was one.
pub fn clean(place: &CachePlace, root: &Path) -> std::io::Result<bool> {
    let folder = folder(place, root);
    // A folder that we have not made is not ours to remove.
    if !folder.join(file::TAG).is_file() {
        return Ok(false);
    }
    fs::remove_dir_all(&folder).map(|()| true)
}

/// The folder in which the records of a project are kept.
pub fn folder(place: &CachePlace, root: &Path) -> PathBuf {
    match place {
        CachePlace::Project => root.join(FOLDER),
        CachePlace::Folder(folder) => folder.clone(),
    }
}

/// All that the record of a file depends on beside its content.
fn key(settings: &FileSettings) -> u128 {
    let names: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
    let is_enabled = |rule: &&'static Rule| settings.rules.contains(id_of(rule));
    let enabled: Vec<&str> = ALL.iter().copied().filter(is_enabled).map(|rule| rule.name).collect();
    let FileSettings { target, options, .. } = settings;
    let sources = env!("PYCHECK_SOURCES");
    let text = format!("{FORMAT} {sources} {names:?} {enabled:?} {target:?} {options:?}");
    xxh3_128(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use pycheck_rules::{RuleOptions, RuleSet};
    use pycheck_syntax::Target;

    use super::{Cache, CachePlace};
    use crate::analyze::{FileRecord, FileSettings, analyze};

    fn settings() -> FileSettings {
        FileSettings {
            target: Target::default(),
            rules: RuleSet::new(|_| true),
            options: RuleOptions::default(),
        }
    }

    #[test]
    fn a_record_is_kept_while_the_content_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = Arc::new(folder.path().join("a.py"));
        let text = "import os\nfrom . import b\ntry:\n    import c\nexcept:\n    c = []\n";
        fs::write(&*file, text).unwrap();
        let made = |content: std::io::Result<Vec<u8>>| -> FileRecord {
            analyze(String::from_utf8(content.unwrap()).unwrap(), false, &settings())
        };
        let open = || Cache::open(&CachePlace::Project, folder.path(), &settings());
        let cache = open();
        let (first, update) = cache.record(&file, made);
        cache.save(update.into_iter().collect(), std::slice::from_ref(&file));
        let (kept, _) = open().record(&file, |_| panic!("the record is kept"));
        assert_eq!((kept.summary, kept.sites), (first.summary, first.sites));
        assert_eq!((kept.findings, kept.suppressions), (first.findings, first.suppressions));
        fs::write(&*file, "import oz\n").unwrap();
        let (changed, _) = open().record(&file, made);
        assert_eq!(changed.summary.imports.len(), 1);
    }
}
