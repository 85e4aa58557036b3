//! Folders of `fixtures/`, copied before anything is done with them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;
use tempfile::TempDir;

use crate::suite::write_environment;

/// The copy of a folder, removed in the end.
pub struct Fixture {
    /// Where the copy is.
    pub folder: PathBuf,
    _temporary: TempDir,
}

impl Fixture {
    /// Copies a folder of `fixtures/` under its own name; expectations are left behind.
    pub fn copy(from: &Path) -> io::Result<Self> {
        let temporary = tempfile::tempdir()?;
        let name = from.file_name().unwrap_or(from.as_os_str());
        let folder = temporary.path().canonicalize()?.join(name);
        copy_folder(from, &folder)?;
        Ok(Self { folder, _temporary: temporary })
    }

    /// Puts a virtual environment without packages into a folder of the copy.
    pub fn add_environment(&self, root: &Path, version: PythonVersion) -> io::Result<()> {
        write_environment(&self.folder.join(root), version)
    }

    /// All Python files of the copy, sorted.
    pub fn python_files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        collect(&self.folder, &mut files)?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
        files.sort();
        Ok(files)
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else if path.file_name().is_some_and(|name| name != "expected.txt") {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
