//! Follows a default through the statements of a body, until it is rebound on every path.

use pycheck_syntax::bindings::{ScopeId, ScopeKind, SymbolId};
use ruff_python_ast::{Expr, Stmt, StmtAugAssign, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::trace::{Event, Held, Kind, State, Trace, join};
use super::value::{Classifier, Value};

/// How many statements are followed for one default: far more than any function that people write
/// needs, since loops and `finally` are gone through more than once.
const MAX_WORK: usize = 200_000;

/// How many bodies of callees are looked into for one default.
const CALLEE_BUDGET: usize = 60;

/// The states in which a loop is left early or begun again.
#[derive(Default)]
pub(super) struct Loop {
    pub breaks: State,
    pub continues: State,
}

/// Follows one default through one body.
pub(super) struct Follow<'a, 'b> {
    pub classifier: Classifier<'a, 'b>,
    pub text: &'b str,
    pub value: Value<'a>,
    /// The scope of the body.
    pub own: ScopeId,
    /// The name of the function.
    pub name: &'a str,
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
    /// How many statements have been followed.
    pub work: usize,
    pub loops: Vec<Loop>,
    /// For each open `try`, in which states its body can be left by an exception.
    pub raising: Vec<State>,
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
            name: "",
            state: Some(super::trace::Variables::new()),
            trace: Trace::default(),
            results: Held::empty(),
            collects: false,
            callees: Vec::new(),
            budget: CALLEE_BUDGET,
            depth: 0,
            work: 0,
            loops: Vec::new(),
            raising: Vec::new(),
        }
    }

    /// Follows through statements that run one after the other.
    pub(super) fn body(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            self.work += 1;
            if self.state.is_none() || self.work > MAX_WORK {
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
                        self.event(Kind::Handed, node.range(), "raised");
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
        if self.collects || !held.intersects(Held::REACHABLE) {
            self.results |= held;
        } else {
            let how = if kind == Kind::Yielded { "yielded" } else { "returned" };
            let to_part = !held.intersects(Held::WHOLE | Held::WITHIN);
            self.trace.add(Event { kind, range, how: how.to_owned(), inner: None, to_part });
        }
    }

    pub(super) fn event(&mut self, kind: Kind, range: TextRange, how: impl Into<String>) {
        self.trace.add(Event { kind, range, how: how.into(), inner: None, to_part: false });
    }

    /// The source text of a node, or the end of it if it is too long to be shown.
    pub(super) fn shown(&self, node: &Expr) -> String {
        let text = &self.text[node.range()];
        match node {
            _ if text.len() <= 40 && !text.contains('\n') => text.to_owned(),
            Expr::Attribute(attribute) => format!("….{}", attribute.attr),
            _ => "…".to_owned(),
        }
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
                || self.value.class.is_some_and(defines_in_place);
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

/// Whether a class has a method for `+=` and the like.
fn defines_in_place(class: &StmtClassDef) -> bool {
    class.body.iter().any(|stmt| {
        matches!(stmt, Stmt::FunctionDef(def)
            if matches!(def.name.as_str(), "__iadd__" | "__iand__" | "__imul__" | "__ior__" | "__isub__"))
    })
}
