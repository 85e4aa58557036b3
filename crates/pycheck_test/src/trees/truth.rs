//! What CPython says of a tree, asked of a process that stays.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::oracle::{Python, Raised};

/// What importing a module first does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Import {
    /// What it raises.
    pub(crate) plain: Option<Raised>,
    /// What is raised when statements carry on after a failure.
    pub(crate) failures: Vec<Raised>,
    /// The modules that are whole in the end, when statements carry on.
    pub(crate) done: Vec<String>,
    /// The statements that an exception of a module's own went through: what else they would
    /// raise can't be seen.
    pub(crate) blocked: Vec<(PathBuf, usize)>,
}

impl Import {
    /// Whether something was raised, plainly or carrying on.
    pub(crate) fn raises(&self, is_it: impl Fn(&Raised) -> bool) -> bool {
        self.all().any(is_it)
    }

    /// All that was raised.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Raised> {
        self.plain.iter().chain(&self.failures)
    }
}

/// An interpreter that answers questions about trees.
#[derive(Debug)]
pub(crate) struct Truth {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Truth {
    /// Starts an interpreter.
    pub(crate) fn start(python: &Python) -> Result<Self, String> {
        let mut child = Command::new(&python.path)
            // Not `-I`, without which the first folder on `sys.path` counts in some messages.
            .args(["-E", "-s", "-S", "-c", include_str!("truth.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} can't be run: {error}", python.path.display()))?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().expect("the output is piped");
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// Imports each of the modules first.
    pub(crate) fn ask(&mut self, folder: &Path, modules: &[String]) -> Result<Vec<Import>, String> {
        let question = json!({"folder": folder, "modules": modules});
        let questions = self.questions.as_mut().ok_or("the interpreter is gone")?;
        writeln!(questions, "{question}").map_err(|error| error.to_string())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|error| format!("the interpreter answers {answer:?}: {error}"))?;
        let imports = answer.as_array().ok_or_else(|| format!("the interpreter {answer}"))?;
        Ok(imports.iter().map(import).collect())
    }
}

impl Drop for Truth {
    fn drop(&mut self) {
        // It ends when there are no more questions.
        self.questions = None;
        _ = self.child.wait();
    }
}

fn import(value: &Value) -> Import {
    let items = |key: &str| value[key].as_array().map(Vec::as_slice).unwrap_or_default();
    Import {
        plain: raised(&value["plain"]),
        failures: items("failures").iter().filter_map(raised).collect(),
        blocked: items("blocked").iter().filter_map(place).collect(),
        done: items("done").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

fn place(value: &Value) -> Option<(PathBuf, usize)> {
    let line = usize::try_from(value[1].as_u64()?).ok()?;
    Some((PathBuf::from(value[0].as_str()?), line))
}

fn raised(value: &Value) -> Option<Raised> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let line = value["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
    let place = text("file").map(|file| (PathBuf::from(file), line));
    Some(Raised { exception: text("exception")?, message: text("message")?, place })
}
