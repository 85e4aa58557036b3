//! What a run knows of modules and of what is raised.

use pycheck_model::{Exception, SiteIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::space::Space;
use super::table::{NameId, NodeId};

/// How far a module has come in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Absent,
    Running,
    Done,
}

/// A module of the component in this run.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) status: Status,
    pub(super) space: Space,
    pub(super) fails: Option<Exception>,
    pub(super) is_clean: bool,
    /// The modules that it surely imports.
    pub(super) loads: Vec<NodeId>,
    /// Those that it imports where nothing is certain.
    pub(super) perhaps: Vec<NodeId>,
}

impl Live {
    pub(super) fn new(status: Status, space: Space, is_clean: bool) -> Self {
        Self { status, space, fails: None, is_clean, loads: Vec::new(), perhaps: Vec::new() }
    }
}

/// The state between two imports.
pub(super) struct Snapshot {
    pub(super) live: FxHashMap<NodeId, Live>,
    pub(super) loaded: FxHashSet<NodeId>,
}

/// An exception on its way up.
#[derive(Debug, Clone)]
pub(super) struct Raise {
    pub(super) exception: Exception,
    /// What is reported if nothing catches it.
    pub(super) failure: Option<Box<Failing>>,
}

/// A statement that fails in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failing {
    /// The module in which it stands.
    pub(super) node: NodeId,
    pub(super) site: SiteIndex,
    pub(super) what: What,
    /// The import statements that led here from the module that was imported first.
    pub(super) trail: Vec<(NodeId, SiteIndex)>,
}

/// What fails.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum What {
    /// An import of a module; told by those who resolve it.
    Module(Exception),
    /// `from module import name`.
    Name { module: NodeId, name: NameId, is_half_made: bool },
    /// An attribute of a module.
    Attribute { module: NodeId, name: NameId, why: Why },
    /// A name in the `__all__` of a module that is imported with a star.
    Star { module: NodeId, name: NameId, is_half_made: bool },
}

/// Why a module lacks an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Why {
    /// It is half made.
    HalfMade,
    /// It is a submodule that is still running.
    RunningSubmodule,
    /// It is a submodule that nothing has imported.
    Unimported,
    /// Nothing binds it, and there is no such submodule.
    Nowhere,
}

impl What {
    pub(super) fn exception(&self) -> Exception {
        match self {
            Self::Module(exception) => *exception,
            Self::Name { .. } => Exception::IMPORT,
            Self::Attribute { .. } | Self::Star { .. } => Exception::ATTRIBUTE,
        }
    }
}

/// What comes after a step.
#[derive(Debug, Clone)]
pub(super) enum Flow {
    Next,
    /// Control leaves the block.
    Leave,
    /// The program ends, or the rest of the module is skipped.
    Exit,
    Raised(Raise),
}
