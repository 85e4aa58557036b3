//! Applying fixes to texts until none is left that holds what it promises.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, Finding, Level, RuleId, Safety};
use pycheck_rules::{Check, find};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::choose::{compatible, largest};
use super::encode::encode;
use super::text::after;
use super::write::{self, WriteError};
use crate::analyze::{FileRecord, FileSettings, analyze};
use crate::decode::decode;
use crate::session::Session;

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How safe they must be.
    pub safety: Safety,
    /// What is less than this is not shown, and not mended.
    pub lowest: Level,
}

/// A fix that was applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Applied {
    /// The rule whose finding is gone.
    pub rule: &'static str,
    /// What was done.
    pub title: String,
}

/// A file's text with its fixes applied.
#[derive(Debug, Clone)]
pub struct Mended {
    /// The file, absolute.
    pub path: Arc<PathBuf>,
    /// Its text before.
    pub before: String,
    /// Its text afterwards; never the same.
    pub after: String,
    /// What was done, in the order of application.
    pub applied: Vec<Applied>,
    /// The file's content before.
    old: Vec<u8>,
}

/// A file that could not be mended.
#[derive(Debug)]
pub struct Failure {
    /// The file, absolute.
    pub path: Arc<PathBuf>,
    /// Why not.
    pub error: WriteError,
}

impl Mended {
    /// The new content, in the encoding of the file.
    pub fn content(&self) -> Result<Vec<u8>, WriteError> {
        encode(&self.after, &self.old).ok_or(WriteError::Encoding)
    }

    /// Puts the new content in the place of the old one, unless somebody else has changed it.
    pub fn write(&self) -> Result<(), Failure> {
        let written =
            self.content().and_then(|content| write::replace(&self.path, &self.old, &content));
        written.map_err(|error| Failure { path: Arc::clone(&self.path), error })
    }
}

impl Wanted {
    /// Whether a diagnostic has a fix that is applied.
    pub fn is_wanted(self, diagnostic: &Diagnostic) -> bool {
        let is_safe = |fix: &pycheck_model::Fix| fix.safety <= self.safety;
        diagnostic.level >= self.lowest && diagnostic.fix.as_ref().is_some_and(is_safe)
    }
}

/// The texts of a session's files with their fixes applied, in the order of the files; and the
/// files that were changed by somebody else. Nothing is written.
pub fn mend(session: &Session, wanted: Wanted) -> (Vec<Mended>, Vec<Failure>) {
    let mut by_file: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in session.diagnostics().iter().filter(|it| wanted.is_wanted(it)) {
        if let Some(file) = session.index_of(&diagnostic.path) {
            by_file.entry(file).or_default().push(diagnostic);
        }
    }
    // One file under two names is mended once.
    let mut known = FxHashSet::default();
    let mut jobs: Vec<(Arc<PathBuf>, Vec<&Diagnostic>)> = Vec::new();
    for (file, diagnostics) in by_file {
        let path = &session.files()[file];
        if known.insert(identity(path)) {
            jobs.push((Arc::clone(path), diagnostics));
        }
    }
    let mender = Mender::new(session, wanted);
    let done: Vec<Result<Option<Mended>, Failure>> =
        jobs.into_par_iter().map(|(path, diagnostics)| mender.file(path, &diagnostics)).collect();
    let (mended, failures): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    let mended = mended.into_iter().filter_map(Result::ok).flatten().collect();
    (mended, failures.into_iter().filter_map(Result::err).collect())
}

/// What is the same for all names of a file.
#[cfg(unix)]
fn identity(path: &Path) -> Result<(u64, u64), PathBuf> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = std::fs::metadata(path).map_err(|_| path.to_owned())?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Applies fixes to one text at a time.
pub struct Mender<'s> {
    session: &'s Session,
    settings: FileSettings,
    wanted: Wanted,
}

impl<'s> Mender<'s> {
    /// For files of a session.
    pub fn new(session: &'s Session, wanted: Wanted) -> Self {
        Self { session, settings: session.file_settings(), wanted }
    }

    fn file(
        &self,
        path: Arc<PathBuf>,
        diagnostics: &[&Diagnostic],
    ) -> Result<Option<Mended>, Failure> {
        let failed = |error| Failure { path: Arc::clone(&path), error };
        let old = self.session.bytes(&path).map_err(|error| failed(error.into()))?;
        let before = decode(old.clone()).map_err(|_| failed(WriteError::Changed))?;
        // The places of the diagnostics are places in the text as it was read then.
        if self.session.shown_text(&path).is_none_or(|shown| !before.starts_with(&*shown)) {
            return Err(failed(WriteError::Changed));
        }
        let (after, applied) = self.text(&path, &before, diagnostics);
        Ok((after != before).then_some(Mended { path, before, after, applied, old }))
    }

    /// A text with the fixes of these diagnostics applied, and with those that are offered after
    /// that by the rules that see one file alone.
    pub fn text(
        &self,
        path: &Arc<PathBuf>,
        text: &str,
        diagnostics: &[&Diagnostic],
    ) -> (String, Vec<Applied>) {
        let mut text = text.to_owned();
        let mut record = self.analysis(path, &text);
        let mut applied = Vec::new();
        let mut current: Vec<Diagnostic> = diagnostics.iter().map(|it| (*it).clone()).collect();
        loop {
            let candidates = compatible(current.iter().filter(|it| self.wanted.is_wanted(it)));
            let mut best = None;
            let kept = largest(&candidates, |fixed| {
                let tried = after(&text, fixed).map(|text| (self.analysis(path, &text), text));
                let tried = tried.filter(|(now, _)| is_better(&record, now, fixed));
                let holds = tried.is_some();
                best = tried.or(best.take());
                holds
            });
            let Some((now, fixed_text)) = best else { return (text, applied) };
            applied.extend(kept.iter().filter_map(|it| Applied::of(it)));
            (record, text) = (now, fixed_text);
            current = self.session.published(path, &record);
        }
    }

    fn analysis(&self, path: &Path, text: &str) -> FileRecord {
        let is_stub = path.extension().is_some_and(|extension| extension == "pyi");
        analyze(text.to_owned(), is_stub, &self.settings)
    }
}

impl Applied {
    fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let title = diagnostic.fix.as_ref()?.title.clone();
        Some(Self { rule: diagnostic.rule, title })
    }
}

/// Whether the text parses, the findings that were to be mended are gone, and no others have come.
fn is_better(before: &FileRecord, now: &FileRecord, fixed: &[&Diagnostic]) -> bool {
    if now.summary.has_syntax_errors {
        return false;
    }
    let mut allowed = by_rule(&before.findings);
    for diagnostic in fixed {
        if let Some((rule, record)) = find(diagnostic.rule)
            && matches!(record.check, Check::Nodes(..))
        {
            *allowed.entry(rule).or_default() -= 1;
        }
    }
    let found = by_rule(&now.findings);
    let is_allowed = |(rule, count): (&RuleId, &i64)| allowed.get(rule).unwrap_or(&0) >= count;
    found.iter().all(is_allowed) && allowed.values().all(|count| *count >= 0)
}

fn by_rule(findings: &[Finding]) -> BTreeMap<RuleId, i64> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_insert(0) += 1;
    }
    counts
}
