//! Trees of modules made at random: what is predicted for them against what CPython does, both ways.

mod features;
mod generator;
mod judge;
mod page;
mod program;
mod run;
mod shrink;
mod truth;

pub use features::Features;
pub use run::{Options, Report, run};
