//! Literal values at the top level of a Python file: what can be known without running it.
//!
//! Made for files that configure something, such as `setup.py` and the finders that editable
//! installs leave in site-packages.

use std::collections::BTreeMap;

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Mod, Number, Operator, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// No configuration nests deeper; what does is [`Literal::Unknown`].
const DEPTH_LIMIT: usize = 50;

/// The length of a text whose tree is freed whatever it holds.
const FREE_LIMIT: usize = 1 << 14;

/// A value that stands in the source as such.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A string, with escapes and implicit concatenation done.
    Str(String),
    /// A number.
    Number(f64),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    None,
    /// A list, or a set, whose order is then that of the source.
    List(Vec<Self>),
    /// A tuple.
    Tuple(Vec<Self>),
    /// A dictionary in the order of the source; a key may stand twice.
    Dict(Vec<(Self, Self)>),
    /// A call of a plain or dotted name, such as `find_packages(where="src")`.
    Call {
        /// The last part of the dotted name.
        name: String,
        /// The positional arguments.
        arguments: Vec<Self>,
        /// The keyword arguments.
        keywords: BTreeMap<String, Self>,
    },
    /// Anything else, inside one of the above.
    Unknown,
}

impl Literal {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The members of a list, a set or a tuple.
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The strings of a list, a set or a tuple; members that are not strings are passed over.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        self.as_sequence().unwrap_or_default().iter().filter_map(Self::as_str)
    }

    /// The pairs of a dictionary.
    pub fn as_dict(&self) -> Option<&[(Self, Self)]> {
        match self {
            Self::Dict(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// What `self + other` gives, where that can be said.
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Str(left), Self::Str(right)) => Self::Str(left + &right),
            (Self::List(left), Self::List(right)) => Self::List([left, right].concat()),
            (Self::Tuple(left), Self::Tuple(right)) => Self::Tuple([left, right].concat()),
            // One part of a sum is known: better some of its members than none.
            (Self::List(mut known), Self::Unknown | Self::Call { .. })
            | (Self::Unknown | Self::Call { .. }, Self::List(mut known)) => {
                known.push(Self::Unknown);
                Self::List(known)
            }
            _ => Self::Unknown,
        }
    }
}

/// The literal values that module-level names have when the file has run, as far as they are known.
///
/// A name that is assigned inside an `if`, `try` or loop is left out. A file with syntax errors
/// gives what could be read.
pub fn module_literals(source: &str) -> BTreeMap<String, Literal> {
    let body = parse(source);
    let mut names = Names::of(&body).0;
    release(body, source);
    names.retain(|_, value| *value != Literal::Unknown);
    names
}

/// The keyword arguments of the first call of `callee`, wherever it stands and whatever it is an
/// attribute of; `None` when nothing is called so.
///
/// Names bound to literals at module level are followed, and so is `**name`.
pub fn call_keywords(source: &str, callee: &str) -> Option<BTreeMap<String, Literal>> {
    let body = parse(source);
    let names = Names::of(&body);
    let keywords = calls(&body, callee).first().map(|call| names.keywords(call, 0));
    release(body, source);
    keywords
}

/// The positional arguments of every call of `callee`, found and evaluated as by
/// [`call_keywords`].
pub fn call_arguments(source: &str, callee: &str) -> Vec<Vec<Literal>> {
    let body = parse(source);
    let names = Names::of(&body);
    let values = |call: &&ExprCall| names.values(&call.arguments.args, 0);
    let arguments = calls(&body, callee).iter().map(values).collect();
    release(body, source);
    arguments
}

fn calls<'a>(body: &'a [Stmt], callee: &str) -> Vec<&'a ExprCall> {
    let mut finder = CallFinder { callee, found: Vec::new(), depth: 0 };
    finder.visit_body(body);
    finder.found
}

fn parse(source: &str) -> Vec<Stmt> {
    match parse_unchecked(source, ParseOptions::from(Mode::Module)).into_syntax() {
        Mod::Module(module) => module.body.into_iter().collect(),
        Mod::Expression(_) => Vec::new(),
    }
}

/// Frees the tree, unless the text is long enough for one so deep that freeing it, which recurses,
/// could overflow the stack.
fn release(body: Vec<Stmt>, source: &str) {
    if source.len() > FREE_LIMIT {
        std::mem::forget(body);
    }
}

/// Module-level names and their values; [`Literal::Unknown`] for those that can't be told.
struct Names(BTreeMap<String, Literal>);

impl Names {
    fn of(body: &[Stmt]) -> Self {
        let mut names = Self(BTreeMap::new());
        for stmt in body {
            names.execute(stmt);
        }
        names
    }

    fn execute(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assign(target, &assign.value);
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.assign(&assign.target, value);
                }
            }
            Stmt::AugAssign(assign) if assign.op == Operator::Add => {
                self.add(&assign.target, &assign.value);
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => Conditional { names: self }.visit_nested(stmt),
        }
    }

    fn assign(&mut self, target: &Expr, value: &Expr) {
        match target {
            Expr::Name(name) => {
                let value = self.value(value, 0);
                self.0.insert(name.id.to_string(), value);
            }
            Expr::Tuple(tuple) => self.forget(&tuple.elts),
            Expr::List(list) => self.forget(&list.elts),
            // `extras["all"] = [...]` adds a pair to a dictionary that is known.
            Expr::Subscript(subscript) => {
                let pair = (self.value(&subscript.slice, 0), self.value(value, 0));
                if let Some(Literal::Dict(pairs)) = self.named_mut(&subscript.value) {
                    pairs.push(pair);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, target: &Expr, value: &Expr) {
        let value = self.value(value, 0);
        if let Some(old) = self.named_mut(target) {
            *old = std::mem::replace(old, Literal::Unknown).plus(value);
        }
    }

    fn named_mut(&mut self, expr: &Expr) -> Option<&mut Literal> {
        self.0.get_mut(expr.as_name_expr()?.id.as_str())
    }

    fn forget(&mut self, targets: &[Expr]) {
        for name in targets.iter().filter_map(Expr::as_name_expr) {
            self.0.insert(name.id.to_string(), Literal::Unknown);
        }
    }

    fn value(&self, expr: &Expr, depth: usize) -> Literal {
        if depth > DEPTH_LIMIT {
            return Literal::Unknown;
        }
        let deeper = depth + 1;
        match expr {
            Expr::StringLiteral(string) => Literal::Str(string.value.to_str().to_owned()),
            Expr::NumberLiteral(number) => number_value(&number.value),
            Expr::BooleanLiteral(boolean) => Literal::Bool(boolean.value),
            Expr::NoneLiteral(_) => Literal::None,
            Expr::List(list) => Literal::List(self.values(&list.elts, deeper)),
            Expr::Set(set) => Literal::List(self.values(&set.elts, deeper)),
            Expr::Tuple(tuple) => Literal::Tuple(self.values(&tuple.elts, deeper)),
            Expr::Dict(dict) => {
                let key =
                    |key: Option<&Expr>| key.map_or(Literal::Unknown, |k| self.value(k, deeper));
                let pair = |item: &ruff_python_ast::DictItem| {
                    (key(item.key.as_ref()), self.value(&item.value, deeper))
                };
                Literal::Dict(dict.items.iter().map(pair).collect())
            }
            Expr::BinOp(sum) if sum.op == Operator::Add => {
                self.value(&sum.left, deeper).plus(self.value(&sum.right, deeper))
            }
            Expr::Name(name) => self.0.get(name.id.as_str()).cloned().unwrap_or(Literal::Unknown),
            Expr::Call(call) => self.call(call, deeper),
            _ => Literal::Unknown,
        }
    }

    fn values(&self, exprs: &[Expr], depth: usize) -> Vec<Literal> {
        let mut values = Vec::with_capacity(exprs.len());
        for expr in exprs {
            match expr {
                Expr::Starred(starred) => match self.value(&starred.value, depth) {
                    Literal::List(items) | Literal::Tuple(items) => values.extend(items),
                    _ => values.push(Literal::Unknown),
                },
                _ => values.push(self.value(expr, depth)),
            }
        }
        values
    }

    fn call(&self, call: &ExprCall, depth: usize) -> Literal {
        let Some(name) = called_name(call) else { return Literal::Unknown };
        let keywords = self.keywords(call, depth);
        if name == "dict" && call.arguments.args.is_empty() {
            let pair = |(key, value)| (Literal::Str(key), value);
            return Literal::Dict(keywords.into_iter().map(pair).collect());
        }
        let arguments = self.values(&call.arguments.args, depth);
        Literal::Call { name: name.to_owned(), arguments, keywords }
    }

    fn keywords(&self, call: &ExprCall, depth: usize) -> BTreeMap<String, Literal> {
        let mut keywords = BTreeMap::new();
        for keyword in &call.arguments.keywords {
            let value = self.value(&keyword.value, depth + 1);
            if let Some(name) = &keyword.arg {
                keywords.insert(name.to_string(), value);
            } else if let Literal::Dict(pairs) = value {
                keywords.extend(pairs.into_iter().filter_map(|(key, value)| match key {
                    Literal::Str(key) => Some((key, value)),
                    _ => None,
                }));
            }
        }
        keywords
    }
}

/// The last part of the name that is called.
fn called_name(call: &ExprCall) -> Option<&str> {
    match call.func.as_ref() {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn number_value(number: &Number) -> Literal {
    match number {
        Number::Int(int) => int.to_string().parse().map_or(Literal::Unknown, Literal::Number),
        Number::Float(float) => Literal::Number(*float),
        Number::Complex { .. } => Literal::Unknown,
    }
}

/// Statements that may or may not run: what they assign is not known afterwards, what they add is
/// kept as something that may be there.
struct Conditional<'n> {
    names: &'n mut Names,
}

impl Conditional<'_> {
    fn visit_nested(&mut self, stmt: &Stmt) {
        if let Stmt::For(each) = stmt {
            self.names.forget(std::slice::from_ref(&each.target));
        }
        walk_stmt(self, stmt);
    }
}

impl<'a> StatementVisitor<'a> for Conditional<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) => {
                self.names.forget(&assign.targets);
            }
            Stmt::AnnAssign(assign) => self.names.forget(std::slice::from_ref(&assign.target)),
            Stmt::AugAssign(_) => self.names.execute(stmt),
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => self.visit_nested(stmt),
        }
    }
}

/// Finds the calls of a name, in the order of evaluation.
struct CallFinder<'a, 'c> {
    callee: &'c str,
    found: Vec<&'a ExprCall>,
    depth: usize,
}

impl<'a> Visitor<'a> for CallFinder<'a, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth > DEPTH_LIMIT {
            return;
        }
        if let Expr::Call(call) = expr
            && called_name(call) == Some(self.callee)
        {
            self.found.push(call);
        }
        self.depth += 1;
        walk_expr(self, expr);
        self.depth -= 1;
    }
}

#[cfg(test)]
mod tests;
