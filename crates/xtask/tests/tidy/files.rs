//! The text files of the project, as git would list them.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// One text file.
pub(crate) struct TextFile {
    /// Its path from the root, with `/` between the parts.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl TextFile {
    /// Its extension, empty if it has none.
    pub(crate) fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|extension| extension.to_str()).unwrap_or("")
    }

    /// Whether the whole file is compiled for tests only, by its name.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || self.path.ends_with("/testing.rs")
            || self.path.contains("/tests/")
    }

    /// Lines with their numbers from 1.
    pub(crate) fn numbered_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// All files that hold UTF-8 text and are not ignored, sorted by path.
pub(crate) fn all() -> Vec<TextFile> {
    let root = root();
    let walk = WalkBuilder::new(&root)
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_path(Path::cmp)
        .build();
    walk.map(Result::unwrap)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| read(&root, entry.path()))
        .collect()
}

fn read(root: &Path, path: &Path) -> Option<TextFile> {
    let text = String::from_utf8(fs::read(path).unwrap()).ok()?;
    let path = path.strip_prefix(root).unwrap().to_str()?.replace('\\', "/");
    Some(TextFile { path, text })
}

/// The Rust files of all crates.
pub(crate) fn rust() -> Vec<TextFile> {
    let is_rust = |file: &TextFile| file.path.starts_with("crates/") && file.extension() == "rs";
    all().into_iter().filter(is_rust).collect()
}

/// The file at a path from the root.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
