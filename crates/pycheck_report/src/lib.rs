//! Output formats: what a user or another program reads of a run, one file per format.
//!
//! Nothing here reads a disk. The texts of the files that are shown come from [`Sources`].

use std::io;
use std::path::Path;
use std::sync::Arc;

use pycheck_model::{Diagnostic, Level, PythonVersion};

mod azure;
mod concise;
mod diff;
mod escaped;
mod excerpt;
mod explanation;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod graph;
mod json;
mod junit;
mod paths;
mod place;
mod plain;
mod pylint;
mod rdjson;
mod sarif;
mod statistics;
mod style;
mod summary;
mod texts;

pub use crate::diff::{Change, write_diff};
pub use crate::explanation::write_explanation;
pub use crate::graph::{GraphFormat, write_graph};
use crate::texts::Texts;

/// The text without characters that a terminal obeys, but with its line ends: names of files may hold
/// any.
pub fn without_commands(text: &str) -> std::borrow::Cow<'_, str> {
    paths::lines(text)
}

/// Where the texts of the files that are shown come from.
pub trait Sources {
    /// The decoded text that the ranges of this file's diagnostics speak of.
    ///
    /// `None` when there is none, as for a file that could not be decoded: its diagnostics are
    /// then shown at row 1, column 1, without the source line.
    fn text(&self, path: &Path) -> Option<Arc<str>>;
}

/// The ways in which diagnostics can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: the message with the source lines that it speaks of.
    Full,
    /// For people and for `grep`: one line per diagnostic.
    Concise,
    /// For programs: one array of objects.
    Json,
    /// For programs that read as it comes: one object a line.
    JsonLines,
    /// For the log of a GitHub workflow, which turns the lines into annotations.
    Github,
    /// For GitLab: a report on code quality.
    Gitlab,
    /// For CI servers that show the outcome of tests.
    Junit,
    /// For hosts that show findings beside the code.
    Sarif,
    /// For reviewdog, which comments on changes.
    Rdjson,
    /// For the log of Azure Pipelines.
    Azure,
    /// For readers of pylint's output: one line per diagnostic.
    Pylint,
}

/// What a program may want to know of the program that wrote a report.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'a> {
    /// The version of pycheck.
    pub version: &'a str,
    /// All rules.
    pub rules: &'a [RuleFacts<'a>],
    /// The folder that hosts of repositories take paths relative to.
    pub repository: &'a Path,
}

/// What is said of a rule where findings refer to it.
#[derive(Debug, Clone, Copy)]
pub struct RuleFacts<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it finds, as half a sentence.
    pub summary: &'a str,
    /// Its page.
    pub page: &'a str,
    /// How its findings weigh.
    pub level: Level,
}

/// What was looked at, for the line of counts at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// How many files were checked.
    pub files: usize,
    /// How many imports these files contain.
    pub imports: usize,
    /// Where the installed packages were looked up; `None` when no environment was found.
    pub environment: Option<String>,
    /// The version of Python that was checked for.
    pub python_version: PythonVersion,
    /// Whether to say how many findings can be mended.
    pub mentions_fixes: bool,
}

/// What is to be written, and how.
pub struct Request<'a> {
    /// What was found, in the order in which it is shown.
    pub diagnostics: &'a [Diagnostic],
    /// The texts of the files.
    pub sources: &'a dyn Sources,
    /// The folder that shown paths are relative to: the working directory.
    pub base: &'a Path,
    /// Whether the text formats use colour.
    pub color: bool,
    /// For the last line of the text formats; `None` leaves that line out.
    pub counts: Option<Counts>,
    /// What machine formats say of pycheck itself.
    pub tool: Option<&'a Tool<'a>>,
}

/// Writes all diagnostics, and for the text formats a last line with the counts.
pub fn write(format: Format, request: &Request<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut texts = Texts::new(request.sources);
    match format {
        Format::Full => full::write(request, &mut texts, out)?,
        Format::Concise => concise::write(request, &mut texts, out)?,
        Format::Json => json::write(request, &mut texts, out)?,
        Format::JsonLines => json::write_lines(request, &mut texts, out)?,
        Format::Github => github::write(request, &mut texts, out)?,
        Format::Gitlab => gitlab::write(request, &mut texts, out)?,
        Format::Junit => junit::write(request, &mut texts, out)?,
        Format::Sarif => sarif::write(request, &mut texts, out)?,
        Format::Rdjson => rdjson::write(request, &mut texts, out)?,
        Format::Azure => azure::write(request, &mut texts, out)?,
        Format::Pylint => pylint::write(request, &mut texts, out)?,
    }
    write_counts(format, request, out)
}

/// The path as the text formats show it: relative to `base` when it lies below it, on one line.
pub fn shown_path(path: &Path, base: &Path) -> String {
    paths::shown(path, base).into_owned()
}

/// Writes how often each rule found something, instead of the diagnostics themselves.
pub fn write_statistics(
    format: Format,
    request: &Request<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Json => statistics::write_json(request.diagnostics, out)?,
        _ => statistics::write_table(request.diagnostics, out)?,
    }
    write_counts(format, request, out)
}

fn write_counts(format: Format, request: &Request<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    match (&request.counts, format) {
        (Some(counts), Format::Full | Format::Concise) => {
            writeln!(out, "{}", summary::line(request.diagnostics, counts))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod testing;
