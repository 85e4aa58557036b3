//! What the resolver asked and found, kept for a user who wants to know. The resolver notes it where
//! it decides, so that an explanation can't differ from what is reported.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;

use pycheck_model::PythonVersion;

use crate::resolve::{Module, Resolution, Resolver};
use crate::stdlib;

/// One thing that happened while a name was resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A part of the name begins to be looked for: the name up to this part.
    Begin(String),
    /// It is not, or not only, looked for in folders.
    Served(Served),
    /// A folder was asked.
    Looked {
        /// The folder.
        folder: PathBuf,
        /// The module that lies there.
        found: Option<Module>,
        /// A folder of this name without `__init__` lies there.
        is_portion: bool,
    },
    /// The part is decided.
    End(Resolution),
}

/// What serves a name in place of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Served {
    /// The interpreter has imported it before any code of a user runs.
    Loaded,
    /// It is compiled into the interpreter.
    BuiltIn,
    /// It is frozen into the interpreter.
    Frozen,
    /// It is `__main__`.
    Main,
    /// The build configuration gives the package this folder.
    Mapped(PathBuf),
    /// The table of the standard library, and whether it has the name.
    Table(bool),
    /// An import hook of an installed package, with the place that it leads to.
    Hook(Option<PathBuf>),
}

impl Served {
    /// Why no folder is asked for a module that the interpreter brings along.
    pub(crate) fn before_folders(name: &str, version: PythonVersion) -> Self {
        if stdlib::is_builtin(name, version) {
            Self::BuiltIn
        } else if stdlib::is_frozen(name, version) {
            Self::Frozen
        } else {
            Self::Loaded
        }
    }
}

/// The events so far.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    events: RefCell<Vec<Event>>,
    /// Nothing is kept now.
    is_paused: Cell<bool>,
}

impl Trace {
    /// Keeps an event.
    fn add(&self, event: impl FnOnce() -> Event) {
        if !self.is_paused.get() {
            self.events.borrow_mut().push(event());
        }
    }

    /// What was kept since the last call.
    fn take(&self) -> Vec<Event> {
        self.events.take()
    }
}

impl Resolver<'_> {
    /// One that resolves as this one does, knows nothing yet, and keeps what it asks and finds.
    pub(crate) fn traced(&self) -> Self {
        let mut fresh = self.fresh();
        fresh.trace = Some(Trace::default());
        fresh
    }

    /// What was kept since the last call.
    pub(crate) fn take_trace(&self) -> Vec<Event> {
        self.trace.as_ref().map(Trace::take).unwrap_or_default()
    }

    /// Keeps an event, if events are kept.
    pub(crate) fn note(&self, event: impl FnOnce() -> Event) {
        if let Some(trace) = &self.trace {
            trace.add(event);
        }
    }

    /// What `ask` gives; nothing that happens in it is kept.
    pub(crate) fn unnoted<T>(&self, ask: impl FnOnce() -> T) -> T {
        let Some(trace) = &self.trace else { return ask() };
        let before = trace.is_paused.replace(true);
        let answer = ask();
        trace.is_paused.set(before);
        answer
    }
}
