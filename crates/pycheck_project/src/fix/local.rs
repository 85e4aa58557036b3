//! Applying fixes to one text, as far as that text alone can tell whether they hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, Edit, RuleId};
use pycheck_rules::{Check, find};

use super::choose::{compatible, largest};
use super::mend::{Applied, Wanted};
use super::tally::Tally;
use super::text::after;
use crate::analyze::{FileRecord, FileSettings, analyze};
use crate::session::Session;

/// Applies fixes to one text at a time.
pub struct Mender {
    pub(super) settings: FileSettings,
    pub(super) wanted: Wanted,
}

impl Mender {
    /// For files of a session.
    pub fn new(session: &Session, wanted: Wanted) -> Self {
        Self { settings: session.file_settings(), wanted }
    }

    /// A text with the fixes of these diagnostics applied, and with those that are offered after
    /// that by the rules that see one file alone.
    pub fn text(
        &self,
        session: &Session,
        path: &Arc<PathBuf>,
        text: &str,
        diagnostics: &[Diagnostic],
    ) -> (String, Vec<Applied>) {
        let mut text = text.to_owned();
        let mut current = diagnostics.to_vec();
        let mut applied = Vec::new();
        loop {
            let sound = self.sound(path, &text, &current);
            let Some(fixed) = after(&text, &sound).filter(|_| !sound.is_empty()) else {
                return (text, applied);
            };
            applied.extend(sound.iter().filter_map(|it| Applied::of(it)));
            current = session.published(path, &self.analysis(path, &fixed));
            text = fixed;
        }
    }

    /// The edits of those fixes of these diagnostics that can be applied together, as far as the
    /// text alone can tell.
    pub fn edits(&self, path: &Path, text: &str, diagnostics: &[Diagnostic]) -> Vec<Edit> {
        let sound = self.sound(path, text, diagnostics).into_iter();
        sound.filter_map(|it| it.fix.clone()).flat_map(|fix| fix.edits).collect()
    }

    /// Those of the diagnostics whose fixes can be applied together: they do not touch, the text
    /// parses afterwards, and what they mend is gone.
    pub(super) fn sound<'d>(
        &self,
        path: &Path,
        text: &str,
        diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    ) -> Vec<&'d Diagnostic> {
        let wanted = diagnostics.into_iter().filter(|it| self.wanted.is_wanted(it));
        let candidates = compatible(wanted);
        if candidates.is_empty() {
            return candidates;
        }
        let before = by_rule(&self.analysis(path, text));
        largest(&candidates, |fixed| {
            let now = after(text, fixed).map(|text| self.analysis(path, &text));
            let parsed = now.filter(|now| !now.summary.has_syntax_errors);
            parsed.is_some_and(|now| by_rule(&now).is_better(&before, &expected(fixed)))
        })
    }

    fn analysis(&self, path: &Path, text: &str) -> FileRecord {
        let is_stub = path.extension().is_some_and(|extension| extension == "pyi");
        analyze(text.to_owned(), is_stub, &self.settings)
    }
}

fn by_rule(record: &FileRecord) -> Tally<RuleId> {
    Tally::of(record.findings.iter().map(|finding| finding.rule))
}

/// What must be gone, as far as one file alone shows it.
fn expected(fixed: &[&Diagnostic]) -> Tally<RuleId> {
    let rules = fixed.iter().filter_map(|diagnostic| find(diagnostic.rule));
    Tally::of(rules.filter(|(_, rule)| matches!(rule.check, Check::Nodes(..))).map(|(id, _)| id))
}
