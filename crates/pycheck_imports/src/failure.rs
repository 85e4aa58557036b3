//! An import that CPython refuses, and why.

use std::path::PathBuf;

use pycheck_model::{PythonVersion, Remedy, Site, Trail};

use crate::naming::Root;
use crate::near_miss::NearMiss;

/// An import that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The module part of the statement.
    pub at: Site,
    /// Why it fails.
    pub cause: Cause,
    /// Whether it surely runs, and surely fails when it does.
    pub certainty: Certainty,
    /// If it fails only when certain modules are imported first: their names.
    pub first: Vec<String>,
    /// Whether what is missing would come from outside of the project.
    pub is_outside: bool,
    /// The root that gives the importing module its name.
    pub root: Root,
    /// What lies there in its place.
    pub near: Option<NearMiss>,
    /// What would work instead, tried; or what could have been meant.
    pub help: Option<String>,
    /// The same as a change of the statement, where it is one.
    pub remedy: Option<Remedy>,
    /// Places that explain it.
    pub trail: Vec<Trail>,
}

/// Why an import fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// More dots than the importing module's package has parts.
    BeyondTopLevel {
        /// The package of the importing module.
        package: String,
        /// How many dots too many.
        excess: u32,
    },
    /// The importing module stands on a root: it belongs to no package.
    NoParentPackage,
    /// `import_module` is given dots and no package that they start from.
    NoPackageArgument {
        /// The name that it is given.
        name: String,
        /// It is given `__package__`, which is empty in a file that stands on a root.
        is_empty: bool,
    },
    /// No module of this name.
    NotFound {
        /// The name that is missing, with its parents.
        name: String,
        /// Why it is missing, where more is known than that.
        reason: Missing,
    },
    /// A submodule of something that is a plain module.
    NotAPackage {
        /// The name that is missing, with its parents.
        name: String,
        /// The module that is no package.
        parent: String,
        /// Its file, if it has one.
        file: Option<PathBuf>,
    },
}

/// What is known of a missing module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// No top-level module of this name: not in the project, not installed, not standard.
    Everywhere,
    /// A top-level name, with no environment to look into, that no declared dependency provides.
    Undeclared,
    /// The file declares dependencies of its own, and none is known to provide it.
    UndeclaredByScript,
    /// The package exists and has no such submodule.
    Submodule,
    /// A module of the standard library for other platforms only.
    OtherPlatform,
    /// A module of the standard library of other versions: the first and the last that have it.
    OtherVersion(String, String),
    /// The build of the project makes it, as this says.
    Built(String),
    /// It is in this folder, which code puts on `sys.path` only after the import.
    TooLate(PathBuf),
    /// It can be found only from this folder, which stands on `sys.path` in some ways of running.
    OnlyFrom(PathBuf),
}

impl Cause {
    /// The same, knowing that code puts this folder on `sys.path` after the import.
    pub(crate) fn too_late(self, folder: PathBuf) -> Self {
        match self {
            Self::NotFound { name, .. } => {
                Self::NotFound { name, reason: Missing::TooLate(folder) }
            }
            other => other,
        }
    }

    /// The exception's class and its message, as CPython of this version gives them.
    pub fn exception(&self, version: PythonVersion) -> (&'static str, String) {
        match self {
            Self::BeyondTopLevel { .. } => {
                // `importlib._bootstrap._resolve_name` raised `ValueError` up to 3.8.
                let class = if version.minor < 9 { "ValueError" } else { "ImportError" };
                (class, "attempted relative import beyond top-level package".to_owned())
            }
            Self::NoParentPackage => {
                ("ImportError", "attempted relative import with no known parent package".to_owned())
            }
            Self::NoPackageArgument { name, .. } => (
                "TypeError",
                format!(
                    "the 'package' argument is required to perform a relative import for '{name}'"
                ),
            ),
            Self::NotFound { name, .. } => {
                ("ModuleNotFoundError", format!("No module named '{name}'"))
            }
            Self::NotAPackage { name, parent, .. } => (
                "ModuleNotFoundError",
                format!("No module named '{name}'; '{parent}' is not a package"),
            ),
        }
    }
}

/// Whether an import surely runs, and surely fails when it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Importing the module fails.
    Certain,
    /// Fails when a function is called.
    Deferred,
    /// Fails if the file is started as a script.
    Script,
    /// Fails if a condition holds that is not known.
    Conditional,
    /// The module, or one that it imports, changes where modules come from (`sys.path`,
    /// `sys.modules`, a finder), so that the name may be found all the same.
    PathEdited,
}
