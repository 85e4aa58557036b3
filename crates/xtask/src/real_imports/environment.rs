//! The environment with the pinned packages, and the modules in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use pycheck_model::PythonVersion;
use pycheck_test::oracle::{Module, modules, pythons};

use crate::process::{run_quietly, workspace_root};

/// What is installed.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The oldest version that all of it runs on.
const OLDEST: PythonVersion = PythonVersion { major: 3, minor: 12 };

/// A virtual environment.
pub(crate) struct Environment {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The folder of the installed packages.
    pub(crate) packages: PathBuf,
}

impl Environment {
    /// The environment, made unless it is there.
    pub(crate) fn prepare() -> Result<Self> {
        let folder = workspace_root().join("target/real-imports/env");
        let stamp = folder.join("requirements.txt");
        if fs::read_to_string(&stamp).ok().as_deref() != Some(REQUIREMENTS) {
            install(&folder)?;
            fs::write(&stamp, REQUIREMENTS).context("the environment can't be written to")?;
        }
        let libraries = folder.join("lib");
        let versions = fs::read_dir(&libraries)
            .with_context(|| format!("can't list {}", libraries.display()))?;
        let mut found = versions.flatten().map(|entry| entry.path().join("site-packages"));
        let packages = found.find(|path| path.is_dir()).context("the environment is empty")?;
        Ok(Self { folder, packages })
    }

    /// The interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("bin/python3")
    }

    /// All modules that are Python files, sorted by name; tests of packages are left out.
    pub(crate) fn modules(&self) -> Result<Vec<Module>> {
        let mut files = Vec::new();
        collect(&self.packages, &mut files)?;
        let mut found = modules(&files, std::slice::from_ref(&self.packages));
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found.dedup_by(|one, other| one.name == other.name);
        Ok(found)
    }
}

fn install(folder: &Path) -> Result<()> {
    let python = pythons()
        .into_iter()
        .find(|python| python.version >= OLDEST)
        .ok_or_else(|| anyhow!("this needs Python {OLDEST} or newer"))?;
    eprintln!("installing {} packages", REQUIREMENTS.lines().count());
    let list = folder.with_extension("txt");
    if folder.exists() {
        fs::remove_dir_all(folder).context("the old environment can't be removed")?;
    }
    run_quietly(Command::new(&python.path).args(["-m", "venv"]).arg(folder))?;
    fs::write(&list, REQUIREMENTS).context("the list of packages can't be written")?;
    run_quietly(
        Command::new(folder.join("bin/python3"))
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--requirement"])
            .arg(&list),
    )
    .context("can't install the packages; this needs a package index that pip can reach")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("can't list {}", folder.display()))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_for_tests =
            name.to_str().is_some_and(|name| ["tests", "test", "testing"].contains(&name));
        if path.is_dir() && !is_for_tests {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    Ok(())
}
