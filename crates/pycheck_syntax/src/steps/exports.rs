//! What statements do to `__all__`.

use pycheck_model::{Exports, Step};
use ruff_python_ast::{Expr, ExprCall, Operator};
use ruff_text_size::Ranged;

use super::Steps;

impl Steps<'_, '_> {
    /// `__all__ = value`.
    pub(super) fn assign_exports(&mut self, value: &Expr, steps: &mut Vec<Step>) {
        if !adds_to_itself(value) {
            steps.push(Step::Exports(Box::new(Exports::Clear)));
        }
        self.add_exports(value, steps);
        self.bind("__all__", steps);
    }

    /// `__all__ += value`, `__all__.extend(value)`.
    pub(super) fn add_exports(&mut self, value: &Expr, steps: &mut Vec<Step>) {
        match value {
            Expr::List(list) => self.add_names(&list.elts, steps),
            Expr::Tuple(tuple) => self.add_names(&tuple.elts, steps),
            Expr::Set(set) => self.add_names(&set.elts, steps),
            Expr::BinOp(node) if node.op == Operator::Add => {
                self.add_exports(&node.left, steps);
                self.add_exports(&node.right, steps);
            }
            Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
                (Expr::Name(name), [only])
                    if matches!(name.id.as_str(), "list" | "tuple" | "sorted" | "set") =>
                {
                    self.add_exports(only, steps);
                }
                (Expr::Name(name), []) if matches!(name.id.as_str(), "list" | "tuple") => {}
                _ => push(Exports::Unknown, steps),
            },
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__all__" => {
                let chain = self.chain(&attribute.value);
                push(chain.map_or(Exports::Unknown, Exports::AddOf), steps);
            }
            Expr::Name(name) if name.id == "__all__" => {}
            _ => push(Exports::Unknown, steps),
        }
    }

    fn add_names(&mut self, elements: &[Expr], steps: &mut Vec<Step>) {
        let mut names = Vec::new();
        for element in elements {
            match element {
                Expr::StringLiteral(text) => {
                    let site = self.sites.add(text.range());
                    names.push((self.name(text.value.to_str()), site));
                }
                Expr::Starred(starred) => {
                    push(Exports::Add(std::mem::take(&mut names)), steps);
                    self.add_exports(&starred.value, steps);
                }
                _ => push(Exports::Unknown, steps),
            }
        }
        if !names.is_empty() {
            push(Exports::Add(names), steps);
        }
    }

    /// `__all__.append(…)` and the other methods; false for any other call.
    pub(super) fn call_on_exports(&mut self, call: &ExprCall, steps: &mut Vec<Step>) -> bool {
        let Expr::Attribute(method) = &*call.func else { return false };
        if method.value.as_name_expr().is_none_or(|name| name.id != "__all__") {
            return false;
        }
        match (method.attr.as_str(), &*call.arguments.args) {
            ("append", [only @ Expr::StringLiteral(_)]) => {
                self.add_names(std::slice::from_ref(only), steps);
            }
            ("extend", [only]) => self.add_exports(only, steps),
            ("remove", [Expr::StringLiteral(text)]) => {
                let name = self.name(text.value.to_str());
                push(Exports::Remove(vec![name]), steps);
            }
            ("sort" | "reverse" | "copy" | "index" | "count", _) => {}
            ("clear", []) => push(Exports::Clear, steps),
            _ => push(Exports::Unknown, steps),
        }
        true
    }
}

/// Whether the old names are among those of the value.
fn adds_to_itself(value: &Expr) -> bool {
    match value {
        Expr::Name(name) => name.id == "__all__",
        Expr::BinOp(node) => adds_to_itself(&node.left) || adds_to_itself(&node.right),
        Expr::List(list) => list.elts.iter().any(adds_to_itself),
        Expr::Tuple(tuple) => tuple.elts.iter().any(adds_to_itself),
        Expr::Starred(starred) => adds_to_itself(&starred.value),
        Expr::Call(call) => call.arguments.args.iter().any(adds_to_itself),
        _ => false,
    }
}

fn push(exports: Exports, steps: &mut Vec<Step>) {
    steps.push(Step::Exports(Box::new(exports)));
}
