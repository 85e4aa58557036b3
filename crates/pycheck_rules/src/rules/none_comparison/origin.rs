//! The library that an operand evidently comes from.

use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::BindingKind;
use ruff_python_ast::{Expr, ExprCall, ExprName};

use super::libraries::Frames;

/// How many steps from name to value and from result to receiver are followed.
const MAX_STEPS: usize = 6;

/// A library that the other side evidently comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Library {
    /// One with tables.
    Frames(Frames),
    /// One with arrays.
    Array,
}

/// The library that an expression comes from: a call of it, a column of one of its tables, a
/// variable that is bound to such.
pub(super) fn library_of(bindings: &Bindings<'_>, expr: &Expr) -> Option<Library> {
    within(bindings, expr, MAX_STEPS)
}

fn within(bindings: &Bindings<'_>, expr: &Expr, steps: usize) -> Option<Library> {
    let steps = steps.checked_sub(1)?;
    match expr {
        Expr::Call(call) => of_call(bindings, call, steps),
        Expr::Name(name) => of_variable(bindings, name, steps),
        Expr::Subscript(node) => {
            let whole = within(bindings, &node.value, steps)?;
            // An item of an array may be anything.
            let is_part = matches!(whole, Library::Frames(_)) || node.slice.is_slice_expr();
            is_part.then_some(whole)
        }
        Expr::Attribute(node) => {
            let of = within(bindings, &node.value, steps)?;
            (matches!(of, Library::Frames(_)) || &node.attr == "T").then_some(of)
        }
        _ => None,
    }
}

fn of_call(bindings: &Bindings<'_>, call: &ExprCall, steps: usize) -> Option<Library> {
    let name = bindings.qualified_name(&call.func);
    if let Some(library) = name.and_then(|name| library_of_result(&name)) {
        return Some(library);
    }
    let Expr::Attribute(method) = &*call.func else { return None };
    let of = within(bindings, &method.value, steps)?;
    let gives_one =
        matches!(method.attr.as_str(), "item" | "max" | "min" | "sum" | "mean" | "any" | "all");
    (!gives_one).then_some(of)
}

fn of_variable(bindings: &Bindings<'_>, name: &ExprName, steps: usize) -> Option<Library> {
    let symbol = bindings.symbol_of(name)?;
    let value = |kind| match kind {
        BindingKind::Assignment(value) => value,
        BindingKind::Annotated(value) => Some(value),
        _ => None,
    };
    let bound = &bindings.symbol(symbol).bindings;
    bound
        .iter()
        .filter_map(|binding| value(binding.kind))
        .find_map(|value| within(bindings, value, steps))
}

/// Whether a full name is of a library with arrays.
pub(super) fn is_array_module(name: &str) -> bool {
    ["numpy.", "cupy.", "jax."].iter().any(|root| name.starts_with(root))
}

fn library_of_result(name: &str) -> Option<Library> {
    let last = name.rsplit('.').next().unwrap_or_default();
    if is_array_module(name) {
        let scalars = ["float", "int", "uint", "str", "bool", "datetime", "timedelta", "dtype"];
        let is_scalar = scalars.iter().any(|scalar| last.starts_with(scalar));
        return (!is_scalar).then_some(Library::Array);
    }
    let makes_frame = last.starts_with(char::is_uppercase)
        || last.starts_with("read_")
        || last.starts_with("scan_")
        || matches!(last, "col" | "column" | "lit" | "concat" | "merge" | "expr");
    Frames::of_module(name).filter(|_| makes_frame).map(Library::Frames)
}
