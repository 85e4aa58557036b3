//! `from module import *` (`import_all_from` of CPython's `ceval.c`), and what modules do to `__all__`.

use pycheck_model::{Exports, SiteIndex};

use super::machine::{Flow, Machine, Status, What};
use super::space::{All, Presence, Slot, Space, Value};
use super::table::{NameId, NodeId};

impl Machine<'_, '_> {
    /// `from module import *`.
    pub(super) fn star(&mut self, module: NodeId, site: u32) -> Flow {
        self.ensure(module);
        let Some(space) = self.view(module).cloned() else {
            self.space().is_open = true;
            return Flow::Next;
        };
        match &space.all {
            All::Known(names) => return self.star_of_all(module, names, site),
            All::Unknown => self.space().is_open = true,
            All::Absent => self.star_without_all(module, &space),
        }
        self.note_reached(site);
        Flow::Next
    }

    /// A star import takes what `__all__` names, submodules included.
    fn star_of_all(
        &mut self,
        module: NodeId,
        names: &[(NameId, Option<SiteIndex>)],
        site: SiteIndex,
    ) -> Flow {
        let is_half_made = self.status(module) == Status::Running;
        let mut is_first = true;
        for (name, _) in names {
            if let Err(flow @ Flow::Raised(_)) = self.import_submodule(module, *name) {
                self.space().is_open = true;
                return flow;
            }
            let slot = self.attribute(module, *name);
            // CPython speaks of the first name only, which may be one that is not certain.
            is_first &= slot.presence != Presence::Maybe;
            if slot.presence != Presence::Unbound || !is_first {
                self.bind_import(*name, slot);
                continue;
            }
            let raise = self.failing(site, What::Star { module, name: *name, is_half_made });
            let flow = self.fail(raise);
            if matches!(flow, Flow::Next) && !self.is_local() {
                // What it would have brought after the name that is missing is not known.
                self.space().is_open = true;
            }
            return flow;
        }
        self.note_reached(site);
        Flow::Next
    }

    /// Only the runs of a cycle are compared.
    pub(super) fn note_reached(&mut self, site: SiteIndex) {
        if self.members.len() > 1 && self.is_certain() {
            let node = self.frame().node;
            self.reached.insert((node, site));
        }
    }

    #[expect(clippy::iter_over_hash_type, reason = "each name is bound on its own")]
    fn star_without_all(&mut self, module: NodeId, space: &Space) {
        for (name, slot) in &space.slots {
            if slot.presence != Presence::Unbound && !self.table.text(*name).starts_with('_') {
                let old = self.space().get(*name);
                // A name that may come along leaves what was there.
                let slot = match (slot.presence, old.presence) {
                    (Presence::Maybe, Presence::Bound) => Slot::OTHER,
                    _ => *slot,
                };
                self.bind_import(*name, slot);
            }
        }
        let is_package = self.table.node(module).is_package;
        if is_package {
            self.star_of_children(module, space);
        }
        let own = self.space();
        own.is_open |= space.is_open;
        own.starred.extend(space.starred.iter().copied().chain(is_package.then_some(module)));
    }

    /// Submodules that are attributes of their package come along with a star import.
    fn star_of_children(&mut self, package: NodeId, space: &Space) {
        for child in self.table.children(package) {
            let full = self.table.node(child).name.clone();
            let last = full.rsplit('.').next().unwrap_or(&full);
            let name = self.table.name(last);
            if last.starts_with('_') || space.get(name).presence == Presence::Bound {
                continue;
            }
            let own = self.space().get(name);
            match self.loaded_state(child) {
                Presence::Bound => self.bind_import(name, Slot::module(child)),
                Presence::Maybe if own.presence == Presence::Unbound => {
                    self.bind_import(name, Slot::MAYBE);
                }
                Presence::Maybe | Presence::Unbound => {}
            }
        }
    }

    /// What happens to `__all__`.
    pub(super) fn exports(&mut self, exports: &Exports) {
        let mut all = std::mem::take(&mut self.space().all);
        match (exports, &mut all) {
            (Exports::Clear, _) => all = All::Known(Vec::new()),
            (Exports::Add(names), All::Known(known)) => {
                known.extend(names.iter().map(|(name, site)| (self.name(*name), Some(*site))));
            }
            (Exports::Remove(names), All::Known(known)) => {
                let names = self.names(names);
                known.retain(|(name, _)| !names.contains(name));
            }
            (Exports::AddOf(chain), All::Known(known)) => {
                let names = self.names(&chain.names);
                match self.exports_of(&names) {
                    Some(more) => known.extend(more.into_iter().map(|name| (name, None))),
                    None => all = All::Unknown,
                }
            }
            _ => all = All::Unknown,
        }
        self.space().all = all;
    }

    fn exports_of(&mut self, names: &[NameId]) -> Option<Vec<NameId>> {
        let Value::Module(node) = self.look(names)?.value else { return None };
        match &self.view(node)?.all {
            All::Known(names) => Some(names.iter().map(|(name, _)| *name).collect()),
            All::Absent | All::Unknown => None,
        }
    }
}
