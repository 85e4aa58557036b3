//! Tests written as Markdown pages: how a page is read, checked, compared and rewritten.
//!
//! A page holds Python with the findings that are expected of it, so that what people read is
//! proved on each run. `PYCHECK_UPDATE=1` rewrites the blocks that hold results.

pub mod checked;
pub mod diff;
pub mod expect;
pub mod fixture;
mod git_index;
pub mod oracle;
pub mod outcome;
pub mod page;
pub mod random;
pub mod rule_page;
mod settings;
pub mod suite;
pub mod suite_page;
pub mod trees;
pub mod update;
mod ways;

pub use page::{Block, Case, Page};
