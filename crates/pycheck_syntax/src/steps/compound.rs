//! What compound statements do.

use pycheck_model::{Catches, Handler, Step, Try};
use ruff_python_ast::{
    Expr, Pattern, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtWhile, StmtWith,
};

use super::Steps;
use super::expressions::evaluate;
use crate::catching::{Handled, Manager, handled, manager, replaces_exceptions};
use crate::conditions::Truth;
use crate::nodes;

impl Steps<'_, '_> {
    pub(super) fn if_statement(&mut self, node: &StmtIf, steps: &mut Vec<Step>) {
        let others = node.elif_else_clauses.iter();
        let others = others.map(|clause| (clause.test.as_ref(), clause.body.as_slice()));
        let first = std::iter::once((Some(&*node.test), node.body.as_slice()));
        let mut arms: Vec<Vec<Step>> = Vec::new();
        for (test, body) in first.chain(others) {
            let truth = test.map_or(Truth::True, |test| {
                evaluate(self, test, steps);
                self.conditions.decide(test)
            });
            match truth {
                Truth::False => {}
                Truth::MainGuard => {
                    let body = self.block(body);
                    steps.push(Step::Main(body));
                }
                Truth::True | Truth::Imported if arms.is_empty() => {
                    return self.block_into(body, steps);
                }
                Truth::True | Truth::Imported => {
                    arms.push(self.block(body));
                    return steps.push(Step::Branch(arms));
                }
                Truth::Unknown => arms.push(self.block(body)),
            }
        }
        if !arms.is_empty() {
            arms.push(Vec::new());
            steps.push(Step::Branch(arms));
        }
    }

    pub(super) fn for_loop(&mut self, node: &StmtFor, steps: &mut Vec<Step>) {
        evaluate(self, &node.iter, steps);
        let mut round = Vec::new();
        self.target(&node.target, None, &mut round);
        self.block_into(&node.body, &mut round);
        let is_entered = match &*node.iter {
            Expr::Tuple(tuple) => {
                !tuple.elts.is_empty() && !tuple.elts.iter().any(Expr::is_starred_expr)
            }
            Expr::List(list) => {
                !list.elts.is_empty() && !list.elts.iter().any(Expr::is_starred_expr)
            }
            _ => false,
        };
        rounds(round, (is_entered, &node.body), steps);
        self.after_loop((is_entered, &node.body), &node.orelse, steps);
    }

    pub(super) fn while_loop(&mut self, node: &StmtWhile, steps: &mut Vec<Step>) {
        evaluate(self, &node.test, steps);
        let truth = self.conditions.decide(&node.test);
        if truth == Truth::False {
            return self.block_into(&node.orelse, steps);
        }
        let round = self.block(&node.body);
        rounds(round, (truth == Truth::True, &node.body), steps);
        self.after_loop((truth == Truth::True, &node.body), &node.orelse, steps);
    }

    fn after_loop(
        &mut self,
        (is_entered, body): (bool, &[Stmt]),
        orelse: &[Stmt],
        steps: &mut Vec<Step>,
    ) {
        if is_entered && is_straight(body) {
            if !body.last().is_some_and(Stmt::is_break_stmt) {
                self.block_into(orelse, steps);
            }
            return;
        }
        let orelse = self.block(orelse);
        if !orelse.is_empty() {
            steps.push(Step::Branch(vec![orelse, Vec::new()]));
        }
    }

    pub(super) fn with(&mut self, node: &StmtWith, steps: &mut Vec<Step>) {
        let mut catches = Some(Catches::default());
        let mut is_harmless = true;
        for item in &node.items {
            evaluate(self, &item.context_expr, steps);
            let kind = manager(&item.context_expr, self.conditions);
            is_harmless &= kind == Manager::Harmless;
            catches = match kind {
                Manager::Harmless => catches,
                Manager::Suppresses(more) => catches.map(|all| all.or(more)),
                Manager::Unknown => None,
            };
            if let Some(target) = &item.optional_vars {
                self.target(target, None, steps);
            }
        }
        if is_harmless {
            return self.block_into(&node.body, steps);
        }
        let guarded = std::mem::replace(&mut self.is_guarded, true);
        let body = self.block(&node.body);
        self.is_guarded = guarded;
        steps.push(match catches {
            Some(catches) => Step::Try(Box::new(Try {
                body,
                handlers: vec![Handler { catches, ..Handler::default() }],
                ..Try::default()
            })),
            None => Step::Branch(vec![body]),
        });
    }

    pub(super) fn match_statement(&mut self, node: &StmtMatch, steps: &mut Vec<Step>) {
        evaluate(self, &node.subject, steps);
        let mut arms = Vec::new();
        let mut is_exhaustive = false;
        for case in &node.cases {
            let mut arm = Vec::new();
            self.pattern(&case.pattern, &mut arm);
            if let Some(guard) = &case.guard {
                evaluate(self, guard, &mut arm);
            }
            self.block_into(&case.body, &mut arm);
            is_exhaustive |= case.guard.is_none() && case.pattern.is_irrefutable();
            arms.push(arm);
        }
        if is_exhaustive && arms.len() == 1 {
            return steps.append(&mut arms[0]);
        }
        // A capture stays bound when what follows it in its pattern does not match.
        for case in &node.cases {
            let mut bound = Vec::new();
            self.pattern(&case.pattern, &mut bound);
            steps.extend(bound.into_iter().filter_map(|step| match step {
                Step::Bind(name) => Some(Step::Doubt(name)),
                _ => None,
            }));
        }
        arms.extend((!is_exhaustive).then(Vec::new));
        steps.push(Step::Branch(arms));
    }

    fn pattern(&mut self, pattern: &Pattern, steps: &mut Vec<Step>) {
        match pattern {
            Pattern::MatchAs(node) => {
                node.pattern.iter().for_each(|inner| self.pattern(inner, steps));
                node.name.iter().for_each(|name| self.bind(name.as_str(), steps));
            }
            Pattern::MatchStar(node) => {
                node.name.iter().for_each(|name| self.bind(name.as_str(), steps));
            }
            Pattern::MatchMapping(node) => {
                node.patterns.iter().for_each(|inner| self.pattern(inner, steps));
                node.rest.iter().for_each(|name| self.bind(name.as_str(), steps));
            }
            Pattern::MatchSequence(node) => {
                node.patterns.iter().for_each(|inner| self.pattern(inner, steps));
            }
            Pattern::MatchOr(node) => {
                node.patterns.iter().take(1).for_each(|inner| self.pattern(inner, steps));
            }
            Pattern::MatchClass(node) => {
                evaluate(self, &node.cls, steps);
                node.arguments.patterns.iter().for_each(|inner| self.pattern(inner, steps));
                node.arguments.keywords.iter().for_each(|it| self.pattern(&it.pattern, steps));
            }
            Pattern::MatchValue(node) => evaluate(self, &node.value, steps),
            Pattern::MatchSingleton(_) => {}
        }
    }

    pub(super) fn try_statement(&mut self, node: &StmtTry, steps: &mut Vec<Step>) {
        let outer = std::mem::replace(&mut self.is_guarded, true);
        let body = self.block(&node.body);
        self.is_guarded = outer;
        let mut handlers = Vec::new();
        for (handled, handler) in handled(node, self.conditions).iter().zip(&node.handlers) {
            let handler = handler.as_except_handler().expect("a try has except handlers only");
            let mut steps = Vec::new();
            if let Some(name) = &handler.name {
                self.bind(name.as_str(), &mut steps);
            }
            let name = handler.name.as_ref().map(|name| name.as_str().into());
            let outer = std::mem::replace(&mut self.handled_name, name);
            self.block_into(handled.body, &mut steps);
            self.handled_name = outer;
            if let Some(name) = handler.name.as_ref().filter(|_| !self.in_class()) {
                let name = self.name(name.as_str());
                steps.push(Step::Forget(name));
            }
            let Handled { catches, raises_again, .. } = *handled;
            handlers.push(Handler { catches, raises_again, body: steps });
        }
        let orelse = self.block(&node.orelse);
        let finalbody = self.block(&node.finalbody);
        if replaces_exceptions(&node.finalbody) {
            handlers.push(Handler { catches: Catches::ALL, ..Handler::default() });
        }
        steps.push(Step::Try(Box::new(Try { body, handlers, orelse, finalbody })));
    }
}

/// Whether a round of a loop runs from its first statement to its last, `break` at its end aside.
fn is_straight(body: &[Stmt]) -> bool {
    let within = match body {
        [within @ .., Stmt::Break(_)] => within,
        _ => body,
    };
    let mut leaves = false;
    nodes::each_statement(within, &mut |stmt| {
        leaves |= matches!(stmt, Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_));
    });
    !leaves
}

/// The body of a loop. If it is entered for sure and left nowhere but at its ends, it is what
/// happens; otherwise nothing in it is certain, except that the names of a first round are bound.
fn rounds(mut round: Vec<Step>, (is_entered, body): (bool, &[Stmt]), steps: &mut Vec<Step>) {
    if is_entered && is_straight(body) {
        if matches!(round.last(), Some(Step::Leave)) {
            round.pop();
        }
        steps.append(&mut round);
    } else if !round.is_empty() {
        let others = (!is_entered).then(Vec::new);
        steps.push(Step::Branch(std::iter::once(round).chain(others).collect()));
    }
}
