//! Reading and setting attributes of modules in a run (`module_getattro` of CPython's
//! `moduleobject.c`).

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
            slot = self.view(node)?.get(*name);
        }
        Some(slot)
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
            let Some(space) = self.view(module) else { break };
            slot = space.get(*name);
            if slot.presence == Presence::Unbound {
                if let Some(why) = self.why_missing(module, *name, is_half_made) {
                    let what = What::Attribute { module, name: *name, why };
                    let raise = self.failing(site, what);
                    return self.fail(raise);
                }
                break;
            }
        }
        if self.is_certain() && slot.presence == Presence::Bound {
            let node = self.frame().node;
            self.reached.insert((node, site));
        }
        if slot.presence != Presence::Bound {
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
        let Submodule::Found(child) = self.table.submodule(module, name) else {
            return is_half_made.then_some(Why::HalfMade);
        };
        match self.status(child) {
            _ if is_half_made => Some(Why::HalfMade),
            Status::Running => Some(Why::RunningSubmodule),
            Status::Absent => Some(Why::Unimported),
            // One that ran before all may not have been imported in this run.
            Status::Done if self.live.contains_key(&child) => None,
            Status::Done => (!self.may_be_loaded(child)).then_some(Why::Unimported),
        }
    }

    /// Whether a module that ran before all may have been imported in this run.
    fn may_be_loaded(&self, node: NodeId) -> bool {
        if self.frames.iter().any(|frame| frame.doubts > 0) {
            return true;
        }
        let mut seen: FxHashSet<NodeId> = self.loaded.clone();
        seen.extend(self.live.keys());
        let mut pending: Vec<NodeId> = seen.iter().copied().collect();
        while let Some(next) = pending.pop() {
            if next == node {
                return true;
            }
            let runs = self.table.edges.get(next as usize).into_iter().flatten();
            // What a live module runs is known: it is live itself, or loaded.
            let runs = runs.filter(|_| !self.live.contains_key(&next));
            pending.extend(runs.filter(|other| seen.insert(**other)));
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
