//! Classes of the file: what their instances are, and which methods they have.

use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::BindingKind;
use pycheck_syntax::nodes::is_string_statement;
use ruff_python_ast::{Decorator, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::shape::Shape;
use super::value::shape_of_callee;
use crate::facts::is_mutating_method;

/// How far base classes are followed.
const MAX_BASES: u8 = 8;

/// What instances of a class are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassKind {
    /// It derives from a known mutable type.
    Derived(Shape),
    /// Its instances have attributes like any object's.
    Plain,
    /// Its instances can't change: enumerations, named tuples, frozen dataclasses.
    Immutable,
}

/// What instances of this class are.
pub(super) fn kind_of(class: &StmtClassDef, bindings: &Bindings<'_>) -> ClassKind {
    kind_within(class, bindings, MAX_BASES)
}

fn kind_within(class: &StmtClassDef, bindings: &Bindings<'_>, steps: u8) -> ClassKind {
    if steps == 0 || class.decorator_list.iter().any(is_frozen) || refuses_changes(class) {
        return ClassKind::Immutable;
    }
    for base in class.bases() {
        let base = base.as_subscript_expr().map_or(base, |generic| &*generic.value);
        let kind = match class_of(base, bindings) {
            Some(parent) => kind_within(parent, bindings, steps - 1),
            None => kind_of_outside(base, bindings),
        };
        if kind != ClassKind::Plain {
            return kind;
        }
    }
    ClassKind::Plain
}

/// Whether the class has a method that changes its objects and only raises.
fn refuses_changes(class: &StmtClassDef) -> bool {
    class.body.iter().any(|stmt| {
        let Stmt::FunctionDef(def) = stmt else { return false };
        let changes = is_mutating_method(&def.name) || def.name.as_str() == "__setattr__";
        changes
            && def.body.last().is_some_and(Stmt::is_raise_stmt)
            && def.body.iter().all(|stmt| stmt.is_raise_stmt() || is_string_statement(stmt))
    })
}

fn kind_of_outside(base: &Expr, bindings: &Bindings<'_>) -> ClassKind {
    let Some(name) = bindings.qualified_name(base) else { return ClassKind::Plain };
    if let Some(shape) = shape_of_callee(&name) {
        return ClassKind::Derived(shape);
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_immutable = matches!(
        last,
        "Enum"
            | "IntEnum"
            | "StrEnum"
            | "Flag"
            | "IntFlag"
            | "NamedTuple"
            | "str"
            | "bytes"
            | "int"
            | "float"
            | "tuple"
            | "frozenset"
            | "complex"
    );
    if is_immutable { ClassKind::Immutable } else { ClassKind::Plain }
}

fn is_frozen(decorator: &Decorator) -> bool {
    match &decorator.expression {
        Expr::Call(call) => {
            last_name(&call.func) == Some("frozen")
                || call.arguments.keywords.iter().any(|keyword| {
                    keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == "frozen")
                        && matches!(&keyword.value, Expr::BooleanLiteral(flag) if flag.value)
                })
        }
        other => last_name(other) == Some("frozen"),
    }
}

/// The last part of a dotted name.
pub(super) fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// The class of this file that an expression names.
pub(super) fn class_of<'a>(expr: &Expr, bindings: &Bindings<'a>) -> Option<&'a StmtClassDef> {
    let symbol = bindings.symbol_of(expr.as_name_expr()?)?;
    match bindings.only_binding(symbol)?.kind {
        BindingKind::Class(class) => Some(class),
        _ => None,
    }
}

/// The method of this name in a class, or in the base classes that this file defines.
pub(super) fn method<'a>(
    class: &'a StmtClassDef,
    name: &str,
    bindings: &Bindings<'a>,
) -> Option<&'a StmtFunctionDef> {
    method_within(class, name, bindings, MAX_BASES)
}

fn method_within<'a>(
    class: &'a StmtClassDef,
    name: &str,
    bindings: &Bindings<'a>,
    steps: u8,
) -> Option<&'a StmtFunctionDef> {
    let own = class.body.iter().rev().find_map(|stmt| match stmt {
        Stmt::FunctionDef(def) if def.name.as_str() == name => Some(def),
        _ => None,
    });
    own.or_else(|| inherited(class, name, bindings, steps.checked_sub(1)?))
}

/// The method of this name in the base classes that this file defines.
pub(super) fn inherited_method<'a>(
    class: &'a StmtClassDef,
    name: &str,
    bindings: &Bindings<'a>,
) -> Option<&'a StmtFunctionDef> {
    inherited(class, name, bindings, MAX_BASES)
}

fn inherited<'a>(
    class: &'a StmtClassDef,
    name: &str,
    bindings: &Bindings<'a>,
    steps: u8,
) -> Option<&'a StmtFunctionDef> {
    class
        .bases()
        .iter()
        .find_map(|base| method_within(class_of(base, bindings)?, name, bindings, steps))
}

/// Whether a function has a decorator with this last name.
pub(super) fn has_decorator(def: &StmtFunctionDef, names: &[&str]) -> bool {
    def.decorator_list.iter().any(|decorator| {
        let named = match &decorator.expression {
            Expr::Call(call) => &call.func,
            other => other,
        };
        last_name(named).is_some_and(|name| names.contains(&name))
    })
}
