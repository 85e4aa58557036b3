//! Reading and setting attributes of modules in a run (`module_getattro` of CPython's
//! `moduleobject.c`).

use std::rc::Rc;

use pycheck_model::{NameIndex, SiteIndex};
use rustc_hash::FxHashSet;

use super::machine::{Flow, Machine, Status, What, Why};
use super::space::{Presence, Slot, Value};
use super::table::{Code, NameId, NodeId, Submodule};

impl Machine<'_, '_> {
    /// What a dotted name stands for; `None` when that is not known.
    pub(super) fn look(&mut self, names: &[NameId]) -> Option<Slot> {
        let (first, others) = names.split_first()?;
        let mut slot = self.local_or_global(*first);
        for name in others {
            let Value::Module(node) = slot.value else { return None };
            slot = self.attribute_now(node, *name)?;
        }
        Some(slot)
    }

    /// An attribute of a module as it is; `None` if nothing is known of the module.
    pub(super) fn attribute_now(&self, module: NodeId, name: NameId) -> Option<Slot> {
        if let Some(child) = self.replaced.get(&(module, name)) {
            return Some(Slot::module(*child));
        }
        let slot = self.view(module)?.get(name);
        if slot.presence != Presence::Unbound || self.live.contains_key(&module) {
            return Some(slot);
        }
        // Set on a package that has run before by this run.
        match self.table.known_submodule(module, name) {
            Some(child) if self.loaded_state(child) == Presence::Bound => Some(Slot::module(child)),
            _ => Some(slot),
        }
    }

    /// Reads `base.a.b` at the top level.
    pub(super) fn read(&mut self, names: &[NameId], site: SiteIndex) -> Flow {
        let Some((first, others)) = names.split_first() else { return Flow::Next };
        let mut slot = self.local_or_global(*first);
        for name in others {
            let Value::Module(module) = slot.value else { break };
            if slot.presence != Presence::Bound {
                break;
            }
            let is_half_made =
                self.live.get(&module).is_some_and(|it| it.status == Status::Running);
            let Some(now) = self.attribute_now(module, *name) else { break };
            slot = now;
            if slot.presence == Presence::Unbound {
                if let Some(why) = self.why_missing(module, *name, is_half_made) {
                    let what = What::Attribute { module, name: *name, why };
                    let raise = self.failing(site, what);
                    return self.fail(raise);
                }
                break;
            }
        }
        if slot.presence == Presence::Bound {
            self.note_reached(site);
        } else {
            self.doubt_cleanness();
        }
        Flow::Next
    }

    /// Why an unbound attribute surely is missing.
    fn why_missing(&mut self, module: NodeId, name: NameId, is_half_made: bool) -> Option<Why> {
        // Who else has imported a submodule of an installed package is not known.
        let is_outside =
            !matches!(self.table.node(module).code, Code::Session(_) | Code::Namespace);
        if is_outside || self.may_be_set_from_outside(module, name) {
            return None;
        }
        let child = match self.table.submodule(module, name) {
            Submodule::Found(child) => child,
            Submodule::Missing if !is_half_made => return Some(Why::Nowhere),
            _ => return is_half_made.then_some(Why::HalfMade),
        };
        match self.status(child) {
            _ if is_half_made => Some(Why::HalfMade),
            Status::Running => Some(Why::RunningSubmodule),
            // One that ran before all may not have been imported in this run.
            _ => (self.loaded_state(child) == Presence::Unbound).then_some(Why::Unimported),
        }
    }

    /// Whether a module has been imported in this run, and has come to its end.
    pub(super) fn loaded_state(&self, node: NodeId) -> Presence {
        if let Some(live) = self.live.get(&node) {
            return if live.status == Status::Done { Presence::Bound } else { Presence::Unbound };
        }
        if self.loaded.contains(&node) || self.is_surely_loaded(node) {
            return Presence::Bound;
        }
        let may_be = self.perhaps.contains(&node)
            || self.frames.iter().any(|frame| frame.doubts > 0)
            || self.is_reached(node, Self::may_load);
        if may_be { Presence::Maybe } else { Presence::Unbound }
    }

    /// Whether something that this run has imported surely imports a module.
    pub(super) fn is_surely_loaded(&self, node: NodeId) -> bool {
        let loads = |machine: &Self, next: NodeId| {
            let known = machine.table.finals.get(&next);
            known.map(|known| known.loads.clone()).into_iter().collect()
        };
        self.is_reached(node, loads)
    }

    /// What a module that has run before may have imported.
    fn may_load(&self, node: NodeId) -> Vec<Rc<[NodeId]>> {
        let Some(known) = self.table.finals.get(&node) else { return Vec::new() };
        let mut loads = vec![known.loads.clone(), known.perhaps.clone()];
        if known.space.is_open {
            loads.extend(self.table.edges.get(node as usize).map(|edges| edges.as_slice().into()));
        }
        loads
    }

    /// Whether what this run has imported leads to a module.
    fn is_reached(&self, node: NodeId, edges: impl Fn(&Self, NodeId) -> Vec<Rc<[NodeId]>>) -> bool {
        let mut seen: FxHashSet<NodeId> =
            self.loaded.iter().copied().filter(|it| *it != node).collect();
        let mut pending: Vec<NodeId> = seen.iter().copied().collect();
        while let Some(next) = pending.pop() {
            if next == node {
                return true;
            }
            // What a live module runs is known: it is live itself, or loaded.
            if !self.live.contains_key(&next) {
                for others in edges(self, next) {
                    pending.extend(others.iter().filter(|other| seen.insert(**other)));
                }
            }
        }
        false
    }

    /// Sets `base.a`.
    pub(super) fn store(&mut self, names: &[NameIndex]) {
        let names: Vec<NameId> = {
            let own = self.frame().names.clone();
            names.iter().map(|index| own[*index as usize]).collect()
        };
        let Some((last, base)) = names.split_last() else { return };
        if let Some(Slot { value: Value::Module(node), .. }) = self.look(base)
            && let Some(live) = self.live.get_mut(&node)
        {
            live.space.set(*last, Slot::MAYBE);
        }
    }
}
