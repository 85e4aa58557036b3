//! The vocabulary that all crates share: summaries, findings, diagnostics, edits, names and ids.
//!
//! Plain data with public fields; nothing here parses, reads a file or knows an output format.

pub mod diagnostic;
pub mod edit;
pub mod exceptions;
pub mod explanation;
pub mod finding;
pub mod graph;
pub mod name;
pub mod remedy;
pub mod rule_id;
pub mod steps;
pub mod summary;
pub mod version;

pub use compact_str::CompactString;
pub use diagnostic::{Diagnostic, Level, Related, RuntimeError};
pub use edit::{Edit, Fix, Safety, apply_edits};
pub use exceptions::{Catches, Exception};
pub use finding::{Finding, ProgramFinding, Site, Trail};
pub use graph::{Graph, GraphEdge, GraphModule, Origin, Statement, StatementKind};
pub use name::{differ_in_digits, is_identifier, is_slip, nearest, nearest_within};
pub use remedy::{Change, Remedy};
pub use ruff_text_size::{TextLen, TextRange, TextSize};
pub use rule_id::RuleId;
pub use steps::{Body, Chain, Exports, Handler, NameIndex, Raised, Step, Try};
pub use summary::{
    Anchor, Context, ContextIndex, ContextKind, Folder, FolderBase, Import, ImportKind,
    ImportedName, ModuleSummary, PackagePath, PathEdit, SiteIndex, Sites,
};
pub use version::PythonVersion;
