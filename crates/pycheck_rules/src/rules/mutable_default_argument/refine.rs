//! What a test tells about a variable: on the branch where the default can't be, it is not.
//!
//! An empty default fails `if x:`, and the body of `for y in x:` does not run for it. As long as
//! nothing else changes the default, what such a branch does never happens to it.

use pycheck_syntax::bindings::SymbolId;
use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCall, ExprCompare, UnaryOp};

use super::follow::Follow;
use super::shape::Shape;
use super::trace::{Held, join};

/// How deep `and`, `or` and `not` are looked into: each level may double the work.
const MAX_NESTED_TESTS: u8 = 8;

/// How far an iterable is traced back to the default.
const MAX_SOURCES: u8 = 6;

impl<'a> Follow<'a, '_> {
    /// Takes in that `test` turned out to be `truth`.
    pub(super) fn refine(&mut self, test: &'a Expr, truth: bool) {
        self.refine_within(test, truth, MAX_NESTED_TESTS);
    }

    fn refine_within(&mut self, test: &'a Expr, truth: bool, steps: u8) {
        let Some(steps) = steps.checked_sub(1) else { return };
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                self.refine_within(&node.operand, !truth, steps);
            }
            Expr::BoolOp(node) => self.refine_bool_op(&node.values, node.op, truth, steps),
            Expr::Named(node) => {
                self.refine_within(&node.target, truth, steps);
                self.refine_within(&node.value, truth, steps);
            }
            other => {
                if let Some((symbol, known)) = self.known_truth(other)
                    && known != truth
                {
                    self.rule_out(symbol);
                }
            }
        }
    }

    fn refine_bool_op(&mut self, values: &'a [Expr], op: BoolOp, truth: bool, steps: u8) {
        let all = (op == BoolOp::And) == truth;
        if all {
            for value in values {
                self.refine_within(value, truth, steps);
            }
            return;
        }
        let mut after = None;
        for value in values {
            let before = self.state.clone();
            self.refine_within(value, truth, steps);
            join(&mut after, &self.state);
            self.state = before;
            self.refine_within(value, !truth, steps);
        }
        self.state = after;
    }

    fn rule_out(&mut self, symbol: SymbolId) {
        let held = self.held_by(symbol) - Held::WHOLE;
        self.set(symbol, held);
    }

    /// The variable that a test asks about, and its result if the variable holds the default.
    fn known_truth(&self, test: &'a Expr) -> Option<(SymbolId, bool)> {
        match test {
            Expr::Name(_) => match self.default_in(test) {
                Some(symbol) => Some((symbol, self.value.truth?)),
                None => Some((self.source_of(test, MAX_SOURCES)?, false)),
            },
            Expr::Compare(node) => self.known_comparison(node),
            Expr::Call(call) => self.known_call(call),
            Expr::Subscript(node) if self.value.is_empty() && !self.adds_missing() => {
                Some((self.default_in(&node.value)?, false))
            }
            _ => None,
        }
    }

    fn adds_missing(&self) -> bool {
        self.value.shape == Shape::DefaultDict
    }

    /// The variable that an expression is, if it may hold the default.
    fn default_in(&self, expr: &'a Expr) -> Option<SymbolId> {
        let symbol = self.classifier.bindings.symbol_of(expr.as_name_expr()?)?;
        self.held_by(symbol).contains(Held::WHOLE).then_some(symbol)
    }

    fn known_comparison(&self, node: &'a ExprCompare) -> Option<(SymbolId, bool)> {
        let ([op], [right]) = (&*node.ops, &*node.comparators) else { return None };
        match op {
            CmpOp::In | CmpOp::NotIn if self.value.is_empty() => {
                let container = view_of(right).unwrap_or(right);
                Some((self.default_in(container)?, *op == CmpOp::NotIn))
            }
            CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq => {
                let negated = matches!(op, CmpOp::IsNot | CmpOp::NotEq);
                let (symbol, equal) = self
                    .known_equality(&node.left, right)
                    .or_else(|| self.known_equality(right, &node.left))?;
                Some((symbol, equal != negated))
            }
            _ => None,
        }
        .or_else(|| self.known_length(&node.left, *op, right))
    }

    fn known_equality(&self, left: &'a Expr, right: &'a Expr) -> Option<(SymbolId, bool)> {
        if let Some(symbol) = self.default_in(left) {
            let other = is_plain_constant(right) || self.is_other_container(right);
            let same = self.value.is_empty() && self.is_same_empty(right);
            return (other || same).then_some((symbol, same && !other));
        }
        let Expr::Call(call) = left else { return None };
        let [argument] = &*call.arguments.args else { return None };
        if !self.classifier.bindings.is_builtin(&call.func, "type") {
            return None;
        }
        Some((self.default_in(argument)?, self.is_instance(right)?))
    }

    fn is_same_empty(&self, expr: &Expr) -> bool {
        match (self.value.shape, expr) {
            (Shape::List, Expr::List(list)) => list.elts.is_empty(),
            (Shape::Dict, Expr::Dict(dict)) => dict.items.is_empty(),
            _ => false,
        }
    }

    fn is_other_container(&self, expr: &Expr) -> bool {
        match expr {
            Expr::List(list) => self.value.is_empty() && !list.elts.is_empty(),
            Expr::Dict(dict) => self.value.is_empty() && !dict.items.is_empty(),
            _ => false,
        }
    }

    /// `len(x)` against a number.
    fn known_length(&self, left: &'a Expr, op: CmpOp, right: &Expr) -> Option<(SymbolId, bool)> {
        let symbol = self.measured(left)?;
        let length = self.value.length?;
        let Expr::NumberLiteral(number) = right else { return None };
        let number = number.value.as_int()?.as_usize()?;
        let result = match op {
            CmpOp::Eq => length == number,
            CmpOp::NotEq => length != number,
            CmpOp::Lt => length < number,
            CmpOp::LtE => length <= number,
            CmpOp::Gt => length > number,
            CmpOp::GtE => length >= number,
            _ => return None,
        };
        Some((symbol, result))
    }

    /// The variable of `len(x)`.
    fn measured(&self, expr: &'a Expr) -> Option<SymbolId> {
        let call = expr.as_call_expr()?;
        let [argument] = &*call.arguments.args else { return None };
        let is_len = self.classifier.bindings.is_builtin(&call.func, "len");
        is_len.then(|| self.default_in(argument)).flatten()
    }

    fn known_call(&self, call: &'a ExprCall) -> Option<(SymbolId, bool)> {
        if let Expr::Attribute(method) = &*call.func {
            let looks_up = self.value.is_empty()
                && call.arguments.len() == 1
                && matches!(method.attr.as_str(), "get" | "count" | "__contains__");
            let is_view = self.value.is_empty() && view_of_call(call).is_some();
            if looks_up || is_view {
                return Some((self.default_in(&method.value)?, false));
            }
            return None;
        }
        let bindings = self.classifier.bindings;
        let argument = call.arguments.args.first()?;
        match bindings.qualified_name(&call.func)?.as_str() {
            "builtins.len" | "builtins.bool" => {
                Some((self.default_in(argument)?, self.value.truth?))
            }
            "builtins.any" if self.value.is_empty() => Some((self.default_in(argument)?, false)),
            "builtins.callable" if self.value.shape != Shape::Instance => {
                Some((self.default_in(argument)?, false))
            }
            "builtins.isinstance" => {
                let class = call.arguments.args.get(1)?;
                Some((self.default_in(argument)?, self.is_instance(class)?))
            }
            _ => None,
        }
    }

    /// Whether the default is an instance of the class or classes, where that is certain.
    fn is_instance(&self, class: &Expr) -> Option<bool> {
        if let Expr::Tuple(tuple) = class {
            let answers: Vec<_> = tuple.elts.iter().map(|class| self.is_instance(class)).collect();
            if answers.contains(&Some(true)) {
                return Some(true);
            }
            return answers.iter().all(|answer| *answer == Some(false)).then_some(false);
        }
        let own = match self.value.shape {
            Shape::List => "list",
            Shape::Dict => "dict",
            Shape::Set => "set",
            Shape::Tuple => "tuple",
            _ => return None,
        };
        match self.classifier.bindings.qualified_name(class) {
            Some(name) => is_instance_of(own, &name),
            None => {
                matches!(class, Expr::Name(name) if is_old_text_type(&name.id)).then_some(false)
            }
        }
    }

    /// Takes in that `iterable` gave an element: the default is not what was iterated over if it
    /// is empty.
    pub(super) fn refine_iterated(&mut self, iterable: &'a Expr) {
        if let Some(symbol) = self.source_of(iterable, MAX_SOURCES) {
            self.rule_out(symbol);
        }
    }

    /// The variable that may hold the default and that gives an iterable all of its elements, so
    /// that the iterable is empty if the default is.
    fn source_of(&self, iterable: &'a Expr, steps: u8) -> Option<SymbolId> {
        if !self.value.is_empty() || steps == 0 {
            return None;
        }
        match iterable {
            Expr::Name(name) => self.default_in(iterable).or_else(|| {
                let bindings = self.classifier.bindings;
                let symbol = bindings.symbol_of(name).filter(|symbol| self.is_local(*symbol))?;
                self.source_of(bindings.only_value(symbol)?, steps - 1)
            }),
            Expr::ListComp(node) => self.source_of(&node.generators.first()?.iter, steps - 1),
            Expr::SetComp(node) => self.source_of(&node.generators.first()?.iter, steps - 1),
            Expr::DictComp(node) => self.source_of(&node.generators.first()?.iter, steps - 1),
            Expr::Generator(node) => self.source_of(&node.generators.first()?.iter, steps - 1),
            Expr::Subscript(node) if node.slice.is_slice_expr() => {
                self.source_of(&node.value, steps - 1)
            }
            Expr::Call(call) => self.source_of_call(call, steps - 1),
            _ => None,
        }
    }

    fn source_of_call(&self, call: &'a ExprCall, steps: u8) -> Option<SymbolId> {
        if let Some(container) = view_of_call(call) {
            return self.source_of(container, steps);
        }
        let mut arguments = call.arguments.args.iter();
        match self.classifier.bindings.qualified_name(&call.func)?.as_str() {
            "builtins.enumerate" | "builtins.sorted" | "builtins.list" | "builtins.tuple"
            | "builtins.set" | "builtins.reversed" | "builtins.iter" | "builtins.len"
            | "builtins.zip" | "builtins.range" => {
                arguments.find_map(|argument| self.source_of(argument, steps))
            }
            "builtins.map" | "builtins.filter" => {
                arguments.skip(1).find_map(|argument| self.source_of(argument, steps))
            }
            _ => None,
        }
    }
}

/// The `x` of `x.keys()`, `x.values()`, `x.items()`.
fn view_of(expr: &Expr) -> Option<&Expr> {
    view_of_call(expr.as_call_expr()?)
}

fn view_of_call(call: &ExprCall) -> Option<&Expr> {
    let method = call.func.as_attribute_expr()?;
    let is_view = matches!(
        method.attr.as_str(),
        "keys" | "values" | "items" | "copy" | "iteritems" | "itervalues" | "iterkeys"
    );
    (is_view && call.arguments.is_empty()).then_some(&*method.value)
}

/// A literal that no list, dict or set equals.
fn is_plain_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::NoneLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::EllipsisLiteral(_)
    )
}

fn is_old_text_type(name: &str) -> bool {
    matches!(name, "basestring" | "unicode" | "long" | "string_types" | "text_type")
}

/// Whether an object that is exactly a `list`, `dict`, `set` or `tuple` is an instance of the class
/// of this full name.
fn is_instance_of(own: &str, name: &str) -> Option<bool> {
    const BUILTINS: &[&str] = &[
        "str",
        "bytes",
        "int",
        "float",
        "complex",
        "bool",
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "bytearray",
        "type",
        "range",
        "slice",
    ];
    if let Some(builtin) = name.strip_prefix("builtins.") {
        return BUILTINS.contains(&builtin).then_some(builtin == own);
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    if name.starts_with("numpy.") || name.starts_with("pandas.") || is_old_text_type(last) {
        return Some(false);
    }
    if !(name.starts_with("collections.") || name.starts_with("typing.")) {
        return None;
    }
    let accepts: &[&str] = match last {
        "Mapping" | "MutableMapping" => &["dict"],
        "Sequence" => &["list", "tuple"],
        "MutableSequence" => &["list"],
        "Iterable" | "Collection" | "Container" | "Sized" => &["list", "dict", "set", "tuple"],
        "Callable" | "Hashable" | "Iterator" | "Generator" | "OrderedDict" | "defaultdict"
        | "deque" | "Counter" => &[],
        _ => return None,
    };
    Some(accepts.contains(&own))
}
