//! From module summaries to a linked program: search roots, resolution, the import graph.
//!
//! Knows no syntax tree, no text and no offset; what it must know of the disk it asks of a trait.

pub mod stdlib;

/// All modules of a session with what their imports lead to.
#[derive(Debug, Default)]
pub struct Program {}
