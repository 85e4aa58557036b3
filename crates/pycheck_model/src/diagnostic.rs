//! What is shown to a user: level, rule name and place filled in.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use ruff_text_size::TextRange;

use crate::edit::Fix;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Not reported at all.
    Off,
    /// A hint; hidden on the command line unless asked for, never changes the exit status.
    Info,
    /// A pitfall, or a failure under some ways of running.
    Warn,
    /// It raises, or it is surely wrong, when run.
    Error,
}

impl Level {
    /// The word used in configuration and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Off, Self::Info, Self::Warn, Self::Error]
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or_else(|| {
                format!("`{text}` is not a level; the levels are `error`, `warn`, `info` and `off`")
            })
    }
}

/// The exception that CPython raises, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeError {
    /// The name of the exception's class, such as `ModuleNotFoundError`.
    pub exception: &'static str,
    /// `str(exception)` as the target version words it.
    pub message: String,
    /// Under which ways of running: `import`, `script`, `-m`, `pytest`.
    pub modes: Vec<&'static str>,
    /// The module that must be imported first, where that matters.
    pub entry: Option<String>,
}

/// A second place that explains a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file, absolute.
    pub path: Arc<PathBuf>,
    /// The place; empty at the start for the file as such.
    pub range: TextRange,
    /// What is to be seen there.
    pub message: String,
}

/// A finding as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, absolute.
    pub path: Arc<PathBuf>,
    /// The place in the decoded text, in bytes.
    pub range: TextRange,
    /// The name of the rule.
    pub rule: &'static str,
    /// How much it weighs, after configuration. Never [`Level::Off`].
    pub level: Level,
    /// What happens.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What to do.
    pub help: Option<String>,
    /// The edits that would mend it.
    pub fix: Option<Fix>,
    /// The exception that CPython raises, if one is predicted.
    pub runtime_error: Option<RuntimeError>,
}
