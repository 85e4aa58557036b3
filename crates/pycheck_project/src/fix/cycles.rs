//! Circular imports that fail: each way out is tried, and the first that works is taken.

use std::sync::Arc;

use pycheck_model::{Change, Diagnostic, Fix, ProgramFinding, Safety, Site, TextRange, Trail};
use pycheck_syntax::{ParsedFile, earlier_fix, later_fixes, parse};

use super::mend::Applied;
use super::tally::{Kind, Tally};
use super::text::with_edits;
use super::work::Work;

/// A name that is imported too early.
struct Early {
    /// The number of the file that imports it.
    file: usize,
    /// Where.
    range: TextRange,
    /// Where the name is bound, and the import in the same file that leads here before that.
    bound: Option<(Site, Site)>,
}

impl Work<'_> {
    /// Mends one circular import, if there is one that can be. Gives whether there was.
    pub(super) fn break_cycle(&mut self) -> bool {
        if self.mender.wanted.safety < Safety::Unsafe {
            return false;
        }
        let early = self.session.imported_too_early();
        let mut open: Vec<(Early, Diagnostic)> = Vec::new();
        for early in early {
            let Some(diagnostic) = self.shown_at(&early) else { continue };
            let place = (early.file, diagnostic.rule, early.range.start());
            if !self.refused.contains(&place) {
                open.push((early, diagnostic));
            }
        }
        // Where the import comes later, nothing else has to move.
        if open.iter().any(|(early, diagnostic)| self.import_later(early, diagnostic)) {
            return true;
        }
        if open.iter().any(|(early, diagnostic)| self.bind_earlier(early, diagnostic)) {
            return true;
        }
        let places = open.iter().map(|(it, found)| (it.file, found.rule, it.range.start()));
        self.refused.extend(places);
        false
    }

    /// What is reported of the import.
    fn shown_at(&self, early: &Early) -> Option<Diagnostic> {
        let path = &self.session.files()[early.file];
        let is_here = |it: &&Diagnostic| {
            it.range == early.range
                && it.path == *path
                && it.level >= self.mender.wanted.lowest
                && it.runtime_error.is_some()
        };
        self.session.diagnostics().iter().find(is_here).cloned()
    }

    fn import_later(&mut self, early: &Early, diagnostic: &Diagnostic) -> bool {
        let Some(parsed) = self.parsed(early.file) else { return false };
        let fixes = later_fixes(&parsed, early.range);
        let fixed = (early.file, diagnostic.rule);
        fixes.into_iter().any(|fix| self.try_fix(early.file, parsed.text(), fix, fixed))
    }

    fn bind_earlier(&mut self, early: &Early, diagnostic: &Diagnostic) -> bool {
        let Some((bound, import)) = early.bound else { return false };
        let file = bound.file as usize;
        let (bound, import) = (self.session.range_of(bound), self.session.range_of(import));
        let Some(parsed) = self.parsed(file) else { return false };
        let Some(fix) = earlier_fix(&parsed, bound, import) else { return false };
        self.try_fix(file, parsed.text(), fix, (early.file, diagnostic.rule))
    }

    /// A file as it is now.
    fn parsed(&mut self, file: usize) -> Option<ParsedFile> {
        self.open_files(std::iter::once(file));
        let text = self.open.get(&file)?.after.clone();
        Some(parse(text, self.mender.settings.target.version))
    }

    /// Applies a fix to a file if that mends a finding.
    fn try_fix(&mut self, file: usize, text: &str, fix: Fix, fixed: Kind) -> bool {
        let Some(after) = with_edits(text, fix.edits.iter()) else { return false };
        let before = self.tally();
        let texts = vec![(file, Arc::from(after.as_str()))];
        let held = self.session.try_texts(texts, &self.mender.settings);
        if !self.tally().is_better(&before, &Tally::of([fixed])) {
            self.session.take_back(held);
            return false;
        }
        if let Some(open) = self.open.get_mut(&file) {
            open.after = after;
            open.applied.push(Applied { rule: fixed.1, title: fix.title });
        }
        true
    }
}

impl crate::session::Session {
    /// The names that are imported before their modules bind them.
    fn imported_too_early(&self) -> Vec<Early> {
        let is_early =
            |it: &&ProgramFinding| it.remedy.as_ref().is_some_and(|it| it.change == Change::Later);
        let early = |it: &ProgramFinding| Early {
            file: it.at.file as usize,
            range: self.range_of(it.at),
            bound: bound_by(it),
        };
        self.program_findings().iter().filter(is_early).map(early).collect()
    }
}

/// The last place of the trail, where the name is bound, and the last one before in the same file.
fn bound_by(finding: &ProgramFinding) -> Option<(Site, Site)> {
    let sites = finding.trail.iter().filter_map(|step| match step {
        Trail::Site(site, _) => Some(*site),
        Trail::File(..) => None,
    });
    let sites: Vec<Site> = sites.collect();
    let (bound, before) = sites.split_last()?;
    let import = before.iter().rev().find(|site| site.file == bound.file)?;
    (bound.file != finding.at.file).then_some((*bound, *import))
}
