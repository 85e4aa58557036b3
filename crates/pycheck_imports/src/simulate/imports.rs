//! What the import statements do in a run (`importlib._bootstrap._find_and_load`,
//! `_handle_fromlist`; `import_from` and `import_all_from` of CPython's `ceval.c`).

use pycheck_model::{Exception, Import, ImportKind, ImportedName};

use super::machine::{Flow, Machine, Raise, Status, What};

use super::outside;
use super::space::{Presence, Slot, Space, Value};
use super::table::{Code, NameId, NodeId, Submodule, Target};

impl Machine<'_, '_> {
    /// Runs an import statement of the module that is running.
    pub(super) fn import(&mut self, index: u32) -> Flow {
        let frame = self.frame();
        let summary = frame.summary.clone();
        let node = frame.node;
        let Some(import) = summary.imports.get(index as usize) else { return Flow::Next };
        self.frame().at = import.site;
        self.tried.insert((node, import.site));
        match self.target(node, index, import) {
            Target::Raises(exception, parents) => {
                if let Err(flow) = self.load_chain(&parents) {
                    self.blocked.insert((node, import.site));
                    return self.carry_on(flow, import);
                }
                let raise = self.failing(import.site, What::Module(exception));
                let flow = self.fail(raise);
                self.carry_on(flow, import)
            }
            Target::Unknown => {
                self.bind_unknown(import);
                self.doubt_cleanness();
                Flow::Next
            }
            Target::Found(chain) => self.import_found(import, &chain),
        }
    }

    fn target(&mut self, node: NodeId, index: u32, import: &Import) -> Target {
        match self.table.node(node).code {
            Code::Session(file) => self.table.targets[file as usize][index as usize].clone(),
            _ => outside::target(self.table, node, import),
        }
    }

    fn import_found(&mut self, import: &Import, chain: &[NodeId]) -> Flow {
        let Some(last) = chain.last().copied() else { return Flow::Next };
        let is_module = matches!(import.kind, ImportKind::Module { .. });
        // For what it binds the statement imports the first part again.
        let parts = if is_module { &[chain, &chain[..1]][..] } else { &[chain] };
        for part in parts {
            if let Err(flow) = self.load_chain(part) {
                return self.carry_on(flow, import);
            }
        }
        match &import.kind {
            ImportKind::Module { name, alias: None } => {
                let first = name.split('.').next().unwrap_or(name);
                let first = self.table.name(first);
                self.bind_import(first, Slot::module(chain[0]));
                Flow::Next
            }
            ImportKind::Module { alias: Some(alias), .. } => {
                let value = match self.import_as(import, chain) {
                    Ok(value) => value,
                    Err(flow) => return flow,
                };
                let alias = self.table.name(alias);
                self.bind_import(alias, value);
                Flow::Next
            }
            ImportKind::Call { .. } => Flow::Next,
            ImportKind::From { names, .. } => match names.as_slice() {
                [star] if star.name == "*" => self.star(last, import.site),
                _ => self.from(last, names),
            },
        }
    }

    /// `import a.b as c` asks `a` for its attribute `b`, which may be something else by then.
    fn import_as(&mut self, import: &Import, chain: &[NodeId]) -> Result<Slot, Flow> {
        let mut slot = Slot::module(chain[0]);
        for pair in chain.windows(2) {
            let Value::Module(holder) = slot.value else { return Ok(Slot::OTHER) };
            let text = self.table.node(pair[1]).name.clone();
            let name = self.table.name(last_part(&text));
            let known = match self.table.node(holder).code {
                Code::Session(_) | Code::Namespace => self.attribute_now(holder, name),
                Code::Outside(_) | Code::Opaque => None,
            };
            slot = match known {
                Some(slot) if slot.presence == Presence::Bound => slot,
                Some(slot)
                    if slot.presence == Presence::Unbound
                        && (holder != pair[0] || !self.is_imported(pair[1])) =>
                {
                    self.other_attribute(import, holder, name)?
                }
                _ => Slot::module(pair[1]),
            };
        }
        Ok(slot)
    }

    /// As [`Self::attribute`], for a module that has taken the place of the one that was asked for.
    fn other_attribute(
        &mut self,
        import: &Import,
        module: NodeId,
        name: NameId,
    ) -> Result<Slot, Flow> {
        let slot = self.attribute(module, name);
        if slot.presence != Presence::Unbound {
            return Ok(slot);
        }
        let is_half_made = self.status(module) == Status::Running;
        let raise = self.failing(import.site, What::Name { module, name, is_half_made });
        match self.fail(raise) {
            Flow::Next => Ok(Slot::OTHER),
            flow => Err(flow),
        }
    }

    /// A name bound by an import statement; in a class or function it is a local one.
    pub(super) fn bind_import(&mut self, name: NameId, slot: Slot) {
        match self.frame().scopes.last_mut() {
            Some(scope) => drop(scope.insert(name, slot)),
            None => self.bind(name, slot),
        }
    }

    /// What comes after a module that raises: if nothing catches that, it is there all the same.
    fn passed(&mut self, raise: Raise, parent: Option<NodeId>, node: NodeId) -> Flow {
        let flow = self.fail(raise);
        if matches!(flow, Flow::Next) && !self.is_gone(node) {
            if self.is_certain() {
                self.carried.insert(node);
            }
            if self.loaded.insert(node) {
                self.journal.push(node);
            }
            self.note_load(node);
            self.set_on_parent(parent, node);
        }
        flow
    }

    /// A module that was ended by an exception of its own, or that nobody has imported.
    fn is_gone(&self, node: NodeId) -> bool {
        self.status(node) == Status::Absent
            || self.table.finals.get(&node).is_some_and(|it| it.has_ended)
    }

    /// The statement has failed; if nothing catches that, its names are bound all the same.
    fn carry_on(&mut self, flow: Flow, import: &Import) -> Flow {
        if matches!(flow, Flow::Next) {
            self.bind_all_failed(import);
        }
        flow
    }

    /// A statement that fails binds nothing; it is taken as if it had, unless the name is there.
    fn bind_failed(&mut self, name: NameId) {
        if self.local_or_global(name).presence == Presence::Unbound {
            self.bind_import(name, Slot::OTHER);
        }
    }

    fn bind_all_failed(&mut self, import: &Import) {
        if is_star(import) && !self.is_local() {
            self.space().is_open = true;
        }
        let names: Vec<NameId> =
            import.kind.bound_names().map(|name| self.table.name(name)).collect();
        for name in names {
            self.bind_failed(name);
        }
    }

    /// What a statement that can't be followed binds: it may have failed, too.
    fn bind_unknown(&mut self, import: &Import) {
        if is_star(import) && !self.is_local() {
            self.space().is_open = true;
        }
        let names: Vec<NameId> =
            import.kind.bound_names().map(|name| self.table.name(name)).collect();
        for name in names {
            self.bind_import(name, Slot::OTHER);
        }
    }

    /// Imports a module in an empty program. What its packages raise has been passed over.
    pub(super) fn import_first(&mut self, chain: &[NodeId]) {
        let above = &chain[..chain.len().saturating_sub(1)];
        let has_ended =
            |node: &NodeId| self.table.finals.get(node).is_some_and(|known| known.has_ended);
        let passed: Vec<NodeId> = above.iter().copied().filter(|node| !has_ended(node)).collect();
        self.carried.extend(passed);
        // What it raises itself is kept in its final state.
        _ = self.load_chain(chain);
    }

    /// Imports each module of a dotted name, parents first, from the last one on that is there. The
    /// error is how the statement ends.
    pub(super) fn load_chain(&mut self, chain: &[NodeId]) -> Result<(), Flow> {
        let start = chain.iter().rposition(|node| self.is_imported(*node)).unwrap_or(0);
        let mut parent = start.checked_sub(1).map(|above| chain[above]);
        for node in &chain[start..] {
            if let Err(raise) = self.load(parent, *node) {
                let flow = self.passed(raise, parent, *node);
                if !matches!(flow, Flow::Next) || self.is_gone(*node) {
                    return Err(flow);
                }
            }
            parent = Some(*node);
        }
        Ok(())
    }

    /// Whether a module is in `sys.modules`.
    fn is_imported(&self, node: NodeId) -> bool {
        match self.live.get(&node) {
            Some(live) => live.status != Status::Absent,
            None => self.loaded.contains(&node),
        }
    }

    /// Imports a module unless it is there, and sets it on its parent when it is done.
    fn load(&mut self, parent: Option<NodeId>, node: NodeId) -> Result<(), Raise> {
        let is_namespace = self.table.node(node).code == Code::Namespace;
        if is_namespace && self.live.contains_key(&node) {
            self.note_load(node);
            return Ok(());
        } else if is_namespace {
            self.settle(node, Space::default());
        } else if self.status(node) == Status::Absent {
            self.run(node)?;
        } else if self.members.contains(&node) || self.loaded.contains(&node) {
            self.note_load(node);
            return Ok(());
        } else {
            self.failed_before(node)?;
            self.loaded.insert(node);
            self.journal.push(node);
        }
        self.note_load(node);
        self.set_on_parent(parent, node);
        Ok(())
    }

    /// Notes that the module that is running has imported another.
    fn note_load(&mut self, node: NodeId) {
        let is_certain = self.is_certain();
        let Some(frame) = self.frames.last() else { return };
        let Some(live) = self.live.get_mut(&frame.node) else { return };
        let known = if is_certain { &mut live.loads } else { &mut live.perhaps };
        if !known.contains(&node) {
            known.push(node);
        }
    }

    /// What a module outside of the component raises whenever it is imported.
    fn failed_before(&self, node: NodeId) -> Result<(), Raise> {
        let known = self.table.finals.get(&node).filter(|_| !self.carried.contains(&node));
        match known.and_then(|known| known.fails) {
            // Somebody has imported it before, and carried on.
            Some(exception) if self.tells(exception) && self.is_surely_loaded(node) => Ok(()),
            Some(exception) => Err(Raise { exception, failure: None }),
            None => Ok(()),
        }
    }

    /// Whether it makes a difference where the run is that an import raises what was passed over
    /// before: it does not if it is passed over again. To find out whether it was takes a search.
    fn tells(&self, exception: Exception) -> bool {
        !self.guards.is_empty() || !self.is_certain() || exception == Exception::EXIT
    }

    fn set_on_parent(&mut self, parent: Option<NodeId>, child: NodeId) {
        let Some(parent) = parent.filter(|parent| self.live.contains_key(parent)) else { return };
        let full = self.table.node(child).name.clone();
        let name = self.table.name(last_part(&full));
        let slot = if self.is_certain() { Slot::module(child) } else { Slot::MAYBE };
        if let Some(live) = self.live.get_mut(&parent) {
            live.space.set(name, slot);
            return;
        }
        // A package that has run before and holds something else under the name of its submodule.
        let held = self.view(parent).map_or(Slot::UNBOUND, |space| space.get(name));
        let is_other = held.presence == Presence::Bound && held.value != Value::Module(child);
        if is_other && self.is_certain() && !self.is_surely_loaded(child) {
            self.replaced.insert((parent, name), child);
        }
    }

    /// Notes whether importing a module may raise something that is not known of.
    fn note_cleanness(&mut self, node: NodeId) {
        let is_clean = match (self.live.get(&node), &self.table.node(node).code) {
            (Some(live), _) => live.is_clean || live.status == Status::Running,
            (None, Code::Session(_)) => {
                self.table.finals.get(&node).is_some_and(|known| known.is_clean)
            }
            (None, _) => self.table.node(node).is_standard,
        };
        if !is_clean {
            self.doubt_cleanness();
        }
    }

    /// As [`Self::note_cleanness`], and reads the names of a module outside of the session.
    pub(super) fn ensure(&mut self, node: NodeId) {
        if !self.live.contains_key(&node) {
            outside::finalize_once(self.table, node);
        }
        self.note_cleanness(node);
    }

    fn from(&mut self, module: NodeId, names: &[ImportedName]) -> Flow {
        self.note_cleanness(module);
        let mut ended = Vec::new();
        let ids: Vec<NameId> = names.iter().map(|name| self.table.name(&name.name)).collect();
        for id in ids.iter().copied() {
            match self.import_submodule(module, id) {
                Ok(()) => {}
                Err(Flow::Next) => ended.push(id),
                Err(flow) => return flow,
            }
        }
        for (name, id) in names.iter().zip(ids) {
            if ended.contains(&id) {
                self.bind_name(name, Slot::OTHER);
                continue;
            }
            let slot = self.attribute(module, id);
            if slot.presence == Presence::Unbound {
                let is_half_made = self.status(module) == Status::Running;
                let what = What::Name { module, name: id, is_half_made };
                let raise = self.failing(name.site, what);
                if let flow @ Flow::Raised(_) = self.fail(raise) {
                    return flow;
                }
                let bound = self.table.name(name.bound_name());
                self.bind_failed(bound);
                continue;
            }
            self.note_reached(name.site);
            let slot = Slot { presence: Presence::Bound, ..slot };
            match name.alias {
                None => self.bind_import(id, slot),
                Some(_) => self.bind_name(name, slot),
            }
        }
        Flow::Next
    }

    fn bind_name(&mut self, name: &ImportedName, slot: Slot) {
        let bound = self.table.name(name.bound_name());
        self.bind_import(bound, slot);
    }

    /// `_handle_fromlist`: a name that a package does not have is tried as a submodule.
    pub(super) fn import_submodule(&mut self, package: NodeId, name: NameId) -> Result<(), Flow> {
        if matches!(self.table.node(package).code, Code::Outside(_) | Code::Opaque) {
            return Ok(());
        }
        let known = self.view(package).map_or(Presence::Maybe, |space| space.get(name).presence);
        if known == Presence::Bound
            || self.answers_all(package, known)
            || !self.table.node(package).is_package
        {
            return Ok(());
        }
        if let Submodule::Found(node) = self.table.submodule(package, name) {
            // A name that the package may have itself is not looked for any further then.
            let is_uncertain = u32::from(known == Presence::Maybe);
            self.uncertain += is_uncertain;
            let loaded = self.load(Some(package), node);
            let passed = loaded.map_err(|raise| self.passed(raise, Some(package), node));
            self.uncertain -= is_uncertain;
            if let Err(flow) = passed
                && (!matches!(flow, Flow::Next) || self.is_gone(node))
            {
                return Err(flow);
            }
        }
        Ok(())
    }

    /// Whether a package's `__getattr__` answers, so that no submodule is looked for.
    fn answers_all(&mut self, package: NodeId, known: Presence) -> bool {
        if known != Presence::Maybe {
            return false;
        }
        let getattr = self.table.getattr;
        let is_bound = self
            .view(package)
            .is_some_and(|space| space.slots.get(&getattr).is_some_and(|it| *it == Slot::OTHER));
        is_bound && self.table.summary(package).is_some_and(|summary| summary.body.answers_all)
    }

    /// An attribute of a module, with the fallback to `sys.modules` that a from-import has.
    pub(super) fn attribute(&mut self, module: NodeId, name: NameId) -> Slot {
        if let Some(child) = self.replaced.get(&(module, name)) {
            return Slot::module(*child);
        }
        if self.binds_plainly(module, name) {
            return Slot::OTHER;
        }
        if !self.live.contains_key(&module) {
            outside::finalize_once(self.table, module);
        }
        let slot = self.view(module).map_or(Slot::MAYBE, |space| space.get(name));
        if slot.presence != Presence::Unbound {
            return slot;
        }
        match self.table.submodule(module, name) {
            Submodule::Found(node) if self.status(node) != Status::Absent => Slot::module(node),
            Submodule::Unknown => Slot::MAYBE,
            _ if self.may_be_set_from_outside(module, name) => Slot::MAYBE,
            _ => Slot::UNBOUND,
        }
    }

    /// A name of a module once everything has run.
    pub(super) fn final_attribute(&mut self, module: NodeId, name: NameId) -> Slot {
        self.attribute(module, name)
    }

    /// Whether a name may be there for a star import: bound, or a submodule.
    pub(super) fn may_hold(&mut self, module: NodeId, name: NameId) -> bool {
        self.final_attribute(module, name).presence != Presence::Unbound
            || self.table.submodule(module, name) != Submodule::Missing
    }

    /// Whether a module outside of the session, which has not been read yet, plainly has a name.
    fn binds_plainly(&mut self, module: NodeId, name: NameId) -> bool {
        if self.table.finals.contains_key(&module) {
            return false;
        }
        if let Some(known) = self.table.plain.get(&(module, name)) {
            return *known;
        }
        let Code::Outside(file) = &self.table.node(module).code else { return false };
        let known = self.table.folders().binds_plainly(file, self.table.text(name));
        self.table.plain.insert((module, name), known);
        known
    }

    /// Names that other code may put there: by setting attributes, or along with a star import.
    pub(super) fn may_be_set_from_outside(&mut self, module: NodeId, name: NameId) -> bool {
        if self.table.patched.contains(&name) || is_always_there(self.table.text(name)) {
            return true;
        }
        let starred = self.view(module).map(|space| space.starred.clone()).unwrap_or_default();
        starred.iter().any(|package| match self.table.submodule(*package, name) {
            // Those of the session were taken over with the rest, if they were there.
            Submodule::Found(node) => !matches!(self.table.node(node).code, Code::Session(_)),
            Submodule::Missing => false,
            Submodule::Unknown => true,
        })
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn is_star(import: &Import) -> bool {
    matches!(&import.kind, ImportKind::From { names, .. } if names.iter().any(|it| it.name == "*"))
}

/// Attributes that every module has.
fn is_always_there(name: &str) -> bool {
    matches!(
        name,
        "__name__"
            | "__file__"
            | "__doc__"
            | "__package__"
            | "__path__"
            | "__spec__"
            | "__loader__"
            | "__cached__"
            | "__dict__"
            | "__builtins__"
            | "__class__"
            | "__annotations__"
            | "__annotate__"
    )
}
