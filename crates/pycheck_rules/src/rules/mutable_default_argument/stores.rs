//! What assignments, deletions and mutating methods do with the default.

use ruff_python_ast::{Expr, ExprAttribute, ExprName, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};

use super::expressions::put;
use super::follow::Follow;
use super::shape::verb;
use super::trace::{Held, Kind};
use crate::facts;

impl<'a> Follow<'a, '_> {
    /// Binds a target, or stores into an object.
    pub(super) fn assign(&mut self, target: &'a Expr, held: Held, value: Option<&'a Expr>) {
        match target {
            Expr::Name(name) => self.assign_name(name, held),
            Expr::Tuple(node) => self.unpack(&node.elts, held, value),
            Expr::List(node) => self.unpack(&node.elts, held, value),
            Expr::Starred(node) => {
                let rest = if held.is_empty() { held } else { put(held) };
                self.assign(&node.value, rest, None);
            }
            Expr::Attribute(node) => self.store_attribute(target, node, held),
            Expr::Subscript(node) => self.store_item(node, held),
            _ => {}
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], held: Held, value: Option<&'a Expr>) {
        let values: &'a [Expr] = match value {
            Some(Expr::Tuple(tuple)) => &tuple.elts,
            Some(Expr::List(list)) => &list.elts,
            _ => &[],
        };
        let starred = targets.iter().chain(values).any(Expr::is_starred_expr);
        if starred || values.len() != targets.len() {
            let item = self.item(held);
            for target in targets {
                self.assign(target, item, None);
            }
            return;
        }
        let pairs: Vec<Held> = values.iter().map(|value| self.peek(value)).collect();
        for ((target, value), held) in targets.iter().zip(values).zip(pairs) {
            self.assign(target, held, Some(value));
        }
    }

    /// What an expression holds that has been followed already.
    fn peek(&mut self, expr: &'a Expr) -> Held {
        let trace = std::mem::take(&mut self.trace);
        let state = self.state.clone();
        let held = self.eval(expr);
        self.trace = trace;
        self.state = state;
        held
    }

    fn assign_name(&mut self, name: &'a ExprName, held: Held) {
        let Some(symbol) = self.classifier.bindings.symbol_of(name) else { return };
        if self.is_local(symbol) {
            self.set(symbol, held);
        } else if held.intersects(Held::REACHABLE) {
            self.event(Kind::Stored, name.range(), format!("stored in `{}`", name.id));
        }
    }

    fn store_attribute(&mut self, target: &'a Expr, node: &'a ExprAttribute, held: Held) {
        let base = self.look(&node.value);
        if base.contains(Held::WHOLE) {
            self.trace.beyond_cache = true;
            self.event(Kind::Changed, node.range(), "given an attribute");
        } else if base.contains(Held::PART) {
            self.event(Kind::Changed, node.range(), "changed inside");
        } else if held.intersects(Held::REACHABLE) {
            let how = format!("stored in `{}`", self.shown(target));
            self.event(Kind::Stored, node.range(), how);
        }
    }

    fn store_item(&mut self, node: &'a ExprSubscript, held: Held) {
        let base = self.look(&node.value);
        self.eval(&node.slice);
        if base.contains(Held::WHOLE) {
            self.event(Kind::Changed, node.range(), "given items");
        } else if base.contains(Held::PART) {
            self.event(Kind::Changed, node.range(), "changed inside");
        } else if held.intersects(Held::REACHABLE) {
            self.keep_in(&node.value, held, node.range());
        }
    }

    /// Notes that a container now holds the default: a new container of the body is followed on,
    /// any other outlives the call.
    pub(super) fn keep_in(&mut self, container: &'a Expr, held: Held, place: TextRange) {
        let bindings = self.classifier.bindings;
        if let Expr::Name(name) = container
            && let Some(symbol) = bindings.symbol_of(name)
            && self.is_new_container(symbol)
        {
            let before = self.held_by(symbol);
            self.set(symbol, before | put(held));
            return;
        }
        let how = format!("stored in `{}`", self.shown(container));
        self.event(Kind::Stored, place, how);
    }

    /// `del x[0]` changes the default; `del x` forgets it.
    pub(super) fn delete(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => {
                if let Some(symbol) = self.classifier.bindings.symbol_of(name) {
                    self.set(symbol, Held::empty());
                }
            }
            Expr::Subscript(node) => {
                let base = self.look(&node.value);
                self.eval(&node.slice);
                self.trace.beyond_cache |= base.contains(Held::WHOLE);
                self.change(base, "__delitem__", node.range());
            }
            Expr::Attribute(node) => {
                let base = self.look(&node.value);
                self.change(base, "__delattr__", node.range());
            }
            Expr::Tuple(node) => node.elts.iter().for_each(|target| self.delete(target)),
            Expr::List(node) => node.elts.iter().for_each(|target| self.delete(target)),
            _ => {}
        }
    }

    /// Notes that a method changes the default or what lies in it; says whether it does.
    pub(super) fn change(&mut self, held: Held, method: &str, place: TextRange) -> bool {
        if held.contains(Held::WHOLE) {
            let special = method.starts_with("__");
            let how = self.value.shape.change_by(method).or(special.then(|| verb(method)));
            if let Some(how) = how {
                self.event(Kind::Changed, place, how);
                return true;
            }
        } else if held.contains(Held::PART)
            && (facts::is_mutating_method(method) || method.starts_with("__del"))
        {
            let how = format!("changed inside: an object in it is {}", verb(method));
            self.event(Kind::Changed, place, how);
            return true;
        }
        false
    }
}
