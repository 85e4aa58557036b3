//! Which module imports which, for a picture of a program.

use std::path::PathBuf;
use std::sync::Arc;

use crate::finding::Site;

/// Modules, and the imports that lead from one to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The modules, or packages that stand for all that is in them.
    pub modules: Vec<GraphModule>,
    /// One for each pair of modules of which the first imports the second.
    pub edges: Vec<GraphEdge>,
}

/// A module of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphModule {
    /// Its dotted name.
    pub name: String,
    /// Its file; none for a folder without `__init__`, and for what is not read.
    pub path: Option<PathBuf>,
    /// It may hold other modules.
    pub is_package: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// It is started and not imported: a test, a script.
    pub is_entry: bool,
    /// How many modules it stands for.
    pub size: usize,
    /// The number of the cycle that it is part of.
    pub cycle: Option<usize>,
    /// It is among those that were asked for, and not only beside them.
    pub is_chosen: bool,
}

/// Where a module comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The files that are looked at.
    Project,
    /// Elsewhere: an installed package, or a file that is not looked at.
    Installed,
    /// The standard library.
    Standard,
    /// It was not found.
    Missing,
}

impl Origin {
    /// The word that output formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Installed => "installed",
            Self::Standard => "standard",
            Self::Missing => "missing",
        }
    }
}

/// That a module imports another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// The module that imports, an index into the graph's modules.
    pub from: usize,
    /// The one that is imported.
    pub to: usize,
    /// The statements that do it, in the order of files and lines.
    pub statements: Vec<Statement>,
}

impl GraphEdge {
    /// Some of the statements runs when the module is imported.
    pub fn runs(&self) -> bool {
        self.statements.iter().any(|statement| statement.runs)
    }

    /// Some of the statements fails because modules import each other.
    pub fn fails(&self) -> bool {
        self.statements.iter().any(|statement| statement.failure.is_some())
    }

    /// The kind of the statement that is most like a plain import.
    pub fn kind(&self) -> StatementKind {
        let kinds = self.statements.iter().map(|statement| statement.kind);
        kinds.min().unwrap_or(StatementKind::Normal)
    }
}

/// A statement that imports a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its place.
    pub at: Site,
    /// Its file.
    pub path: Arc<PathBuf>,
    /// Its line, from 1; 0 as long as nobody has looked at the text.
    pub line: usize,
    /// When it runs.
    pub kind: StatementKind,
    /// It may run when the module is imported.
    pub runs: bool,
    /// Without it and the others that are marked like this, no modules import each other.
    pub is_cut: bool,
    /// Why it fails, if that is because modules import each other.
    pub failure: Option<String>,
}

/// When a statement runs, by what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementKind {
    /// When the module does.
    Normal,
    /// When the module does; what it raises is caught, or it runs because something else was.
    Try,
    /// When the file is started as a script.
    Script,
    /// When a function is called.
    Lazy,
    /// Never: under `TYPE_CHECKING`, or another test that is false when the program runs.
    TypeChecking,
}

impl StatementKind {
    /// The word that output formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Try => "try",
            Self::Script => "script",
            Self::Lazy => "lazy",
            Self::TypeChecking => "type-checking",
        }
    }
}
