//! `cargo xtask bench-server`: how long an editor waits for the language server, in a large workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::editor::Editor;
use crate::bench::fetch;
use crate::process::{self, cargo, workspace_root};

mod editor;

/// Where to measure, and how much.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A folder to open, instead of the largest tree of `cargo xtask bench`.
    #[arg(long)]
    root: Option<PathBuf>,
    /// How many files are edited.
    #[arg(long, default_value_t = 60)]
    files: usize,
}

/// The longest that an edit may take in the middle, and for one in a hundred.
const MEDIAN: Duration = Duration::from_millis(15);
const NINETY_NINTH: Duration = Duration::from_millis(40);

/// How many times as long as a check of everything the first diagnostics may take.
const START: f64 = 1.2;

/// The module that no project has.
const MISSING: &str = "no_such_module_zz";

/// Measures and prints; an error if a budget is not kept.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::run(cargo().args(["build", "--release", "--package", "pycheck", "--bin", "pycheck"]))?;
    let program = workspace_root().join("target/release/pycheck");
    let root = match &options.root {
        Some(root) => root.canonicalize().context("the folder can't be found")?,
        None => fetch::tree(&fetch::TREES[0])?,
    };
    let files = chosen(&root, options.files)?;
    let first = files.first().context("there is no Python file")?;
    let mut starts = Starts::default();
    for _ in 0..3 {
        starts.cold.push(cold(&program, &root)?);
        let mut editor = Editor::open(&program, &root)?;
        starts.server.push(editor.open_file(first)?);
    }
    let mut editor = Editor::open(&program, &root)?;
    let mut times = Times::default();
    for file in &files {
        times.edit(&mut editor, file)?;
    }
    let mut missed = starts.report();
    missed.extend(times.report());
    if !missed.is_empty() {
        bail!("budgets not kept:\n  {}", missed.join("\n  "));
    }
    Ok(())
}

/// Files spread over the whole tree, those left out that hold nothing.
fn chosen(root: &Path, count: usize) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--others", "--cached", "*.py"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let mut files: Vec<PathBuf> = match output {
        Some(output) => {
            let names = String::from_utf8_lossy(&output.stdout).into_owned();
            names.lines().map(|name| root.join(name)).collect()
        }
        None => walk(root)?,
    };
    files.retain(|file| std::fs::metadata(file).is_ok_and(|facts| facts.len() > 200));
    files.sort_unstable();
    let step = files.len().div_ceil(count.max(1)).max(1);
    Ok(files.into_iter().step_by(step).collect())
}

fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(walk(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            found.push(path);
        }
    }
    Ok(found)
}

/// How long a check of everything takes.
fn cold(program: &Path, root: &Path) -> Result<Duration> {
    let begin = Instant::now();
    let mut command = Command::new(program);
    command.args(["check", "-q", "."]).current_dir(root).stdout(Stdio::null());
    command.status().context("can't start pycheck")?;
    Ok(begin.elapsed())
}

#[derive(Default)]
struct Starts {
    cold: Vec<Duration>,
    server: Vec<Duration>,
}

impl Starts {
    fn report(mut self) -> Vec<String> {
        let (cold, server) = (at(&mut self.cold, 0.5), at(&mut self.server, 0.5));
        let ratio = server.as_secs_f64() / cold.as_secs_f64();
        println!("start to first diagnostics {server:.0?}, `pycheck .` {cold:.0?}: {ratio:.2}");
        let is_missed = ratio > START;
        is_missed.then(|| format!("the start takes {ratio:.2} times a check")).into_iter().collect()
    }
}

/// How long edits took, by what they were.
#[derive(Default)]
struct Times {
    /// A statement in a function, a line above all, a line that can't be parsed.
    text: Vec<Duration>,
    /// An import or a name at the top level, until the editor shows where everything stands now.
    module: Vec<Duration>,
    /// An import that fails, until the editor says so.
    judged: Vec<Duration>,
}

impl Times {
    fn edit(&mut self, editor: &mut Editor, file: &Path) -> Result<()> {
        editor.open_file(file)?;
        let lines = editor.lines();
        let indented = |line: &&(usize, &String)| line.1.trim_start().starts_with("return");
        let inner = lines
            .iter()
            .enumerate()
            .find(|line| indented(&line))
            .map(|(line, text)| (line, " ".repeat(text.len() - text.trim_start().len())));
        if let Some((line, indent)) = inner {
            self.text.push(editor.insert(line, &format!("{indent}value = 1\n"))?);
            self.text.push(editor.insert(line, "x = (\n")?);
            self.text.push(editor.delete(line)?);
            self.text.push(editor.delete(line)?);
        }
        self.text.push(editor.insert(0, "# a line\n")?);
        self.text.push(editor.delete(0)?);
        let end = lines.len();
        self.module.push(editor.insert(end, "new_name = 1\n")?);
        self.module.push(editor.delete(end)?);
        let begin = Instant::now();
        self.module.push(editor.insert(end, &format!("import {MISSING}\n"))?);
        editor.until(|items| items.contains(MISSING))?;
        self.judged.push(begin.elapsed());
        self.module.push(editor.delete(end)?);
        editor.close_file()
    }

    fn report(mut self) -> Vec<String> {
        let mut missed = Vec::new();
        let rows = [
            ("edits of text", &mut self.text, true),
            ("edits of imports and names", &mut self.module, true),
            ("  until imports are judged", &mut self.judged, false),
        ];
        for (what, times, has_budget) in rows {
            let (median, ninety_ninth) = (at(times, 0.5), at(times, 0.99));
            let count = times.len();
            println!("{what}: {count}, median {median:.1?}, 99th percentile {ninety_ninth:.1?}");
            if has_budget && (median > MEDIAN || ninety_ninth > NINETY_NINTH) {
                missed.push(format!("{what} take {median:.1?}, {ninety_ninth:.1?} at most"));
            }
        }
        missed
    }
}

/// The time at a part of a list when it is sorted.
fn at(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    #[expect(clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
    let index = ((times.len() as f64 - 1.0) * part).ceil().max(0.0) as usize;
    times.get(index).copied().unwrap_or_default()
}
