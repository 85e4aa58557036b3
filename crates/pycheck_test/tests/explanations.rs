//! What `pycheck explain` says of the imports of all suites is what a check reports of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_model::explanation::{Outcome, Subject};
use pycheck_model::{Diagnostic, Level};
use pycheck_project::{Inquiry, Overrides, Progress, Request, Session, explained};
use pycheck_test::page;
use pycheck_test::suite::{State, VERSION, states, write_environment};

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

fn request(folder: &Path) -> Request {
    Request {
        paths: vec![folder.to_owned()],
        working_directory: folder.to_owned(),
        overrides: Overrides { python: Some(folder.join(".venv")), ..Overrides::default() },
        ignore_noqa: true,
        ..Request::default()
    }
}

/// A checked folder, and the first line of each of its findings that predict an exception.
struct Checked {
    folder: PathBuf,
    session: Session,
}

impl Checked {
    fn line(&self, diagnostic: &Diagnostic) -> usize {
        let text = self.session.text(&diagnostic.path).unwrap();
        text[..usize::from(diagnostic.range.start())].matches('\n').count() + 1
    }

    /// The imports on the line of a finding, or nothing if it speaks of no import.
    fn subjects(&self, diagnostic: &Diagnostic) -> Option<Vec<Subject>> {
        let line = self.line(diagnostic);
        let target = format!("{}:{line}", diagnostic.path.display());
        let inquiry = Inquiry { target, from: None };
        let (explanation, _) = explained(&inquiry, request(&self.folder)).ok()?;
        Some(explanation.subjects)
    }

    /// What is explained otherwise than it is reported.
    fn contradictions(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for diagnostic in self.session.diagnostics() {
            let Some(error) = &diagnostic.runtime_error else { continue };
            if diagnostic.level < Level::Error || !error.modes.contains(&"import") {
                continue;
            }
            let Some(subjects) = self.subjects(diagnostic) else { continue };
            let agrees = |subject: &Subject| {
                let exception = subject.verdict.exception.as_ref();
                let is_said = exception.is_some_and(|(class, message)| {
                    *class == error.exception && *message == error.message
                });
                let is_told = subject.steps.iter().any(|step| step.text == diagnostic.message);
                subject.verdict.outcome == Outcome::Fails && (is_said || is_told)
            };
            if !subjects.iter().any(agrees) {
                let line = self.line(diagnostic);
                let path = diagnostic.path.strip_prefix(&self.folder).unwrap().display();
                let told: Vec<_> = subjects.iter().map(|subject| &subject.verdict).collect();
                problems.push(format!("{path}:{line}: {}: {told:?}", diagnostic.message));
            }
        }
        problems
    }

    /// Imports that are said to fail, always and uncaught, of which nothing is reported.
    fn unreported(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for file in self.session.files() {
            let inquiry = Inquiry { target: file.display().to_string(), from: None };
            let Ok((explanation, _)) = explained(&inquiry, request(&self.folder)) else { continue };
            let steps = explanation.subjects.iter().flat_map(|subject| &subject.steps);
            let imports = steps.filter(|step| step.kind == "imports").flat_map(|it| &it.children);
            for import in imports.filter(|import| import.text.contains(": fails: ")) {
                let line = import.at.as_ref().and_then(|place| place.line).unwrap();
                let is_reported = self.session.diagnostics().iter().any(|diagnostic| {
                    diagnostic.path == *file && (line..line + 20).contains(&self.line(diagnostic))
                });
                if !is_reported && !import.text.contains("(but ") {
                    problems.push(format!("{}:{line}: {}", file.display(), import.text));
                }
            }
        }
        problems
    }
}

fn check(state: &State) -> Vec<String> {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().canonicalize().unwrap().join("case");
    state.write(&folder, VERSION).unwrap();
    write_environment(&folder, VERSION).unwrap();
    let session = Session::open(request(&folder), &Silent).unwrap();
    let checked = Checked { folder, session };
    let mut problems = checked.contradictions();
    problems.extend(checked.unreported());
    problems
}

#[test]
fn imports_are_explained_as_they_are_reported() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let mut problems = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(top.join("tests/imports")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let page = page::parse(&path.display().to_string(), &fs::read_to_string(&path).unwrap());
        for case in &page.cases {
            for state in states(case) {
                count += 1;
                let found = check(&state);
                let name = path.file_name().unwrap().display();
                problems.extend(found.iter().map(|it| format!("{name}: {}: {it}", case.line)));
            }
        }
    }
    problems.sort();
    assert!(count > 50, "only {count} cases");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
