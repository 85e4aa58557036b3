//! Where predictions and what CPython does contradict each other.

use std::fmt;
use std::path::{Path, PathBuf};

use pycheck_model::Level;

use super::truth::Import;
use crate::oracle::{Module, Prediction, Raised, is_said};

/// In which way a prediction is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// CPython raises, and nothing was said.
    Missed,
    /// An exception was predicted that does not happen.
    False,
    /// Another exception, or another message.
    Words,
    /// The same exception in the same file, at another line.
    Line,
    /// What always happens was not called an error.
    Unsure,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missed => "missed",
            Self::False => "false",
            Self::Words => "wrong words",
            Self::Line => "wrong line",
            Self::Unsure => "unsure",
        })
    }
}

/// A contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contradiction {
    pub(crate) kind: Kind,
    /// What the mistake has in common with the same mistake elsewhere.
    pub(crate) class: String,
    /// All of it, for a person to read.
    pub(crate) text: String,
}

/// A tree, what was predicted for it and what is true.
pub(crate) struct Trial<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) modules: &'a [Module],
    pub(crate) predictions: &'a [Prediction],
    /// What importing each of the modules first does.
    pub(crate) imports: &'a [Import],
    /// Whether the tree holds only what can be known.
    pub(crate) is_plain: bool,
}

impl Trial<'_> {
    /// All contradictions, each once.
    pub(crate) fn contradictions(&self) -> Vec<Contradiction> {
        let mut found: Vec<Contradiction> =
            self.predictions.iter().filter_map(|it| self.judge_prediction(it)).collect();
        if self.is_plain {
            for (index, import) in self.imports.iter().enumerate() {
                for raised in import.all().filter(|raised| is_claimed(raised)) {
                    let new = self.judge_raised(raised, index);
                    let is_new =
                        |new: &Contradiction| found.iter().all(|known| known.text != new.text);
                    found.extend(new.filter(is_new));
                }
            }
        }
        found
    }

    /// Whether what was predicted happens.
    fn judge_prediction(&self, prediction: &Prediction) -> Option<Contradiction> {
        if !prediction.on_import {
            return None;
        }
        let entry = match &prediction.entry {
            Some(entry) => self.modules.iter().position(|module| module.name == *entry),
            None if prediction.level < Level::Error => return None,
            None => self.modules.iter().position(|module| module.file == prediction.file),
        }?;
        let import = &self.imports[entry];
        if !import.raises(|raised| is_same(prediction, raised)) {
            return self.not_raised(prediction, entry);
        }
        let works = self.works_elsewhere(prediction)?;
        let text = format!(
            "predicted: {}\n  but it works if {works} is imported first",
            self.shown(prediction)
        );
        Some(contradiction(Kind::False, "works elsewhere", &prediction.message, text))
    }

    fn not_raised(&self, prediction: &Prediction, entry: usize) -> Option<Contradiction> {
        let import = &self.imports[entry];
        let at_place = |raised: &&Raised| is_at(prediction, raised);
        let other = import.all().find(at_place);
        if self.is_plain && other.is_some_and(is_claimed) {
            // Told from the other side.
            return None;
        }
        let is_blocked = import
            .blocked
            .iter()
            .any(|(file, line)| *file == prediction.file && *line == prediction.line);
        if other.is_none() && (is_blocked || never_begins(prediction, import)) {
            return None;
        }
        let raised = other.map_or("nothing".to_owned(), |raised| self.shown_raised(raised));
        let text = format!(
            "predicted: {}\n  `import {}` raises there: {raised}",
            self.shown(prediction),
            self.modules[entry].name
        );
        Some(contradiction(Kind::False, "", &prediction.message, text))
    }

    /// A module that, imported first, runs what always fails without a failure.
    fn works_elsewhere(&self, prediction: &Prediction) -> Option<&str> {
        if prediction.entry.is_some() {
            return None;
        }
        let own = &self.modules.iter().find(|module| module.file == prediction.file)?.name;
        let works =
            |import: &Import| import.done.contains(own) && !Self::happens_at(import, prediction);
        let index = self.imports.iter().position(works)?;
        Some(&self.modules[index].name)
    }

    /// Whether what happens was predicted.
    fn judge_raised(&self, raised: &Raised, entry: usize) -> Option<Contradiction> {
        let here: Vec<&Prediction> =
            self.predictions.iter().filter(|it| is_at(it, raised)).collect();
        let right: Vec<&&Prediction> = here.iter().filter(|it| is_same(it, raised)).collect();
        let told = |predicted: &str| {
            let shown = self.shown_raised(raised);
            format!("`import {}` raises {shown}\n  {predicted}", self.modules[entry].name)
        };
        if let Some(first) = right.first() {
            let is_error = right.iter().any(|it| it.level == Level::Error || it.entry.is_some());
            if is_error || !self.always_happens(raised) {
                return None;
            }
            let text = told(&format!("which happens always, predicted was {}", self.shown(first)));
            return Some(contradiction(Kind::Unsure, first.level.as_str(), &raised.message, text));
        }
        if let Some(other) = here.first() {
            let text = told(&format!("predicted there: {}", self.shown(other)));
            return Some(contradiction(Kind::Words, "", &raised.message, text));
        }
        let elsewhere = self.predictions.iter().find(|it| has_same_words(it, raised));
        if let Some(other) = elsewhere
            && !self.imports.iter().any(|import| import.raises(|it| is_same(other, it)))
        {
            let text = told(&format!("predicted elsewhere: {}", self.shown(other)));
            return Some(contradiction(Kind::Line, "", &raised.message, text));
        }
        Some(contradiction(Kind::Missed, "", &raised.message, told("predicted there: nothing")))
    }

    /// Whether something happens at the line of a prediction, in whichever words.
    fn happens_at(import: &Import, prediction: &Prediction) -> bool {
        import
            .raises(|raised| is_at(prediction, raised) && raised.exception == prediction.exception)
    }

    /// Whether every import that runs the whole module raises this.
    fn always_happens(&self, raised: &Raised) -> bool {
        let is_own =
            |module: &&Module| raised.place.as_ref().is_some_and(|(file, _)| *file == module.file);
        let Some(own) = self.modules.iter().find(is_own) else { return false };
        self.imports
            .iter()
            .filter(|import| import.done.contains(&own.name))
            .all(|import| import.raises(|it| it.place == raised.place))
    }

    fn shown(&self, prediction: &Prediction) -> String {
        let Prediction { line, level, exception, message, entry, .. } = prediction;
        let first = entry.as_ref().map(|it| format!(" (if {it} is first)")).unwrap_or_default();
        let file = self.relative(&prediction.file);
        format!("{file}:{line}: {level}{first}: {exception}: {}", self.short(message))
    }

    fn shown_raised(&self, raised: &Raised) -> String {
        let place = raised
            .place
            .as_ref()
            .map_or_else(String::new, |(file, line)| format!("{}:{line}: ", self.relative(file)));
        format!("{place}{}: {}", raised.exception, self.short(&raised.message))
    }

    fn relative(&self, file: &Path) -> String {
        file.strip_prefix(self.folder).unwrap_or(file).display().to_string()
    }

    fn short(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.folder.display()), "")
    }
}

/// Whether a package above the module ends with an exception of its own before it is read.
fn never_begins(prediction: &Prediction, import: &Import) -> bool {
    import.blocked.iter().any(|(file, _)| {
        let folder = file.parent().filter(|_| file.ends_with("__init__.py"));
        *file != prediction.file && folder.is_some_and(|it| prediction.file.starts_with(it))
    })
}

fn contradiction(kind: Kind, detail: &str, message: &str, text: String) -> Contradiction {
    // Names, paths and numbers differ, the words between them do not.
    let words = message.split('\'').step_by(2).collect::<Vec<&str>>().join("…");
    let words = words.split(" (/").next().unwrap_or_default();
    Contradiction { kind, class: format!("{kind} {detail}: {words}"), text }
}

fn is_at(prediction: &Prediction, raised: &Raised) -> bool {
    let place =
        |(file, line): &(PathBuf, usize)| prediction.file == *file && prediction.line == *line;
    raised.place.as_ref().is_some_and(place)
}

fn has_same_words(prediction: &Prediction, raised: &Raised) -> bool {
    prediction.exception == raised.exception && is_said(prediction, raised)
}

fn is_same(prediction: &Prediction, raised: &Raised) -> bool {
    is_at(prediction, raised) && has_same_words(prediction, raised)
}

/// The modules of the standard library that trees import.
const OUTSIDE: [&str; 7] = ["colorsys", "contextlib", "importlib", "json", "sys", "typing", "xml"];

/// Whether an exception is one that is to be predicted.
fn is_claimed(raised: &Raised) -> bool {
    match raised.exception.as_str() {
        "ImportError" | "ModuleNotFoundError" => {
            // The latter: `import a.b as c` where `__getattr__` answers with what is no module.
            let odd = ["planned", "<unknown module", "from 'type' (unknown"];
            !odd.iter().any(|part| raised.message.contains(part))
        }
        // Before Python 3.9.
        "ValueError" => raised.message.starts_with("attempted relative import"),
        "AttributeError" => {
            let starts = ["module '", "partially initialized module", "cannot access submodule"];
            let holder = raised.message.split('\'').nth(1).unwrap_or_default();
            // Nothing is said of what modules from outside of the tree hold.
            starts.iter().any(|start| raised.message.starts_with(start))
                && !OUTSIDE.contains(&holder.split('.').next().unwrap_or_default())
        }
        _ => false,
    }
}
