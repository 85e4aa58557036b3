//! Reading a `pyproject.toml`, which may be absent or broken.

use std::io;
use std::path::Path;

use crate::settings::error::Misread;

/// What is in the place of a `pyproject.toml`.
#[derive(Debug)]
pub enum ProjectFile {
    /// Nothing.
    Absent,
    /// A file that can't be read.
    Unreadable(io::Error),
    /// A file that is no TOML.
    Broken {
        /// What it holds, as far as it is UTF-8.
        text: String,
        /// Where and why it could not be read.
        misread: Misread,
    },
    /// A project file.
    Table(toml::Table),
}

impl ProjectFile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Self {
        if !path.is_file() {
            return Self::Absent;
        }
        match read_text(path) {
            Err(cause) => Self::Unreadable(cause),
            Ok(text) => match text.parse::<toml::Table>() {
                Ok(table) => Self::Table(table),
                Err(error) => Self::Broken { text, misread: error.into() },
            },
        }
    }

    /// The table, if there is one.
    pub fn table(self) -> Option<toml::Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// The text of a configuration file, without a byte order mark. What is not UTF-8 becomes
/// U+FFFD, which is a mistake only where it matters.
pub fn read_text(path: &Path) -> io::Result<String> {
    let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
