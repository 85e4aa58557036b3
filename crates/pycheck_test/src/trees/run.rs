//! Makes trees, asks CPython and pycheck about them, and reports where the two contradict each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::TempDir;

use super::features::{Feature, Features};
use super::generator;
use super::judge::{Contradiction, Kind, Trial};
use super::page::page;
use super::program::{Files, text};
use super::shrink::shrink;
use super::truth::{Import, Truth};
use crate::checked::{Checked, How};
use crate::oracle::{Module, Prediction, Python, Raised, modules};
use crate::suite::write_environment;

/// Which trees are tried.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many.
    pub count: u64,
    /// The seed of the first one.
    pub seed: u64,
    /// What may occur in them.
    pub features: Features,
    /// Who decides what is true; the trees are dealt out to them in turn.
    pub pythons: Vec<Python>,
    /// How many failing trees are shrunk and shown.
    pub shown: usize,
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many modules were imported first.
    pub modules: usize,
    /// How many of these imports raised.
    pub raising: usize,
    /// How many failures were compared.
    pub failures: usize,
    /// The seeds of the trees with a contradiction.
    pub wrong: Vec<u64>,
    /// Those of the trees in which something was said and not called an error.
    pub unsure: Vec<u64>,
    /// How often each class of contradictions occurs.
    pub classes: BTreeMap<String, usize>,
    /// The first failing trees, shrunk, as cases of a page.
    pub pages: Vec<String>,
}

impl Report {
    /// The figures, a line for each class of contradictions, and the failing trees.
    pub fn text(&self) -> String {
        let Self { modules, raising, failures, wrong, unsure, classes, pages } = self;
        let mut text = pages.join("\n");
        _ = writeln!(
            text,
            "\n{modules} modules imported first, {raising} raise; {failures} failures compared; \
             {} trees with contradictions, {} in which what happens always is no error",
            wrong.len(),
            unsure.len()
        );
        for (class, count) in classes {
            _ = writeln!(text, "{count:>6} {class}");
        }
        text
    }
}

/// A tree that was tried.
struct Tried {
    imports: Vec<Import>,
    contradictions: Vec<Contradiction>,
    folder: PathBuf,
    _temporary: TempDir,
}

/// A worker with an interpreter of its own.
struct Worker<'a> {
    options: &'a Options,
    python: &'a Python,
    features: Features,
    truth: Truth,
}

/// Tries all trees.
pub fn run(options: &Options) -> Result<Report, String> {
    let parts = options.pythons.len().max(1) as u64;
    let parts = if parts == 1 { 2 } else { parts };
    let work = |part: u64| -> Result<Vec<(u64, Tried)>, String> {
        let mut worker = Worker::start(options, part)?;
        let seeds = (options.seed..options.seed + options.count).skip(part as usize);
        seeds.step_by(parts as usize).map(|seed| Ok((seed, worker.try_seed(seed)?))).collect()
    };
    let tried: Result<Vec<_>, String> = (0..parts).into_par_iter().map(work).collect();
    let mut tried: Vec<(u64, Tried)> = tried?.into_iter().flatten().collect();
    tried.sort_by_key(|(seed, _)| *seed);
    let mut report = summed(&tried);
    let wrong = report.wrong.iter().chain(&report.unsure);
    let first: Vec<u64> = wrong.copied().take(options.shown).collect();
    for seed in first {
        let mut worker = Worker::start(options, (seed - options.seed) % parts)?;
        report.pages.push(worker.shrunk(seed)?);
    }
    Ok(report)
}

fn summed(tried: &[(u64, Tried)]) -> Report {
    let mut report = Report::default();
    for (seed, tree) in tried {
        report.modules += tree.imports.len();
        report.raising += tree.imports.iter().filter(|import| import.plain.is_some()).count();
        report.failures += tree.imports.iter().map(|import| import.failures.len()).sum::<usize>();
        for found in &tree.contradictions {
            *report.classes.entry(found.class.clone()).or_default() += 1;
        }
        if tree.contradictions.iter().any(|found| found.kind != Kind::Unsure) {
            report.wrong.push(*seed);
        } else if !tree.contradictions.is_empty() {
            report.unsure.push(*seed);
        }
    }
    report
}

impl<'a> Worker<'a> {
    fn start(options: &'a Options, part: u64) -> Result<Self, String> {
        let count = options.pythons.len();
        let python =
            options.pythons.get(part as usize % count.max(1)).ok_or("no Python is found")?;
        let features = options.features.for_version(python.version);
        Ok(Self { options, python, features, truth: Truth::start(python)? })
    }

    fn try_seed(&mut self, seed: u64) -> Result<Tried, String> {
        let files = generator::tree(seed, &self.features);
        self.try_files(&files).map_err(|error| format!("tree {seed}: {error}"))
    }

    fn try_files(&mut self, files: &Files) -> Result<Tried, String> {
        let failed = |error: std::io::Error| format!("the files can't be written: {error}");
        let temporary = tempfile::tempdir().map_err(failed)?;
        let folder = temporary.path().canonicalize().map_err(failed)?.join("project");
        write(&folder, files, self.python).map_err(failed)?;
        let paths: Vec<PathBuf> = files.keys().map(|name| folder.join(name)).collect();
        let modules = modules(&paths, std::slice::from_ref(&folder));
        let names: Vec<String> = modules.iter().map(|module| module.name.clone()).collect();
        let imports = self.truth.ask(&folder, &names)?;
        let predictions = predictions(&folder)?;
        let contradictions = self.contradictions(&folder, &modules, &predictions, &imports);
        Ok(Tried { imports, contradictions, folder, _temporary: temporary })
    }

    fn contradictions(
        &self,
        folder: &Path,
        modules: &[Module],
        predictions: &[Prediction],
        imports: &[Import],
    ) -> Vec<Contradiction> {
        let is_plain = !self.options.features.has(Feature::Unknown);
        Trial { folder, modules, predictions, imports, is_plain }.contradictions()
    }

    /// The page for a failing tree.
    fn shrunk(&mut self, seed: u64) -> Result<String, String> {
        let files = generator::tree(seed, &self.features);
        let first = self.try_files(&files)?;
        let worst = first.contradictions.iter().min_by_key(|found| found.kind == Kind::Unsure);
        let Some(class) = worst.map(|found| found.class.clone()) else {
            return Ok(format!("tree {seed} fails only sometimes\n"));
        };
        let known = foreign(&first);
        let small = shrink(files, |files| {
            let tried = self.try_files(files);
            tried.is_ok_and(|tried| {
                foreign(&tried).is_subset(&known)
                    && tried.contradictions.iter().any(|it| it.class == class)
            })
        });
        let tried = self.try_files(&small)?;
        let origin = (seed, self.python.version);
        Ok(page(origin, (&tried.folder, &small), &tried.imports, &tried.contradictions))
    }
}

/// What fails by something that has nothing to do with imports, such as a name that is not defined.
fn foreign(tried: &Tried) -> BTreeSet<&str> {
    let of_imports = ["ImportError", "ModuleNotFoundError", "AttributeError"];
    let is_foreign = |raised: &&Raised| !of_imports.contains(&raised.exception.as_str());
    let failures = tried.imports.iter().flat_map(Import::all).filter(is_foreign);
    failures.map(|raised| raised.message.as_str()).collect()
}

fn write(folder: &Path, files: &Files, python: &Python) -> std::io::Result<()> {
    for (name, nodes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text(nodes))?;
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("pycheck.toml"), "src = [\".\"]\n")?;
    write_environment(folder, python.version)
}

fn predictions(folder: &Path) -> Result<Vec<Prediction>, String> {
    let checked = Checked::open(folder, How { threads: 1, with_environment: true })?;
    Ok(checked.predictions())
}
