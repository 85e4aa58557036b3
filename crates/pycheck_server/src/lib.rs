//! The language server: a session that is kept, for editors.
//!
//! Two threads do the work. `lifecycle` speaks the protocol's own words (starting, stopping,
//! cancelling) and never waits; `worker` owns everything else and does one thing after another.
//! Nothing is computed here that the command does not compute as well.

mod actions;
mod capabilities;
mod completion;
mod convert;
mod diagnostics;
mod dispatch;
mod documents;
mod hover;
mod lifecycle;
mod moving;
mod navigate;
mod parent;
mod publishing;
mod settings;
mod transport;
mod uri;
mod worker;
mod workspaces;

pub use lifecycle::serve;
pub use transport::stdio;

#[cfg(test)]
mod tests;
