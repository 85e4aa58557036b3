//! Environments made for the test, and real ones whose interpreter is asked for the truth.

mod hooks;
mod order;
mod real;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Environment, EnvironmentError, EnvironmentRequest, find};

/// A folder with a project and a home, and the variables of a process.
struct Place {
    folder: TempDir,
    variables: Vec<(String, OsString)>,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("project")).unwrap();
        fs::create_dir_all(folder.path().join("home")).unwrap();
        let home = folder.path().join("home").into();
        Self { folder, variables: vec![("HOME".to_owned(), home)] }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// An installation without an interpreter that could run.
    fn install(&self, prefix: &str, version: &str) -> PathBuf {
        self.write(&format!("{prefix}/lib/python{version}/os.py"), "");
        fs::create_dir_all(self.path(&format!("{prefix}/lib/python{version}/site-packages")))
            .unwrap();
        self.write(&format!("{prefix}/bin/python{version}"), "");
        self.write(&format!("{prefix}/bin/python3"), "");
        self.path(prefix)
    }

    /// A virtual environment whose base is gone.
    fn venv(&self, prefix: &str, version: &str) -> PathBuf {
        let config = format!(
            "home = /nowhere/bin\nversion = {version}.1\n\
                              include-system-site-packages = false\n"
        );
        self.write(&format!("{prefix}/pyvenv.cfg"), &config);
        fs::create_dir_all(self.path(&format!("{prefix}/lib/python{version}/site-packages")))
            .unwrap();
        self.path(prefix)
    }

    fn find(&self) -> Option<Environment> {
        self.find_with(None).unwrap()
    }

    fn find_with(&self, python: Option<&Path>) -> Result<Option<Environment>, EnvironmentError> {
        let project = self.path("project");
        let variable = |name: &str| {
            let found = self.variables.iter().rev().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        find(&EnvironmentRequest { python, project_root: &project, variable: &variable })
    }
}
