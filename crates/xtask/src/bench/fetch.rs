//! The packages to measure on and the ruff to measure against, fetched with pip into the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{run_quietly, workspace_root};

/// A pinned package whose wheel holds the files to check.
pub(crate) struct Tree {
    /// The project's name on the package index, and the folder's.
    pub(crate) name: &'static str,
    version: &'static str,
}

/// What is measured: much plain application code, deep mathematics with large files, a framework.
pub(crate) const TREES: [Tree; 3] = [
    Tree { name: "homeassistant", version: "2024.3.3" },
    Tree { name: "sympy", version: "1.14.0" },
    Tree { name: "django", version: "5.2.19" },
];

const RUFF: &str = "0.17.5";

/// The names of all trees.
pub(crate) fn tree_names() -> [&'static str; 3] {
    TREES.map(|tree| tree.name)
}

/// The folder with the package's files, downloaded and unpacked unless it is there.
pub(crate) fn tree(tree: &Tree) -> Result<PathBuf> {
    let folder = bench_folder().join(format!("{}-{}", tree.name, tree.version));
    if folder.exists() {
        return Ok(folder);
    }
    let wheels = bench_folder().join("wheels").join(tree.name);
    eprintln!("fetching {} {}", tree.name, tree.version);
    pip_download(tree, &wheels)?;
    let wheel = only_entry(&wheels)?;
    let partial = folder.with_extension("partial");
    run_quietly(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(&partial))?;
    fs::rename(&partial, &folder)
        .with_context(|| format!("can't rename {} to {}", partial.display(), folder.display()))?;
    Ok(folder)
}

/// The pinned ruff, installed into a virtual environment of its own unless it is there.
pub(crate) fn ruff() -> Result<PathBuf> {
    let environment = bench_folder().join(format!("ruff-{RUFF}"));
    let program = environment.join("bin/ruff");
    if program.exists() {
        return Ok(program);
    }
    eprintln!("fetching ruff {RUFF}");
    run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&environment))
        .context("the bench needs python3 with venv and pip")?;
    run_quietly(
        Command::new(environment.join("bin/python3"))
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .arg(format!("ruff=={RUFF}")),
    )
    .context("can't install ruff; the bench needs a package index that pip can reach")?;
    Ok(program)
}

fn pip_download(tree: &Tree, into: &Path) -> Result<()> {
    run_quietly(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"])
            .args(["--python-version", "3.13", "--dest"])
            .arg(into)
            .arg(format!("{}=={}", tree.name, tree.version)),
    )
    .with_context(|| {
        format!(
            "can't download {} {}; the bench needs python3 with pip, and a package index that pip can reach",
            tree.name, tree.version
        )
    })
}

fn only_entry(folder: &Path) -> Result<PathBuf> {
    fs::read_dir(folder)
        .with_context(|| format!("can't list {}", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .with_context(|| format!("no wheel in {}", folder.display()))
}

fn bench_folder() -> PathBuf {
    workspace_root().join("target/bench")
}
