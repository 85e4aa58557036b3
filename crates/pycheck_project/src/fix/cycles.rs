//! Circular imports that fail: each way out is tried, and the first that works is taken.

use std::sync::Arc;

use pycheck_model::{Change, Diagnostic, Fix, Safety, TextRange};
use pycheck_syntax::{later_fixes, parse};

use super::mend::Applied;
use super::tally::Tally;
use super::text::with_edits;
use super::work::Work;

/// A name that is imported too early, by the number of the file and the place.
type Early = (usize, TextRange);

impl Work<'_> {
    /// Mends one circular import, if there is one that can be. Gives whether there was.
    pub(super) fn break_cycle(&mut self) -> bool {
        if self.mender.wanted.safety < Safety::Unsafe {
            return false;
        }
        for early in self.session.imported_too_early() {
            let Some(diagnostic) = self.shown_at(early) else { continue };
            let place = (early.0, diagnostic.rule, early.1.start());
            if self.refused.contains(&place) {
                continue;
            }
            self.open_files(std::iter::once(early.0));
            if self.import_later(early, &diagnostic) {
                return true;
            }
            self.refused.insert(place);
        }
        false
    }

    /// What is reported of the import.
    fn shown_at(&self, (file, range): Early) -> Option<Diagnostic> {
        let path = &self.session.files()[file];
        let is_here = |it: &&Diagnostic| {
            it.range == range
                && it.path == *path
                && it.level >= self.mender.wanted.lowest
                && it.runtime_error.is_some()
        };
        self.session.diagnostics().iter().find(is_here).cloned()
    }

    fn import_later(&mut self, (file, range): Early, diagnostic: &Diagnostic) -> bool {
        let Some(open) = self.open.get(&file) else { return false };
        let text = open.after.clone();
        let parsed = parse(text.clone(), self.mender.settings.target.version);
        let fixes = later_fixes(&parsed, range);
        fixes.into_iter().any(|fix| self.try_fix(file, diagnostic, fix, &text))
    }

    fn try_fix(&mut self, file: usize, diagnostic: &Diagnostic, fix: Fix, text: &str) -> bool {
        let Some(after) = with_edits(text, fix.edits.iter()) else { return false };
        let before = self.tally();
        let texts = vec![(file, Arc::from(after.as_str()))];
        let held = self.session.try_texts(texts, &self.mender.settings);
        let fixed = Tally::of([(file, diagnostic.rule)]);
        if !self.tally().is_better(&before, &fixed) {
            self.session.take_back(held);
            return false;
        }
        if let Some(open) = self.open.get_mut(&file) {
            open.after = after;
            open.applied.push(Applied { rule: diagnostic.rule, title: fix.title });
        }
        true
    }
}

impl crate::session::Session {
    /// The names that are imported before their modules bind them.
    fn imported_too_early(&self) -> Vec<Early> {
        let is_early = |change: &Change| *change == Change::Later;
        let found = self.program_findings().iter();
        let early = found.filter(|it| it.remedy.as_ref().is_some_and(|it| is_early(&it.change)));
        early.map(|it| (it.at.file as usize, self.range_of(it.at))).collect()
    }
}
