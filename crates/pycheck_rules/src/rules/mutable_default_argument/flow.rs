//! Branches, loops, `try`, `with` and `match`: which state holds after which path.

use ruff_python_ast::{
    ExceptHandler, Expr, MatchCase, Pattern, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtWhile,
    StmtWith,
};
use ruff_text_size::Ranged;

use super::classes::last_name;
use super::follow::{Follow, Loop};
use super::trace::{Held, State, join};

/// How often a loop's body is looked at: what a variable holds can travel once around for each
/// variable, and more than two in a row is unheard of.
const LOOP_ROUNDS: usize = 3;

impl<'a> Follow<'a, '_> {
    pub(super) fn conditional(&mut self, node: &'a StmtIf) {
        self.test(&node.test);
        let mut otherwise = self.state.clone();
        self.refine(&node.test, true);
        self.body(&node.body);
        let mut after = self.state.take();
        self.state = otherwise.take();
        self.refine(&node.test, false);
        for clause in &node.elif_else_clauses {
            let Some(test) = &clause.test else {
                self.body(&clause.body);
                join(&mut after, &self.state);
                self.state = after;
                return;
            };
            self.test(test);
            let before = self.state.clone();
            self.refine(test, true);
            self.body(&clause.body);
            join(&mut after, &self.state);
            self.state = before;
            self.refine(test, false);
        }
        join(&mut self.state, &after);
    }

    /// Follows a loop: `enter` begins a round, `exit` says how the loop ends by itself.
    fn rounds(&mut self, body: &'a [Stmt], enter: &mut dyn FnMut(&mut Self)) -> State {
        let mut breaks = None;
        let mut entry = self.state.clone();
        for _ in 0..LOOP_ROUNDS {
            self.state.clone_from(&entry);
            self.loops.push(Loop::default());
            enter(self);
            self.body(body);
            let round = self.loops.pop().unwrap_or_default();
            join(&mut self.state, &round.continues);
            join(&mut breaks, &round.breaks);
            let mut merged = entry.clone();
            join(&mut merged, &self.state);
            if merged == entry {
                break;
            }
            entry = merged;
        }
        self.state = entry;
        breaks
    }

    pub(super) fn for_loop(&mut self, node: &'a StmtFor) {
        let held = self.eval(&node.iter);
        let breaks = self.rounds(&node.body, &mut |this| {
            this.refine_iterated(&node.iter);
            this.assign(&node.target, this.item(held), None);
        });
        self.body(&node.orelse);
        join(&mut self.state, &breaks);
    }

    pub(super) fn while_loop(&mut self, node: &'a StmtWhile) {
        let breaks = self.rounds(&node.body, &mut |this| {
            this.test(&node.test);
            this.refine(&node.test, true);
        });
        let endless = match &*node.test {
            Expr::BooleanLiteral(literal) => literal.value,
            Expr::NumberLiteral(_) => true,
            _ => false,
        };
        if endless {
            self.state = None;
        } else {
            self.refine(&node.test, false);
            self.body(&node.orelse);
        }
        join(&mut self.state, &breaks);
    }

    pub(super) fn with(&mut self, node: &'a StmtWith) {
        let mut swallows = false;
        for item in &node.items {
            let held = self.eval(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.assign(target, held, None);
            }
            if let Expr::Call(call) = &item.context_expr {
                let name = last_name(&call.func).unwrap_or_default();
                swallows |= name == "suppress" || name.contains("aises");
            }
        }
        self.raising.push(None);
        self.body(&node.body);
        let raising = self.raising.pop().unwrap_or_default();
        if swallows {
            join(&mut self.state, &raising);
        }
    }

    pub(super) fn try_statement(&mut self, node: &'a StmtTry) {
        self.raising.push(None);
        self.body(&node.body);
        let raising = self.raising.pop().unwrap_or_default();
        self.body(&node.orelse);
        let mut after = self.state.take();
        let mut anywhere = raising.clone();
        for handler in &node.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.state.clone_from(&raising);
            if let Some(class) = &handler.type_ {
                self.eval(class);
            }
            self.body(&handler.body);
            join(&mut after, &self.state);
        }
        join(&mut anywhere, &after);
        if !node.finalbody.is_empty() {
            self.state = anywhere;
            self.body(&node.finalbody);
        }
        self.state = after;
        if self.state.is_some() {
            self.body(&node.finalbody);
        }
    }

    pub(super) fn match_statement(&mut self, node: &'a StmtMatch) {
        let subject = self.eval(&node.subject);
        let mut after = None;
        for case in &node.cases {
            let before = self.state.clone();
            self.case(case, subject);
            join(&mut after, &self.state);
            self.state = before;
            if case.guard.is_none() && case.pattern.is_irrefutable() {
                self.state = None;
                break;
            }
        }
        join(&mut self.state, &after);
    }

    fn case(&mut self, case: &'a MatchCase, subject: Held) {
        self.capture(&case.pattern, subject);
        if let Some(guard) = &case.guard {
            self.test(guard);
            self.refine(guard, true);
        }
        self.body(&case.body);
    }

    /// Binds what a pattern captures of the subject.
    fn capture(&mut self, pattern: &'a Pattern, held: Held) {
        match pattern {
            Pattern::MatchAs(node) => {
                if let Some(inner) = &node.pattern {
                    self.capture(inner, held);
                }
                if let Some(name) = &node.name {
                    self.bind_at(name.range().start(), held);
                }
            }
            Pattern::MatchOr(node) => {
                node.patterns.iter().for_each(|pattern| self.capture(pattern, held));
            }
            Pattern::MatchSequence(node) => {
                node.patterns.iter().for_each(|pattern| self.capture(pattern, self.item(held)));
            }
            Pattern::MatchMapping(node) => {
                node.patterns.iter().for_each(|pattern| self.capture(pattern, self.item(held)));
            }
            _ => {}
        }
    }
}
