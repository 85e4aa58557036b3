//! Mending what was found: which fixes are applied, what comes of it, and how it is written.
//!
//! A fix is applied only if the text parses afterwards, its finding is gone and no other has come.

mod choose;
mod cycles;
mod encode;
mod ignore;
mod local;
mod mend;
mod tally;
mod text;
mod work;
mod write;

pub use ignore::{add_ignores, ignoring};
pub use local::Mender;
pub use mend::{Applied, Failure, Mended, Outcome, Wanted, mend};
pub use write::WriteError;
