//! A session that is kept: what an editor or the disk changes, and which diagnostics that changes.
//!
//! Only files that changed are read again. If what other files may know of them is as it was, their
//! diagnostics are placed anew, and that is all; otherwise everything is linked again with what is
//! still known of the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, Trail};
use rayon::prelude::*;

use super::{ProjectError, Session};
use crate::analyze::FileRecord;
use crate::discover::{OWN_FILES, PROJECT_FILES};
use crate::publish::publish;
use crate::walk;

/// Something that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An editor holds this text of a file.
    Text(PathBuf, Arc<str>),
    /// No editor holds the file any more.
    Closed(PathBuf),
    /// A file or folder on the disk came, went, or says something else.
    Disk(PathBuf),
}

/// What changes have brought about.
#[derive(Debug, Default)]
pub struct Applied {
    /// The files whose diagnostics may be others, or stand elsewhere, sorted.
    pub files: BTreeSet<Arc<PathBuf>>,
    /// All files were put together again.
    pub is_linked: bool,
    /// Why the settings that have changed can't be used; those from before hold.
    pub error: Option<ProjectError>,
}

/// What has to be done.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// Files to be read again.
    read: BTreeSet<PathBuf>,
    /// Files may have come or gone.
    pub(super) walk: bool,
    /// What imports find may be something else.
    link: bool,
    /// The settings, or the environment, may be others.
    reload: bool,
}

impl Session {
    /// Takes changes, and tells whose diagnostics may be others now.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) -> Applied {
        let mut applied = self.take(changes);
        let linked = self.link_job().and_then(|job| self.adopt(job.run()));
        if let Some(linked) = linked {
            applied.files.extend(linked.files);
            applied.is_linked = true;
        }
        applied
    }

    /// Does of [`Self::apply`] what is done at once; [`Self::link_job`] tells what is left. Until then
    /// the findings about the program are those from before, where they stand now.
    pub fn take(&mut self, changes: impl IntoIterator<Item = Change>) -> Applied {
        let mut work = Work::default();
        for change in changes {
            self.note(change, &mut work);
        }
        let mut applied = Applied::default();
        if work.reload {
            applied.error = self.reload(&mut work).err();
        }
        let is_renumbered = work.walk && self.walk_again();
        let read = self.read_again(&work.read, &mut work.link);
        if work.link || is_renumbered {
            self.link_state.disturb();
        }
        if is_renumbered || work.reload {
            applied.is_linked = true;
            let before = std::mem::take(&mut self.diagnostics);
            self.link(&self.file_settings());
            self.publish_all();
            applied.files = differing(&before, &self.diagnostics);
        }
        let shown = self.shown_with(&read);
        if !applied.is_linked {
            self.publish_again(&shown);
        }
        applied.files.extend(shown.into_iter().map(|file| self.files[file].clone()));
        applied
    }

    fn note(&mut self, change: Change, work: &mut Work) {
        match change {
            Change::Text(path, text) => {
                let is_new = self.buffers.set(path.clone(), text);
                if is_new && self.index_of(&path).is_none() {
                    work.walk = true;
                    let is_unsaved = !path.exists();
                    work.link |= is_unsaved && self.memory.listings.set_unsaved(&path, true);
                }
                work.read.insert(path);
            }
            Change::Closed(path) => {
                if self.buffers.close(&path) {
                    work.link |= self.memory.listings.set_unsaved(&path, false);
                    work.walk |= !path.is_file();
                    work.read.insert(path);
                }
            }
            Change::Disk(path) => self.note_disk(path, work),
        }
    }

    fn note_disk(&mut self, path: PathBuf, work: &mut Work) {
        if path.ends_with(".git/index") {
            let untracked = self.untracked();
            work.link |= untracked != self.untracked;
            self.untracked = untracked;
            return;
        }
        if decides_settings(&path) {
            work.reload = true;
            work.link = true;
        }
        // Of a folder it is known only that something happened in it.
        for name in self.memory.listings.changed_names(&path) {
            self.note_disk(path.join(name), work);
        }
        let is_buffer = self.buffers.text(&path).is_some();
        let is_unsaved = is_buffer && !path.exists();
        work.link |= self.memory.listings.set_unsaved(&path, is_unsaved);
        let listings = &self.memory.listings;
        let came_or_went = listings.refresh_below(&path) | listings.refresh_around(&path);
        work.link |= came_or_went | self.memory.forget_file(&path);
        let is_known = self.index_of(&path).is_some();
        // What lies in folders that nobody has looked at may be a file to check all the same.
        let is_meant = is_known || self.settings.files.is_included(&path);
        work.walk |= came_or_went || (is_meant && is_known != path.is_file());
        if is_known && !is_buffer {
            work.read.insert(path);
        }
    }

    /// Looks which files there are. Gives whether there are others than before.
    pub(super) fn walk_again(&mut self) -> bool {
        let Ok(files) = self.walked() else { return false };
        if files == self.files {
            return false;
        }
        let settings = self.file_settings();
        let old = std::mem::replace(&mut self.files, files);
        let mut known = std::mem::take(&mut self.records);
        let keep = |path: &Arc<PathBuf>| {
            let index = old.binary_search_by(|file| walk::compare(file, path)).ok()?;
            Some(std::mem::take(&mut known[index]))
        };
        let kept: Vec<Option<FileRecord>> = self.files.iter().map(keep).collect();
        let paired = self.files.par_iter().zip(kept);
        let records =
            paired.map(|(path, kept)| kept.unwrap_or_else(|| self.record(path, &settings)));
        let records: Vec<FileRecord> = records.collect();
        let settled = self.files.iter().zip(records);
        self.records = settled.map(|(path, record)| self.buffers.settle(path, record).0).collect();
        self.untracked = self.untracked();
        self.find_roots();
        true
    }

    /// The files that are to be checked now, those included that only an editor has.
    fn walked(&self) -> Result<Vec<Arc<PathBuf>>, ProjectError> {
        let is_there = |path: &&PathBuf| path.exists();
        let paths: Vec<PathBuf> = self.paths.iter().filter(is_there).cloned().collect();
        let mut files = walk::files(&paths, &self.settings, self.request.force_exclude)?.files;
        let is_below = |path: &&PathBuf| self.paths.iter().any(|given| path.starts_with(given));
        let is_checked = |path: &&PathBuf| {
            self.settings.files.is_included(path) && !self.settings.files.is_excluded(path, false)
        };
        let unsaved = self.buffers.paths().filter(|path| !path.exists());
        let unsaved = unsaved.filter(|path| is_below(path) && is_checked(path));
        files.extend(unsaved.cloned().map(Arc::new));
        files.sort_unstable_by(|left, right| walk::compare(left, right));
        files.dedup();
        Ok(files)
    }

    /// Reads files again; gives the numbers of those that belong to the session.
    fn read_again(&mut self, paths: &BTreeSet<PathBuf>, has_changed: &mut bool) -> BTreeSet<usize> {
        let settings = self.file_settings();
        let files: BTreeSet<usize> = paths.iter().filter_map(|path| self.index_of(path)).collect();
        let read = |file: &usize| (*file, self.record(&self.files[*file], &settings));
        let records: Vec<(usize, FileRecord)> = files.par_iter().map(read).collect();
        for (file, record) in records {
            let (mut record, moved) = self.buffers.settle(&self.files[file], record);
            let before = &self.records[file];
            let is_same = before.summary == record.summary;
            if is_same {
                record.summary = before.summary.clone();
            }
            *has_changed |= !is_same;
            if !is_same || before.found_sites.is_some() {
                let sites = before.found_sites.as_ref().unwrap_or(&before.sites);
                record.found_sites = Some(moved.sites(sites));
            }
            self.records[file] = record;
        }
        files
    }

    /// The files themselves, and those whose diagnostics speak of places in them.
    fn shown_with(&self, files: &BTreeSet<usize>) -> BTreeSet<usize> {
        let speaks = |trail: &[Trail]| {
            let mut sites = trail.iter().filter_map(|step| match step {
                Trail::Site(site, _) => Some(site.file as usize),
                Trail::File(..) => None,
            });
            sites.any(|file| files.contains(&file))
        };
        let speaking = self.found.iter().filter(|finding| speaks(&finding.trail));
        files.iter().copied().chain(speaking.map(|finding| finding.at.file as usize)).collect()
    }

    /// Places the diagnostics of some files anew.
    fn publish_again(&mut self, files: &BTreeSet<usize>) {
        let fresh = publish(&self.publication(), &self.found, Some(files));
        let is_other = |it: &Diagnostic| !files.iter().any(|file| *self.files[*file] == *it.path);
        self.diagnostics.retain(is_other);
        self.diagnostics.extend(fresh);
        // Stable: what belongs to one file is in order already.
        self.diagnostics.sort_by(|left, right| walk::compare(&left.path, &right.path));
    }

    /// Adds a file to those that are checked, from the next changes on.
    pub fn include(&mut self, path: &Path) {
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }

    /// The folders in which something may happen that matters.
    pub fn watched(&self) -> Vec<PathBuf> {
        let mut folders = self.memory.listings.folders();
        folders.extend(self.paths.iter().filter(|path| path.is_dir()).cloned());
        folders.push(self.settings.project_root.join(".git"));
        folders
    }

    /// Whether a file is one of those that are checked.
    pub fn is_checked(&self, path: &Path) -> bool {
        self.index_of(path).is_some()
    }

    /// What was found in one file, sorted by place.
    pub fn diagnostics_of(&self, path: &Path) -> &[Diagnostic] {
        let before = |it: &Diagnostic| walk::compare(&it.path, path).is_lt();
        let start = self.diagnostics.partition_point(before);
        let own = self.diagnostics[start..].partition_point(|it| it.path.as_path() == path);
        &self.diagnostics[start..start + own]
    }
}

/// Whether settings, roots or the environment are read from a file of this name.
fn decides_settings(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let others = [
        ".gitignore",
        ".ignore",
        ".python-version",
        "Pipfile",
        "pyvenv.cfg",
        "pytest.ini",
        "tox.ini",
        "uv.lock",
        "poetry.lock",
        "pylock.toml",
    ];
    let is_requirements = name.starts_with("requirements") && name.ends_with(".txt");
    let is_installed = [".pth", ".dist-info", ".egg-info", ".egg-link"];
    OWN_FILES.contains(&name)
        || PROJECT_FILES.contains(&name)
        || others.contains(&name)
        || is_requirements
        || is_installed.iter().any(|ending| name.ends_with(ending))
}

/// The files whose diagnostics differ. Both lists are sorted by path.
pub(super) fn differing(before: &[Diagnostic], now: &[Diagnostic]) -> BTreeSet<Arc<PathBuf>> {
    let is_same_file = |left: &Diagnostic, right: &Diagnostic| left.path == right.path;
    let of_file = |list: &[Diagnostic], path: &Path| {
        let start = list.partition_point(|it| walk::compare(&it.path, path).is_lt());
        let end = start + list[start..].partition_point(|it| it.path.as_path() == path);
        start..end
    };
    let differs = |own: &[Diagnostic], other: &[Diagnostic]| {
        let path = &own[0].path;
        (other[of_file(other, path)] != *own).then(|| path.clone())
    };
    let gone = before.chunk_by(is_same_file).filter_map(|own| differs(own, now));
    let come = now.chunk_by(is_same_file).filter_map(|own| differs(own, before));
    gone.chain(come).collect()
}

#[cfg(test)]
mod tests;
