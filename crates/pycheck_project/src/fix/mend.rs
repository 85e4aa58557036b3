//! What mending is asked for, and what comes of it.

use std::path::PathBuf;
use std::sync::Arc;

use pycheck_model::{Diagnostic, Level, Safety};

use super::encode::encode;
use super::work::Work;
use super::write::{self, WriteError};
use crate::session::Session;

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How safe they must be.
    pub safety: Safety,
    /// What is less than this is not shown, and not mended.
    pub lowest: Level,
}

impl Wanted {
    /// Whether a diagnostic has a fix that is applied.
    pub fn is_wanted(self, diagnostic: &Diagnostic) -> bool {
        let is_safe = |fix: &pycheck_model::Fix| fix.safety <= self.safety;
        diagnostic.level >= self.lowest && diagnostic.fix.as_ref().is_some_and(is_safe)
    }
}

/// A fix that was applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Applied {
    /// The rule whose finding is gone.
    pub rule: &'static str,
    /// What was done.
    pub title: String,
}

impl Applied {
    pub(super) fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let title = diagnostic.fix.as_ref()?.title.clone();
        Some(Self { rule: diagnostic.rule, title })
    }
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
    pub(super) old: Vec<u8>,
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

/// What came of mending.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files whose texts are others, in their order.
    pub mended: Vec<Mended>,
    /// The files that could not be mended.
    pub failures: Vec<Failure>,
    /// The session does not know all that has changed: some file has several names.
    pub is_partial: bool,
}

/// Applies the fixes that a session offers. Nothing is written.
///
/// The session then knows what would be found in the new texts.
pub fn mend(session: &mut Session, wanted: Wanted) -> Outcome {
    let mut work = Work::new(session, wanted);
    while work.round() || work.break_cycle() {}
    work.outcome()
}
