//! Follows every path through the body of a handler to its end.

use ruff_python_ast::helpers::is_const_true;
use ruff_python_ast::{
    Expr, MatchCase, Stmt, StmtFor, StmtIf, StmtMatch, StmtRaise, StmtReturn, StmtWhile,
};
use ruff_text_size::{Ranged, TextRange};

use super::calls::CallEffect;
use super::conditions::excluded_by;
use super::state::{Excluded, Exit, Handed, State, Way, When};
use crate::rule::Context;

/// Blocks nested more deeply than this are not followed; CPython's compiler refuses 20 loops and
/// `try` statements in each other, and its tokenizer 100 levels of indentation.
const MAX_BLOCKS: usize = 100;

/// Follows paths.
pub(super) struct Flow<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    /// The exception that a bare `raise` would raise is the one that the handler caught.
    pub(super) is_current: bool,
    /// Functions of the file that are called are followed too, one deep.
    pub(super) follows_calls: bool,
    depth: usize,
}

/// The ends of all paths, in the order of the text, that behind the last statement last.
pub(super) fn exits_of<'a>(
    cx: &Context<'a>,
    body: &'a [Stmt],
    caught_as: Option<&'a str>,
) -> Vec<Exit<'a>> {
    let mut state = State::start();
    if let Some(name) = caught_as {
        state.set(name, Some(super::state::Held::Value));
    }
    Flow::new(cx, true).run(body, state)
}

impl<'c, 'a> Flow<'c, 'a> {
    /// Ready to follow the body of a handler, or of something else with no exception in hand.
    pub(super) fn new(cx: &'c Context<'a>, is_current: bool) -> Self {
        Self { cx, is_current, follows_calls: true, depth: 0 }
    }

    /// The ends of all paths through a body.
    pub(super) fn run(&mut self, body: &'a [Stmt], state: State<'a>) -> Vec<Exit<'a>> {
        let mut exits = Vec::new();
        let falls = self.block(body, state, &mut exits);
        exits.sort_by_key(|exit| exit.at.start());
        if let (Some(state), Some(last)) = (falls, body.last()) {
            exits.push(Exit { way: Way::Falls, at: last.range(), state });
        }
        exits
    }

    /// Follows statements; returns what is known behind the last one if it is reached.
    pub(super) fn block(
        &mut self,
        body: &'a [Stmt],
        state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        if self.depth >= MAX_BLOCKS {
            return None;
        }
        self.depth += 1;
        let mut state = Some(state);
        for stmt in body {
            let Some(before) = state.take() else { break };
            state = self.statement(stmt, before, exits);
        }
        self.depth -= 1;
        state
    }

    fn statement(
        &mut self,
        stmt: &'a Stmt,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        match stmt {
            Stmt::Raise(raise) => {
                let way = self.raise(raise, &state);
                exits.push(Exit { way, at: raise.range(), state });
                None
            }
            Stmt::Return(node) => self.returns(node, state, exits),
            Stmt::Break(_) => {
                exits.push(Exit { way: Way::Breaks, at: stmt.range(), state });
                None
            }
            Stmt::Continue(_) => {
                exits.push(Exit { way: Way::Continues, at: stmt.range(), state });
                None
            }
            Stmt::Expr(node) => self.simple(stmt.range(), Some(&node.value), state, exits),
            Stmt::Assign(node) => {
                self.assign(&node.targets, &node.value, &mut state);
                self.simple(stmt.range(), Some(&node.value), state, exits)
            }
            Stmt::AnnAssign(node) => {
                if let Some(value) = node.value.as_deref() {
                    self.assign(std::slice::from_ref(&node.target), value, &mut state);
                }
                self.simple(stmt.range(), node.value.as_deref(), state, exits)
            }
            Stmt::Assert(node) if is_const_false(&node.test) => {
                exits.push(Exit { way: Way::Raises(None), at: stmt.range(), state });
                None
            }
            _ => self.compound(stmt, state, exits),
        }
    }

    fn returns(
        &mut self,
        node: &'a StmtReturn,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let value = node.value.as_deref();
        if value.is_some_and(|value| self.contains_exception(value, &state)) {
            let stored = Handed { at: node.range(), is_stored: true };
            state.handed = state.handed.or(Some(stored));
        }
        let state = self.simple(node.range(), value, state, exits)?;
        exits.push(Exit { way: Way::Returns, at: node.range(), state });
        None
    }

    fn compound(
        &mut self,
        stmt: &'a Stmt,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        match stmt {
            Stmt::If(node) => self.branch(node, state, exits),
            Stmt::Match(node) => self.cases(node, state, exits),
            Stmt::For(node) => self.for_loop(node, state, exits),
            Stmt::While(node) => self.while_loop(node, state, exits),
            Stmt::Try(node) => self.try_statement(node, &state, exits),
            Stmt::With(node) => self.with_statement(node, state, exits),
            Stmt::Delete(node) => {
                node.targets.iter().for_each(|target| self.forget(target, &mut state));
                Some(state)
            }
            Stmt::AugAssign(node) => {
                self.forget(&node.target, &mut state);
                Some(state)
            }
            _ => Some(state),
        }
    }

    /// A statement whose value, a call perhaps, is all that happens.
    fn simple(
        &mut self,
        at: TextRange,
        value: Option<&'a Expr>,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let Some(value) = value else { return Some(state) };
        self.note(value, &mut state);
        let way = match self.effect(value, &state) {
            CallEffect::Returns => return Some(state),
            CallEffect::Ends { soft } => Way::Ends { soft },
            CallEffect::Reraises => Way::Reraises,
            CallEffect::Raises => Way::Raises(None),
        };
        exits.push(Exit { way, at, state });
        None
    }

    fn raise(&mut self, raise: &'a StmtRaise, state: &State<'a>) -> Way<'a> {
        let Some(exc) = raise.exc.as_deref() else {
            return if self.is_current { Way::Reraises } else { Way::Fails };
        };
        if self.is_held_value(exc, state) {
            Way::Reraises
        } else if self.is_system_exit(exc) {
            Way::Ends { soft: true }
        } else if self.is_current {
            Way::Raises(Some(exc))
        } else {
            Way::Fails
        }
    }

    fn branch(
        &mut self,
        node: &'a StmtIf,
        state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let before = state.when;
        let first = (Some(&*node.test), &*node.body);
        let others = node.elif_else_clauses.iter().map(|c| (c.test.as_ref(), &*c.body));
        let mut rest = Some(state);
        let mut falls = None;
        for (test, body) in std::iter::once(first).chain(others) {
            let Some(mut state) = rest.take() else { break };
            let Some(test) = test else {
                falls = State::join(falls, self.block(body, state, exits), before);
                break;
            };
            self.note(test, &mut state);
            if !is_false(test) {
                let mut taken = state.when(When::Holds(test));
                taken.excluded = taken.excluded.max(self.excluded(test, true, &state));
                falls = State::join(falls, self.block(body, taken, exits), before);
            }
            if !is_true(test) {
                let mut passed = state.when(When::Fails(test));
                passed.excluded = passed.excluded.max(self.excluded(test, false, &state));
                rest = Some(passed);
            }
        }
        State::join(falls, rest, before)
    }

    fn excluded(&mut self, test: &'a Expr, holds: bool, state: &State<'a>) -> Excluded {
        if self.is_current { excluded_by(self, test, holds, state) } else { Excluded::Nothing }
    }

    fn cases(
        &mut self,
        node: &'a StmtMatch,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let before = state.when;
        self.note(&node.subject, &mut state);
        let mut falls = None;
        for case in &node.cases {
            let taken = state.when(When::Matches(case));
            falls = State::join(falls, self.block(&case.body, taken, exits), before);
            if is_wildcard(case) {
                return falls;
            }
        }
        State::join(falls, Some(state), before)
    }

    fn for_loop(
        &mut self,
        node: &'a StmtFor,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        self.note(&node.iter, &mut state);
        self.forget(&node.target, &mut state);
        self.loop_body(&node.body, &node.orelse, (state, false), exits)
    }

    fn while_loop(
        &mut self,
        node: &'a StmtWhile,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        self.note(&node.test, &mut state);
        self.loop_body(&node.body, &node.orelse, (state, is_true(&node.test)), exits)
    }

    /// A loop, which `endless`ly repeats unless something breaks it.
    fn loop_body(
        &mut self,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        (mut state, endless): (State<'a>, bool),
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let before = state.when;
        if state.holds_any() {
            self.forget_stored(body, &mut state);
        }
        let mut inner = Vec::new();
        let mut done = self.block(body, state.clone(), &mut inner);
        let mut broken = None;
        for exit in inner {
            match exit.way {
                Way::Continues => done = State::join(done, Some(exit.state), before),
                Way::Breaks => broken = State::join(broken, Some(exit.state), before),
                _ => exits.push(exit),
            }
        }
        let done = if endless { None } else { State::join(Some(state), done, before) };
        let after = done.and_then(|state| self.block(orelse, state, exits));
        State::join(after, broken, before)
    }
}

fn is_wildcard(case: &MatchCase) -> bool {
    case.guard.is_none() && case.pattern.is_irrefutable()
}

fn is_true(test: &Expr) -> bool {
    is_const_true(test) || is_number(test, 1)
}

fn is_false(test: &Expr) -> bool {
    is_const_false(test)
}

fn is_const_false(test: &Expr) -> bool {
    ruff_python_ast::helpers::is_const_false(test) || is_number(test, 0)
}

fn is_number(test: &Expr, number: u64) -> bool {
    let Expr::NumberLiteral(literal) = test else { return false };
    literal.value.as_int().and_then(ruff_python_ast::Int::as_u64) == Some(number)
}
