//! What running a module's top level does to names, in order.
//!
//! Only what another module can come to know is kept: which names are bound and unbound, which
//! imports run when, which attributes of imported modules are read on the way, what `__all__` holds.
//! The bodies of functions are left out, unless calling one at the top level could matter.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::exceptions::{Catches, Exception};
use crate::summary::SiteIndex;

/// An index into [`Body::names`].
pub type NameIndex = u32;

/// What a module's top level does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The names that the steps speak of, each once.
    pub names: Vec<CompactString>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// Functions of the top level that import something or bind global names, by name.
    pub functions: Vec<(NameIndex, Vec<Step>)>,
    /// Where functions, classes and assignments bind names, each name at its first place.
    pub bindings: Vec<(NameIndex, SiteIndex)>,
    /// Its `__getattr__` has no `raise`: it answers for any name.
    pub answers_all: bool,
    /// Names may be bound in ways that can't be followed: `globals()`, `exec`, a module that hands
    /// itself to others.
    pub is_open: bool,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// An import statement runs; an index into the summary's imports.
    Import(u32),
    /// A name is bound to something that is no module.
    Bind(NameIndex),
    /// A name is bound to what a chain of names stands for.
    Copy(NameIndex, Box<Chain>),
    /// `del name`: raises `NameError` if it is not bound.
    Delete(NameIndex),
    /// The name after `except … as` is unbound again.
    Forget(NameIndex),
    /// The name may be bound from now on, or not.
    Doubt(NameIndex),
    /// An attribute of something that was imported is read.
    Read(Box<Chain>),
    /// An attribute of something that was imported is set or deleted.
    Store(Box<Chain>),
    /// Something runs that may raise any exception.
    Risk,
    /// A function of this module is called by its name.
    Call(NameIndex),
    /// `raise`.
    Raise(Raised),
    /// Control leaves the block: `return`, `break`, `continue`.
    Leave,
    /// The program ends, or the rest of the module is skipped.
    Exit,
    /// What `__all__` holds changes.
    Exports(Box<Exports>),
    /// One of the arms runs, or some of them; it is not known which. An arm may be empty.
    Branch(Vec<Vec<Step>>),
    /// The body of a class: what it binds is none of the module's business.
    Class(Vec<Step>),
    /// Runs only when the file is started as a script.
    Main(Vec<Step>),
    /// A `try` statement, or a `with` that suppresses exceptions.
    Try(Box<Try>),
}

/// `a.b.c`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Its names.
    pub names: Vec<NameIndex>,
    /// The place of its last name.
    pub site: SiteIndex,
}

/// What is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Raised {
    /// The exception that is being handled.
    Again,
    /// An exception of this class.
    Class(Exception),
}

/// A `try` statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// After `try:`.
    pub body: Vec<Step>,
    /// After `except …:`, in order.
    pub handlers: Vec<Handler>,
    /// After `else:`.
    pub orelse: Vec<Step>,
    /// After `finally:`.
    pub finalbody: Vec<Step>,
}

/// A handler of a `try`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// What it catches and no one above it does.
    pub catches: Catches,
    /// It surely raises the same exception again.
    pub raises_again: bool,
    /// What it does.
    pub body: Vec<Step>,
}

/// What happens to `__all__`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exports {
    /// It becomes the empty list.
    Clear,
    /// It becomes something that can't be read, or is changed in such a way.
    Unknown,
    /// Names are added.
    Add(Vec<(NameIndex, SiteIndex)>),
    /// Names are removed.
    Remove(Vec<NameIndex>),
    /// The `__all__` of another module is added: the chain that names that module.
    AddOf(Chain),
}
