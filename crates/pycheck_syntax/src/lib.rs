//! From the text of one Python file to its tree, its bindings, its suppressions and its summary.
//!
//! The one crate that calls the parser. It sees one text at a time and no disk, and it never
//! fails: broken input is data in what it returns.

pub mod bindings;
mod catching;
mod conditions;
mod depth;
mod earlier;
mod import_calls;
mod later;
pub mod literals;
mod names;
pub mod nodes;
pub mod parse;
mod path_edits;
mod refused;
mod remedy;
mod scan;
mod side_effects;
mod steps;
pub mod summary;
pub mod suppressions;
mod values;
mod words;

pub use bindings::Bindings;
pub use conditions::Target;
pub use depth::too_deep;
pub use earlier::earlier_fix;
pub use later::later_fixes;
pub use names::may_bind;
pub use parse::{MAX_DEPTH, ParsedFile, SyntaxError, parse};
pub use refused::compile_error;
pub use remedy::remedy_fix;
pub use scan::LANDMARKS;
pub use summary::summarize;
pub use suppressions::{Suppressions, ignore_edits, suppressions};
