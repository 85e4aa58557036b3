//! What a parameter's annotation says: that the object is only read, that it may be `None`, that a
//! framework makes the value.

use pycheck_syntax::Bindings;
use pycheck_syntax::nodes::dotted;
use pycheck_syntax::parse::parse_expression;
use ruff_python_ast::{Expr, ExprSubscript, Operator};

use crate::rule::Context;

/// How many aliases and quotes are followed.
const MAX_STEPS: u8 = 8;

/// Types without methods that change the object.
const READ_ONLY: &[&str] = &[
    "AbstractSet",
    "ByteString",
    "Collection",
    "Container",
    "FrozenSet",
    "Hashable",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "Mapping",
    "MappingView",
    "Reversible",
    "Sequence",
    "Sized",
    "Text",
    "Tuple",
    "ValuesView",
];

const READ_ONLY_BUILTINS: &[&str] =
    &["bool", "bytes", "complex", "float", "frozenset", "int", "range", "str", "tuple"];

/// Whether the annotation promises that the function does not change the object.
pub(super) fn is_read_only(cx: &Context<'_>, annotation: &Expr) -> bool {
    Reader::new(cx.bindings()).is_read_only(annotation)
}

/// Whether the annotation allows `None`, or says nothing about it.
pub(super) fn accepts_none(cx: &Context<'_>, annotation: &Expr) -> bool {
    Reader::new(cx.bindings()).accepts_none(annotation)
}

/// Whether the annotation carries a marker by which a framework takes the parameter over and
/// copies the default.
pub(super) fn has_marker(cx: &Context<'_>, annotation: &Expr) -> bool {
    let reader = Reader::new(cx.bindings());
    let Expr::Subscript(node) = annotation else { return false };
    if !reader.name(&node.value).is_some_and(|name| name.ends_with(".Annotated")) {
        return false;
    }
    arguments(node).iter().skip(1).any(|metadata| {
        let callee = metadata.as_call_expr().map_or(metadata, |call| &*call.func);
        reader.name(callee).is_some_and(|name| is_framework_marker(&name))
    })
}

fn is_framework_marker(name: &str) -> bool {
    ["fastapi.", "typer.", "pydantic.", "starlette."].iter().any(|it| name.starts_with(it))
}

#[derive(Clone, Copy)]
struct Reader<'a, 'b> {
    bindings: &'b Bindings<'a>,
    /// The expression comes from a quoted annotation: its names have no place in the file.
    quoted: bool,
    steps: u8,
}

impl<'a, 'b> Reader<'a, 'b> {
    fn new(bindings: &'b Bindings<'a>) -> Self {
        Self { bindings, quoted: false, steps: MAX_STEPS }
    }

    fn deeper(self) -> Option<Self> {
        (self.steps > 0).then(|| Self { steps: self.steps - 1, ..self })
    }

    /// The full name of a type.
    fn name(self, expr: &Expr) -> Option<String> {
        if !self.quoted {
            return self.bindings.qualified_name(expr);
        }
        let parts = dotted(expr)?;
        let (first, rest) = parts.split_first()?;
        let mut name = match self.bindings.lookup(Bindings::MODULE, first) {
            Some(symbol) => self.bindings.imported_name(symbol)?,
            None => format!("builtins.{first}"),
        };
        for part in rest {
            name.push('.');
            name.push_str(part);
        }
        Some(name)
    }

    /// The value of a type alias of the module.
    fn alias(self, expr: &Expr) -> Option<&'a Expr> {
        let name = expr.as_name_expr()?;
        let symbol = if self.quoted {
            self.bindings.lookup(Bindings::MODULE, &name.id)?
        } else {
            self.bindings.symbol_of(name)?
        };
        self.bindings.only_value(symbol)
    }

    fn within_quotes(self, text: &str, ask: impl Fn(Self, &Expr) -> bool) -> bool {
        let Some(this) = self.deeper() else { return false };
        parse_expression(text).is_some_and(|expr| ask(Self { quoted: true, ..this }, &expr))
    }

    fn is_read_only(self, annotation: &Expr) -> bool {
        match annotation {
            Expr::NoneLiteral(_) => true,
            Expr::StringLiteral(text) => {
                self.within_quotes(text.value.to_str(), Reader::is_read_only)
            }
            Expr::BinOp(node) if node.op == Operator::BitOr => {
                self.is_read_only(&node.left) && self.is_read_only(&node.right)
            }
            Expr::Subscript(node) => self.is_read_only_generic(node),
            _ => match self.name(annotation) {
                Some(name) => is_read_only_name(&name),
                None => match (self.alias(annotation), self.deeper()) {
                    (Some(alias), Some(this)) => {
                        Reader { quoted: false, ..this }.is_read_only(alias)
                    }
                    _ => self.is_unknown_read_only(annotation),
                },
            },
        }
    }

    /// A name that nothing in the file binds: it may come from a star import.
    fn is_unknown_read_only(self, annotation: &Expr) -> bool {
        let Some(name) = annotation.as_name_expr() else { return false };
        let is_bound = if self.quoted {
            self.bindings.lookup(Bindings::MODULE, &name.id).is_some()
        } else {
            self.bindings.symbol_of(name).is_some()
        };
        !is_bound && READ_ONLY.contains(&name.id.as_str())
    }

    fn is_read_only_generic(self, node: &ExprSubscript) -> bool {
        let name = self.name(&node.value).unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or_default();
        match last {
            "Optional" | "Union" => arguments(node).iter().all(|it| self.is_read_only(it)),
            "Annotated" | "Final" | "Required" => {
                arguments(node).first().is_some_and(|it| self.is_read_only(it))
            }
            _ => self.is_read_only(&node.value),
        }
    }

    fn accepts_none(self, annotation: &Expr) -> bool {
        match annotation {
            Expr::NoneLiteral(_) => true,
            Expr::StringLiteral(text) => {
                self.within_quotes(text.value.to_str(), Reader::accepts_none)
            }
            Expr::BinOp(node) if node.op == Operator::BitOr => {
                self.accepts_none(&node.left) || self.accepts_none(&node.right)
            }
            Expr::Subscript(node) => {
                let name = self.name(&node.value).unwrap_or_default();
                match name.rsplit('.').next().unwrap_or_default() {
                    "Optional" => true,
                    "Union" => arguments(node).iter().any(|it| self.accepts_none(it)),
                    "Annotated" => arguments(node).first().is_some_and(|it| self.accepts_none(it)),
                    _ => false,
                }
            }
            _ => match self.name(annotation).as_deref() {
                Some("builtins.object") => true,
                Some(name) => name.ends_with(".Any"),
                None => match (self.alias(annotation), self.deeper()) {
                    (Some(alias), Some(this)) => {
                        Reader { quoted: false, ..this }.accepts_none(alias)
                    }
                    _ => false,
                },
            },
        }
    }
}

fn arguments(node: &ExprSubscript) -> &[Expr] {
    match &*node.slice {
        Expr::Tuple(tuple) => &tuple.elts,
        other => std::slice::from_ref(other),
    }
}

fn is_read_only_name(name: &str) -> bool {
    if let Some(builtin) = name.strip_prefix("builtins.") {
        return READ_ONLY_BUILTINS.contains(&builtin) || READ_ONLY.contains(&builtin);
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    READ_ONLY.contains(&last)
        || name == "types.MappingProxyType"
        || last == "Set" && name.starts_with("collections.")
}
