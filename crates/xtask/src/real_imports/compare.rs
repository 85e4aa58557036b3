//! What was predicted for real modules against what they do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pycheck_model::Level;
use pycheck_test::oracle::{Prediction, Raised};

use super::oracle::Import;

/// Counts and lists.
#[derive(Default)]
pub(crate) struct Comparison {
    pub(crate) works: usize,
    /// Failures that were predicted, word for word.
    pub(crate) predicted: usize,
    /// Failures that were predicted in other words, or with another exception.
    pub(crate) reworded: Vec<String>,
    pub(crate) missed: Vec<String>,
    /// Failures by something that packages raise themselves.
    pub(crate) own: usize,
    /// Failures by what has nothing to do with imports.
    pub(crate) other: Vec<String>,
    /// Errors in modules that work.
    pub(crate) false_alarms: Vec<String>,
}

/// Compares all of it; files are shown from `folder`.
pub(crate) fn compare(imports: &[Import], predictions: &[Prediction], folder: &Path) -> Comparison {
    let mut by_file: BTreeMap<&Path, Vec<&Prediction>> = BTreeMap::new();
    for prediction in predictions {
        by_file.entry(&prediction.file).or_default().push(prediction);
    }
    let mut comparison = Comparison::default();
    for import in imports {
        comparison.add(import, &by_file, folder);
    }
    comparison
}

impl Comparison {
    fn add(&mut self, import: &Import, by_file: &BTreeMap<&Path, Vec<&Prediction>>, folder: &Path) {
        let name = &import.module.name;
        let Some(failure) = &import.raised else {
            self.works += 1;
            let own = by_file.get(import.module.file.as_path()).into_iter().flatten();
            let errors = own.filter(|it| it.on_import && it.level == Level::Error);
            self.false_alarms.extend(errors.map(|it| format!("{name}: {}", predicted(it, folder))));
            return;
        };
        let raised = &failure.raised;
        if failure.is_own {
            self.own += 1;
            return;
        }
        let text = format!("{name}: {}", raised_text(raised, folder));
        if !is_of_imports(raised) {
            self.other.push(text);
            return;
        }
        let Some((file, line)) = &raised.place else {
            self.missed.push(text);
            return;
        };
        let in_file = by_file.get(file.as_path()).into_iter().flatten();
        let here: Vec<&&Prediction> = in_file.filter(|it| it.line == *line).collect();
        let is_same =
            |it: &&&Prediction| it.exception == raised.exception && it.message == raised.message;
        if here.iter().any(is_same) {
            self.predicted += 1;
        } else if let Some(other) = here.first() {
            self.reworded.push(format!("{text}\n      predicted: {}", predicted(other, folder)));
        } else {
            self.missed.push(text);
        }
    }

    /// Of a hundred failing imports, how many were predicted; those aside that packages raise themselves.
    fn percentage(&self) -> usize {
        let told = self.predicted + self.reworded.len();
        (told * 100).checked_div(told + self.missed.len()).unwrap_or(100)
    }

    /// All of it as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let lists = [
            ("false alarms", &self.false_alarms),
            ("missed", &self.missed),
            ("predicted in other words", &self.reworded),
            ("other exceptions", &self.other),
        ];
        for (title, list) in lists {
            _ = writeln!(text, "{title}: {}", list.len());
            for item in list {
                _ = writeln!(text, "    {item}");
            }
        }
        let told = self.predicted + self.reworded.len();
        let failing = told + self.missed.len() + self.own + self.other.len();
        _ = writeln!(
            text,
            "{} modules imported: {} work, {failing} fail ({} by a `raise` of their own, {} by other exceptions)\n\
             {told} failures predicted ({} word for word), {} missed: {} %; {} false alarms",
            self.works + failing,
            self.works,
            self.own,
            self.other.len(),
            self.predicted,
            self.missed.len(),
            self.percentage(),
            self.false_alarms.len(),
        );
        text
    }
}

/// Whether an exception is one that the import system raises, or a module that is half made.
fn is_of_imports(raised: &Raised) -> bool {
    let is_of_modules = raised.exception == "AttributeError"
        && ["module '", "partially initialized module", "cannot access submodule"]
            .iter()
            .any(|start| raised.message.starts_with(start));
    is_of_modules || matches!(raised.exception.as_str(), "ImportError" | "ModuleNotFoundError")
}

fn predicted(prediction: &Prediction, folder: &Path) -> String {
    let file = prediction.file.strip_prefix(folder).unwrap_or(&prediction.file);
    let Prediction { line, level, exception, message, .. } = prediction;
    format!("{}:{line}: {level}: {exception}: {message}", file.display())
}

fn raised_text(raised: &Raised, folder: &Path) -> String {
    let place = raised.place.as_ref().map_or_else(String::new, |(file, line)| {
        format!("{}:{line}: ", file.strip_prefix(folder).unwrap_or(file).display())
    });
    let message = raised.message.lines().next().unwrap_or_default();
    format!("{place}{}: {message}", raised.exception)
}
