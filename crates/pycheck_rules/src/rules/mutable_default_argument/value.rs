//! Whether a default is mutable, and what is known of it.

use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::{BindingKind, ScopeKind};
use ruff_python_ast::{BoolOp, Expr, ExprBinOp, ExprCall, ExprName, Operator, StmtClassDef};

use super::classes::{self, ClassKind};
use super::shape::Shape;
use crate::RuleOptions;

/// How deep names, classes and nested displays are followed.
const MAX_STEPS: u8 = 6;

/// A mutable default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    /// What kind of object it is.
    pub shape: Shape,
    /// How many levels of mutable objects lie in it.
    pub nested: u8,
    /// How many elements it has, if that can be seen.
    pub length: Option<usize>,
    /// Its truth value, if that can be seen.
    pub truth: Option<bool>,
    /// The constant that it is, instead of an object that only the function has.
    pub constant: Option<&'a str>,
    /// The class of this file that it is an instance of.
    pub class: Option<&'a StmtClassDef>,
    /// The display that makes it, so that its elements can be looked up.
    pub display: Option<&'a Expr>,
}

impl<'a> Value<'a> {
    fn new(shape: Shape) -> Self {
        Self {
            shape,
            nested: 0,
            length: None,
            truth: None,
            constant: None,
            class: None,
            display: None,
        }
    }

    fn with_length(self, length: Option<usize>) -> Self {
        Self { length, truth: length.map(|length| length > 0), ..self }
    }

    fn with_nested(self, nested: u8) -> Self {
        Self { nested, ..self }
    }

    /// An instance of a class of the file.
    pub(super) fn instance(class: &'a StmtClassDef) -> Self {
        Self { class: Some(class), nested: 1, ..Self::new(Shape::Instance) }
    }

    /// Whether the default holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.length == Some(0)
    }
}

/// Finds out what expressions are; looks names up in the bindings of the file.
#[derive(Clone, Copy)]
pub(super) struct Classifier<'a, 'b> {
    pub bindings: &'b Bindings<'a>,
    pub options: &'b RuleOptions,
    steps: u8,
}

impl<'a, 'b> Classifier<'a, 'b> {
    pub(super) fn new(bindings: &'b Bindings<'a>, options: &'b RuleOptions) -> Self {
        Self { bindings, options, steps: 0 }
    }

    fn deeper(self) -> Option<Self> {
        (self.steps < MAX_STEPS).then_some(Self { steps: self.steps + 1, ..self })
    }

    /// What is known of an expression's value if it is mutable; `None` if it is not, or unknown.
    pub(super) fn classify(self, expr: &'a Expr) -> Option<Value<'a>> {
        let this = self.deeper()?;
        match expr {
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => this.display(expr),
            Expr::ListComp(node) => Some(this.comprehension(Shape::List, &node.elt)),
            Expr::SetComp(_) => Some(Value::new(Shape::Set)),
            Expr::DictComp(node) => Some(this.comprehension(Shape::Dict, &node.value)),
            Expr::Generator(node) => {
                let value = this.comprehension(Shape::Generator, &node.elt);
                Some(Value { truth: Some(true), ..value })
            }
            Expr::Named(named) => this.classify(&named.value),
            Expr::If(node) => either(this.classify(&node.body), this.classify(&node.orelse)),
            Expr::BoolOp(node) if node.op == BoolOp::Or => {
                node.values.iter().map(|value| this.classify(value)).reduce(either).flatten()
            }
            Expr::BinOp(node) => this.binary(node),
            Expr::Call(call) => this.call(call),
            Expr::Name(name) => this.name(name),
            Expr::Subscript(node) if node.slice.is_slice_expr() => {
                let value = this.classify(&node.value)?;
                Some(Value { constant: None, length: None, truth: None, ..value })
            }
            _ => None,
        }
    }

    fn display(self, expr: &'a Expr) -> Option<Value<'a>> {
        let (shape, elements): (_, Vec<&Expr>) = match expr {
            Expr::List(node) => (Shape::List, node.elts.iter().collect()),
            Expr::Tuple(node) => (Shape::Tuple, node.elts.iter().collect()),
            Expr::Set(node) => (Shape::Set, node.elts.iter().collect()),
            Expr::Dict(node) => (Shape::Dict, node.items.iter().map(|item| &item.value).collect()),
            _ => return None,
        };
        let nested = self.nesting(elements.iter().copied());
        if shape == Shape::Tuple && nested == 0 {
            return None;
        }
        let spreads = elements.iter().any(|element| element.is_starred_expr())
            || matches!(expr, Expr::Dict(node) if node.items.iter().any(|item| item.key.is_none()));
        let length = (!spreads).then_some(elements.len());
        let value = Value::new(shape).with_length(length).with_nested(nested);
        Some(Value { display: Some(expr), ..value })
    }

    /// How many levels of mutable objects lie in an object with these elements.
    fn nesting(self, elements: impl Iterator<Item = &'a Expr>) -> u8 {
        let deepest = elements
            .filter_map(|element| self.classify(element))
            .map(|value| if value.constant.is_some() { 0 } else { value.nested + 1 });
        deepest.max().unwrap_or(0)
    }

    fn comprehension(self, shape: Shape, element: &'a Expr) -> Value<'a> {
        Value::new(shape).with_nested(self.nesting(std::iter::once(element)))
    }

    fn binary(self, node: &'a ExprBinOp) -> Option<Value<'a>> {
        if !matches!(node.op, Operator::Add | Operator::Mult | Operator::BitOr) {
            return None;
        }
        let makes_new = |value: &Value<'_>| {
            !matches!(value.shape, Shape::Instance) && !value.shape.is_one_shot()
        };
        let left = self.classify(&node.left).filter(makes_new);
        let right = self.classify(&node.right).filter(makes_new);
        let value = left.or(right)?;
        let nested = left.map_or(0, |value| value.nested).max(right.map_or(0, |v| v.nested));
        let truth = [left, right].iter().flatten().any(|value| value.truth == Some(true));
        let truth = (truth && node.op != Operator::Mult).then_some(true);
        Some(Value { nested, truth, length: None, constant: None, display: None, ..value })
    }

    fn name(self, name: &'a ExprName) -> Option<Value<'a>> {
        let symbol = self.bindings.symbol_of(name)?;
        let scope = self.bindings.scope(self.bindings.symbol(symbol).scope);
        if !matches!(scope.kind, ScopeKind::Module | ScopeKind::Class(_)) {
            return None;
        }
        let value = self.classify(self.bindings.only_value(symbol)?)?;
        if value.shape == Shape::Instance {
            return None;
        }
        Some(Value { constant: Some(value.constant.unwrap_or(name.id.as_str())), ..value })
    }

    fn call(self, call: &'a ExprCall) -> Option<Value<'a>> {
        let func = call.func.as_subscript_expr().map_or(&*call.func, |generic| &*generic.value);
        if let Some(name) = self.bindings.qualified_name(func) {
            return self.call_by_name(&name, call);
        }
        match func {
            Expr::Name(name) => self.call_of_class(name),
            Expr::Attribute(method) => self.method_call(&method.value, &method.attr),
            _ => None,
        }
    }

    fn call_by_name(self, name: &str, call: &'a ExprCall) -> Option<Value<'a>> {
        let same = |listed: &String| listed == name || format!("builtins.{listed}") == name;
        if self.options.extend_immutable_calls.iter().any(same) {
            return None;
        }
        if matches!(name, "copy.copy" | "copy.deepcopy") {
            let copied = self.classify(call.arguments.args.first()?)?;
            return Some(Value { constant: None, ..copied });
        }
        let shape = shape_of_callee(name).or_else(|| {
            self.options.extend_mutable_calls.iter().any(same).then_some(Shape::Unknown)
        })?;
        let arguments = &call.arguments;
        let length = (arguments.is_empty() && shape.has_length()).then_some(0);
        let values = arguments.args.iter().chain(arguments.keywords.iter().map(|k| &k.value));
        let nested = match shape {
            Shape::DefaultDict => 1,
            _ if matches!(name, "builtins.open") => 0,
            _ => self.nested_in_arguments(name, values),
        };
        let truth = arguments.keywords.iter().any(|keyword| keyword.arg.is_some())
            && matches!(shape, Shape::Dict);
        let value = Value::new(shape).with_length(length).with_nested(nested);
        Some(Value { truth: value.truth.or(truth.then_some(true)), ..value })
    }

    /// `list([[]])` copies the outer list and keeps the inner one; `fromkeys(keys, [])` and
    /// `dict(a=[])` keep their arguments as they are.
    fn nested_in_arguments(self, name: &str, values: impl Iterator<Item = &'a Expr>) -> u8 {
        let keeps = name.ends_with(".fromkeys") || name == "types.SimpleNamespace";
        let values: Vec<&Expr> = values.collect();
        let copied = values.iter().filter_map(|value| self.classify(value)).map(|v| v.nested);
        let kept = if keeps { self.nesting(values.iter().copied()) } else { 0 };
        copied.max().unwrap_or(0).max(kept)
    }

    fn call_of_class(self, name: &'a ExprName) -> Option<Value<'a>> {
        let class = self.class_named(name)?;
        let class_name = class.name.as_str();
        if self.options.extend_immutable_calls.iter().any(|listed| listed == class_name) {
            return None;
        }
        if self.options.extend_mutable_calls.iter().any(|listed| listed == class_name) {
            return Some(Value { class: Some(class), ..Value::new(Shape::Unknown) });
        }
        match classes::kind_of(class, self.bindings) {
            ClassKind::Derived(shape) => Some(Value { class: Some(class), ..Value::new(shape) }),
            ClassKind::Plain => Some(Value::instance(class)),
            ClassKind::Immutable => None,
        }
    }

    fn class_named(self, name: &ExprName) -> Option<&'a StmtClassDef> {
        let symbol = self.bindings.symbol_of(name)?;
        match self.bindings.only_binding(symbol)?.kind {
            BindingKind::Class(class) => Some(class),
            _ => None,
        }
    }

    fn method_call(self, receiver: &'a Expr, method: &str) -> Option<Value<'a>> {
        let is_text = receiver.is_string_literal_expr() || receiver.is_bytes_literal_expr();
        if is_text {
            let splits = matches!(method, "split" | "rsplit" | "splitlines");
            return splits.then(|| Value::new(Shape::List));
        }
        let copied = (method == "copy").then(|| self.classify(receiver)).flatten()?;
        Some(Value { constant: None, ..copied })
    }
}

/// The result of `a if test else b`: what is known of both.
fn either<'a>(left: Option<Value<'a>>, right: Option<Value<'a>>) -> Option<Value<'a>> {
    let (Some(left), Some(right)) = (left, right) else {
        let value = left.or(right)?;
        return Some(Value { length: None, truth: None, display: None, ..value });
    };
    Some(Value {
        shape: if left.shape == right.shape { left.shape } else { Shape::Unknown },
        nested: left.nested.max(right.nested),
        length: left.length.filter(|_| left.length == right.length),
        truth: left.truth.filter(|_| left.truth == right.truth),
        constant: left.constant.and(right.constant),
        class: left.class.or(right.class),
        display: None,
    })
}

/// What a call of the builtin or library callable of this full name gives, if that is mutable.
pub(super) fn shape_of_callee(name: &str) -> Option<Shape> {
    if let Some(in_itertools) = name.strip_prefix("itertools.") {
        let is_endless = matches!(in_itertools, "count" | "repeat");
        return (!is_endless).then_some(Shape::Iterator);
    }
    let shape = match name {
        "builtins.list" | "builtins.sorted" => Shape::List,
        "builtins.dict" | "builtins.dict.fromkeys" => Shape::Dict,
        "builtins.set" => Shape::Set,
        "builtins.bytearray" => Shape::Container("bytearray"),
        "collections.deque" => Shape::Container("deque"),
        "collections.defaultdict" => Shape::DefaultDict,
        "collections.OrderedDict" | "collections.OrderedDict.fromkeys" => {
            Shape::Container("OrderedDict")
        }
        "collections.Counter" => Shape::Container("Counter"),
        "collections.ChainMap" => Shape::Container("ChainMap"),
        "collections.UserDict" => Shape::Container("UserDict"),
        "collections.UserList" => Shape::Container("UserList"),
        "collections.UserString" => Shape::Container("UserString"),
        "array.array" => Shape::Container("array"),
        "io.StringIO" | "io.BytesIO" => Shape::Stream,
        "queue.Queue" | "queue.LifoQueue" | "queue.PriorityQueue" | "queue.SimpleQueue" => {
            Shape::Queue
        }
        "weakref.WeakKeyDictionary" | "weakref.WeakValueDictionary" => {
            Shape::Container("weak dictionary")
        }
        "weakref.WeakSet" => Shape::Container("weak set"),
        "types.SimpleNamespace" => Shape::Namespace,
        "builtins.iter" | "builtins.zip" | "builtins.map" | "builtins.filter"
        | "builtins.reversed" | "builtins.enumerate" | "builtins.open" | "io.open" => {
            Shape::Iterator
        }
        _ => return None,
    };
    Some(shape)
}
