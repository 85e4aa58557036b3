//! What would mend a finding about the program, told without a place in a text.

use crate::edit::Safety;

/// A change of the statement at a finding's site. A look at the file turns it into a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What is to be done.
    pub change: Change,
    /// Whether it surely does what was meant.
    pub safety: Safety,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another module in the place of the one that is named there, leading dots included.
    Module(String),
    /// The module that is imported there is taken from this package.
    Package(String),
    /// Another name in the place of the one that is imported there.
    Name(String),
    /// This module is imported, too.
    Import(String),
    /// The name is imported when it is used: whether and how is seen in the file, and has to be
    /// tried.
    Later,
}

impl Remedy {
    /// A change that does what was meant.
    pub fn safe(change: Change) -> Self {
        Self { change, safety: Safety::Safe }
    }

    /// A change that is likely to do what was meant.
    pub fn likely(change: Change) -> Self {
        Self { change, safety: Safety::Unsafe }
    }
}
