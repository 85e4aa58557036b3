//! Modules that import each other.

use pycheck_model::Site;

/// A set of modules each of which leads to all others by the imports that run when it is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// How many modules they are.
    pub size: usize,
    /// A way around, from the first of the cuts on.
    pub hops: Vec<Hop>,
    /// Imports without which there is no cycle among the modules.
    pub cuts: Vec<Hop>,
}

/// An import of one module by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The statement.
    pub at: Site,
    /// The module that imports.
    pub from: String,
    /// The one that is imported.
    pub to: String,
}
