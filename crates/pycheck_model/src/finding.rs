//! What rules find, before positions in lines, levels and suppressions are known.

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Level, RuntimeError};
use crate::edit::Fix;
use crate::remedy::Remedy;
use crate::rule_id::RuleId;
use crate::summary::SiteIndex;

/// What a rule found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// How sure the finding is; `None` means the rule's own level.
    pub level: Option<Level>,
    /// The token that carries the mistake.
    pub range: TextRange,
    /// What happens.
    pub message: String,
    /// Other places of the same file that explain it.
    pub related: Vec<(TextRange, String)>,
    /// What to do.
    pub help: Option<String>,
    /// The edits that would mend it.
    pub fix: Option<Fix>,
    /// A second place whose line may carry the suppression comment, such as the `def` of a closure.
    pub suppressible_at: Option<TextRange>,
}

/// A place that a module's summary speaks of: which file, and which of its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The file, as an index into the files of the session.
    pub file: u32,
    /// The place within the file.
    pub index: SiteIndex,
}

impl Site {
    /// The beginning of a file, for what concerns the file as a whole.
    pub fn start_of(file: u32) -> Self {
        Self { file, index: SiteIndex::MAX }
    }
}

/// A place that explains a program finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trail {
    /// A place in a file of the session.
    Site(Site, String),
    /// The beginning of any file, named by its path.
    File(std::path::PathBuf, String),
}

/// What a rule found by looking at the whole program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFinding {
    /// The rule that found it.
    pub rule: RuleId,
    /// How sure the finding is; `None` means the rule's own level.
    pub level: Option<Level>,
    /// Where.
    pub at: Site,
    /// What happens.
    pub message: String,
    /// Other places that explain it.
    pub trail: Vec<Trail>,
    /// What to do.
    pub help: Option<String>,
    /// What would mend it, tried.
    pub remedy: Option<Remedy>,
    /// The exception that CPython raises, if the finding predicts one.
    pub runtime_error: Option<RuntimeError>,
}
