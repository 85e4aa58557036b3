//! What the tests of all formats share.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, Level, Related, TextRange};

use crate::{Format, Request, RuleFacts, Sources, Tool};

/// Files below `/base`, in memory.
pub(crate) struct Fixture {
    files: BTreeMap<PathBuf, Arc<str>>,
    pub(crate) color: bool,
}

impl Sources for Fixture {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.files.get(path).cloned()
    }
}

impl Fixture {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (absolute(path), Arc::from(*text))).collect();
        Self { files, color: false }
    }

    pub(crate) fn write(&self, format: Format, diagnostics: &[Diagnostic]) -> String {
        let mut out = Vec::new();
        crate::write(format, &request(self, diagnostics), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// A request to write these, without counts.
pub(crate) fn request<'a>(fixture: &'a Fixture, diagnostics: &'a [Diagnostic]) -> Request<'a> {
    let base = Path::new("/base");
    let tool = Some(&*TOOL);
    Request { diagnostics, sources: fixture, base, color: fixture.color, counts: None, tool }
}

/// The only rule there is.
const RULES: [RuleFacts<'_>; 1] = [RuleFacts {
    name: "some-rule",
    summary: "what it finds",
    page: "# some-rule",
    level: Level::Error,
}];

static TOOL: std::sync::LazyLock<Tool<'_>> = std::sync::LazyLock::new(|| Tool {
    version: "1.2.3",
    rules: &RULES,
    repository: Path::new("/base"),
});

/// An error of `some-rule`.
pub(crate) fn found(path: &str, bytes: Range<u32>, message: &str) -> Diagnostic {
    Diagnostic {
        path: Arc::new(absolute(path)),
        range: range(bytes),
        rule: "some-rule",
        level: Level::Error,
        message: message.to_owned(),
        related: Vec::new(),
        help: None,
        fix: None,
        runtime_error: None,
    }
}

pub(crate) fn related(path: &str, bytes: Range<u32>, message: &str) -> Related {
    Related { path: Arc::new(absolute(path)), range: range(bytes), message: message.to_owned() }
}

pub(crate) fn range(bytes: Range<u32>) -> TextRange {
    TextRange::new(bytes.start.into(), bytes.end.into())
}

fn absolute(path: &str) -> PathBuf {
    Path::new("/base").join(path)
}
