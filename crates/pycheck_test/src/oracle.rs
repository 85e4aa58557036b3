//! Asks CPython what happens when a module is imported, and compares that with what was predicted.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pycheck_model::{Level, PythonVersion, is_identifier};
use serde_json::{Value, json};

/// An interpreter.
#[derive(Debug, Clone)]
pub struct Python {
    /// Its path.
    pub path: PathBuf,
    /// What it says of itself.
    pub version: PythonVersion,
}

impl Python {
    /// The interpreter at a path, if it runs and its version is supported.
    pub fn at(path: &Path) -> Option<Self> {
        let version = version_of(path)?;
        version.is_supported().then(|| Self { path: path.to_owned(), version })
    }
}

/// Modules that are to be imported, each in a fresh process.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The folder that holds everything.
    pub folder: PathBuf,
    /// What stands first on `sys.path`.
    pub roots: Vec<PathBuf>,
    /// The folders of installed packages, whose `.pth` files count.
    pub sites: Vec<PathBuf>,
    /// The modules.
    pub modules: Vec<Module>,
}

/// A module of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The name by which it is imported.
    pub name: String,
    /// Its file.
    pub file: PathBuf,
}

/// What importing a module did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It worked.
    Works,
    /// The name leads to another file.
    Hidden,
    /// It raised.
    Raised(Raised),
}

/// An exception, and the last line of the tree on its traceback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The name of its class.
    pub exception: String,
    /// `str(exception)`.
    pub message: String,
    /// The file and the line, from 1.
    pub place: Option<(PathBuf, usize)>,
}

/// A finding that predicts an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// The file.
    pub file: PathBuf,
    /// The line that the finding begins on, from 1.
    pub line: usize,
    /// How sure it is.
    pub level: Level,
    /// Whether it speaks of importing the module, and not of starting it or calling into it.
    pub on_import: bool,
    /// Whether it stands in a function.
    pub is_deferred: bool,
    /// Under which ways of running it happens.
    pub modes: Vec<&'static str>,
    /// The name of the exception's class.
    pub exception: String,
    /// `str(exception)`.
    pub message: String,
    /// The module that must be imported first for it to happen.
    pub entry: Option<String>,
}

/// The interpreters of this machine that can answer: `python3` and those of pyenv, one per version.
pub fn pythons() -> Vec<Python> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let root = std::env::var_os("PYENV_ROOT").map_or_else(|| home.join(".pyenv"), PathBuf::from);
    let installed = std::fs::read_dir(root.join("versions")).into_iter().flatten().flatten();
    let mut candidates: Vec<PathBuf> =
        installed.map(|entry| entry.path().join("bin/python3")).collect();
    candidates.sort();
    candidates.push(PathBuf::from("python3"));
    let mut found: Vec<Python> = Vec::new();
    for path in candidates {
        if let Some(version) = version_of(&path)
            && version.is_supported()
            && cfg!(unix)
            && found.iter().all(|python| python.version != version)
        {
            found.push(Python { path, version });
        }
    }
    found
}

fn version_of(path: &Path) -> Option<PythonVersion> {
    let program = "import sys; print('%d.%d' % sys.version_info[:2])";
    let output = Command::new(path).args(["-I", "-S", "-c", program]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The names of the Python files of a tree, given as paths, from the deepest root that can name them.
pub fn modules(files: &[PathBuf], roots: &[PathBuf]) -> Vec<Module> {
    let name_of = |file: &PathBuf| {
        let name_from = |root: &PathBuf| module_name(file.strip_prefix(root).ok()?);
        let names = roots.iter().filter_map(name_from);
        let name = names.min_by_key(|name| name.matches('.').count())?;
        Some(Module { name, file: file.clone() })
    };
    files.iter().filter_map(name_of).collect()
}

fn module_name(path: &Path) -> Option<String> {
    let stem = path.to_str()?.strip_suffix(".py")?;
    let module = stem.strip_suffix("/__init__").unwrap_or(stem);
    module.split('/').all(is_identifier).then(|| module.replace('/', "."))
}

/// Imports all modules of all trees, each in a process of its own.
pub fn import_each(python: &Python, trees: &[Tree]) -> Result<Vec<Vec<Answer>>, String> {
    ask(python, trees.iter().map(|tree| question(tree, &[])).collect())
}

/// Asks questions about trees; each has an answer for each module and each way.
pub(crate) fn ask(python: &Python, questions: Vec<Value>) -> Result<Vec<Vec<Answer>>, String> {
    let output = run(python, &Value::from(questions).to_string())?;
    let answers: Vec<Vec<Value>> = serde_json::from_str(&output)
        .map_err(|error| format!("the answer of {} is no JSON: {error}", python.path.display()))?;
    Ok(answers.iter().map(|tree| tree.iter().map(answer).collect()).collect())
}

/// What is asked about a tree: its modules, and ways of starting a program with what is started.
pub(crate) fn question(tree: &Tree, ways: &[(&str, &str)]) -> Value {
    let modules: Vec<Value> =
        tree.modules.iter().map(|module| json!([module.name, module.file])).collect();
    json!({
        "folder": tree.folder,
        "roots": tree.roots,
        "sites": tree.sites,
        "modules": modules,
        "ways": ways,
    })
}

fn run(python: &Python, input: &str) -> Result<String, String> {
    let failed = |error| format!("{} can't be run: {error}", python.path.display());
    let mut child = Command::new(&python.path)
        // Not `-I`: the working directory is the first entry of `sys.path`, as for a user.
        .args(["-E", "-s", "-S", "-c", include_str!("oracle.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // Everything is read before anything is written, so neither side waits for the other.
    let mut stdin = child.stdin.take().expect("the input was piped");
    stdin.write_all(input.as_bytes()).map_err(failed)?;
    drop(stdin);
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn answer(value: &Value) -> Answer {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    if value.is_null() {
        return Answer::Works;
    }
    if value == "hidden" {
        return Answer::Hidden;
    }
    let line = value["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
    let place = value["file"].as_str().map(|file| (PathBuf::from(file), line));
    Answer::Raised(Raised { exception: text("exception"), message: text("message"), place })
}

/// What was predicted and does not happen, or happens and was not predicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// What CPython raised; `None` if it raised nothing.
    pub raised: Option<Raised>,
    /// Both, for a person to read.
    pub message: String,
}

/// Where the predictions for a tree and the answers for its modules contradict each other.
///
/// - A module with an error that shows on import must raise.
/// - An exception of the import system must have been predicted, word for word, at its line.
pub fn contradictions(
    tree: &Tree,
    predictions: &[Prediction],
    answers: &[Answer],
) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (module, answer) in tree.modules.iter().zip(answers) {
        let certain: Vec<&Prediction> = predictions
            .iter()
            .filter(|p| p.file == module.file && p.on_import && p.level == Level::Error)
            .collect();
        match answer {
            Answer::Hidden => {}
            Answer::Works => found.extend(certain.iter().map(|prediction| {
                let predicted = shown(tree, prediction);
                let message = format!("`import {}` works, predicted was {predicted}", module.name);
                Contradiction { raised: None, message }
            })),
            Answer::Raised(raised) => {
                let message = unpredicted(tree, module, raised, predictions);
                let raised = Some(raised.clone());
                found.extend(message.map(|message| Contradiction { raised, message }));
            }
        }
    }
    found
}

fn unpredicted(
    tree: &Tree,
    module: &Module,
    raised: &Raised,
    predictions: &[Prediction],
) -> Option<String> {
    let is_of_imports = matches!(raised.exception.as_str(), "ImportError" | "ModuleNotFoundError");
    let at_place = |p: &&Prediction| {
        raised.place.as_ref().is_some_and(|(file, line)| p.file == *file && p.line == *line)
    };
    let here: Vec<&Prediction> = predictions.iter().filter(at_place).collect();
    let is_predicted = here.iter().any(|p| p.exception == raised.exception && is_said(p, raised));
    if is_predicted || !is_of_imports {
        return None;
    }
    let place = raised.place.as_ref().map_or_else(String::new, |(file, line)| {
        let file = file.strip_prefix(&tree.folder).unwrap_or(file);
        format!("{}:{line}: ", file.display())
    });
    let predicted: Vec<String> = here.iter().map(|prediction| shown(tree, prediction)).collect();
    let predicted = if predicted.is_empty() { "nothing".to_owned() } else { predicted.join(", ") };
    Some(format!(
        "`import {}` raises {place}{}: {}\n    predicted there: {predicted}",
        module.name, raised.exception, raised.message
    ))
}

/// Whether the words are the same. The advice to rename a file was worded anew within 3.13, whose
/// first release is often the one at hand.
pub(crate) fn is_said(prediction: &Prediction, raised: &Raised) -> bool {
    prediction.message == raised.message || prediction.message.contains("(consider renaming '")
}

pub(crate) fn shown(tree: &Tree, prediction: &Prediction) -> String {
    let file = prediction.file.strip_prefix(&tree.folder).unwrap_or(&prediction.file);
    let Prediction { line, level, exception, message, .. } = prediction;
    format!("{}:{line}: {level}: {exception}: {message}", file.display())
}

#[cfg(test)]
mod tests {
    use super::{Answer, Module, Prediction, Raised, Tree, contradictions, modules, pythons};
    use pycheck_model::Level;
    use std::path::PathBuf;

    #[test]
    fn names_start_from_the_deepest_root() {
        let files: Vec<PathBuf> =
            ["/p/src/a/__init__.py", "/p/src/a/b.py", "/p/c-d/e.py", "/p/c-d/x.txt", "/p/t.py"]
                .map(PathBuf::from)
                .to_vec();
        let found = modules(&files, &["/p".into(), "/p/src".into()]);
        let names: Vec<&str> = found.iter().map(|module| module.name.as_str()).collect();
        assert_eq!(names, ["a", "a.b", "t"]);
    }

    fn tree() -> Tree {
        let module = Module { name: "a".to_owned(), file: "/t/a.py".into() };
        Tree { folder: "/t".into(), roots: Vec::new(), sites: Vec::new(), modules: vec![module] }
    }

    fn prediction(message: &str) -> Prediction {
        Prediction {
            file: "/t/a.py".into(),
            line: 3,
            level: Level::Error,
            on_import: true,
            is_deferred: false,
            modes: vec!["import"],
            exception: "ImportError".to_owned(),
            message: message.to_owned(),
            entry: None,
        }
    }

    fn raised(line: usize) -> Answer {
        Answer::Raised(Raised {
            exception: "ImportError".to_owned(),
            message: "no".to_owned(),
            place: Some(("/t/a.py".into(), line)),
        })
    }

    #[test]
    fn an_error_that_does_not_happen_is_a_contradiction() {
        assert_eq!(contradictions(&tree(), &[prediction("no")], &[Answer::Works]).len(), 1);
        let later = Prediction { on_import: false, ..prediction("no") };
        assert_eq!(contradictions(&tree(), &[later], &[Answer::Works]), []);
    }

    #[test]
    fn an_exception_must_be_predicted_word_for_word_at_its_line() {
        assert_eq!(contradictions(&tree(), &[prediction("no")], &[raised(3)]), []);
        assert_eq!(contradictions(&tree(), &[prediction("no")], &[raised(4)]).len(), 1);
        assert_eq!(contradictions(&tree(), &[prediction("yes")], &[raised(3)]).len(), 1);
        assert_eq!(contradictions(&tree(), &[], &[raised(3)]).len(), 1);
    }

    #[test]
    fn cpython_tells_what_an_import_raises_and_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        std::fs::write(path.join("a.py"), "print('hello')\nimport b.c\n").unwrap();
        let file = path.join("a.py");
        let modules = vec![Module { name: "a".to_owned(), file: file.clone() }];
        let roots = vec![path.clone()];
        let tree = Tree { folder: path.clone(), roots, sites: Vec::new(), modules };
        for python in pythons() {
            std::fs::write(path.join("b.pyc"), "x = 1\n").unwrap();
            let answers = super::import_each(&python, std::slice::from_ref(&tree)).unwrap();
            let expected = Raised {
                exception: "ModuleNotFoundError".to_owned(),
                message: "No module named 'b.c'; 'b' is not a package".to_owned(),
                place: Some((file.clone(), 2)),
            };
            assert_eq!(answers, [[Answer::Raised(expected)]]);
        }
    }
}
