//! The class of an operand, where this file shows it, and what its `__eq__` does.

use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::{BindingKind, Scope, ScopeId, ScopeKind, SymbolId};
use ruff_python_ast::{Expr, Identifier, Stmt, StmtClassDef, StmtFunctionDef};

/// How many steps are followed from class to base, and from name to value.
const MAX_STEPS: usize = 5;

/// How a class defines `==`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Equality<'a> {
    /// By a method.
    Method(&'a StmtFunctionDef),
    /// By assigning something to `__eq__`.
    Assigned(&'a Expr),
}

/// The class that `expr` is an instance of.
pub(super) fn class_of<'a>(bindings: &Bindings<'a>, expr: &Expr) -> Option<&'a StmtClassDef> {
    match expr {
        Expr::Call(call) => class_named(bindings, &call.func),
        Expr::Name(name) => class_of_variable(bindings, bindings.symbol_of(name)?),
        Expr::Attribute(node) => {
            let owner =
                class_named(bindings, &node.value).or_else(|| class_of(bindings, &node.value))?;
            class_named(bindings, &field_value(owner, &node.attr)?.as_call_expr()?.func)
        }
        _ => None,
    }
}

/// The class of this file that a name means.
fn class_named<'a>(bindings: &Bindings<'a>, expr: &Expr) -> Option<&'a StmtClassDef> {
    let Expr::Name(name) = expr else { return None };
    match bindings.only_binding(bindings.symbol_of(name)?)?.kind {
        BindingKind::Class(class) => Some(class),
        _ => None,
    }
}

fn class_of_variable<'a>(bindings: &Bindings<'a>, id: SymbolId) -> Option<&'a StmtClassDef> {
    let symbol = bindings.symbol(id);
    match bindings.only_binding(id)?.kind {
        BindingKind::Assignment(Some(value))
        | BindingKind::Annotated(value)
        | BindingKind::Walrus(value) => class_named(bindings, &value.as_call_expr()?.func),
        BindingKind::Parameter(_) => class_of_parameter(bindings, symbol.scope, symbol.name),
        _ => None,
    }
}

fn class_of_parameter<'a>(
    bindings: &Bindings<'a>,
    function: ScopeId,
    name: &str,
) -> Option<&'a StmtClassDef> {
    let scope = bindings.scope(function);
    let ScopeKind::Function(def) = scope.kind else { return None };
    let parameter = def.parameters.iter().find(|parameter| parameter.name().as_str() == name)?;
    match parameter.annotation() {
        Some(Expr::StringLiteral(text)) => {
            let symbol = bindings.lookup(function, text.value.to_str())?;
            match bindings.only_binding(symbol)?.kind {
                BindingKind::Class(class) => Some(class),
                _ => None,
            }
        }
        Some(annotation) => class_named(bindings, annotation),
        None => own_class(bindings, scope, def, name),
    }
}

/// The class of `self`.
fn own_class<'a>(
    bindings: &Bindings<'a>,
    scope: &Scope<'a>,
    def: &StmtFunctionDef,
    name: &str,
) -> Option<&'a StmtClassDef> {
    let ScopeKind::Class(class) = bindings.scope(scope.parent?).kind else { return None };
    let first = def.parameters.iter_non_variadic_params().next()?;
    let is_plain = def.decorator_list.is_empty();
    (is_plain && first.name().as_str() == name).then_some(class)
}

/// What a class's body assigns to a name.
fn field_value<'a>(class: &'a StmtClassDef, name: &Identifier) -> Option<&'a Expr> {
    class.body.iter().find_map(|stmt| match stmt {
        Stmt::Assign(node) => {
            let is_field = |target: &Expr| matches!(target, Expr::Name(n) if n.id == name.id);
            node.targets.iter().any(is_field).then_some(&*node.value)
        }
        Stmt::AnnAssign(node) => match &*node.target {
            Expr::Name(target) if target.id == name.id => node.value.as_deref(),
            _ => None,
        },
        _ => None,
    })
}

/// How a class, or a base of it in this file, defines `==`.
pub(super) fn equality<'a>(
    bindings: &Bindings<'a>,
    class: &'a StmtClassDef,
) -> Option<Equality<'a>> {
    equality_within(bindings, class, MAX_STEPS)
}

fn equality_within<'a>(
    bindings: &Bindings<'a>,
    class: &'a StmtClassDef,
    steps: usize,
) -> Option<Equality<'a>> {
    if let Some(own) = own_equality(class) {
        return Some(own);
    }
    if steps == 0 {
        return None;
    }
    class
        .bases()
        .iter()
        .filter_map(|base| class_named(bindings, base))
        .find_map(|base| equality_within(bindings, base, steps - 1))
}

/// How the body of a class defines `==`.
fn own_equality(class: &StmtClassDef) -> Option<Equality<'_>> {
    class.body.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(def) if &def.name == "__eq__" => Some(Equality::Method(def)),
        Stmt::Assign(node) => {
            let is_eq = |target: &Expr| matches!(target, Expr::Name(n) if n.id == "__eq__");
            node.targets.iter().any(is_eq).then_some(Equality::Assigned(&node.value))
        }
        _ => None,
    })
}

/// A class of this file whose `__eq__` says that it equals None.
pub(super) fn null_class<'a>(bindings: &Bindings<'a>) -> Option<&'a StmtClassDef> {
    bindings
        .symbols()
        .flat_map(|(_, symbol)| symbol.bindings.iter())
        .filter_map(|binding| match binding.kind {
            BindingKind::Class(class) => Some(class),
            _ => None,
        })
        .find(|class| match own_equality(class) {
            Some(Equality::Method(def)) => super::equality::accepts_none(def),
            _ => false,
        })
}
