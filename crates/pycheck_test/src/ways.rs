//! Ways of running that a case states: what is started, and what must have been said of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use pycheck_model::Level;

use crate::oracle::{Answer, Prediction, Python, Raised, Tree, ask, question, shown};
use crate::page::Case;

/// A way of running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// Each module is imported first.
    Import,
    /// `python FILE`
    Script(String),
    /// `python -m MODULE`
    Module(String),
    /// `python -m pytest`
    Pytest,
}

impl Way {
    fn read(text: &str) -> Result<Self, String> {
        match text.split_once(' ') {
            None if text == "import" => Ok(Self::Import),
            None if text == "pytest" => Ok(Self::Pytest),
            Some(("script", file)) => Ok(Self::Script(file.to_owned())),
            Some(("-m", module)) => Ok(Self::Module(module.to_owned())),
            _ => Err(format!(
                "`oracle: {text}` is not known; it is `skip — reason`, `import`, `script FILE`, \
                 `-m MODULE` or `pytest`"
            )),
        }
    }

    /// How predictions call it.
    fn mode(&self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Script(_) => "script",
            Self::Module(_) => "-m",
            Self::Pytest => "pytest",
        }
    }

    fn command(&self) -> String {
        match self {
            Self::Import => "import".to_owned(),
            Self::Script(file) => format!("python {file}"),
            Self::Module(module) => format!("python -m {module}"),
            Self::Pytest => "python -m pytest".to_owned(),
        }
    }
}

/// The ways of a case: those that it states, or that modules are imported; none if it is skipped.
pub(crate) fn ways(case: &Case) -> Result<Vec<Way>, String> {
    let stated = case.settings.iter().filter(|(key, _)| key == "oracle").map(|(_, value)| value);
    let stated: Vec<&String> = stated.collect();
    if stated.iter().any(|value| value.starts_with("skip — ")) {
        return Ok(Vec::new());
    }
    if stated.is_empty() {
        return Ok(vec![Way::Import]);
    }
    stated.into_iter().map(|value| Way::read(value)).collect()
}

/// Where starting a program in a tree contradicts what was predicted.
pub(crate) fn contradictions(
    python: &Python,
    tree: &Tree,
    way: &Way,
    predictions: &[Prediction],
) -> Result<Vec<String>, String> {
    let started = |way: &str, what: &str| -> Result<Vec<Raised>, String> {
        let tree = Tree { modules: Vec::new(), ..tree.clone() };
        let answers = ask(python, vec![question(&tree, &[(way, what)])])?;
        let raised = |answer: Answer| match answer {
            Answer::Raised(raised) => Some(raised),
            Answer::Works | Answer::Hidden => None,
        };
        Ok(answers.into_iter().flatten().filter_map(raised).collect())
    };
    let raised = match way {
        Way::Import => return Ok(Vec::new()),
        Way::Script(file) => started("script", file)?,
        Way::Module(module) => started("-m", module)?,
        Way::Pytest => match pytest(tree) {
            Some(raised) => raised?,
            None => return Ok(Vec::new()),
        },
    };
    let run = Run { tree, way, raised };
    Ok(run.unpredicted(predictions).into_iter().chain(run.false_alarms(predictions)).collect())
}

struct Run<'a> {
    tree: &'a Tree,
    way: &'a Way,
    raised: Vec<Raised>,
}

impl Run<'_> {
    /// Whether something is predicted for this way of running.
    fn is_meant(&self, prediction: &Prediction) -> bool {
        prediction.modes.contains(&self.way.mode())
    }

    fn unpredicted(&self, predictions: &[Prediction]) -> Vec<String> {
        let told = |raised: &&Raised| {
            // What is an error happens however the file is run.
            let counts = |it: &&Prediction| self.is_meant(it) || it.level == Level::Error;
            predictions.iter().filter(counts).any(|it| is_same(it, raised))
        };
        let unpredicted =
            self.raised.iter().filter(|raised| is_of_imports(raised) && !told(raised));
        unpredicted
            .map(|raised| {
                let place = raised.place.as_ref().map_or_else(String::new, |(file, line)| {
                    let file = file.strip_prefix(&self.tree.folder).unwrap_or(file);
                    format!("{}:{line}: ", file.display())
                });
                let Raised { exception, message, .. } = raised;
                let command = self.way.command();
                format!("`{command}` raises {place}{exception}: {message}, which was not predicted")
            })
            .collect()
    }

    fn false_alarms(&self, predictions: &[Prediction]) -> Vec<String> {
        let is_claimed = |it: &&Prediction| {
            let is_only = it.level == Level::Warn && it.modes == [self.way.mode()];
            self.is_meant(it) && !it.is_deferred && (it.level == Level::Error || is_only)
        };
        let is_false = |it: &&Prediction| {
            self.runs(&it.file) && !self.raised.iter().any(|raised| is_same(it, raised))
        };
        let wrong = predictions.iter().filter(is_claimed).filter(is_false);
        wrong
            .map(|it| format!("`{}` does not raise {}", self.way.command(), shown(self.tree, it)))
            .collect()
    }

    /// Whether a file is what is started.
    fn runs(&self, file: &Path) -> bool {
        let folder = &self.tree.folder;
        match self.way {
            Way::Script(script) => *file == folder.join(script),
            Way::Module(module) => {
                let path = folder.join(module.replace('.', "/"));
                *file == path.with_extension("py") || *file == path.join("__main__.py")
            }
            Way::Pytest | Way::Import => false,
        }
    }
}

fn is_same(prediction: &Prediction, raised: &Raised) -> bool {
    let is_there =
        |(file, line): &(PathBuf, usize)| prediction.file == *file && prediction.line == *line;
    raised.place.as_ref().is_some_and(is_there)
        && prediction.exception == raised.exception
        && prediction.message == raised.message
}

fn is_of_imports(raised: &Raised) -> bool {
    let of_imports = ["ImportError", "ModuleNotFoundError", "AttributeError"];
    of_imports.contains(&raised.exception.as_str())
}

/// What pytest meets when it collects the tests of a tree; `None` where there is no pytest.
fn pytest(tree: &Tree) -> Option<Result<Vec<Raised>, String>> {
    let has_pytest = |python: &PathBuf| {
        let version = Command::new(python).args(["-m", "pytest", "--version"]).output();
        version.is_ok_and(|output| output.status.success())
    };
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/real-imports/env/bin/python3");
    let python = [PathBuf::from("python3"), PathBuf::from(own)].into_iter().find(has_pytest)?;
    let output = Command::new(&python)
        .args(["-B", "-m", "pytest", "--collect-only", "--quiet", "--color=no"])
        .args(["-p", "no:cacheprovider"])
        .current_dir(&tree.folder)
        .env_remove("PYTHONPATH")
        .output();
    Some(match output {
        Ok(output) => Ok(met(&String::from_utf8_lossy(&output.stdout), &tree.folder)
            .into_iter()
            .chain(met(&String::from_utf8_lossy(&output.stderr), &tree.folder))
            .collect()),
        Err(error) => Err(format!("{} can't be run: {error}", python.display())),
    })
}

/// The exceptions in pytest's short tracebacks: `file:line: in name` some times, then `E   Type: text`.
fn met(output: &str, folder: &Path) -> Vec<Raised> {
    let mut found = Vec::new();
    let mut place = None;
    for line in output.lines() {
        if let Some((exception, message)) =
            line.strip_prefix("E   ").and_then(|rest| rest.split_once(": "))
        {
            let (exception, message) = (exception.to_owned(), message.to_owned());
            found.push(Raised { exception, message, place: place.take() });
        } else if let Some((before, _)) = line.split_once(": in ")
            && let Some((file, number)) = before.rsplit_once(':')
            && let Ok(number) = number.parse()
            && !Path::new(file).is_absolute()
        {
            place = Some((folder.join(file), number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Way, met, ways};
    use crate::page::parse;
    use std::path::{Path, PathBuf};

    #[test]
    fn a_case_states_its_ways() {
        let stated = |lines: &str| {
            let page = parse("p", &format!("## A\n\n{lines}\n"));
            ways(&page.cases[1])
        };
        assert_eq!(stated(""), Ok(vec![Way::Import]));
        assert_eq!(stated("oracle: skip — why"), Ok(Vec::new()));
        assert_eq!(
            stated("oracle: script a/b.py\n\noracle: -m a.b"),
            Ok(vec![Way::Script("a/b.py".to_owned()), Way::Module("a.b".to_owned())])
        );
        assert!(stated("oracle: magic").is_err());
        assert!(stated("oracle: skip").is_err());
    }

    #[test]
    fn tracebacks_of_pytest_end_in_exceptions() {
        let output = "tests/test_a.py:1: in <module>\n    import b\nb.py:3: in <module>\n    import nope\n\
                      E   ModuleNotFoundError: No module named 'nope'\n";
        let found = met(output, Path::new("/t"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].exception, "ModuleNotFoundError");
        assert_eq!(found[0].message, "No module named 'nope'");
        assert_eq!(found[0].place, Some((PathBuf::from("/t/b.py"), 3)));
    }
}
