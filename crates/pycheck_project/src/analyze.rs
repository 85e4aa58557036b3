//! The step that sees one file alone: from its text to all that the program needs to know of it.

use std::sync::Arc;

use pycheck_model::{Finding, Import, ImportKind, ModuleSummary, Sites, TextRange, TextSize};
use pycheck_rules::rules::{INTERNAL_ERROR, SYNTAX_ERROR, UNREADABLE_FILE, id_of};
use pycheck_rules::{Rule, RuleOptions, RuleSet, check_file};
use pycheck_syntax::{
    ParsedFile, Suppressions, Target, compile_error, parse, summarize, suppressions, too_deep,
};
use serde::{Deserialize, Serialize};

use crate::decode::DecodeError;
use crate::script_block;

/// The place of a site whose line is being written while the file can't be parsed.
pub(crate) fn being_edited() -> TextRange {
    TextRange::empty(TextSize::new(u32::MAX))
}

/// All that is kept of a file. No tree.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FileRecord {
    /// What other files may know of it.
    pub summary: Arc<ModuleSummary>,
    /// Where the places are that the summary speaks of.
    pub sites: Sites,
    /// Where those places are now that the program's findings speak of, while these are about a text
    /// from before.
    pub found_sites: Option<Sites>,
    /// What the rules found in it.
    pub findings: Vec<Finding>,
    /// The comments that suppress findings.
    pub suppressions: Suppressions,
    /// The beginning of the text, as far as most findings point into it; not kept from run to run.
    #[serde(skip)]
    pub text: Option<String>,
}

/// What the analysis of a file depends on beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSettings {
    /// What the program will run on.
    pub target: Target,
    /// The enabled rules.
    pub rules: RuleSet,
    /// What the user has set about them.
    pub options: RuleOptions,
}

/// Analyses the text of a file. A stub (`.pyi`) never runs, so only its syntax is checked.
pub fn analyze(text: String, is_stub: bool, settings: &FileSettings) -> FileRecord {
    let file = parse(text, settings.target.version);
    if let Some((place, message)) = too_deep(&file) {
        return refused(file, place, message);
    }
    let mut findings = syntax_errors(&file);
    let is_broken = file.has_errors() || !is_stub && is_refused(&file, &mut findings);
    if is_stub || is_broken {
        let suppressions = suppressions(&file);
        return FileRecord { suppressions, findings, text: Some(file.into_text()), ..broken() };
    }
    let (mut summary, sites) = summarize(&file, &settings.target);
    summary.has_syntax_errors = !findings.is_empty();
    summary.own_modules = script_block::own_modules(file.text());
    match check_file(&file, &settings.rules, &settings.options) {
        Ok(found) => findings.extend(found),
        Err(_) => return refused(file, TextRange::default(), "too deeply nested to be checked"),
    }
    let suppressions = suppressions(&file);
    let may_be_shown = !findings.is_empty() || !summary.imports.is_empty();
    let places = Places { findings: &findings, imports: &summary.imports, sites: &sites };
    let text = may_be_shown.then(|| places.shown_part(file.into_text()));
    let summary = Arc::new(summary);
    FileRecord { summary, sites, found_sites: None, findings, suppressions, text }
}

/// What findings are mostly placed at.
struct Places<'a> {
    findings: &'a [Finding],
    imports: &'a [Import],
    sites: &'a Sites,
}

impl Places<'_> {
    /// The text up to the end of the last line that a finding of this file, or of its imports, speaks
    /// of: imports stand at the top, and most of the memory would go into what stands below them.
    fn shown_part(&self, mut text: String) -> String {
        let findings = self.findings.iter().map(end_of_finding);
        let imports = self.imports.iter().map(|import| self.end_of_import(import));
        let last = usize::from(findings.chain(imports).max().unwrap_or_default());
        let end = memchr::memchr(b'\n', &text.as_bytes()[last..]).map(|end| last + end + 1);
        text.truncate(end.unwrap_or(text.len()));
        text.shrink_to_fit();
        text
    }

    fn end_of_import(&self, import: &Import) -> TextSize {
        let names = match &import.kind {
            ImportKind::From { names, .. } => names.as_slice(),
            ImportKind::Module { .. } | ImportKind::Call { .. } => &[],
        };
        let last = names.last().map_or(import.site, |name| name.site);
        self.sites.range(last).end()
    }
}

fn end_of_finding(finding: &Finding) -> TextSize {
    let related = finding.related.iter().map(|(range, _)| range.end());
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.range.end());
    related.chain(edits).fold(finding.range.end(), TextSize::max)
}

/// The record of a file whose bytes are no text that Python would read.
pub fn undecodable(error: DecodeError) -> FileRecord {
    let end = TextSize::try_from(error.readable.len()).unwrap_or_default();
    let finding = finding(SYNTAX_ERROR, TextRange::empty(end), error.message);
    FileRecord { findings: vec![finding], ..broken() }
}

/// The record of a file that can't be read.
pub fn unreadable(error: &std::io::Error) -> FileRecord {
    let message = format!("the file can't be read: {}", reason(error));
    FileRecord {
        findings: vec![finding(UNREADABLE_FILE, TextRange::default(), message)],
        ..broken()
    }
}

/// The record of a file on which the analysis itself failed.
pub fn failed(panic: &(dyn std::any::Any + Send)) -> FileRecord {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    let message = format!(
        "pycheck failed on this file, so it was not checked; please report it ({})",
        said.unwrap_or("no reason given")
    );
    FileRecord {
        findings: vec![finding(INTERNAL_ERROR, TextRange::default(), message)],
        ..broken()
    }
}

/// What an operating system says without its error number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Whether the analysis itself failed on a file.
pub(crate) fn has_failed(record: &FileRecord) -> bool {
    record.findings.iter().any(|finding| finding.rule == id_of(INTERNAL_ERROR))
}

/// A record that claims nothing about what the file would do.
fn broken() -> FileRecord {
    let summary = ModuleSummary { has_syntax_errors: true, ..ModuleSummary::default() };
    FileRecord { summary: Arc::new(summary), ..FileRecord::default() }
}

/// The record of a file whose tree is too deep to be walked, or freed.
fn refused(file: ParsedFile, place: TextRange, message: &str) -> FileRecord {
    let finding = finding(SYNTAX_ERROR, place, message.to_owned());
    file.leak();
    FileRecord { findings: vec![finding], ..broken() }
}

/// CPython stops at the first error; syntax of newer versions is independent of each other.
fn syntax_errors(file: &ParsedFile) -> Vec<Finding> {
    let errors = file.errors();
    let first_broken = errors.iter().find(|error| !error.depends_on_version);
    let shown: Vec<_> = first_broken.map_or_else(|| errors.iter().collect(), |error| vec![error]);
    shown
        .into_iter()
        .map(|error| finding(SYNTAX_ERROR, error.range, error.message.clone()))
        .collect()
}

/// Whether the compiler refuses what the parser has accepted; then nothing else is said.
fn is_refused(file: &ParsedFile, findings: &mut Vec<Finding>) -> bool {
    let Some(error) = compile_error(file) else { return false };
    findings.push(finding(SYNTAX_ERROR, error.range, error.message));
    true
}

fn finding(rule: &'static Rule, range: TextRange, message: String) -> Finding {
    Finding {
        rule: id_of(rule),
        level: None,
        range,
        message,
        related: Vec::new(),
        help: None,
        fix: None,
        suppressible_at: None,
    }
}
