//! Applying fixes to all files of a session, round by round, with a look at the whole program after
//! each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, TextSize};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::choose::largest;
use super::local::Mender;
use super::mend::{Applied, Failure, Mended, Outcome, Wanted};
use super::tally::{Kind, Tally};
use super::text::after;
use super::write::WriteError;
use crate::decode::decode;
use crate::session::Session;

/// How often everything is looked at in search of the fixes that do not hold.
const MAX_TRIALS: usize = 200;

/// A fix of a file, by the file's number.
type Unit<'d> = (usize, &'d Diagnostic);

/// A fix that does not hold: its file, rule and place.
type Refused = (usize, &'static str, TextSize);

/// Files that are being mended.
pub(super) struct Work<'s> {
    pub(super) session: &'s mut Session,
    pub(super) mender: Mender,
    /// By number; the text afterwards is the one of now.
    pub(super) open: BTreeMap<usize, Mended>,
    /// Files that can't be mended, or are known under another name.
    closed: FxHashSet<usize>,
    identities: FxHashSet<Identity>,
    failures: Vec<Failure>,
    pub(super) refused: FxHashSet<Refused>,
    trials: usize,
    is_partial: bool,
}

impl<'s> Work<'s> {
    pub(super) fn new(session: &'s mut Session, wanted: Wanted) -> Self {
        let mender = Mender::new(session, wanted);
        Self {
            session,
            mender,
            open: BTreeMap::new(),
            closed: FxHashSet::default(),
            identities: FxHashSet::default(),
            failures: Vec::new(),
            refused: FxHashSet::default(),
            trials: 0,
            is_partial: false,
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        let changed = self.open.into_values().filter(|file| file.before != file.after);
        Outcome { mended: changed.collect(), failures: self.failures, is_partial: self.is_partial }
    }

    /// Applies the fixes that are offered now and hold. Gives whether there were any.
    pub(super) fn round(&mut self) -> bool {
        let offered = self.offered();
        self.open_files(offered.keys().copied());
        let sound: Vec<(usize, Vec<&Diagnostic>)> = offered
            .par_iter()
            .filter_map(|(file, diagnostics)| {
                let now = self.open.get(file)?;
                Some((*file, self.mender.sound(&now.path, &now.after, diagnostics)))
            })
            .collect();
        let units: Vec<Unit<'_>> = sound
            .iter()
            .flat_map(|(file, diagnostics)| diagnostics.iter().map(move |it| (*file, *it)))
            .collect();
        let kept = self.settle(&units);
        let is_kept = |unit: &Unit<'_>| kept.iter().any(|kept| std::ptr::eq(kept.1, unit.1));
        for (file, diagnostic) in units.iter().filter(|unit| !is_kept(unit)) {
            self.refused.insert((*file, diagnostic.rule, diagnostic.range.start()));
        }
        !kept.is_empty()
    }

    /// The diagnostics with fixes that are wanted, by file.
    fn offered(&self) -> BTreeMap<usize, Vec<Diagnostic>> {
        let mut offered: BTreeMap<usize, Vec<Diagnostic>> = BTreeMap::new();
        let wanted = |it: &&Diagnostic| self.mender.wanted.is_wanted(it);
        for diagnostic in self.session.diagnostics().iter().filter(wanted) {
            let Some(file) = self.session.index_of(&diagnostic.path) else { continue };
            let place = (file, diagnostic.rule, diagnostic.range.start());
            if !self.closed.contains(&file) && !self.refused.contains(&place) {
                offered.entry(file).or_default().push(diagnostic.clone());
            }
        }
        offered
    }

    /// Applies as many of the fixes as hold together; gives them.
    fn settle<'d>(&mut self, units: &[Unit<'d>]) -> Vec<Unit<'d>> {
        if units.is_empty() {
            return Vec::new();
        }
        let before = self.tally();
        let mut held = None;
        let mut last: Vec<Unit<'d>> = Vec::new();
        let kept = largest(units, |tried| {
            self.trials += 1;
            if self.trials > MAX_TRIALS {
                return false;
            }
            if let Some(before) = held.take() {
                self.session.take_back(before);
            }
            let Some(texts) = self.texts(tried) else { return false };
            held = Some(self.session.try_texts(texts, &self.mender.settings));
            last = tried.to_vec();
            let fixed = tried.iter().map(|(file, diagnostic)| (*file, diagnostic.rule));
            self.tally().is_better(&before, &Tally::of(fixed))
        });
        if last.len() != kept.len() || held.is_none() {
            if let Some(before) = held {
                self.session.take_back(before);
            }
            if let Some(texts) = self.texts(&kept) {
                self.session.try_texts(texts, &self.mender.settings);
            }
        }
        self.keep(&kept);
        kept
    }

    pub(super) fn tally(&self) -> Tally<Kind> {
        let session = &*self.session;
        Tally::of_diagnostics(session.diagnostics(), |it| session.index_of(&it.path))
    }

    /// The texts with these fixes applied.
    fn texts(&self, units: &[Unit<'_>]) -> Option<Vec<(usize, Arc<str>)>> {
        let by_file = by_file(units).into_iter();
        let text = |(file, fixed): (usize, Vec<&Diagnostic>)| {
            Some((file, after(&self.open.get(&file)?.after, &fixed)?.into()))
        };
        by_file.map(text).collect()
    }

    fn keep(&mut self, units: &[Unit<'_>]) {
        for (file, fixed) in by_file(units) {
            let Some(open) = self.open.get_mut(&file) else { continue };
            let Some(text) = after(&open.after, &fixed) else { continue };
            open.after = text;
            open.applied.extend(fixed.into_iter().filter_map(Applied::of));
        }
    }

    /// Reads the files that were not read yet; one file under two names is read once.
    pub(super) fn open_files(&mut self, files: impl Iterator<Item = usize>) {
        for file in files {
            if self.open.contains_key(&file) || self.closed.contains(&file) {
                continue;
            }
            let path = Arc::clone(&self.session.files()[file]);
            if !self.identities.insert(identity(&path)) {
                self.is_partial = true;
                self.closed.insert(file);
                continue;
            }
            match open(self.session, &path) {
                Ok(opened) => {
                    self.open.insert(file, opened);
                }
                Err(error) => {
                    self.closed.insert(file);
                    self.failures.push(Failure { path, error });
                }
            }
        }
    }
}

fn by_file<'d>(units: &[Unit<'d>]) -> BTreeMap<usize, Vec<&'d Diagnostic>> {
    let mut files: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
    for (file, diagnostic) in units {
        files.entry(*file).or_default().push(diagnostic);
    }
    files
}

fn open(session: &Session, path: &Arc<PathBuf>) -> Result<Mended, WriteError> {
    let old = session.bytes(path)?;
    let before = decode(old.clone()).map_err(|_| WriteError::Changed)?;
    // The places of the diagnostics are places in the text as it was read then.
    if session.shown_text(path).is_none_or(|shown| !before.starts_with(&*shown)) {
        return Err(WriteError::Changed);
    }
    let after = before.clone();
    Ok(Mended { path: Arc::clone(path), before, after, applied: Vec::new(), old })
}

/// What is the same for all names of a file.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Number(u64, u64),
    Path(PathBuf),
}

#[cfg(unix)]
fn identity(path: &Path) -> Identity {
    use std::os::unix::fs::MetadataExt as _;

    std::fs::metadata(path).map_or_else(
        |_| Identity::Path(path.to_owned()),
        |metadata| Identity::Number(metadata.dev(), metadata.ino()),
    )
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Identity {
    Identity::Path(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
}
