//! What expressions do with the default, and what of it their value holds.

use ruff_python_ast::{
    BoolOp, CmpOp, Comprehension, Expr, ExprAttribute, ExprBoolOp, ExprCompare, ExprDict, ExprIf,
    ExprLambda, ExprName, ExprSubscript, Operator, UnaryOp,
};
use ruff_text_size::Ranged;

use super::follow::{Follow, closure};
use super::shape::Shape;
use super::trace::{Held, Kind, join};

/// Expressions nested more deeply are taken to do nothing.
const MAX_NESTING: usize = 400;

impl<'a> Follow<'a, '_> {
    /// Follows an expression; gives what its value holds of the default.
    pub(super) fn eval(&mut self, expr: &'a Expr) -> Held {
        if self.depth >= MAX_NESTING || self.state.is_none() {
            return Held::empty();
        }
        self.depth += 1;
        let held = self.eval_inner(expr);
        self.depth -= 1;
        held
    }

    fn eval_inner(&mut self, expr: &'a Expr) -> Held {
        match expr {
            Expr::Name(name) => self.name(name, true),
            Expr::Call(call) => self.call(call),
            Expr::Attribute(node) => self.attribute(node),
            Expr::Subscript(node) => self.subscript(node),
            Expr::Named(node) => {
                let held = self.eval(&node.value);
                self.assign(&node.target, held, Some(&node.value));
                held
            }
            Expr::BoolOp(node) => self.bool_op(node, true),
            Expr::If(node) => self.if_expression(node),
            Expr::Compare(node) => self.compare(node),
            Expr::BinOp(node) => {
                let held = self.eval(&node.left) | self.eval(&node.right);
                match node.op {
                    Operator::Add | Operator::Mult | Operator::BitOr => self.spread(held),
                    _ => Held::empty(),
                }
            }
            Expr::UnaryOp(node) => {
                if node.op == UnaryOp::Not {
                    self.test(&node.operand);
                } else {
                    self.eval(&node.operand);
                }
                Held::empty()
            }
            Expr::Await(node) => self.eval(&node.value),
            Expr::Starred(node) => self.eval(&node.value),
            Expr::Lambda(node) => self.lambda(node),
            Expr::Yield(_) | Expr::YieldFrom(_) => self.yields(expr),
            _ => self.compound(expr),
        }
    }

    /// Displays, comprehensions and texts.
    fn compound(&mut self, expr: &'a Expr) -> Held {
        match expr {
            Expr::List(node) => self.elements(&node.elts),
            Expr::Tuple(node) => self.elements(&node.elts),
            Expr::Set(node) => self.elements(&node.elts),
            Expr::Dict(node) => self.dict(node),
            Expr::ListComp(node) => self.comprehension(&node.generators, &[&node.elt]),
            Expr::SetComp(node) => self.comprehension(&node.generators, &[&node.elt]),
            Expr::Generator(node) => self.comprehension(&node.generators, &[&node.elt]),
            Expr::DictComp(node) => match &node.key {
                Some(key) => self.comprehension(&node.generators, &[key, &node.value]),
                None => self.comprehension(&node.generators, &[&node.value]),
            },
            Expr::FString(node) => {
                let parts = node.value.elements().filter_map(|part| part.as_interpolation());
                parts.for_each(|part| {
                    self.eval(&part.expression);
                });
                Held::empty()
            }
            Expr::TString(node) => {
                let parts = node.value.elements().filter_map(|part| part.as_interpolation());
                parts.map(|part| self.eval(&part.expression)).fold(Held::empty(), |a, b| a | put(b))
            }
            Expr::Slice(node) => {
                for part in [&node.lower, &node.upper, &node.step].into_iter().flatten() {
                    self.eval(part);
                }
                Held::empty()
            }
            _ => Held::empty(),
        }
    }

    fn dict(&mut self, node: &'a ExprDict) -> Held {
        let mut all = Held::empty();
        for item in &node.items {
            let held = self.eval(&item.value);
            all |= match &item.key {
                Some(key) => {
                    self.eval(key);
                    put(held)
                }
                None => self.spread(held),
            };
        }
        all
    }

    fn elements(&mut self, elements: &'a [Expr]) -> Held {
        let mut all = Held::empty();
        for element in elements {
            let held = self.eval(element);
            all |= if element.is_starred_expr() { self.spread(held) } else { put(held) };
        }
        all
    }

    /// A read of a name. `plain` when the object itself goes on from here, instead of being
    /// looked into.
    fn name(&mut self, name: &'a ExprName, plain: bool) -> Held {
        let Some(symbol) = self.classifier.bindings.symbol_of(name) else { return Held::empty() };
        let held = self.held_by(symbol);
        if held.contains(Held::WHOLE) {
            self.trace.uses += 1;
            self.trace.beyond_cache |= plain;
            if self.value.shape.is_one_shot() {
                self.event(Kind::Changed, name.range(), "used up");
            }
        }
        held
    }

    /// Follows an expression whose value is only looked into: the `x` of `x[0]`, `x.get`, `k in x`.
    pub(super) fn look(&mut self, expr: &'a Expr) -> Held {
        match expr {
            Expr::Name(name) => self.name(name, false),
            other => self.eval(other),
        }
    }

    /// Follows an expression of which only the truth counts.
    pub(super) fn test(&mut self, expr: &'a Expr) -> Held {
        match expr {
            Expr::BoolOp(node) => self.bool_op(node, false),
            other => self.look(other),
        }
    }

    fn attribute(&mut self, node: &'a ExprAttribute) -> Held {
        let held = self.look(&node.value);
        if !held.contains(Held::WHOLE) {
            return self.part_of(held);
        }
        self.trace.beyond_cache = true;
        let method = node.attr.as_str();
        if let Some(how) = self.value.shape.change_by(method) {
            self.event(Kind::Changed, node.range(), how);
        }
        match self.value.shape {
            Shape::Instance | Shape::Namespace => self.item(held),
            _ => Held::empty(),
        }
    }

    /// What an attribute or item of a part of the default holds.
    fn part_of(&self, held: Held) -> Held {
        let deep = self.value.nested > 1 || self.value.shape == Shape::Instance;
        if held.contains(Held::PART) && deep { Held::PART } else { Held::empty() }
    }

    fn subscript(&mut self, node: &'a ExprSubscript) -> Held {
        let held = self.look(&node.value);
        self.eval(&node.slice);
        if node.slice.is_slice_expr() {
            return self.spread(held);
        }
        if held.contains(Held::WHOLE) && self.value.shape == Shape::DefaultDict {
            self.event(Kind::Changed, node.range(), "given items when it is read");
        }
        match self.element(&node.slice) {
            Some(element) if held == Held::WHOLE => {
                let part = self.classifier.classify(element).is_some();
                if part { Held::PART } else { Held::empty() }
            }
            _ => self.item(held),
        }
    }

    /// The element of the default's display that a literal index or key means.
    fn element(&self, index: &Expr) -> Option<&'a Expr> {
        match (self.value.display?, index) {
            (Expr::Dict(dict), Expr::StringLiteral(key)) => {
                let is_key = |found: &Expr| matches!(found, Expr::StringLiteral(found) if found.value.to_str() == key.value.to_str());
                let mut items = dict.items.iter();
                let item = items.find(|item| item.key.as_ref().is_some_and(is_key))?;
                Some(&item.value)
            }
            (Expr::List(list), Expr::NumberLiteral(number)) => {
                list.elts.get(number.value.as_int()?.as_usize()?)
            }
            (Expr::Tuple(tuple), Expr::NumberLiteral(number)) => {
                tuple.elts.get(number.value.as_int()?.as_usize()?)
            }
            _ => None,
        }
    }

    /// `counts` when the value goes on from here, instead of being tested.
    fn bool_op(&mut self, node: &'a ExprBoolOp, counts: bool) -> Held {
        let ends_on = node.op == BoolOp::Or;
        let mut held = Held::empty();
        let mut after = None;
        for (index, value) in node.values.iter().enumerate() {
            let mut one = if counts { self.look(value) } else { self.test(value) };
            let is_last = index + 1 == node.values.len();
            if !is_last && self.value.truth == Some(!ends_on) {
                one -= Held::WHOLE;
            }
            self.trace.beyond_cache |= counts && !one.is_empty();
            held |= one;
            let before = self.state.clone();
            self.refine(value, ends_on);
            join(&mut after, &self.state);
            self.state = before;
            self.refine(value, !ends_on);
        }
        join(&mut self.state, &after);
        held
    }

    fn if_expression(&mut self, node: &'a ExprIf) -> Held {
        self.test(&node.test);
        let before = self.state.clone();
        self.refine(&node.test, true);
        let mut held = self.eval(&node.body);
        let after = std::mem::replace(&mut self.state, before);
        self.refine(&node.test, false);
        held |= self.eval(&node.orelse);
        join(&mut self.state, &after);
        held
    }

    fn compare(&mut self, node: &'a ExprCompare) -> Held {
        let operands: Vec<&'a Expr> =
            std::iter::once(&*node.left).chain(node.comparators.iter()).collect();
        for (index, operand) in operands.into_iter().enumerate() {
            let left = index.checked_sub(1).and_then(|before| node.ops.get(before));
            let by_identity = [left, node.ops.get(index)]
                .into_iter()
                .flatten()
                .all(|op| matches!(op, CmpOp::Is | CmpOp::IsNot));
            if by_identity && operand.is_name_expr() {
                self.identity(operand);
            } else {
                self.look(operand);
            }
        }
        Held::empty()
    }

    /// `x is y` and `len(x)` read the name, and leave the object as it is.
    pub(super) fn identity(&mut self, operand: &'a Expr) {
        let Expr::Name(name) = operand else { return };
        let symbol = self.classifier.bindings.symbol_of(name);
        if symbol.is_some_and(|symbol| self.held_by(symbol).contains(Held::WHOLE)) {
            self.trace.uses += 1;
        }
    }

    fn lambda(&mut self, node: &'a ExprLambda) -> Held {
        let Some(parameters) = &node.parameters else {
            let before = self.state.clone();
            let held = self.eval(&node.body);
            self.state = before;
            return closure(held);
        };
        let results = self.in_inner(parameters, |this| {
            let held = this.eval(&node.body);
            this.results |= held;
        });
        closure(results)
    }

    fn yields(&mut self, expr: &'a Expr) -> Held {
        match expr {
            Expr::Yield(node) => {
                if let Some(value) = &node.value {
                    let held = self.eval(value);
                    let held = if self.collects { put(held) } else { held };
                    self.hand_out(held, Kind::Yielded, node.range());
                }
            }
            Expr::YieldFrom(node) => {
                let held = self.eval(&node.value);
                let held = if self.collects { self.spread(held) } else { self.item(held) };
                self.hand_out(held, Kind::Yielded, node.range());
            }
            _ => {}
        }
        Held::empty()
    }

    fn comprehension(&mut self, generators: &'a [Comprehension], elements: &[&'a Expr]) -> Held {
        let before = self.state.clone();
        for generator in generators {
            let held = self.eval(&generator.iter);
            self.refine_iterated(&generator.iter);
            self.assign(&generator.target, self.item(held), None);
            for condition in &generator.ifs {
                self.test(condition);
                self.refine(condition, true);
            }
        }
        let held = elements.iter().fold(Held::empty(), |held, element| held | self.eval(element));
        self.state = before;
        put(held)
    }

    /// What an element of an object holds.
    pub(super) fn item(&self, held: Held) -> Held {
        let mut item = self.part_of(held);
        if held.contains(Held::WHOLE) && self.value.nested > 0 || held.contains(Held::COPY) {
            item |= Held::PART;
        }
        if held.contains(Held::WITHIN) {
            item |= Held::WHOLE;
        }
        item
    }

    /// What a new container holds that is filled with the elements of an object.
    pub(super) fn spread(&self, held: Held) -> Held {
        put(self.item(held))
    }
}

/// What a new container holds that an object is put into.
pub(super) fn put(held: Held) -> Held {
    let mut inside = held & (Held::WITHIN | Held::COPY);
    if held.contains(Held::WHOLE) {
        inside |= Held::WITHIN;
    }
    if held.contains(Held::PART) {
        inside |= Held::COPY;
    }
    inside
}
