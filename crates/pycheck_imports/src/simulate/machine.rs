//! Runs the top level of modules step by step, as CPython does, with three values for every name:
//! bound, unbound, unknown.
//!
//! One machine makes one run, from an empty `sys.modules` on. Modules outside of the component that
//! is looked at have run before. An import that surely fails is noted; if nothing around it catches
//! the exception the run carries on, so that what comes after is looked at too.

use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{Catches, Exception, ModuleSummary, NameIndex, Raised, SiteIndex, Step};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::space::{Presence, Slot, Space};
pub(super) use super::state::{Failing, Flow, Live, Raise, Snapshot, Status, What, Why};
use super::table::{Final, NameId, NodeId, Table};

/// How deep imports nest before CPython itself gives up (`RecursionError`): 141 modules in 3.8 to
/// 3.11, 165 in 3.12 and 3.13.
const MAX_NESTING: usize = 140;
/// How many steps one run takes before nothing more is claimed.
const MAX_STEPS: usize = 2_000_000;

/// A module that is running.
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) summary: Arc<ModuleSummary>,
    pub(super) names: Rc<[NameId]>,
    /// The import statement that is running.
    pub(super) at: SiteIndex,
    /// From here on nothing is certain: something before may have ended the module.
    pub(super) doubts: u32,
    /// What is imported in the classes and called functions around is bound there.
    pub(super) scopes: Vec<FxHashMap<NameId, Slot>>,
    calls: Vec<NameIndex>,
    pub(super) handled: Option<Raise>,
}

/// One run.
pub(super) struct Machine<'m, 'a> {
    pub(super) table: &'m mut Table<'a>,
    /// The modules that have not run before.
    pub(super) members: &'m FxHashSet<NodeId>,
    pub(super) live: FxHashMap<NodeId, Live>,
    pub(super) frames: Vec<Frame>,
    /// Modules that ran before all, once they have been imported in this run.
    pub(super) loaded: FxHashSet<NodeId>,
    /// Modules that may have been imported where nothing is certain.
    pub(super) perhaps: FxHashSet<NodeId>,
    /// Attributes of packages that have run before which this run has set to submodules.
    pub(super) replaced: FxHashMap<(NodeId, NameId), NodeId>,
    /// The modules that were imported in this run, in order, so that it can be undone.
    pub(super) journal: Vec<NodeId>,
    /// Modules whose failure has been passed over: they are there now.
    pub(super) carried: FxHashSet<NodeId>,
    /// What the `try` statements around catch, innermost last.
    pub(super) guards: Vec<Catches>,
    pub(super) uncertain: u32,
    steps: usize,
    /// A limit was reached: nothing more is claimed, and nothing more is run.
    is_exhausted: bool,
    pub(super) found: Vec<Failing>,
    /// Imports that ran and did not surely fail, so that runs can be compared.
    pub(super) reached: FxHashSet<(NodeId, SiteIndex)>,
    /// Imports that are not reached, since a package above what they ask for raises.
    pub(super) blocked: FxHashSet<(NodeId, SiteIndex)>,
    /// Imports whose failure was caught.
    pub(super) caught: FxHashSet<(NodeId, SiteIndex)>,
    /// Imports that ran, whatever came of them.
    pub(super) tried: FxHashSet<(NodeId, SiteIndex)>,
}

impl<'m, 'a> Machine<'m, 'a> {
    pub(super) fn new(table: &'m mut Table<'a>, members: &'m FxHashSet<NodeId>) -> Self {
        Self {
            table,
            members,
            live: FxHashMap::default(),
            frames: Vec::new(),
            loaded: FxHashSet::default(),
            perhaps: FxHashSet::default(),
            replaced: FxHashMap::default(),
            journal: Vec::new(),
            carried: FxHashSet::default(),
            guards: Vec::new(),
            uncertain: 0,
            steps: 0,
            is_exhausted: false,
            found: Vec::new(),
            reached: FxHashSet::default(),
            blocked: FxHashSet::default(),
            caught: FxHashSet::default(),
            tried: FxHashSet::default(),
        }
    }

    pub(super) fn is_certain(&self) -> bool {
        self.uncertain == 0 && !self.is_exhausted && self.steps < MAX_STEPS
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a step runs in a module")
    }

    pub(super) fn current(&self) -> NodeId {
        self.frames.last().expect("a step runs in a module").node
    }

    /// The names of the module that is running.
    pub(super) fn space(&mut self) -> &mut Space {
        let node = self.current();
        &mut self.live.get_mut(&node).expect("a running module is live").space
    }

    pub(super) fn name(&self, index: NameIndex) -> NameId {
        self.frames.last().expect("a step runs in a module").names[index as usize]
    }

    pub(super) fn bind(&mut self, name: NameId, slot: Slot) {
        let is_getattr = name == self.table.getattr;
        let space = self.space();
        // From here on the module answers for any name.
        space.is_open |= is_getattr;
        space.set(name, slot);
    }

    /// Runs a module that is absent; what it raises goes on to whoever imports it.
    pub(super) fn run(&mut self, node: NodeId) -> Result<(), Raise> {
        let Some(summary) = self.table.summary(node) else {
            self.settle(node, Space::open());
            return Ok(());
        };
        self.is_exhausted |= self.frames.len() >= MAX_NESTING || self.steps >= MAX_STEPS;
        let is_closed = summary.has_syntax_errors || summary.alters_imports;
        if is_closed || self.is_exhausted {
            self.settle(node, Space::open());
            return Ok(());
        }
        let names = self.table.own_names(node, &summary);
        let slots = FxHashMap::with_capacity_and_hasher(names.len(), FxBuildHasher);
        let space = Space { slots, is_open: summary.body.is_open, ..Space::default() };
        self.journal.push(node);
        self.live.insert(node, Live::new(Status::Running, space, true));
        let frame = Frame {
            node,
            summary: summary.clone(),
            names,
            at: 0,
            doubts: 0,
            scopes: Vec::new(),
            calls: Vec::new(),
            handled: None,
        };
        self.frames.push(frame);
        let flow = self.block(&summary.body.steps);
        let frame = self.frames.pop().expect("the frame that was pushed");
        self.uncertain -= frame.doubts;
        self.finish(node, flow, frame.doubts > 0)
    }

    fn finish(&mut self, node: NodeId, flow: Flow, was_doubtful: bool) -> Result<(), Raise> {
        let getattr = self.table.getattr;
        let is_uncertain = self.uncertain > 0;
        let Some(live) = self.live.get_mut(&node) else { return Ok(()) };
        if live.space.get(getattr).presence != Presence::Unbound || is_uncertain {
            live.space.is_open = true;
        }
        live.is_clean &= !was_doubtful;
        match flow {
            Flow::Raised(raise) => {
                live.status = Status::Absent;
                live.fails.get_or_insert(raise.exception);
                Err(raise)
            }
            Flow::Exit => {
                live.status = Status::Absent;
                live.fails.get_or_insert(Exception::EXIT);
                Err(Raise { exception: Exception::EXIT, failure: None })
            }
            Flow::Next | Flow::Leave => {
                live.status = Status::Done;
                Ok(())
            }
        }
    }

    pub(super) fn settle(&mut self, node: NodeId, space: Space) {
        let is_clean = !space.is_open;
        self.journal.push(node);
        self.live.insert(node, Live::new(Status::Done, space, is_clean));
    }

    pub(super) fn block(&mut self, steps: &[Step]) -> Flow {
        for step in steps {
            self.steps += 1;
            match self.step(step) {
                Flow::Next => {}
                other => return other,
            }
        }
        Flow::Next
    }

    fn step(&mut self, step: &Step) -> Flow {
        match step {
            Step::Import(import) => return self.import(*import),
            Step::Bind(name) => self.bind(self.name(*name), Slot::OTHER),
            Step::Copy(name, chain) => {
                let names = self.names(&chain.names);
                let slot = self.look(&names).unwrap_or(Slot::OTHER);
                let slot = Slot { presence: Presence::Bound, ..slot };
                self.bind(self.name(*name), slot);
            }
            Step::Delete(name) | Step::Forget(name) => {
                let name = self.name(*name);
                self.space().set(name, Slot::UNBOUND);
            }
            Step::Doubt(name) => {
                let name = self.name(*name);
                if self.space().get(name).presence == Presence::Unbound {
                    self.space().set(name, Slot::MAYBE);
                }
            }
            Step::Read(chain) => {
                let names = self.names(&chain.names);
                return self.read(&names, chain.site);
            }
            Step::Store(chain) => self.store(&chain.names),
            Step::Risk => self.doubt_cleanness(),
            Step::Call(name) => return self.call(*name),
            Step::Raise(raised) => return self.raise_step(*raised),
            Step::Leave => return Flow::Leave,
            Step::Exit => return Flow::Exit,
            Step::Exports(exports) => self.exports(exports),
            Step::Branch(arms) => return self.branch(arms),
            Step::Class(body) => return self.local(body),
            // All runs are imports.
            Step::Main(_) => {}
            Step::Try(node) => return self.try_statement(node),
        }
        Flow::Next
    }

    pub(super) fn doubt_cleanness(&mut self) {
        let node = self.current();
        if let Some(live) = self.live.get_mut(&node) {
            live.is_clean = false;
        }
    }

    pub(super) fn names(&self, indices: &[NameIndex]) -> Vec<NameId> {
        indices.iter().map(|index| self.name(*index)).collect()
    }

    /// Runs a body whose imports bind names of its own.
    fn local(&mut self, body: &[Step]) -> Flow {
        self.frame().scopes.push(FxHashMap::default());
        let flow = self.block(body);
        self.frame().scopes.pop();
        flow
    }

    pub(super) fn is_local(&self) -> bool {
        self.frames.last().is_some_and(|frame| !frame.scopes.is_empty())
    }

    /// What a name stands for where the run is.
    pub(super) fn local_or_global(&mut self, name: NameId) -> Slot {
        let local = self.frame().scopes.last().and_then(|scope| scope.get(&name).copied());
        local.unwrap_or_else(|| self.space().get(name))
    }

    /// A call of a function of this module, if it is one whose body matters.
    fn call(&mut self, name: NameIndex) -> Flow {
        let frame = self.frame();
        let summary = frame.summary.clone();
        let mut bodies = summary.body.functions.iter().filter(|(own, _)| *own == name);
        let (Some((_, body)), None) = (bodies.next(), bodies.next()) else { return Flow::Next };
        if frame.calls.contains(&name) || frame.calls.len() > 20 {
            return Flow::Next;
        }
        frame.calls.push(name);
        let flow = self.local(body);
        self.frame().calls.pop();
        match flow {
            Flow::Leave => Flow::Next,
            other => other,
        }
    }

    fn raise_step(&mut self, raised: Raised) -> Flow {
        match raised {
            Raised::Class(exception) => Flow::Raised(Raise { exception, failure: None }),
            Raised::Again => match self.frame().handled.clone() {
                Some(raise) => Flow::Raised(raise),
                None => Flow::Raised(Raise {
                    exception: Exception::from_class("RuntimeError"),
                    failure: None,
                }),
            },
        }
    }

    /// An import that surely fails: goes up if something catches it, is noted if nothing does.
    pub(super) fn fail(&mut self, raise: Raise) -> Flow {
        if raise.exception == Exception::EXIT && self.is_certain() {
            return Flow::Raised(raise);
        }
        if !self.is_certain() {
            self.doubt_cleanness();
            return Flow::Next;
        }
        let is_caught =
            self.guards.iter().any(|guard| raise.exception.is_caught(*guard) != Some(false));
        if is_caught {
            let failure = raise.failure.as_ref();
            self.caught.extend(failure.map(|failure| (failure.node, failure.site)));
            return Flow::Raised(raise);
        }
        for frame in &self.frames {
            if let Some(live) = self.live.get_mut(&frame.node) {
                live.fails.get_or_insert(raise.exception);
            }
        }
        if let Some(failure) = raise.failure
            && !self.found.contains(&failure)
        {
            self.found.push(*failure);
        }
        Flow::Next
    }

    /// The failure of the statement that is running.
    pub(super) fn failing(&self, site: SiteIndex, what: What) -> Raise {
        let above = &self.frames[..self.frames.len().saturating_sub(1)];
        let trail = above.iter().map(|frame| (frame.node, frame.at)).collect();
        let exception = what.exception();
        let failing = Failing { node: self.current(), site, what, trail };
        Raise { exception, failure: Some(Box::new(failing)) }
    }

    /// The names of a module as they are now; `None` if any name may be there.
    pub(super) fn view(&self, node: NodeId) -> Option<&Space> {
        match self.live.get(&node) {
            Some(live) => Some(&live.space),
            None => self.table.finals.get(&node).map(|known| &known.space),
        }
    }

    pub(super) fn status(&self, node: NodeId) -> Status {
        match self.live.get(&node) {
            Some(live) => live.status,
            None if self.members.contains(&node) => Status::Absent,
            None => Status::Done,
        }
    }

    /// How many steps the run has taken since it began or was restored.
    pub(super) fn steps_taken(&self) -> usize {
        self.steps
    }

    /// The state between two imports, to go on from more than once.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot { live: self.live.clone(), loaded: self.loaded.clone() }
    }

    /// Goes back to such a state.
    pub(super) fn restore(&mut self, start: &Snapshot) {
        self.live.clone_from(&start.live);
        self.loaded.clone_from(&start.loaded);
        self.steps = 0;
        self.is_exhausted = false;
        self.uncertain = 0;
        self.perhaps.clear();
        self.journal.clear();
        self.replaced.clear();
        self.carried.clear();
        self.frames.clear();
        self.guards.clear();
    }

    /// How the module is after the run.
    pub(super) fn into_final(live: Live) -> Rc<Final> {
        // Whoever imports a module that was ended by an exception never comes to ask for its names.
        let has_ended = live.status == Status::Absent;
        let space = if has_ended { Space::open() } else { live.space };
        Rc::new(Final {
            space,
            fails: live.fails,
            is_clean: live.is_clean,
            has_ended,
            loads: live.loads.into(),
            perhaps: live.perhaps.into(),
        })
    }
}
