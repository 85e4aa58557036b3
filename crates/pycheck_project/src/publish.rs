//! From findings to diagnostics: levels, suppressions, places, order.

mod unused;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{
    Change, Diagnostic, Finding, Fix, Level, ProgramFinding, PythonVersion, Related, Remedy,
    RuleId, Site, TextRange, Trail,
};
use pycheck_rules::ALL;
use pycheck_syntax::{parse, remedy_fix};

use crate::analyze::{FileRecord, being_edited};
use crate::settings::Settings;

/// What the findings are about.
pub(crate) struct Publication<'a> {
    pub(crate) files: &'a [Arc<PathBuf>],
    pub(crate) records: &'a [FileRecord],
    pub(crate) settings: &'a Settings,
    pub(crate) version: PythonVersion,
    pub(crate) ignore_suppressions: bool,
    /// What the files say, for fixes of what the whole program shows.
    pub(crate) texts: &'a dyn Texts,
}

/// The texts of files.
pub(crate) trait Texts {
    /// The whole text of a file, if it can be read.
    fn text(&self, path: &Path) -> Option<Arc<str>>;
}

/// All findings as they are shown, or those of some files, sorted by path and place.
pub(crate) fn publish(
    publication: &Publication<'_>,
    program: &[ProgramFinding],
    only: Option<&BTreeSet<usize>>,
) -> Vec<Diagnostic> {
    let is_wanted = |file: usize| only.is_none_or(|files| files.contains(&file));
    let local = publication.records.iter().enumerate().filter(|(file, _)| is_wanted(*file));
    let local =
        local.flat_map(|(file, record)| record.findings.iter().map(move |finding| (file, finding)));
    let local = local.filter_map(|(file, it)| Some((file, publication.local(file, it)?)));
    let comments = unused::unused(publication, program);
    let comments = comments.into_iter().filter(|(file, _)| is_wanted(*file));
    let program = program.iter().filter(|finding| is_wanted(finding.at.file as usize));
    let program = program.filter_map(|finding| {
        let file = finding.at.file as usize;
        Some((file, publication.program(finding.clone())?))
    });
    // The files are sorted by path, so their numbers stand for their paths.
    let mut diagnostics: Vec<(usize, Diagnostic)> = local.chain(program).chain(comments).collect();
    diagnostics.sort_by_key(|(file, it)| (*file, it.range.start(), it.range.end(), it.rule));
    diagnostics.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

impl Publication<'_> {
    fn local(&self, file: usize, finding: &Finding) -> Option<Diagnostic> {
        let places = [Some(finding.range), finding.suppressible_at];
        let level = self.level(file, finding.rule, finding.level, &places)?;
        let path = &self.files[file];
        let related = finding.related.iter().map(|(range, message)| Related {
            path: path.clone(),
            range: *range,
            message: message.clone(),
        });
        Some(Diagnostic {
            path: path.clone(),
            range: finding.range,
            rule: ALL[finding.rule.0 as usize].name,
            level,
            message: finding.message.clone(),
            related: related.collect(),
            help: finding.help.clone(),
            fix: finding.fix.clone(),
            runtime_error: None,
        })
    }

    fn program(&self, finding: ProgramFinding) -> Option<Diagnostic> {
        let file = finding.at.file as usize;
        let range = self.place(finding.at)?;
        let level = self.level(file, finding.rule, finding.level, &[Some(range), None])?;
        Some(Diagnostic {
            path: self.files[file].clone(),
            range,
            rule: ALL[finding.rule.0 as usize].name,
            level,
            message: finding.message,
            related: finding.trail.into_iter().filter_map(|step| self.related(step)).collect(),
            help: finding.help,
            fix: finding.remedy.and_then(|remedy| self.fix(file, range, &remedy)),
            runtime_error: finding.runtime_error,
        })
    }

    /// What a remedy means for the text of the file.
    fn fix(&self, file: usize, range: TextRange, remedy: &Remedy) -> Option<Fix> {
        if remedy.change == Change::Later {
            return None;
        }
        let text = self.texts.text(&self.files[file])?;
        let is_as_read = self.records[file].text.as_deref().is_some_and(|it| text.starts_with(it));
        let parsed = is_as_read.then(|| parse(text.to_string(), self.version))?;
        if parsed.has_errors() { None } else { remedy_fix(&parsed, range, remedy) }
    }

    fn related(&self, step: Trail) -> Option<Related> {
        let (path, range, message) = match step {
            Trail::Site(site, message) => {
                (self.files[site.file as usize].clone(), self.place(site)?, message)
            }
            Trail::File(path, message) => (Arc::new(path), TextRange::default(), message),
        };
        Some(Related { path, range, message })
    }

    /// Where a site is; `None` while its line is being written.
    fn place(&self, site: Site) -> Option<TextRange> {
        let record = &self.records[site.file as usize];
        let range = record.found_sites.as_ref().unwrap_or(&record.sites).range(site.index);
        (range != being_edited()).then_some(range)
    }

    /// How much a finding weighs; `None` when it is not shown.
    fn level(
        &self,
        file: usize,
        rule: RuleId,
        own: Option<Level>,
        at: &[Option<TextRange>],
    ) -> Option<Level> {
        let level = self.settings.rules.level_of(rule, own);
        if level == Level::Off
            || self.settings.per_file_ignores.ignores(&self.files[file]).contains(&rule)
        {
            return None;
        }
        let is_called = |name: &str| is_called(rule, name);
        let suppressions = &self.records[file].suppressions;
        let is_suppressed =
            || at.iter().flatten().any(|range| suppressions.suppress(*range, is_called));
        (self.ignore_suppressions || !is_suppressed()).then_some(level)
    }
}

/// Whether a rule has this name or alias.
fn is_called(rule: RuleId, name: &str) -> bool {
    let record = ALL[rule.0 as usize];
    let mut names = record.aliases.iter().chain([&record.name]);
    names.any(|own| own.eq_ignore_ascii_case(name))
}
