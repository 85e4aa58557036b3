//! A folder as a session sees it, in the forms in which tests compare it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, PythonVersion};
use pycheck_project::{Overrides, Progress, Request, Session};
use pycheck_report::{Format, Sources};
use pycheck_syntax::parse;
use ruff_python_ast::Stmt;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_text_size::{Ranged, TextSize};

use crate::expect::Found;
use crate::oracle::Prediction;

/// A checked folder.
pub struct Checked {
    /// The folder.
    pub folder: PathBuf,
    session: Session,
}

/// How a folder is checked.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// How many threads work at once.
    pub threads: usize,
    /// Whether the virtual environment in `.venv` is given, instead of one being looked for.
    pub with_environment: bool,
}

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

struct Texts<'a>(&'a Session);

impl Sources for Texts<'_> {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.0.shown_text(path)
    }
}

impl Checked {
    /// Checks everything in a folder. The error is what a user would read.
    pub fn open(folder: &Path, how: How) -> Result<Self, String> {
        let python = how.with_environment.then(|| folder.join(".venv"));
        let request = Request {
            paths: vec![folder.to_owned()],
            working_directory: folder.to_owned(),
            overrides: Overrides { python, ..Overrides::default() },
            ..Request::default()
        };
        Self::open_request(request, how.threads)
    }

    /// Checks what a request asks for.
    pub fn open_request(request: Request, threads: usize) -> Result<Self, String> {
        let folder = request.working_directory.clone();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| error.to_string())?;
        let session = pool
            .install(|| Session::open(request, &Silent))
            .map_err(|error| format!("the session does not open: {error}"))?;
        Ok(Self { folder, session })
    }

    /// All that was found, hints included.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.session.diagnostics()
    }

    /// The files that were checked.
    pub fn files(&self) -> Vec<PathBuf> {
        self.session.files().iter().map(|path| path.to_path_buf()).collect()
    }

    /// The version that the folder was checked for.
    pub fn version(&self) -> PythonVersion {
        self.session.stats().python_version
    }

    /// The concise output, hints included.
    pub fn concise(&self) -> String {
        self.output(Format::Concise)
    }

    /// The full output, hints included.
    pub fn full(&self) -> String {
        self.output(Format::Full)
    }

    fn output(&self, format: Format) -> String {
        let request = pycheck_report::Request {
            diagnostics: self.diagnostics(),
            sources: &Texts(&self.session),
            base: &self.folder,
            color: false,
            counts: None,
            tool: None,
        };
        let mut output = Vec::new();
        match pycheck_report::write(format, &request, &mut output) {
            Ok(()) => String::from_utf8_lossy(&output).into_owned(),
            Err(error) => format!("the output can't be written: {error}\n"),
        }
    }

    /// What was found in one file.
    pub fn found_in(&self, file: &Path) -> Vec<Found> {
        let here = self.diagnostics().iter().filter(|diagnostic| diagnostic.path.as_path() == file);
        here.map(|diagnostic| Found {
            line: self.line(diagnostic),
            level: diagnostic.level,
            rule: diagnostic.rule.to_owned(),
            message: diagnostic.message.clone(),
        })
        .collect()
    }

    /// The exceptions that were predicted.
    pub fn predictions(&self) -> Vec<Prediction> {
        self.diagnostics().iter().filter_map(|diagnostic| self.prediction(diagnostic)).collect()
    }

    fn prediction(&self, diagnostic: &Diagnostic) -> Option<Prediction> {
        let error = diagnostic.runtime_error.as_ref()?;
        let is_deferred = self.is_deferred(diagnostic);
        Some(Prediction {
            file: diagnostic.path.to_path_buf(),
            line: self.line(diagnostic),
            level: diagnostic.level,
            on_import: error.modes.contains(&"import") && !is_deferred,
            is_deferred,
            modes: error.modes.clone(),
            exception: error.exception.to_owned(),
            message: error.message.clone(),
            entry: error.entry.clone(),
        })
    }

    fn line(&self, diagnostic: &Diagnostic) -> usize {
        let text = self.session.text(&diagnostic.path).unwrap_or_default();
        let before = text.get(..usize::from(diagnostic.range.start())).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    /// Whether the place that a diagnostic speaks of is in a function.
    fn is_deferred(&self, diagnostic: &Diagnostic) -> bool {
        let text = self.session.text(&diagnostic.path).unwrap_or_default();
        let parsed = parse(text.to_string(), self.version());
        let mut finder = FunctionAround { place: diagnostic.range.start(), is_found: false };
        finder.visit_body(parsed.body());
        finder.is_found
    }
}

/// Looks for a function whose body holds a place.
struct FunctionAround {
    place: TextSize,
    is_found: bool,
}

impl<'a> StatementVisitor<'a> for FunctionAround {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !statement.range().contains(self.place) {
            return;
        }
        if let Stmt::FunctionDef(function) = statement {
            let first = function.body.first().map(Ranged::start);
            self.is_found |= first.is_some_and(|first| first <= self.place);
        }
        walk_stmt(self, statement);
    }
}
