//! Local modules that have the name of one from outside: which of them hide it, which are never
//! found themselves, and what breaks.

mod candidates;
mod effect;
mod installed;
mod packages;

use pycheck_model::Site;

use crate::link::ModuleInput;
use crate::naming::SearchRoots;
use crate::resolve::Resolver;
pub use crate::stdlib::imports::Need;

/// A local module that has the name of one from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// The local file, an index into the files of the session.
    pub file: u32,
    /// The name.
    pub name: String,
    /// Why its folder comes before the standard library.
    pub standing: Standing,
    /// What comes of it.
    pub outcome: ShadowOutcome,
}

/// Why a folder stands on `sys.path` before the standard library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// This script lies in it.
    Script(String),
    /// It is the project's folder: `python -m` and `python -c` put the working directory first.
    WorkingDirectory,
    /// The build configuration says so.
    Declared,
    /// `PYTHONPATH` names it.
    PythonPath,
    /// Test files lie in it: pytest puts it first, after it has imported much itself.
    Tests,
}

/// What comes of a local module with the name of one from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShadowOutcome {
    /// No import finds the local file.
    Dead {
        /// Why not.
        cause: Dead,
        /// An import that asks for the name, in this file or in others.
        asked: Option<Site>,
    },
    /// The local file hides a module of the standard library.
    Standard {
        /// An import of the project that asks for the name.
        asked: Option<Asked>,
        /// Something that breaks.
        victim: Option<Victim>,
    },
    /// The local file hides an installed module.
    Installed(Owner),
}

/// Why a file is never found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// The module is compiled into the interpreter.
    BuiltIn,
    /// The module is frozen into the interpreter.
    Frozen,
    /// The module is loaded before `sys.path` is extended by a script's folder.
    Loaded,
}

/// An import in the project of a hidden module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Where.
    pub at: Site,
    /// A name that it asks for and that the local file does not have.
    pub missing: Option<String>,
    /// All that it asks for is in the local file: that one is meant.
    pub is_meant: bool,
}

/// An import in the project that runs into something that breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Victim {
    /// The import.
    pub at: Site,
    /// The modules from what is imported to the one that misses something.
    pub chain: Vec<String>,
    /// What that one misses.
    pub need: Need,
}

/// The distribution that an installed module belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub distribution: String,
    /// Who needs it: the name of another distribution, or nothing for the project itself.
    pub needed_by: Option<String>,
}

/// All local modules that have the name of one from outside, by file.
pub(crate) fn shadows(
    modules: &[ModuleInput],
    projects: &[SearchRoots],
    resolver: &Resolver<'_>,
) -> Vec<Shadow> {
    let candidates = candidates::candidates(modules, projects, resolver);
    let judge = effect::Judge { modules, projects, resolver };
    candidates.into_iter().filter_map(|candidate| judge.shadow(&candidate)).collect()
}
