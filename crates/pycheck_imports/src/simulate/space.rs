//! What is known of a module's names at one moment: bound, unbound or unknown.

use pycheck_model::SiteIndex;
use rustc_hash::FxHashMap;

use super::table::{NameId, NodeId};

/// Whether a name is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Bound,
    Maybe,
    Unbound,
}

/// What a name stands for, as far as modules are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Module(NodeId),
    /// Something that is no module, or one that is not followed.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) presence: Presence,
    pub(super) value: Value,
}

impl Slot {
    pub(super) const UNBOUND: Self = Self { presence: Presence::Unbound, value: Value::Other };
    pub(super) const MAYBE: Self = Self { presence: Presence::Maybe, value: Value::Other };
    pub(super) const OTHER: Self = Self { presence: Presence::Bound, value: Value::Other };

    pub(super) fn module(node: NodeId) -> Self {
        Self { presence: Presence::Bound, value: Value::Module(node) }
    }

    fn join(self, other: Self) -> Self {
        let presence =
            if self.presence == other.presence { self.presence } else { Presence::Maybe };
        let value = if self.value == other.value { self.value } else { Value::Other };
        Self { presence, value }
    }
}

/// `__all__`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum All {
    #[default]
    Absent,
    /// Its names, with their places in the module's own file where they stand there.
    Known(Vec<(NameId, Option<SiteIndex>)>),
    Unknown,
}

/// The names of a module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Space {
    pub(super) slots: FxHashMap<NameId, Slot>,
    /// Any name may be bound.
    pub(super) is_open: bool,
    pub(super) all: All,
    /// Packages whose names were taken over by a star import: their submodules may have come along.
    pub(super) starred: Vec<NodeId>,
}

impl Space {
    pub(super) fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(super) fn get(&self, name: NameId) -> Slot {
        let slot = self.slots.get(&name).copied().unwrap_or(Slot::UNBOUND);
        if self.is_open && slot.presence == Presence::Unbound { Slot::MAYBE } else { slot }
    }

    pub(super) fn set(&mut self, name: NameId, slot: Slot) {
        self.slots.insert(name, slot);
    }

    #[expect(clippy::iter_over_hash_type, reason = "each name is joined on its own")]
    /// What holds after one of two ways was taken.
    pub(super) fn join(&mut self, other: &Self) {
        for (name, slot) in &mut self.slots {
            *slot = slot.join(other.slots.get(name).copied().unwrap_or(Slot::UNBOUND));
        }
        for (name, slot) in &other.slots {
            self.slots.entry(*name).or_insert_with(|| Slot::UNBOUND.join(*slot));
        }
        self.is_open |= other.is_open;
        if self.all != other.all {
            self.all = All::Unknown;
        }
        let more = other.starred.iter().filter(|node| !self.starred.contains(node));
        let more: Vec<NodeId> = more.copied().collect();
        self.starred.extend(more);
    }
}
