//! Cases of several files: how a case of a page becomes folders on disk, and what is expected there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;

use crate::expect::{Marker, markers};
use crate::page::{Block, Case};

/// The version that a case is checked for unless it says otherwise.
pub const VERSION: PythonVersion = PythonVersion { major: 3, minor: 12 };

/// The folder of installed packages for that version, as it is written in pages.
const PACKAGES: &str = ".venv/lib/python3.12/";

/// What lies in a folder at one time, and what is expected to be found there.
///
/// A case has one state for each time that a file is given again, which replaces it.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The files, by path.
    pub files: BTreeMap<String, File>,
    /// The `output` and `full` blocks, which hold all that is found in one of the formats.
    pub outputs: Vec<Block>,
}

/// A file of a state.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its text, without markers.
    pub text: String,
    /// What is expected in it.
    pub markers: Vec<Marker>,
    /// The page's line of its first line, from 1.
    pub line: usize,
}

/// The states of a case, in order.
pub fn states(case: &Case) -> Vec<State> {
    let mut states = vec![State::default()];
    for name in &case.empty_files {
        states[0].files.insert(name.clone(), File::default());
    }
    for text in &case.inherited {
        states[0].files.insert("pycheck.toml".to_owned(), plain(text));
    }
    for block in &case.blocks {
        if matches!(block.kind.as_str(), "output" | "full") {
            current(&mut states).outputs.push(block.clone());
            continue;
        }
        let Some(name) = file_name(block) else { continue };
        if current(&mut states).files.get(&name).is_some_and(|file| file.line > 0) {
            let files = current(&mut states).files.clone();
            states.push(State { files, outputs: Vec::new() });
        }
        current(&mut states).files.insert(name.clone(), read(&name, block));
    }
    states.retain(|state| state.files.values().any(|file| file.line > 0));
    states
}

fn current(states: &mut [State]) -> &mut State {
    states.last_mut().expect("a case starts with one state")
}

/// The file that a block stands for; `None` for a block that only illustrates.
fn file_name(block: &Block) -> Option<String> {
    match (&block.file, block.kind.as_str()) {
        (Some(name), _) => Some(name.clone()),
        (None, "python") => Some("main.py".to_owned()),
        (None, "toml") => Some("pycheck.toml".to_owned()),
        (None, _) => None,
    }
}

fn read(name: &str, block: &Block) -> File {
    let is_checked = [".py", ".pyi", ".pyw"].iter().any(|ending| name.ends_with(ending));
    if !is_checked {
        return File { line: block.line, ..plain(&block.text) };
    }
    let (text, markers) = markers(&block.text);
    File { text, markers, line: block.line }
}

fn plain(text: &str) -> File {
    File { text: text.to_owned(), ..File::default() }
}

/// Makes a virtual environment in `.venv` whose installation is nowhere.
pub fn write_environment(folder: &Path, version: PythonVersion) -> std::io::Result<()> {
    let packages = folder.join(format!(".venv/lib/python{version}/site-packages"));
    std::fs::create_dir_all(packages)?;
    let config =
        format!("home = nowhere\ninclude-system-site-packages = false\nversion = {version}.0\n");
    std::fs::write(folder.join(".venv/pyvenv.cfg"), config)
}

fn place(folder: &Path, name: &str, version: PythonVersion) -> PathBuf {
    match name.strip_prefix(PACKAGES) {
        Some(rest) => folder.join(format!(".venv/lib/python{version}")).join(rest),
        None => folder.join(name),
    }
}

impl State {
    /// Writes the files below `folder`, those of the virtual environment where `version` has them.
    ///
    /// A path that ends in `/` is an empty folder.
    pub fn write(&self, folder: &Path, version: PythonVersion) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for (name, file) in &self.files {
            let path = place(folder, name, version);
            if name.ends_with('/') {
                std::fs::create_dir_all(path)?;
                continue;
            }
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &file.text)?;
        }
        Ok(())
    }

    /// The paths of the Python files of the project.
    pub fn python_files(&self, folder: &Path) -> Vec<PathBuf> {
        let own = self.files.keys().filter(|name| !name.starts_with(".venv/"));
        own.filter(|name| name.ends_with(".py")).map(|name| folder.join(name)).collect()
    }

    /// The version that the case insists on.
    pub fn pinned_version(&self) -> Option<PythonVersion> {
        let text = &self.files.get("pycheck.toml")?.text;
        let table: toml::Table = text.parse().ok()?;
        table.get("python-version")?.as_str()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{VERSION, states};
    use crate::page::parse;

    #[test]
    fn a_file_given_again_begins_a_new_state() {
        let text = "## A\n\n`p/__init__.py`: (empty)\n\n`p/a.py`:\n\n```python\nx  # error\n```\n\n\
                    `b.txt`:\n\n```text\nb\n```\n\n`p/a.py`:\n\n```python\ny\n```\n\n```output\nz\n```\n";
        let page = parse("p", text);
        let states = states(&page.cases[1]);
        assert_eq!(states.len(), 2);
        assert_eq!(states[0].files["p/a.py"].text, "x\n");
        assert_eq!(states[0].files["p/a.py"].markers.len(), 1);
        assert_eq!(states[1].files["p/a.py"].text, "y\n");
        assert_eq!(states[1].files["b.txt"].text, "b\n");
        assert!(states[0].outputs.is_empty() && states[1].outputs.len() == 1);
    }

    #[test]
    fn files_and_a_virtual_environment_are_written() {
        let text = "## A\n\n```python\nx\n```\n\n`.venv/lib/python3.12/site-packages/y.py`:\n\n```python\n```\n";
        let folder = tempfile::tempdir().unwrap();
        let page = parse("p", text);
        let states = states(&page.cases[1]);
        states[0].write(folder.path(), "3.9".parse().unwrap()).unwrap();
        assert!(folder.path().join("main.py").is_file());
        assert!(folder.path().join(".venv/lib/python3.9/site-packages/y.py").is_file());
        assert_eq!(states[0].python_files(folder.path()), [folder.path().join("main.py")]);
        assert_eq!(states[0].pinned_version().unwrap_or(VERSION), VERSION);
    }
}
