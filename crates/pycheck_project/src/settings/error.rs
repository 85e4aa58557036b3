//! What can be wrong with a configuration, and how it is said.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why settings could not be loaded. Every variant names the file or the argument.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file could not be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file as it is shown.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file is no TOML, or says something that is not an option.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    Invalid {
        /// The file as it is shown: relative to the working directory if it lies there.
        path: PathBuf,
        /// The line of the key or value, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong.
        problem: Problem,
    },
    /// An argument of the command line is wrong.
    #[error("{argument}: {problem}")]
    Argument {
        /// The argument, such as `--select`.
        argument: String,
        /// What is wrong.
        problem: Problem,
    },
}

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in half a sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without advice.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// The same problem with advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same problem; the advice is the nearest of `candidates`, if one is near.
    pub fn nearest<'a>(self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match pycheck_model::nearest(name, candidates) {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// A problem at a place of a text, in bytes; the text's owner turns it into a [`SettingsError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Where, in bytes.
    pub offset: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl Misread {
    /// The error that names the file and the line.
    pub fn in_file(self, path: &Path, text: &str, working_directory: &Path) -> SettingsError {
        let (line, column) = position(text, self.offset);
        let path = shown(path, working_directory).to_path_buf();
        SettingsError::Invalid { path, line, column, problem: self.problem }
    }
}

impl From<toml::de::Error> for Misread {
    fn from(error: toml::de::Error) -> Self {
        let offset = error.span().map_or(0, |span| span.start);
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        Self { offset, problem: Problem::new(format!("not valid TOML: {message}")) }
    }
}

/// The line and the column, both from 1, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// The path as users want to read it: relative to the working directory where it lies below.
pub fn shown<'a>(path: &'a Path, working_directory: &Path) -> &'a Path {
    match path.strip_prefix(working_directory) {
        Ok(relative) if relative.as_os_str().is_empty() => path,
        Ok(relative) => relative,
        Err(_) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn positions_count_lines_and_characters() {
        assert_eq!(position("a\nöb = 1", 0), (1, 1));
        assert_eq!(position("a\nöb = 1", 4), (2, 2));
        assert_eq!(position("a\r\nb", 3), (2, 1));
        assert_eq!(position("a", 9), (1, 2));
    }
}
