//! What a run makes of blocks: branches of which it is not known which is taken, and `try`.

use pycheck_model::{Catches, Handler, Step, Try};

use super::machine::{Flow, Machine, Raise, Status};
use super::space::Space;

/// How many modules are run twice at most, in handlers and then in earnest.
const MOST_UNDONE: usize = 2_000;

impl Machine<'_, '_> {
    /// Arms of which it is not known which runs: nothing in them is certain, and afterwards holds
    /// what holds after all of them.
    pub(super) fn branch(&mut self, arms: &[Vec<Step>]) -> Flow {
        let node = self.current();
        let before = self.space().clone();
        self.uncertain += 1;
        let mut after: Option<Space> = None;
        let mut may_stop = false;
        let mut leaves = true;
        for arm in arms {
            *self.space() = before.clone();
            let flow = self.block(arm);
            if matches!(flow, Flow::Exit | Flow::Raised(_)) {
                may_stop = true;
                continue;
            }
            leaves &= matches!(flow, Flow::Leave);
            let space = &self.live[&node].space;
            match &mut after {
                None => after = Some(space.clone()),
                Some(after) => after.join(space),
            }
        }
        self.uncertain -= 1;
        let Some(after) = after else { return Flow::Exit };
        *self.space() = after;
        if may_stop {
            self.doubt_the_rest();
        }
        if leaves && arms.len() > 1 { Flow::Leave } else { Flow::Next }
    }

    fn doubt_the_rest(&mut self) {
        self.frame().doubts += 1;
        self.uncertain += 1;
        self.doubt_cleanness();
    }

    /// Takes back what was imported since where nothing was certain, so that it runs in earnest when
    /// something else imports it. Handlers are there for what hardly ever happens.
    fn undo(&mut self, mark: usize) {
        if self.uncertain > 0 || self.perhaps.len() > MOST_UNDONE {
            return;
        }
        for node in self.journal.split_off(mark) {
            let is_running = self.live.get(&node).is_some_and(|it| it.status == Status::Running);
            if !is_running {
                self.live.remove(&node);
                self.loaded.remove(&node);
                self.perhaps.insert(node);
            }
        }
    }

    pub(super) fn try_statement(&mut self, node: &Try) -> Flow {
        let lasting = node.handlers.iter().filter(|handler| !handler.raises_again);
        let catches = lasting.map(|handler| handler.catches).reduce(Catches::or);
        let was_clean = self.live[&self.current()].is_clean;
        let owner = self.current();
        if let Some(live) = self.live.get_mut(&owner) {
            live.is_clean = true;
        }
        let outer_guards = self.guards.len();
        self.guards.extend(catches);
        let before = self.space().clone();
        let flow = self.block(&node.body);
        self.guards.truncate(outer_guards);
        let may_raise = !self.live[&owner].is_clean;
        if let Some(live) = self.live.get_mut(&owner) {
            live.is_clean = was_clean;
        }
        let flow = match flow {
            Flow::Raised(raise) => self.handle(node, raise),
            Flow::Next => self.after_body(node, &before, may_raise),
            other => other,
        };
        self.finally(node, flow)
    }

    /// The body raised: the handler that catches it runs.
    fn handle(&mut self, node: &Try, raise: Raise) -> Flow {
        let caught = |handler: &Handler| raise.exception.is_caught(handler.catches);
        let sure = node.handlers.iter().find(|handler| caught(handler) == Some(true));
        if let Some(Handler { body, .. }) = sure {
            let outer = self.frame().handled.replace(raise);
            let flow = self.block(body);
            self.frame().handled = outer;
            return self.resurface(flow);
        }
        let possible: Vec<&Vec<Step>> = node
            .handlers
            .iter()
            .filter(|handler| caught(handler).is_none())
            .map(|handler| &handler.body)
            .collect();
        if possible.is_empty() {
            return self.resurface(Flow::Raised(raise));
        }
        // Whether it is caught is not known.
        let arms: Vec<Vec<Step>> = possible.into_iter().cloned().collect();
        self.branch(&arms);
        self.doubt_the_rest();
        Flow::Next
    }

    /// An exception that leaves a handler, or that no handler caught after all.
    fn resurface(&mut self, flow: Flow) -> Flow {
        match flow {
            Flow::Raised(raise) if raise.failure.is_some() => self.fail(raise),
            other => other,
        }
    }

    /// The body raised nothing that is known of.
    fn after_body(&mut self, node: &Try, before: &Space, may_raise: bool) -> Flow {
        if !may_raise || node.handlers.is_empty() {
            return self.block(&node.orelse);
        }
        self.doubt_cleanness();
        let owner = self.current();
        self.uncertain += u32::from(!node.orelse.is_empty());
        let flow = self.block(&node.orelse);
        self.uncertain -= u32::from(!node.orelse.is_empty());
        let mut after = matches!(flow, Flow::Next).then(|| self.space().clone());
        // A handler may begin with any part of the body done.
        let mut half_done = before.clone();
        half_done.join(&self.live[&owner].space);
        let mark = self.journal.len();
        self.uncertain += 1;
        let mut may_stop = !matches!(flow, Flow::Next);
        for Handler { body, .. } in &node.handlers {
            *self.space() = half_done.clone();
            if matches!(self.block(body), Flow::Next | Flow::Leave) {
                let space = &self.live[&owner].space;
                match &mut after {
                    Some(after) => after.join(space),
                    None => after = Some(space.clone()),
                }
            } else {
                may_stop = true;
            }
        }
        self.uncertain -= 1;
        self.undo(mark);
        let Some(after) = after else { return flow };
        *self.space() = after;
        // A handler that raises or ends the program only adds failures: what follows runs if it
        // does not, and that it does is what it guards against.
        if may_stop && !matches!(flow, Flow::Next) {
            self.doubt_the_rest();
        }
        Flow::Next
    }

    fn finally(&mut self, node: &Try, flow: Flow) -> Flow {
        if node.finalbody.is_empty() {
            return flow;
        }
        let outer = match &flow {
            Flow::Raised(raise) => self.frame().handled.replace(raise.clone()),
            _ => self.frame().handled.take(),
        };
        let last = self.block(&node.finalbody);
        self.frame().handled = outer;
        match last {
            Flow::Next => flow,
            other => other,
        }
    }
}
