//! Which expressions hold the caught exception, and what assignments do to that.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, ExprSubscript, Stmt};
use ruff_text_size::Ranged;

use super::flow::Flow;
use super::state::{Handed, Held, State};

impl<'a> Flow<'_, 'a> {
    /// What an expression holds of the caught exception.
    pub(super) fn held_by(&self, expr: &'a Expr, state: &State<'a>) -> Option<Held> {
        match expr {
            Expr::Name(_) => state.held(self.cx.file.source(expr)),
            Expr::Attribute(node) => {
                let named = state.held(self.cx.file.source(expr));
                let is_class = &node.attr == "__class__";
                named.or_else(|| {
                    (is_class && self.is_held_value(&node.value, state)).then_some(Held::Class)
                })
            }
            Expr::Named(node) => self.held_by(&node.value, state),
            Expr::Call(call) => self.held_by_call(call, state),
            Expr::Subscript(node) => self.held_by_item(node, state),
            _ => None,
        }
    }

    /// Whether an expression is the caught exception.
    pub(super) fn is_held_value(&self, expr: &'a Expr, state: &State<'a>) -> bool {
        self.held_by(expr, state) == Some(Held::Value)
    }

    fn held_by_call(&self, call: &'a ExprCall, state: &State<'a>) -> Option<Held> {
        if let Expr::Attribute(method) = &*call.func
            && matches!(method.attr.as_str(), "with_traceback" | "add_note")
        {
            return self.is_held_value(&method.value, state).then_some(Held::Value);
        }
        match self.callee(call)?.as_str() {
            "sys.exc_info" if self.is_current => Some(Held::Info),
            "sys.exception" if self.is_current => Some(Held::Value),
            "builtins.type" => {
                let [of] = &*call.arguments.args else { return None };
                self.is_held_value(of, state).then_some(Held::Class)
            }
            _ => None,
        }
    }

    fn held_by_item(&self, node: &'a ExprSubscript, state: &State<'a>) -> Option<Held> {
        if self.held_by(&node.value, state) != Some(Held::Info) {
            return None;
        }
        if let Expr::Slice(slice) = &*node.slice {
            return slice.lower.is_none().then_some(Held::Info);
        }
        let Expr::NumberLiteral(number) = &*node.slice else { return None };
        item_of_info(number.value.as_int()?.as_usize()?)
    }

    /// What an assignment does to the variables that hold the exception.
    pub(super) fn assign(&self, targets: &'a [Expr], value: &'a Expr, state: &mut State<'a>) {
        let held = self.held_by(value, state);
        let keeps = |target: &&Expr| target.is_attribute_expr() || target.is_subscript_expr();
        if let Some(target) = targets.iter().find(keeps)
            && self.contains_exception(value, state)
        {
            let stored = Handed { at: target.range(), is_stored: true };
            state.handed = state.handed.or(Some(stored));
        }
        for target in targets {
            self.assign_one(target, held, value, state);
        }
    }

    fn assign_one(
        &self,
        target: &'a Expr,
        held: Option<Held>,
        value: &'a Expr,
        state: &mut State<'a>,
    ) {
        match target {
            Expr::Name(_) => state.set(self.cx.file.source(target), held),
            Expr::Attribute(node) => {
                if &node.attr == "reraise" {
                    state.quiet = !ruff_python_ast::helpers::is_const_true(value);
                }
                state.set(self.cx.file.source(target), held);
            }
            Expr::Tuple(tuple) => self.assign_items(&tuple.elts, held, state),
            Expr::List(list) => self.assign_items(&list.elts, held, state),
            _ => {}
        }
    }

    fn assign_items(&self, targets: &'a [Expr], held: Option<Held>, state: &mut State<'a>) {
        for (index, target) in targets.iter().enumerate() {
            let item = held.filter(|held| *held == Held::Info).and_then(|_| item_of_info(index));
            match target {
                Expr::Name(_) | Expr::Attribute(_) => {
                    state.set(self.cx.file.source(target), item);
                }
                _ => self.forget(target, state),
            }
        }
    }

    /// Forgets the variables that a target binds or deletes.
    pub(super) fn forget(&self, target: &'a Expr, state: &mut State<'a>) {
        match target {
            Expr::Name(_) | Expr::Attribute(_) => state.set(self.cx.file.source(target), None),
            Expr::Starred(node) => self.forget(&node.value, state),
            Expr::Tuple(node) => node.elts.iter().for_each(|target| self.forget(target, state)),
            Expr::List(node) => node.elts.iter().for_each(|target| self.forget(target, state)),
            _ => {}
        }
    }

    /// Forgets what a loop's body assigns, since it may have run before.
    pub(super) fn forget_stored(&self, body: &'a [Stmt], state: &mut State<'a>) {
        let mut stores = Stores { targets: Vec::new() };
        stores.visit_body(body);
        stores.targets.iter().for_each(|target| self.forget(target, state));
    }

    /// Notes what a value that is computed here does: it may hand the exception over, or bind it
    /// by `:=`.
    pub(super) fn note(&self, value: &'a Expr, state: &mut State<'a>) {
        let mut parts = Parts { calls: Vec::new(), bound: Vec::new() };
        parts.visit_expr(value);
        for (target, value) in parts.bound {
            let held = self.held_by(value, state);
            self.assign_one(target, held, value, state);
        }
        let hands_over = |is_stored: bool| {
            let does = |call: &&&'a ExprCall| {
                if is_stored { self.stores(call, state) } else { self.hands_over(call, state) }
            };
            let found = parts.calls.iter().find(does);
            found.map(|call| Handed { at: call.range(), is_stored })
        };
        let handed = hands_over(false).or(state.handed).or_else(|| hands_over(true));
        state.handed = handed;
    }
}

fn item_of_info(index: usize) -> Option<Held> {
    match index {
        0 => Some(Held::Class),
        1 => Some(Held::Value),
        _ => None,
    }
}

/// The targets of all assignments of some statements.
struct Stores<'a> {
    targets: Vec<&'a Expr>,
}

impl<'a> StatementVisitor<'a> for Stores<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Assign(node) => self.targets.extend(&node.targets),
            Stmt::AnnAssign(node) => self.targets.push(&node.target),
            Stmt::AugAssign(node) => self.targets.push(&node.target),
            Stmt::For(node) => self.targets.push(&node.target),
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}

/// The calls and `:=` in an expression that run when it is computed.
struct Parts<'a> {
    calls: Vec<&'a ExprCall>,
    bound: Vec<(&'a Expr, &'a Expr)>,
}

impl<'a> Visitor<'a> for Parts<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Lambda(_) => return,
            Expr::Call(call) => self.calls.push(call),
            Expr::Named(node) => self.bound.push((&node.target, &node.value)),
            _ => {}
        }
        walk_expr(self, expr);
    }
}
