//! What other files may know of a module: its imports and what running it does to the import system.
//!
//! No positions and no tree: a place is a [`SiteIndex`], and the [`Sites`] that turn it into a
//! range are kept beside the summary, so that a newline typed at the top of a file leaves the
//! summary as it was.

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

use crate::exceptions::Catches;
use crate::steps::Body;

/// The number of a place in a file, in order of mention; an index into its [`Sites`].
pub type SiteIndex = u32;

/// An index into [`ModuleSummary::contexts`].
pub type ContextIndex = u32;

/// Where the sites of a summary are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sites(pub Vec<TextRange>);

impl Sites {
    /// Adds a place and returns its index.
    pub fn add(&mut self, range: TextRange) -> SiteIndex {
        self.0.push(range);
        (self.0.len() - 1) as SiteIndex
    }

    /// The place, or an empty range for an index that this file does not have.
    pub fn range(&self, site: SiteIndex) -> TextRange {
        self.0.get(site as usize).copied().unwrap_or_default()
    }
}

/// What other files may know of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleSummary {
    /// Every import statement's aliases, wherever they stand, in source order.
    pub imports: Vec<Import>,
    /// The conditions under which imports run; a tree linked by [`Context::parent`].
    pub contexts: Vec<Context>,
    /// The file could not be parsed: claim nothing about what it binds.
    pub has_syntax_errors: bool,
    /// Where the submodules of this package are looked for, beside its own folder.
    pub package_path: PackagePath,
    /// The module replaces itself in `sys.modules`, or writes to it under names that are not
    /// spelled out, or installs a finder: what importing from it, or below it, finds can't be told
    /// from files.
    pub alters_imports: bool,
    /// The module writes to `sys.modules` under names that are not spelled out: what it imports
    /// itself may be there.
    pub registers_any: bool,
    /// Importing the module edits `sys.path` in a way that can't be followed, or installs a finder:
    /// what is imported after it may be found elsewhere.
    pub redirects_imports: bool,
    /// The names that the module puts into `sys.modules`, where they are spelled out.
    pub registers: Vec<String>,
    /// The module edits `sys.path` (or calls `site.addsitedir`) in a way that can't be followed.
    pub edits_sys_path: bool,
    /// The folders that the module puts on `sys.path`, as far as they are known.
    pub path_edits: Vec<PathEdit>,
    /// The modules that the dependencies provide which the file declares itself (PEP 723); `None` if
    /// it declares none.
    pub own_modules: Option<Vec<String>>,
    /// What running the module does to its names.
    pub body: Body,
    /// The module's top level has `if __name__ == "__main__":`, or its file a shebang line.
    pub is_script: bool,
    /// The file begins with a shebang line.
    pub has_shebang: bool,
}

/// A folder that code puts on `sys.path`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathEdit {
    /// The first import (an index into the summary's) that comes after it.
    pub before: u32,
    /// Importing the module does it, and not only a function that others may call.
    pub is_on_import: bool,
    /// The folder.
    pub folder: Folder,
}

/// A folder as code names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// What the path starts from.
    pub base: FolderBase,
    /// How many folders it leads up from there.
    pub up: u32,
    /// The rest, with `/` between its parts.
    pub below: String,
}

/// What the path of a folder starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FolderBase {
    /// The file of the module itself.
    File,
    /// The folder in which the program is started.
    Start,
    /// `/`
    Root,
}

/// What a package does to its `__path__`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackagePath {
    /// Nothing: submodules are looked for in the folder of its `__init__` only.
    #[default]
    Own,
    /// `pkgutil.extend_path` or `pkg_resources.declare_namespace`: also in folders of the same name
    /// in the other places on `sys.path`.
    Legacy,
    /// Something else: we can't say where.
    Unknown,
}

/// One name brought in by an import statement, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What is imported.
    pub kind: ImportKind,
    /// The innermost condition around it; `None` at the top level of the module.
    pub context: Option<ContextIndex>,
    /// The module's name in the statement, dots included.
    pub site: SiteIndex,
}

/// The forms of the import statement (language reference, section 7.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// `import a.b` or `import a.b as c`; one per alias.
    Module {
        /// The dotted name.
        name: String,
        /// The name after `as`.
        alias: Option<String>,
    },
    /// `from ..a import b, c` (one per statement).
    From {
        /// The number of leading dots.
        level: u32,
        /// The dotted name after the dots; empty when there is none.
        module: String,
        /// What is imported from it; a single `*` for a star import.
        names: Vec<ImportedName>,
    },
    /// `importlib.import_module("a.b")` or `__import__("a.b")`, with the name spelled out: runs the
    /// modules, and binds nothing.
    Call {
        /// The number of leading dots.
        level: u32,
        /// The dotted name after the dots.
        module: String,
        /// What the dots start from.
        anchor: Anchor,
    },
}

/// What a relative name starts from that is handed to a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// What the import statement starts from: `__import__` is given the globals.
    Globals,
    /// `package=__package__`.
    Package,
    /// `package=__name__`, which is the package in its `__init__`.
    Name,
    /// A package that is spelled out.
    Named(String),
    /// Nothing: `package=` is left out.
    Nothing,
}

impl ImportKind {
    /// The names that the statement binds; none for a star import.
    pub fn bound_names(&self) -> impl Iterator<Item = &str> {
        let (module, names) = match self {
            Self::Module { name, alias } => {
                let first = name.split('.').next().unwrap_or(name);
                (Some(alias.as_deref().unwrap_or(first)), [].as_slice())
            }
            Self::From { names, .. } => (None, names.as_slice()),
            Self::Call { .. } => (None, [].as_slice()),
        };
        let names = names.iter().map(ImportedName::bound_name);
        module.into_iter().chain(names).filter(|name| *name != "*")
    }

    /// The whole dotted name that is asked for, unless it begins with dots.
    pub fn absolute_name(&self) -> Option<&str> {
        match self {
            Self::Module { name, .. } => Some(name),
            Self::From { level: 0, module, .. } | Self::Call { level: 0, module, .. } => {
                Some(module)
            }
            Self::From { .. } | Self::Call { .. } => None,
        }
    }
}

/// One alias of a from-import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedName {
    /// The name that is looked up; `*` for a star import.
    pub name: String,
    /// The name after `as`.
    pub alias: Option<String>,
    /// The name's place.
    pub site: SiteIndex,
}

impl ImportedName {
    /// The name that it is bound to.
    pub fn bound_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// One condition around imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The next condition outwards.
    pub parent: Option<ContextIndex>,
    /// What the condition is.
    pub kind: ContextKind,
}

/// The kinds of condition under which code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContextKind {
    /// In the body of a function or lambda: runs when that is called, not on import.
    Function,
    /// Never runs on the target: `TYPE_CHECKING`, a false version or platform test, unreachable code.
    Never,
    /// Runs only when the file is started as a script (`if __name__ == "__main__":`).
    MainGuard,
    /// Runs or not, we can't say: `if`, `while`, `for`, `match`, `case` with an unknown outcome.
    Unknown,
    /// In a `try` body, or under a suppressing `with`, where these exceptions are caught.
    Guarded(Catches),
    /// In a handler: runs only if the body of its `try` raises something that it catches.
    Handler {
        /// What this handler catches.
        catches: Catches,
        /// The [`ContextKind::Guarded`] context of the `try` body.
        body: ContextIndex,
    },
    /// After a `try` whose handler ends the block: runs only if the body of the `try` raises
    /// nothing that the handler catches.
    After {
        /// What the handler catches.
        catches: Catches,
        /// The [`ContextKind::Guarded`] context of the `try` body.
        body: ContextIndex,
    },
    /// In the `else` of a `try`: runs only if the body raises nothing.
    Else {
        /// The [`ContextKind::Guarded`] context of the `try` body.
        body: ContextIndex,
    },
}
