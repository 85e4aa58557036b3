//! The value that an expression has on the target, as far as it is known before the program runs:
//! constants, the version, the platform, and what simple operations make of them.

use std::cmp::Ordering;

use ruff_python_ast::{CmpOp, Expr, ExprCall, ExprCompare, ExprSubscript, Number, UnaryOp};

use crate::conditions::{Conditions, Truth};

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Unknown,
    None,
    Bool(bool),
    Int(i64),
    /// A whole number from the first to the last.
    Between(i64, i64),
    Text(String),
    /// A text that begins like this and goes on.
    Beginning(String),
    /// A tuple, list or set.
    Items(Vec<Value>),
    /// Anything else, of which only the truth is known.
    Object(bool),
}

impl Value {
    pub(crate) fn truth(&self) -> Truth {
        match self {
            Self::None => Truth::False,
            Self::Bool(value) | Self::Object(value) => Truth::from_bool(*value),
            Self::Int(value) => Truth::from_bool(*value != 0),
            Self::Between(first, _) if *first > 0 => Truth::True,
            Self::Unknown | Self::Between(..) => Truth::Unknown,
            Self::Text(text) => Truth::from_bool(!text.is_empty()),
            Self::Beginning(_) => Truth::True,
            Self::Items(items) => Truth::from_bool(!items.is_empty()),
        }
    }

    fn of_truth(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            _ => Self::Unknown,
        }
    }

    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Conditions<'_> {
    /// What is known of the value of an expression.
    pub(crate) fn value(&self, expr: &Expr) -> Value {
        self.bounded(Value::Unknown, || self.value_within_bounds(expr))
    }

    fn value_within_bounds(&self, expr: &Expr) -> Value {
        match expr {
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(int) => int.as_i64().map_or(Value::Object(true), Value::Int),
                Number::Float(value) => Value::Object(*value != 0.0),
                Number::Complex { .. } => Value::Unknown,
            },
            Expr::StringLiteral(literal) => Value::text(literal.value.to_str()),
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::NoneLiteral(_) => Value::None,
            Expr::BytesLiteral(literal) => Value::Object(!literal.value.is_empty()),
            Expr::EllipsisLiteral(_) | Expr::Lambda(_) => Value::Object(true),
            Expr::Tuple(node) => self.items(&node.elts),
            Expr::List(node) => self.items(&node.elts),
            Expr::Set(node) => self.items(&node.elts),
            Expr::Dict(node) if node.items.is_empty() => Value::Object(false),
            Expr::Name(_) | Expr::Attribute(_) => self.named(expr),
            Expr::Subscript(node) => self.item(node),
            Expr::Call(call) => self.call(call),
            Expr::Named(node) => self.value(&node.value),
            Expr::If(node) => match self.decide(&node.test) {
                Truth::True => self.value(&node.body),
                Truth::False => self.value(&node.orelse),
                _ => Value::Unknown,
            },
            Expr::UnaryOp(node) if node.op == UnaryOp::USub => match self.value(&node.operand) {
                Value::Int(value) => value.checked_neg().map_or(Value::Unknown, Value::Int),
                _ => Value::Unknown,
            },
            Expr::UnaryOp(_) | Expr::BoolOp(_) | Expr::Compare(_) => {
                Value::of_truth(self.decide(expr))
            }
            _ => Value::Unknown,
        }
    }

    fn items(&self, elements: &[Expr]) -> Value {
        if elements.iter().any(Expr::is_starred_expr) {
            return Value::Unknown;
        }
        Value::Items(elements.iter().map(|element| self.value(element)).collect())
    }

    fn item(&self, node: &ExprSubscript) -> Value {
        let sequence = self.value(&node.value);
        let Expr::Slice(slice) = &*node.slice else {
            let Value::Int(index) = self.value(&node.slice) else { return Value::Unknown };
            return item_at(&sequence, index);
        };
        let start = slice.lower.as_deref().map_or(Value::Int(0), |lower| self.value(lower));
        let stop = slice.upper.as_deref().map_or(Value::None, |upper| self.value(upper));
        let (Value::Int(start), Value::Int(stop), None) = (start, stop, &slice.step) else {
            return Value::Unknown;
        };
        match (usize::try_from(start), usize::try_from(stop)) {
            (Ok(start), Ok(stop)) => part_of(&sequence, start, stop),
            _ => Value::Unknown,
        }
    }

    /// Calls of functions that say something of the target, and methods of texts.
    fn call(&self, call: &ExprCall) -> Value {
        let arguments: Vec<Value> =
            call.arguments.args.iter().map(|argument| self.value(argument)).collect();
        let path = self.names.resolve(&call.func);
        match (path.as_deref(), &arguments[..]) {
            (Some(["platform", function]), []) => self.platform_function(function),
            (Some(["bool"]), [value]) => Value::of_truth(value.truth()),
            (Some(["tuple" | "list"]), [items @ Value::Items(_)]) => items.clone(),
            (Some(["int"]), [Value::Text(text)]) => {
                text.trim().parse().map_or(Value::Unknown, Value::Int)
            }
            (Some(["len"]), [Value::Items(items)]) => int(items.len()),
            (Some(["hasattr"]), [_, Value::Text(name)]) => self.has_attribute(call, name),
            _ => call.func.as_attribute_expr().map_or(Value::Unknown, |method| {
                text_method(&self.value(&method.value), method.attr.as_str(), &arguments)
            }),
        }
    }

    fn platform_function(&self, function: &str) -> Value {
        let version = self.target.version;
        match function {
            "system" => Value::text(match self.target.platform.as_str() {
                "win32" => "Windows",
                "darwin" => "Darwin",
                _ => "Linux",
            }),
            "python_implementation" => Value::text("CPython"),
            "python_version" => Value::Beginning(format!("{version}.")),
            "python_version_tuple" => Value::Items(vec![
                Value::Text(version.major.to_string()),
                Value::Text(version.minor.to_string()),
                Value::Unknown,
            ]),
            _ => Value::Unknown,
        }
    }

    /// `hasattr(sys, …)` for what tells the systems and implementations apart.
    fn has_attribute(&self, call: &ExprCall, name: &str) -> Value {
        let module = call.arguments.args.first().and_then(|module| self.names.resolve(module));
        if module.as_deref() != Some(&["sys"]) {
            return Value::Unknown;
        }
        match name {
            "pypy_version_info" | "pypy_translation_info" => Value::Bool(false),
            "getwindowsversion" | "winver" => Value::Bool(self.target.platform == "win32"),
            _ => Value::Unknown,
        }
    }

    /// Whether a comparison holds; `None` when that is not known.
    pub(crate) fn compare(&self, compare: &ExprCompare) -> Option<bool> {
        let mut left = &*compare.left;
        let mut unknown = false;
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            match self.compare_two(left, *op, right) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => unknown = true,
            }
            left = right;
        }
        (!unknown).then_some(true)
    }

    fn compare_two(&self, left: &Expr, op: CmpOp, right: &Expr) -> Option<bool> {
        let (one, other) = (self.value(left), self.value(right));
        match op {
            CmpOp::Is | CmpOp::IsNot => {
                let same =
                    self.is_same(left, right).or_else(|| constants_are_same(&one, &other))?;
                Some(same == (op == CmpOp::Is))
            }
            CmpOp::In => contains(&other, &one),
            CmpOp::NotIn => contains(&other, &one).map(|found| !found),
            CmpOp::Eq => equal(&one, &other),
            CmpOp::NotEq => equal(&one, &other).map(|equal| !equal),
            CmpOp::Lt => order(&one, &other).map(Ordering::is_lt),
            CmpOp::LtE => order(&one, &other).map(Ordering::is_le),
            CmpOp::Gt => order(&one, &other).map(Ordering::is_gt),
            CmpOp::GtE => order(&one, &other).map(Ordering::is_ge),
        }
    }

    /// `str is bytes`, which was true in Python 2.
    fn is_same(&self, left: &Expr, right: &Expr) -> Option<bool> {
        let builtin = |expr: &Expr| {
            let name = expr.as_name_expr()?.id.clone();
            let is_type = matches!(name.as_str(), "str" | "bytes" | "int");
            (is_type && self.names.meaning(&name).is_none()).then_some(name)
        };
        Some(builtin(left)? == builtin(right)?)
    }
}

fn int(length: usize) -> Value {
    i64::try_from(length).map_or(Value::Unknown, Value::Int)
}

fn item_at(sequence: &Value, index: i64) -> Value {
    let length = match sequence {
        Value::Items(items) => items.len(),
        Value::Text(text) | Value::Beginning(text) if text.is_ascii() => text.len(),
        _ => return Value::Unknown,
    };
    let from_end = index < 0 && !matches!(sequence, Value::Beginning(_));
    let from_start = usize::try_from(index.unsigned_abs())
        .ok()
        .and_then(|steps| if from_end { length.checked_sub(steps) } else { Some(steps) });
    let Some(index) = from_start.filter(|at| *at < length && (index >= 0 || from_end)) else {
        return Value::Unknown;
    };
    match sequence {
        Value::Items(items) => items[index].clone(),
        Value::Text(text) | Value::Beginning(text) => Value::text(&text[index..=index]),
        _ => Value::Unknown,
    }
}

fn part_of(sequence: &Value, start: usize, stop: usize) -> Value {
    let within = |length: usize| start.min(length)..stop.min(length).max(start.min(length));
    match sequence {
        Value::Items(items) => Value::Items(items[within(items.len())].to_vec()),
        Value::Text(text) if text.is_ascii() => Value::text(&text[within(text.len())]),
        Value::Beginning(text) if text.is_ascii() && stop <= text.len() => {
            Value::text(&text[within(text.len())])
        }
        _ => Value::Unknown,
    }
}

fn text_method(text: &Value, method: &str, arguments: &[Value]) -> Value {
    match (text, method, arguments) {
        (Value::Text(text), "lower" | "casefold", []) => Value::Text(text.to_lowercase()),
        (Value::Text(text), "upper", []) => Value::Text(text.to_uppercase()),
        (Value::Text(text), "strip", []) => Value::text(text.trim()),
        (text, "startswith", [Value::Items(prefixes)]) => {
            any(prefixes.iter().map(|prefix| begins(text, prefix)))
        }
        (text, "startswith", [prefix]) => any(std::iter::once(begins(text, prefix))),
        (Value::Text(text), "endswith", [Value::Text(end)]) => Value::Bool(text.ends_with(end)),
        _ => Value::Unknown,
    }
}

fn any(parts: impl Iterator<Item = Option<bool>>) -> Value {
    let mut unknown = false;
    for part in parts {
        match part {
            Some(true) => return Value::Bool(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { Value::Unknown } else { Value::Bool(false) }
}

fn begins(text: &Value, prefix: &Value) -> Option<bool> {
    match (text, prefix) {
        (Value::Text(text), Value::Text(prefix)) => Some(text.starts_with(prefix.as_str())),
        (Value::Beginning(text), Value::Text(prefix)) if text.starts_with(prefix.as_str()) => {
            Some(true)
        }
        (Value::Beginning(text), Value::Text(prefix)) => {
            (!prefix.starts_with(text.as_str())).then_some(false)
        }
        _ => None,
    }
}

fn constants_are_same(one: &Value, other: &Value) -> Option<bool> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Some(one == other),
        (Value::None, Value::None) => Some(true),
        (Value::None, Value::Bool(_)) | (Value::Bool(_), Value::None) => Some(false),
        _ => None,
    }
}

fn contains(whole: &Value, part: &Value) -> Option<bool> {
    match (whole, part) {
        (Value::Items(items), part) => match any(items.iter().map(|item| equal(item, part))) {
            Value::Bool(found) => Some(found),
            _ => None,
        },
        (Value::Text(whole), Value::Text(part)) => Some(whole.contains(part.as_str())),
        (Value::Beginning(whole), Value::Text(part)) => {
            whole.contains(part.as_str()).then_some(true)
        }
        _ => None,
    }
}

fn equal(one: &Value, other: &Value) -> Option<bool> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Some(one == other),
        (Value::Items(one), Value::Items(other)) if one.len() != other.len() => Some(false),
        _ => order(one, other).map(Ordering::is_eq),
    }
}

/// How two values compare; `None` when that is not known or they can't be compared.
fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Int(one), Value::Int(other)) => Some(one.cmp(other)),
        (Value::Between(first, last), Value::Int(other)) => {
            if other > last {
                Some(Ordering::Less)
            } else {
                (other < first).then_some(Ordering::Greater)
            }
        }
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        (Value::Beginning(one), Value::Text(other)) if one.starts_with(other.as_str()) => {
            Some(Ordering::Greater)
        }
        (Value::Beginning(one), Value::Text(other)) => {
            (!other.starts_with(one.as_str())).then(|| one.cmp(other))
        }
        (Value::Int(_) | Value::Text(_), Value::Between(..) | Value::Beginning(_)) => {
            order(other, one).map(Ordering::reverse)
        }
        (Value::Items(one), Value::Items(other)) => {
            for (a, b) in one.iter().zip(other) {
                match order(a, b)? {
                    Ordering::Equal => {}
                    different => return Some(different),
                }
            }
            Some(one.len().cmp(&other.len()))
        }
        _ => None,
    }
}
