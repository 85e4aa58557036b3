//! Tells when something happens in the folders that decide what imports find.
//!
//! Editors watch files as they please, and some not at all; so we look ourselves. Folders that the
//! system does not watch for us (there is a limit to how many) are looked at now and then.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::{FxHashMap, FxHashSet};

/// How often folders are looked at that the system does not watch.
const INTERVAL: Duration = Duration::from_millis(700);

/// The times of files are kept less exactly than the clock's.
const MARGIN: Duration = Duration::from_secs(2);

/// Who is told which files and folders something happened to.
type Notice = Arc<dyn Fn(Vec<PathBuf>) + Send + Sync>;

/// Watches folders, not what lies in the folders below them.
pub struct Watcher {
    system: Option<RecommendedWatcher>,
    watched: FxHashSet<PathBuf>,
    polled: Arc<Mutex<Polled>>,
    notice: Notice,
    /// What was changed after this may have been looked at before it was watched.
    begin: SystemTime,
}

/// When each folder was changed that has to be looked at.
#[derive(Default)]
struct Polled {
    folders: FxHashMap<PathBuf, Option<SystemTime>>,
    is_running: bool,
}

impl Watcher {
    /// A watcher that watches nothing yet. `notice` is called from another thread.
    pub fn new(notice: impl Fn(Vec<PathBuf>) + Send + Sync + 'static) -> Self {
        let notice: Notice = Arc::new(notice);
        let told = notice.clone();
        let system = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let is_access = |event: &notify::Event| matches!(event.kind, EventKind::Access(_));
            match event {
                Ok(event) if !is_access(&event) && !event.paths.is_empty() => told(event.paths),
                _ => {}
            }
        });
        let polled = Arc::default();
        let begin = SystemTime::now() - MARGIN;
        Self { system: system.ok(), watched: FxHashSet::default(), polled, notice, begin }
    }

    /// Watches these folders as well. For one that does not exist the nearest around it is watched.
    /// Gives those in which something may have happened before they were.
    pub fn watch(&mut self, folders: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
        let (mut lost, mut missed) = (Vec::new(), Vec::new());
        for folder in folders {
            if self.watched.contains(&folder) {
                continue;
            }
            let existing = folder.ancestors().find(|folder| folder.is_dir());
            let Some(existing) = existing.filter(|it| !self.watched.contains(*it)) else {
                continue;
            };
            let is_watched = self
                .system
                .as_mut()
                .is_some_and(|system| system.watch(existing, RecursiveMode::NonRecursive).is_ok());
            if !is_watched {
                lost.push(existing.to_owned());
            }
            if changed(existing).is_none_or(|time| time >= self.begin) {
                missed.push(existing.to_owned());
            }
            self.watched.insert(existing.to_owned());
        }
        if !lost.is_empty() {
            self.poll(lost);
        }
        missed
    }

    fn poll(&self, folders: Vec<PathBuf>) {
        let mut polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
        polled.folders.extend(folders.into_iter().map(|it| (it.clone(), changed(&it))));
        if std::mem::replace(&mut polled.is_running, true) {
            return;
        }
        let (polled, notice) = (Arc::downgrade(&self.polled), self.notice.clone());
        thread::spawn(move || {
            while let Some(polled) = polled.upgrade() {
                let found = look(&mut polled.lock().unwrap_or_else(PoisonError::into_inner));
                drop(polled);
                if !found.is_empty() {
                    notice(found);
                }
                thread::sleep(INTERVAL);
            }
        });
    }
}

/// The folders in which something came or went since they were looked at.
fn look(polled: &mut Polled) -> Vec<PathBuf> {
    let mut found = Vec::new();
    #[expect(clippy::iter_over_hash_type, reason = "what is found is sorted")]
    for (folder, before) in &mut polled.folders {
        let now = changed(folder);
        if now != *before {
            *before = now;
            found.push(folder.clone());
        }
    }
    found.sort_unstable();
    found
}

fn changed(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).and_then(|it| it.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::Watcher;

    fn watcher(folder: PathBuf) -> (Watcher, Receiver<Vec<PathBuf>>) {
        let (sender, receiver) = channel();
        let mut watcher = Watcher::new(move |paths| sender.send(paths).unwrap_or_default());
        watcher.watch([folder]);
        (watcher, receiver)
    }

    #[test]
    fn a_file_that_appears_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let (_watcher, told) = watcher(folder.path().to_owned());
        std::fs::write(folder.path().join("a.py"), "").unwrap();
        let paths = told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(paths, [folder.path().join("a.py")]);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let (_watcher, told) = watcher(folder.path().join("a/b"));
        std::fs::create_dir(folder.path().join("a")).unwrap();
        assert_eq!(told.recv_timeout(Duration::from_secs(5)).unwrap(), [folder.path().join("a")]);
    }

    #[test]
    fn what_the_system_does_not_watch_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, told) = channel();
        let mut watcher = Watcher::new(move |paths| sender.send(paths).unwrap_or_default());
        watcher.system = None;
        watcher.watch([folder.path().to_owned()]);
        std::thread::sleep(Duration::from_millis(50));
        std::fs::write(folder.path().join("a.py"), "").unwrap();
        assert_eq!(told.recv_timeout(Duration::from_secs(5)).unwrap(), [folder.path()]);
    }
}
