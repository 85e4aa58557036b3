//! What those ask a session who analyse a file as if it had another text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, ProgramFinding, Site, TextRange};
use pycheck_rules::RuleSet;
use pycheck_syntax::Target;

use super::Session;
use crate::analyze::{FileRecord, FileSettings};
use crate::baseline::Baseline;
use crate::publish::{Publication, Texts, publish};
use crate::settings::Settings;
use crate::walk;

impl Texts for Session {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        Session::text(self, path)
    }
}

impl Session {
    /// How the session's files are analysed.
    pub fn file_settings(&self) -> FileSettings {
        let target =
            Target { version: self.outside.version, platform: self.outside.platform.clone() };
        let rules = RuleSet::new(|rule| self.settings.rules.is_enabled(rule));
        FileSettings { target, rules, options: self.settings.rule_options.clone() }
    }

    /// What is shown of what an analysis has found.
    pub(crate) fn published(&self, path: &Arc<PathBuf>, record: &FileRecord) -> Vec<Diagnostic> {
        let publication = Publication {
            files: std::slice::from_ref(path),
            records: std::slice::from_ref(record),
            settings: &self.settings,
            version: self.outside.version,
            ignore_suppressions: self.request.ignore_noqa,
            texts: self,
        };
        publish(&publication, &[], None)
    }

    /// Keeps the whole texts of files in which something is shown beyond what is kept.
    pub(super) fn keep_texts_for(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
            let related = diagnostic.related.iter().map(|it| (&it.path, it.range.end()));
            let own = edits.map(|edit| edit.range.end()).chain([diagnostic.range.end()]);
            for (path, end) in own.map(|end| (&diagnostic.path, end)).chain(related) {
                self.keep_text_to(path, end.to_usize());
            }
        }
    }

    /// Reads a file again if less of its text is kept than is to be shown.
    fn keep_text_to(&mut self, path: &Path, end: usize) {
        let Some(file) = self.index_of(path) else { return };
        if self.records[file].text.as_ref().is_some_and(|text| text.len() < end) {
            let text = Session::text(self, path);
            self.records[file].text = text.map(|text| text.to_string());
        }
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The folder of the project.
    pub fn project_root(&self) -> &Path {
        &self.settings.project_root
    }

    /// The roots of the project beside its folder, with the reason for each.
    pub(crate) fn declared_roots(&self) -> Vec<(PathBuf, String)> {
        let own = self.projects.iter().find(|it| it.project == self.settings.project_root);
        let roots = own.iter().flat_map(|project| &project.declared);
        roots.map(|root| (root.path.clone(), root.reason.clone())).collect()
    }

    /// Leaves out what a baseline knows whenever diagnostics are made.
    pub(crate) fn hold(&mut self, baseline: Baseline) {
        self.assumed.baseline = Some(baseline);
    }

    /// Puts others in the place of all diagnostics.
    pub(crate) fn set_diagnostics(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics = diagnostics;
    }

    /// What the rules about the whole program have found, suppressed or not.
    pub(crate) fn program_findings(&self) -> &[ProgramFinding] {
        &self.found
    }

    /// Where a site is.
    pub(crate) fn range_of(&self, site: Site) -> TextRange {
        self.records[site.file as usize].sites.range(site.index)
    }

    /// The number of a file.
    pub(crate) fn index_of(&self, path: &Path) -> Option<usize> {
        self.files.binary_search_by(|file| walk::compare(file, path)).ok()
    }

    /// The content of a file, or of standard input if that stands for it.
    pub(crate) fn bytes(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        match &self.stdin {
            Some((name, bytes)) if name.as_path() == path => Ok(bytes.clone()),
            _ => std::fs::read(path),
        }
    }
}
