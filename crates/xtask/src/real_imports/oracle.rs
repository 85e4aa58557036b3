//! What importing a module of the environment raises.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use pycheck_test::oracle::{Module, Raised};
use serde::Deserialize;

use super::environment::Environment;

/// How many interpreters work at once.
const WORKERS: usize = 2;

/// An import that was tried.
pub(crate) struct Import {
    /// The module.
    pub(crate) module: Module,
    /// What it raised.
    pub(crate) raised: Option<Failure>,
}

/// What an import raised.
pub(crate) struct Failure {
    /// The exception.
    pub(crate) raised: Raised,
    /// Whether a package's own `raise` or `assert` did it.
    pub(crate) is_own: bool,
}

#[derive(Deserialize)]
struct Answer {
    module: String,
    raised: Option<AnsweredFailure>,
}

#[derive(Deserialize)]
struct AnsweredFailure {
    exception: String,
    message: String,
    file: Option<PathBuf>,
    #[serde(default)]
    line: usize,
    #[serde(default)]
    is_own: bool,
}

/// Imports all modules, each in a fresh process.
pub(crate) fn import_all(environment: &Environment, modules: &[Module]) -> Result<Vec<Import>> {
    let size = modules.len().div_ceil(WORKERS).max(1);
    let answers: Vec<Result<Vec<Import>>> = std::thread::scope(|scope| {
        let workers: Vec<_> = modules
            .chunks(size)
            .map(|part| scope.spawn(|| import_each(environment, part)))
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("workers do not panic")).collect()
    });
    let answers: Result<Vec<Vec<Import>>> = answers.into_iter().collect();
    Ok(answers?.into_iter().flatten().collect())
}

fn import_each(environment: &Environment, modules: &[Module]) -> Result<Vec<Import>> {
    let mut child = start(environment)?;
    let mut questions = child.stdin.take().context("the input is piped")?;
    let mut answers = BufReader::new(child.stdout.take().context("the output is piped")?).lines();
    let mut imports = Vec::new();
    for module in modules {
        writeln!(questions, "{}", module.name).context("the interpreter is gone")?;
        let line = answers.next().context("the interpreter stopped answering")??;
        imports.push(import(module, &line)?);
    }
    drop(questions);
    child.wait().context("the interpreter does not end")?;
    Ok(imports)
}

fn start(environment: &Environment) -> Result<Child> {
    let home = environment.folder.join("home");
    std::fs::create_dir_all(&home).context("the environment can't be written to")?;
    Command::new(environment.python())
        .args(["-P", "-s", "-B", "-c", include_str!("oracle.py")])
        .arg(&environment.packages)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", &home)
        .current_dir(&home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the environment's interpreter can't be started")
}

fn import(module: &Module, line: &str) -> Result<Import> {
    let answer: Answer =
        serde_json::from_str(line).with_context(|| format!("the interpreter answers {line}"))?;
    anyhow::ensure!(answer.module == module.name, "the interpreter answers {line}");
    let raised = answer.raised.map(|failure| {
        let AnsweredFailure { exception, message, file, line, is_own } = failure;
        let place = file.map(|file| (file, line));
        Failure { raised: Raised { exception, message, place }, is_own }
    });
    Ok(Import { module: module.clone(), raised })
}
