//! What following a default through a body has brought to light.

use std::collections::BTreeMap;

use bitflags::bitflags;
use pycheck_syntax::bindings::SymbolId;
use ruff_text_size::TextRange;

bitflags! {
    /// What a variable or expression may hold of the default.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(super) struct Held: u8 {
        /// The default itself.
        const WHOLE = 1;
        /// A mutable object that lies in the default.
        const PART = 2;
        /// An object that holds the default: a new container, a closure.
        const WITHIN = 4;
        /// A copy of the default that shares the mutable objects in it.
        const COPY = 8;
        /// What lets others reach the default or what lies in it.
        const REACHABLE = 1 | 2 | 4;
    }
}

/// What each variable may hold.
pub(super) type Variables = BTreeMap<SymbolId, Held>;

/// What holds at a place; `None` where control does not get to.
pub(super) type State = Option<Variables>;

/// Adds to `into` what may hold instead.
pub(super) fn join(into: &mut State, other: &State) {
    let Some(other) = other else { return };
    let variables = into.get_or_insert_default();
    for (symbol, held) in other {
        *variables.entry(*symbol).or_default() |= *held;
    }
}

/// What happens to the default at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It goes to a callee of which nothing is known.
    Handed,
    /// It goes to a callee that keeps or changes what it gets, as its name or its class says.
    Passed,
    /// The caller gets it.
    Returned,
    /// A generator hands it out.
    Yielded,
    /// It is stored where it outlives the call.
    Stored,
    /// It is changed.
    Changed,
}

impl Kind {
    /// How sure it is that the calls disturb each other.
    fn weight(self) -> u8 {
        match self {
            Self::Handed => 0,
            Self::Passed => 1,
            Self::Returned | Self::Yielded | Self::Stored => 2,
            Self::Changed => 3,
        }
    }
}

/// A place where something happens to the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub kind: Kind,
    /// Where, in the body that has the default.
    pub range: TextRange,
    /// How, in words that follow "is".
    pub how: String,
    /// Where the callee does it, if a callee does it.
    pub inner: Option<TextRange>,
    /// It happens to an object in the default only.
    pub to_part: bool,
}

/// All that happens to a default in a body.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub events: Vec<Event>,
    /// How often the default is read at all.
    pub uses: usize,
    /// It is used in a way that a cache is not.
    pub beyond_cache: bool,
    /// It is appended to, which only caches do that keep one result.
    pub appended: bool,
}

impl Trace {
    pub(super) fn add(&mut self, event: Event) {
        if !self.events.contains(&event) {
            self.events.push(event);
        }
    }

    /// The first of the weightiest events.
    pub(super) fn strongest(&self) -> Option<&Event> {
        let weight = self.events.iter().map(|event| event.kind.weight()).max()?;
        self.events.iter().find(|event| event.kind.weight() == weight)
    }

    /// The first event that changes the default.
    pub(super) fn change(&self) -> Option<&Event> {
        self.events.iter().find(|event| event.kind == Kind::Changed)
    }
}
