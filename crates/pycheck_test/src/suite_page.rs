//! Checks a page whose cases are folders: what a session finds there, and what CPython does.

use std::path::{Path, PathBuf};

use pycheck_model::{Level, PythonVersion};
use tempfile::TempDir;

use crate::checked::{Checked, How};
use crate::oracle::{Python, Tree, contradictions, import_each, modules};
use crate::outcome::{Outcome, indented, listed};
use crate::page::{Block, Case, KEYS, Page};
use crate::suite::{State, VERSION, states, write_environment};
use crate::update::Replacement;
use crate::ways::{self, Way, ways};
use crate::{expect, git_index};

/// How the pages of a suite are checked.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The rule that a bare marker means, and the only one whose findings count.
    pub only_rule: Option<&'a str>,
    /// Whether the cases have a virtual environment.
    pub with_environment: bool,
    /// Whether result blocks are rewritten instead of compared.
    pub update: bool,
}

/// A case in one of its states, written to disk.
struct Place {
    folder: PathBuf,
    /// Removes the folder in the end.
    _temporary: TempDir,
}

/// Checks every case of a page in each of its states.
pub fn check(page: &Page, options: Options<'_>) -> Outcome {
    let mut checker = Checker { page, options, outcome: Outcome::default() };
    for case in &page.cases {
        checker.settings(case);
        for state in states(case) {
            if let Err(message) = checker.state(case, &state) {
                checker.fail(case, case.line, &message);
            }
        }
    }
    checker.outcome
}

struct Checker<'a> {
    page: &'a Page,
    options: Options<'a>,
    outcome: Outcome,
}

impl Checker<'_> {
    /// What is set must be known.
    fn settings(&mut self, case: &Case) {
        if let Err(message) = ways(case) {
            self.fail(case, case.line, &message);
        }
        for (line, key) in &case.unknown_keys {
            let message = format!("`{key}: …` sets nothing; known are {}", KEYS.join(" and "));
            self.fail(case, *line, &message);
        }
    }

    fn state(&mut self, case: &Case, state: &State) -> Result<(), String> {
        let place = written(case, state, VERSION, self.options)?;
        let how = How { threads: 1, with_environment: self.options.with_environment };
        let checked = Checked::open(&place.folder, how)?;
        let again = Checked::open(&place.folder, How { threads: 4, ..how })?;
        if checked.diagnostics() != again.diagnostics() {
            return Err("with several threads something else is found than with one".to_owned());
        }
        for block in &state.outputs {
            let text = if block.kind == "full" { checked.full() } else { checked.concise() };
            self.compare_output(case, block, text);
        }
        self.compare_markers(case, state, &checked);
        Ok(())
    }

    fn compare_output(&mut self, case: &Case, block: &Block, found: String) {
        if block.text == found {
            return;
        }
        if self.options.update {
            let replacement = Replacement { span: block.span.clone(), text: found };
            self.outcome.replacements.push(replacement);
            return;
        }
        let (expected, found) = (indented(&block.text), indented(&found));
        let message = format!("expected output:\n{expected}    found output:\n{found}");
        self.fail(case, block.line, &message);
    }

    fn compare_markers(&mut self, case: &Case, state: &State, checked: &Checked) {
        for path in outside_of_blocks(state, checked) {
            let shown = path.strip_prefix(&checked.folder).unwrap_or(&path).display();
            let found = checked.found_in(&path).into_iter().map(|found| found.message);
            let found = listed(&found.collect::<Vec<String>>());
            let message = format!("in `{shown}`, which has no block, found: {found}");
            self.fail(case, case.line, &message);
        }
        let only_rule = self.options.only_rule;
        for (name, file) in &state.files {
            let mut found = checked.found_in(&checked.folder.join(name));
            found.retain(|found| only_rule.is_none_or(|rule| rule == found.rule));
            for mismatch in expect::compare(&file.markers, &found, only_rule) {
                // Where the whole output is given, what has no marker is asserted there.
                if !state.outputs.is_empty() && mismatch.expected.is_empty() {
                    continue;
                }
                let message = format!(
                    "`{name}`:\n    expected: {}\n    found:    {}",
                    listed(&mismatch.expected),
                    listed(&mismatch.found)
                );
                self.fail(case, file.line + mismatch.line - 1, &message);
            }
        }
    }

    fn fail(&mut self, case: &Case, line: usize, message: &str) {
        self.outcome.fail(self.page, case, line, message);
    }
}

/// Files with findings that the case does not mention.
fn outside_of_blocks(state: &State, checked: &Checked) -> Vec<PathBuf> {
    let known = |path: &Path| {
        path.strip_prefix(&checked.folder)
            .ok()
            .and_then(Path::to_str)
            .is_some_and(|name| state.files.contains_key(name))
    };
    let mut paths: Vec<PathBuf> = checked
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.level > Level::Info && !known(&diagnostic.path))
        .map(|diagnostic| diagnostic.path.to_path_buf())
        .collect();
    paths.dedup();
    paths
}

/// Compares every case of a page with what CPython does.
pub fn ask_oracle(page: &Page, options: Options<'_>, python: &Python) -> Outcome {
    let mut outcome = Outcome::default();
    // What is no way of running is told when the page is checked.
    let is_asked = |case: &&Case| ways(case).is_ok_and(|ways| !ways.is_empty());
    let cases = page.cases.iter().filter(is_asked);
    let all: Vec<(&Case, State)> =
        cases.flat_map(|case| states(case).into_iter().map(move |state| (case, state))).collect();
    let mut asked = Vec::new();
    for (case, state) in &all {
        if state.pinned_version().is_some_and(|version| version != python.version) {
            continue;
        }
        match prepare(case, state, options, python.version) {
            Ok((place, checked, tree)) => {
                for message in start(case, &tree, &checked, python) {
                    outcome.fail(page, case, case.line, &message);
                }
                asked.push((*case, place, checked, tree));
            }
            Err(message) => outcome.fail(page, case, case.line, &message),
        }
    }
    asked.retain(|(case, ..)| ways(case).is_ok_and(|ways| ways.contains(&Way::Import)));
    let trees: Vec<Tree> = asked.iter().map(|(_, _, _, tree)| tree.clone()).collect();
    match import_each(python, &trees) {
        Ok(answers) => {
            for ((case, _, checked, tree), answers) in asked.iter().zip(answers) {
                for found in contradictions(tree, &checked.predictions(), &answers) {
                    let message = format!("Python {}: {}", python.version, found.message);
                    outcome.fail(page, case, case.line, &message);
                }
            }
        }
        Err(message) => outcome.failures.push(format!("{}: {message}", page.name)),
    }
    outcome
}

/// Starts what a case says is started, and tells what contradicts the predictions.
fn start(case: &Case, tree: &Tree, checked: &Checked, python: &Python) -> Vec<String> {
    let mut failures = Vec::new();
    // Roots count only where they are stated: what is started brings its own.
    let roots = if case.setting("roots").is_some() { tree.roots.clone() } else { Vec::new() };
    let tree = Tree { roots, ..tree.clone() };
    for way in ways(case).unwrap_or_default() {
        let found = ways::contradictions(python, &tree, &way, &checked.predictions());
        let found = found.unwrap_or_else(|message| vec![message]);
        let told = |message: String| format!("Python {}: {message}", python.version);
        failures.extend(found.into_iter().map(told));
    }
    failures
}

fn prepare(
    case: &Case,
    state: &State,
    options: Options<'_>,
    version: PythonVersion,
) -> Result<(Place, Checked, Tree), String> {
    let place = written(case, state, version, options)?;
    let how = How { threads: 1, with_environment: options.with_environment };
    let checked = Checked::open(&place.folder, how)?;
    let roots: Vec<PathBuf> = case
        .setting("roots")
        .unwrap_or(".")
        .split(' ')
        .map(|root| if root == "." { place.folder.clone() } else { place.folder.join(root) })
        .collect();
    let modules = modules(&state.python_files(&place.folder), &roots);
    let sites = vec![place.folder.join(format!(".venv/lib/python{version}/site-packages"))];
    let tree = Tree { folder: place.folder.clone(), roots, sites, modules };
    Ok((place, checked, tree))
}

/// Writes a state to a folder called `project`, so that messages name it the same on each run.
fn written(
    case: &Case,
    state: &State,
    version: PythonVersion,
    options: Options<'_>,
) -> Result<Place, String> {
    let failed = |error: std::io::Error| format!("the files can't be written: {error}");
    let temporary = tempfile::tempdir().map_err(failed)?;
    let folder = temporary.path().canonicalize().map_err(failed)?.join("project");
    state.write(&folder, version).map_err(failed)?;
    if options.with_environment {
        write_environment(&folder, version).map_err(failed)?;
    }
    if let Some(untracked) = case.setting("untracked") {
        let is_tracked = |name: &&str| !untracked.split(' ').any(|other| other == *name);
        let names: Vec<&str> = state.files.keys().map(String::as_str).filter(is_tracked).collect();
        git_index::write(&folder, &names).map_err(failed)?;
    }
    Ok(Place { folder, _temporary: temporary })
}

#[cfg(test)]
mod tests {
    use super::{Options, ask_oracle, check};
    use crate::oracle::pythons;
    use crate::page::parse;
    use crate::update::apply;

    const OPTIONS: Options<'_> = Options { only_rule: None, with_environment: true, update: false };

    #[test]
    fn what_is_not_asserted_and_what_is_not_found_fails() {
        let text = "## A\n\n`a.py`:\n\n```python\nimport nope\nimport json  # error\n```\n";
        let failures = check(&parse("page.md", text), OPTIONS).failures;
        assert_eq!(failures.len(), 2);
        assert!(failures[0].starts_with("page.md:6: A: `a.py`:\n    expected: nothing"));
        assert!(failures[1].starts_with("page.md:7: A: `a.py`:\n    expected: error[any rule]"));
    }

    #[test]
    fn the_output_is_compared_and_rewritten() {
        let text = "## A\n\n```python\nfrom . import x\n```\n\n```output\n```\n";
        assert_eq!(check(&parse("page.md", text), OPTIONS).failures.len(), 1);
        let outcome = check(&parse("page.md", text), Options { update: true, ..OPTIONS });
        assert_eq!(outcome.failures, [""; 0]);
        let rewritten = apply(text, &outcome.replacements);
        assert!(rewritten.contains("```output\nmain.py:1:6: error["), "{rewritten}");
        assert_eq!(check(&parse("page.md", &rewritten), OPTIONS).failures, [""; 0]);
    }

    #[test]
    fn what_sets_nothing_fails() {
        let text = "## A\n\noracle: magic\n\nroot: .\n\n```python\nx = 1\n```\n";
        let failures = check(&parse("page.md", text), OPTIONS).failures;
        assert_eq!(failures.len(), 2, "{failures:?}");
        assert!(failures[0].contains("`oracle: magic` is not known"));
        assert!(failures[1].starts_with("page.md:5: A: `root: …` sets nothing"));
    }

    #[test]
    fn what_is_started_is_compared() {
        let text = "## A\n\noracle: script tool/run.py\n\noracle: -m tool.run\n\n\
                    `tool/other.py`: (empty)\n\n`tool/run.py`:\n\n```python\nfrom . import other\n```\n";
        for python in pythons() {
            let failures = ask_oracle(&parse("page.md", text), OPTIONS, &python).failures;
            let text = failures.join("\n");
            assert!(
                text.contains("`python tool/run.py` raises tool/run.py:1: ImportError"),
                "{text}"
            );
            assert!(!text.contains("`python -m tool.run`"), "{text}");
        }
    }

    #[test]
    fn cpython_contradicts_what_is_not_so() {
        // The code in the `.pth` file is run by CPython only.
        let wrong = "## A\n\n`.venv/lib/python3.12/site-packages/hook.pth`:\n\n```text\n\
                     import sys; sys.modules['nope'] = sys\n```\n\n```python\nimport nope  # error\n```\n";
        for python in pythons() {
            let failures = ask_oracle(&parse("page.md", wrong), OPTIONS, &python).failures;
            assert_eq!(failures.len(), 1, "{failures:?}");
            assert!(failures[0].contains("`import main` works, predicted was main.py:1: error"));
            let skipped = wrong.replace("## A\n", "## A\n\noracle: skip — for this test\n");
            let failures = ask_oracle(&parse("page.md", &skipped), OPTIONS, &python).failures;
            assert_eq!(failures, [""; 0]);
        }
    }
}
