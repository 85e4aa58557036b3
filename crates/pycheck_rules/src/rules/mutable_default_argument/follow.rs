//! Follows a default through the statements of a body, until it is rebound on every path.

use pycheck_syntax::bindings::{ScopeId, ScopeKind, SymbolId};
use ruff_python_ast::{
    ExceptHandler, Expr, MatchCase, Pattern, Stmt, StmtAugAssign, StmtClassDef, StmtFor,
    StmtFunctionDef, StmtIf, StmtMatch, StmtTry, StmtWhile, StmtWith,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::classes::last_name;
use super::trace::{Event, Held, Kind, State, Trace, join};
use super::value::{Classifier, Value};

/// How often a loop's body is looked at: what a variable holds can travel once around for each
/// variable, and more than two in a row is unheard of.
const LOOP_ROUNDS: usize = 3;

/// How many bodies of callees are looked into for one default.
const CALLEE_BUDGET: usize = 60;

/// The states in which a loop is left early or begun again.
#[derive(Default)]
struct Loop {
    breaks: State,
    continues: State,
}

/// Follows one default through one body.
pub(super) struct Follow<'a, 'b> {
    pub classifier: Classifier<'a, 'b>,
    pub text: &'b str,
    pub value: Value<'a>,
    /// The scope of the body.
    pub own: ScopeId,
    pub state: State,
    pub trace: Trace,
    /// What the function returns, where the caller goes on to follow it.
    pub results: Held,
    /// Whether what is returned goes to `results` instead of being an event.
    pub collects: bool,
    /// The functions that are being looked into, outermost first.
    pub callees: Vec<TextSize>,
    pub budget: usize,
    pub depth: usize,
    loops: Vec<Loop>,
    /// For each open `try`, in which states its body can be left by an exception.
    raising: Vec<State>,
}

impl<'a, 'b> Follow<'a, 'b> {
    pub(super) fn new(
        classifier: Classifier<'a, 'b>,
        text: &'b str,
        value: Value<'a>,
        own: ScopeId,
    ) -> Self {
        Self {
            classifier,
            text,
            value,
            own,
            state: Some(super::trace::Variables::new()),
            trace: Trace::default(),
            results: Held::empty(),
            collects: false,
            callees: Vec::new(),
            budget: CALLEE_BUDGET,
            depth: 0,
            loops: Vec::new(),
            raising: Vec::new(),
        }
    }

    /// Follows through statements that run one after the other.
    pub(super) fn body(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            if self.state.is_none() {
                return;
            }
            self.note_raising();
            self.stmt(stmt);
        }
        self.note_raising();
    }

    fn note_raising(&mut self) {
        for raising in &mut self.raising {
            join(raising, &self.state);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(node) => {
                let held = self.eval(&node.value);
                for target in &node.targets {
                    self.assign(target, held, Some(&node.value));
                }
            }
            Stmt::AnnAssign(node) => {
                if let Some(value) = &node.value {
                    let held = self.eval(value);
                    self.assign(&node.target, held, Some(value));
                }
            }
            Stmt::AugAssign(node) => self.augmented(node),
            Stmt::Expr(node) => {
                self.eval(&node.value);
            }
            Stmt::Delete(node) => node.targets.iter().for_each(|target| self.delete(target)),
            Stmt::FunctionDef(def) => self.inner_function(def),
            Stmt::ClassDef(class) => self.inner_class(class),
            Stmt::If(node) => self.conditional(node),
            Stmt::For(node) => self.for_loop(node),
            Stmt::While(node) => self.while_loop(node),
            Stmt::With(node) => self.with(node),
            Stmt::Match(node) => self.match_statement(node),
            Stmt::Try(node) => self.try_statement(node),
            _ => self.jump(stmt),
        }
    }

    /// Statements after which control goes elsewhere, and `assert`.
    fn jump(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Return(node) => {
                if let Some(value) = &node.value {
                    let held = self.eval(value);
                    self.hand_out(held, Kind::Returned, node.range());
                }
                self.leave();
            }
            Stmt::Raise(node) => {
                for part in [&node.exc, &node.cause].into_iter().flatten() {
                    let held = self.eval(part);
                    if held.intersects(Held::REACHABLE) {
                        self.event(Kind::Passed, node.range(), "raised");
                    }
                }
                self.leave();
            }
            Stmt::Break(_) => {
                if let Some(innermost) = self.loops.last_mut() {
                    join(&mut innermost.breaks, &self.state);
                }
                self.state = None;
            }
            Stmt::Continue(_) => {
                if let Some(innermost) = self.loops.last_mut() {
                    join(&mut innermost.continues, &self.state);
                }
                self.state = None;
            }
            Stmt::Assert(node) => {
                self.test(&node.test);
                if let Some(message) = &node.msg {
                    self.eval(message);
                }
                self.refine(&node.test, true);
            }
            _ => {}
        }
    }

    fn leave(&mut self) {
        self.note_raising();
        self.state = None;
    }

    /// Notes that the default leaves the body, or hands it to the caller that is being followed.
    pub(super) fn hand_out(&mut self, held: Held, kind: Kind, range: TextRange) {
        if !held.intersects(Held::REACHABLE) {
            self.results |= held;
        } else if self.collects {
            self.results |= held;
        } else if kind == Kind::Yielded {
            self.event(kind, range, "yielded");
        } else {
            self.event(kind, range, "returned");
        }
    }

    pub(super) fn event(&mut self, kind: Kind, range: TextRange, how: impl Into<String>) {
        self.trace.add(Event { kind, range, how: how.into(), inner: None });
    }

    /// The source text of a node, if it is short enough to be shown.
    pub(super) fn shown(&self, node: impl Ranged) -> &'b str {
        let text = &self.text[node.range()];
        if text.len() <= 40 && !text.contains('\n') { text } else { "…" }
    }

    pub(super) fn held_by(&self, symbol: SymbolId) -> Held {
        let variables = self.state.as_ref();
        variables.and_then(|variables| variables.get(&symbol).copied()).unwrap_or_default()
    }

    pub(super) fn set(&mut self, symbol: SymbolId, held: Held) {
        if let Some(variables) = &mut self.state {
            if held.is_empty() {
                variables.remove(&symbol);
            } else {
                variables.insert(symbol, held);
            }
        }
    }

    /// Whether a variable belongs to the body or to a function within it.
    pub(super) fn is_local(&self, symbol: SymbolId) -> bool {
        let bindings = self.classifier.bindings;
        let scope = bindings.symbol(symbol).scope;
        bindings.is_within(scope, self.own)
            && !matches!(bindings.scope(scope).kind, ScopeKind::Class(_))
    }

    fn augmented(&mut self, node: &'a StmtAugAssign) {
        let added = self.eval(&node.value);
        let Expr::Name(name) = &*node.target else {
            self.assign(&node.target, Held::empty(), None);
            return;
        };
        let Some(symbol) = self.classifier.bindings.symbol_of(name) else { return };
        let held = self.held_by(symbol);
        if held.contains(Held::WHOLE) {
            self.trace.uses += 1;
            self.trace.beyond_cache = true;
            let in_place = self.value.shape.changes_in_place()
                || self.value.class.is_some_and(|class| self.defines_in_place(class));
            if in_place {
                let how = format!("changed in place by `{}=`", node.op.as_str());
                self.event(Kind::Changed, node.range(), how);
            } else {
                self.set(symbol, held - Held::WHOLE);
            }
        } else if self.is_local(symbol) {
            self.set(symbol, held | self.spread(added));
        }
    }

    fn defines_in_place(&self, class: &StmtClassDef) -> bool {
        class.body.iter().any(|stmt| {
            matches!(stmt, Stmt::FunctionDef(def)
                if matches!(def.name.as_str(), "__iadd__" | "__iand__" | "__imul__" | "__ior__" | "__isub__"))
        })
    }

    fn conditional(&mut self, node: &'a StmtIf) {
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

    fn for_loop(&mut self, node: &'a StmtFor) {
        let held = self.eval(&node.iter);
        let breaks = self.rounds(&node.body, &mut |this| {
            this.refine_iterated(&node.iter);
            this.assign(&node.target, this.item(held), None);
        });
        self.body(&node.orelse);
        join(&mut self.state, &breaks);
    }

    fn while_loop(&mut self, node: &'a StmtWhile) {
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

    fn with(&mut self, node: &'a StmtWith) {
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

    fn try_statement(&mut self, node: &'a StmtTry) {
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

    fn match_statement(&mut self, node: &'a StmtMatch) {
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

    pub(super) fn bind_at(&mut self, start: TextSize, held: Held) {
        if let Some(symbol) = self.classifier.bindings.symbol_at(start) {
            self.set(symbol, held);
        }
    }

    /// A function within the body: what it does with the default counts, and if it gives the
    /// default out, the function object holds it.
    fn inner_function(&mut self, def: &'a StmtFunctionDef) {
        for decorator in &def.decorator_list {
            self.eval(&decorator.expression);
        }
        let parameters = &def.parameters;
        let results = self.in_inner(parameters, |this| this.body(&def.body));
        self.bind_at(def.name.range().start(), closure(results));
    }

    /// Runs `body` as that of a function that may be called later; gives what it returns.
    pub(super) fn in_inner(
        &mut self,
        parameters: &'a ruff_python_ast::Parameters,
        body: impl FnOnce(&mut Self),
    ) -> Held {
        let defaults: Vec<(TextSize, Held)> = parameters
            .iter_non_variadic_params()
            .filter_map(|parameter| Some((parameter.name().start(), parameter.default()?)))
            .map(|(start, default)| (start, self.eval(default)))
            .collect();
        let before = self.state.clone();
        let loops = std::mem::take(&mut self.loops);
        let raising = std::mem::take(&mut self.raising);
        let results = std::mem::take(&mut self.results);
        let collects = std::mem::replace(&mut self.collects, true);
        for (start, held) in defaults {
            self.bind_at(start, held);
        }
        body(self);
        self.state = before;
        self.loops = loops;
        self.raising = raising;
        self.collects = collects;
        std::mem::replace(&mut self.results, results)
    }

    fn inner_class(&mut self, class: &'a StmtClassDef) {
        for decorator in &class.decorator_list {
            self.eval(&decorator.expression);
        }
        for base in class.bases() {
            self.eval(base);
        }
        self.body(&class.body);
    }
}

/// What a function object holds that returns `results`.
pub(super) fn closure(results: Held) -> Held {
    if results.intersects(Held::REACHABLE) { Held::WITHIN } else { Held::empty() }
}
