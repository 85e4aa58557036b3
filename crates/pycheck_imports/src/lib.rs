//! From module summaries to a linked program: search roots, resolution, what fails.
//!
//! Knows no syntax tree, no text and no offset. What it must know of the disk it asks of
//! [`Folders`], so that tests and the editor can answer from memory.

pub mod built;
pub mod cycle;
pub mod failure;
pub mod folders;
pub mod graph;
mod influence;
pub mod link;
pub mod name_failure;
pub mod naming;
pub mod near_miss;
mod opened;
pub mod outside;
mod reach;
pub mod resolve;
mod runs;
pub mod script_failure;
pub mod shadow;
mod simulate;
pub mod stdlib;
mod suggest;
mod trace;
pub mod twins;

pub use built::{Built, BuiltModule};
pub use cycle::Cycle;
pub use failure::{Cause, Certainty, Failure};
pub use folders::{Entry, Folders, Listing};
pub use link::account::{Account, Question, explain};
pub use link::graph::graph;
pub use link::leads::{Guide, ImportLeads, Lead, ModuleName};
pub use link::{ModuleInput, Program, UntrackedImport, link};
pub use name_failure::NameFailure;
pub use naming::{Identity, Root, SearchRoots};
pub use outside::Outside;
pub use script_failure::ScriptFailure;
