//! Which statements may raise something that is no matter of the import system.

use ruff_python_ast::{Comprehension, Expr, ExprCall, Stmt};

use super::Steps;
use crate::import_calls::imported_at;
use crate::names::Meaning;
use crate::nodes;

/// Built-in functions that hardly ever raise.
const HARMLESS: [&str; 6] = ["dict", "isinstance", "list", "print", "repr", "tuple"];

impl Steps<'_, '_> {
    /// Whether a statement may raise something that is no matter of the import system.
    pub(super) fn may_raise(&self, stmt: &Stmt) -> bool {
        match stmt {
            // What is in a block is asked for itself; `raise` is a step of its own.
            Stmt::Import(_)
            | Stmt::ImportFrom(_)
            | Stmt::Pass(_)
            | Stmt::Global(_)
            | Stmt::Try(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Raise(_)
            | Stmt::Return(_)
            | Stmt::Break(_)
            | Stmt::Continue(_) => false,
            Stmt::FunctionDef(def) => {
                !def.decorator_list.is_empty()
                    || def
                        .parameters
                        .iter()
                        .any(|it| it.default().is_some_and(|it| self.is_risky(it)))
            }
            Stmt::ClassDef(def) => {
                let values = def.arguments.iter().flat_map(|it| {
                    it.args.iter().chain(it.keywords.iter().map(|keyword| &keyword.value))
                });
                !def.decorator_list.is_empty() || values.into_iter().any(|it| self.is_risky(it))
            }
            Stmt::Expr(node) => self.is_risky(&node.value),
            Stmt::Assign(node) => {
                !node.targets.iter().all(Expr::is_name_expr) || self.is_risky(&node.value)
            }
            Stmt::AnnAssign(node) => {
                !node.target.is_name_expr()
                    || node.value.as_deref().is_some_and(|it| self.is_risky(it))
            }
            Stmt::While(node) => self.is_risky(&node.test),
            Stmt::For(node) => !node.target.is_name_expr() || self.is_risky(&node.iter),
            Stmt::Match(node) => self.is_risky(&node.subject),
            Stmt::Delete(node) => !node.targets.iter().all(Expr::is_name_expr),
            _ => true,
        }
    }

    /// Whether evaluating an expression may raise. Reading an attribute of an imported module is
    /// followed on its own.
    fn is_risky(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Tuple(tuple) => tuple.elts.iter().any(|it| self.is_risky(it)),
            Expr::Dict(dict) => {
                let keys = dict.iter_keys().flatten();
                keys.chain(dict.iter_values()).any(|it| self.is_risky(it))
            }
            Expr::List(list) => list.elts.iter().any(|it| self.is_risky(it)),
            Expr::Attribute(_) => {
                nodes::dotted(expr).is_none_or(|parts| !self.roots.contains(parts[0]))
            }
            Expr::Name(_) | Expr::Lambda(_) => false,
            Expr::Generator(node) => self.is_risky_over(&node.generators, &node.elt),
            Expr::ListComp(node) => self.is_risky_over(&node.generators, &node.elt),
            Expr::SetComp(node) => self.is_risky_over(&node.generators, &node.elt),
            Expr::DictComp(node) => self.is_risky_over(&node.generators, &node.value),
            Expr::Named(node) => self.is_risky(&node.value),
            Expr::BoolOp(node) => node.values.iter().any(|it| self.is_risky(it)),
            Expr::If(node) => {
                let parts = [&*node.test, &*node.body, &*node.orelse];
                parts.iter().any(|it| self.is_risky(it))
            }
            Expr::Call(call) if imported_at(call, &self.conditions.names).is_some() => false,
            Expr::Call(call) => !self.is_harmless(call),
            _ => !expr.is_literal_expr(),
        }
    }
    /// Whether a call runs a function of the module that does nothing that may raise, its imports
    /// aside.
    fn is_harmless(&self, call: &ExprCall) -> bool {
        let Expr::Name(name) = &*call.func else { return false };
        let def = match self.conditions.names.meaning(&name.id) {
            Some(Meaning::Function(def)) => def,
            None if HARMLESS.contains(&name.id.as_str()) => {
                return !call.arguments.args.iter().any(|it| self.is_risky(it));
            }
            _ => return false,
        };
        let is_plain = call.arguments.is_empty() && def.parameters.is_empty() && !def.is_async;
        let mut may_raise = !is_plain || !def.decorator_list.is_empty();
        self.conditions.bounded(false, || {
            nodes::each_statement(&def.body, &mut |stmt| {
                may_raise = may_raise || !self.is_harmless_in_function(stmt);
            });
            !may_raise
        })
    }

    fn is_harmless_in_function(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Raise(_) | Stmt::With(_) => false,
            Stmt::Return(node) => node.value.as_deref().is_none_or(|value| !self.is_risky(value)),
            Stmt::If(node) => !self.is_risky(&node.test),
            _ => !self.may_raise(stmt),
        }
    }

    /// A comprehension over things that are spelled out.
    fn is_risky_over(&self, generators: &[Comprehension], element: &Expr) -> bool {
        let is_plain = |part: &Comprehension| {
            let is_spelled_out = part.iter.is_tuple_expr() || part.iter.is_list_expr();
            is_spelled_out && part.target.is_name_expr() && part.ifs.is_empty()
        };
        !generators.iter().all(is_plain)
            || generators.iter().any(|part| self.is_risky(&part.iter))
            || self.is_risky(element)
    }
}
