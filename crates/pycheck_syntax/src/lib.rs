//! From the text of one Python file to its tree, its bindings, its suppressions and its summary.
//!
//! The one crate that calls the parser. It sees one text at a time and no disk, and it never
//! fails: broken input is data in what it returns.

pub mod bindings;
pub mod literals;
pub mod nodes;
pub mod parse;

pub use bindings::Bindings;
pub use parse::{MAX_DEPTH, ParsedFile, SyntaxError, parse};
