//! Defaults that are shared on purpose, or that no call ever uses.

use pycheck_syntax::bindings::ScopeKind;
use pycheck_syntax::nodes::is_empty_body;
use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtFunctionDef, StmtIf};
use ruff_text_size::{Ranged, TextRange};

use super::classes::{has_decorator, last_name};
use super::{Case, annotation};
use crate::rule::Context;

/// Whether nothing is said about the default, whatever the body does.
pub(super) fn is_exempt(cx: &Context<'_>, case: &Case<'_>) -> bool {
    if case.owner.def().is_some_and(|def| is_only_declared(cx, def)) {
        return true;
    }
    let range = case.default.range();
    is_only_for_type_checkers(cx, range)
        || case.value.shape.is_one_shot() && is_made_anew(cx, case)
        || case.value.constant.is_some() && is_bound_by_loop(cx, case)
        || case.parameter.annotation().is_some_and(|found| annotation::has_marker(cx, found))
}

/// Functions that are there for their signature.
fn is_only_declared(cx: &Context<'_>, def: &StmtFunctionDef) -> bool {
    if has_decorator(def, &["overload"]) {
        return true;
    }
    if !is_empty_body(&def.body) {
        return false;
    }
    has_decorator(def, &["abstractmethod", "abstractproperty", "abstractclassmethod"])
        || is_in_protocol(cx)
}

fn is_in_protocol(cx: &Context<'_>) -> bool {
    let mut ancestors = cx.ancestors();
    let Some(AnyNodeRef::StmtClassDef(class)) = ancestors.next() else { return false };
    class.bases().iter().any(|base| {
        let base = base.as_subscript_expr().map_or(base, |generic| &generic.value);
        last_name(base) == Some("Protocol")
    })
}

fn is_only_for_type_checkers(cx: &Context<'_>, range: TextRange) -> bool {
    cx.ancestors().any(|node| match node {
        AnyNodeRef::StmtIf(branch) => {
            last_name(&branch.test) == Some("TYPE_CHECKING") && is_in_body(branch, range)
        }
        _ => false,
    })
}

fn is_in_body(branch: &StmtIf, range: TextRange) -> bool {
    branch.body.iter().any(|stmt| stmt.range().contains_range(range))
}

/// Whether the function is made again and again, each time with a new default.
pub(super) fn is_made_anew(cx: &Context<'_>, case: &Case<'_>) -> bool {
    cx.ancestors().any(|node| match node {
        AnyNodeRef::StmtFunctionDef(def) => {
            def.body.iter().any(|stmt| stmt.range().contains_range(case.default.range()))
        }
        AnyNodeRef::ExprLambda(_)
        | AnyNodeRef::StmtFor(_)
        | AnyNodeRef::StmtWhile(_)
        | AnyNodeRef::ExprListComp(_)
        | AnyNodeRef::ExprSetComp(_)
        | AnyNodeRef::ExprDictComp(_)
        | AnyNodeRef::ExprGenerator(_) => true,
        _ => false,
    })
}

/// Whether the default is a name that a loop around the function binds: the name is frozen on
/// purpose.
fn is_bound_by_loop(cx: &Context<'_>, case: &Case<'_>) -> bool {
    let Expr::Name(name) = case.default else { return false };
    let bindings = cx.bindings();
    let Some(symbol) = bindings.symbol_of(name) else { return false };
    let Some(binding) = bindings.only_binding(symbol) else { return false };
    cx.ancestors().any(|node| {
        matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_))
            && node.range().contains_range(binding.range)
    })
}

/// Whether a default that is this name may be a mutable constant of the module or of a class
/// around: a cheap look, without resolving names.
pub(super) fn may_be_constant(cx: &Context<'_>, name: &str) -> bool {
    binds(cx.file.body(), name)
        || cx.ancestors().any(|node| match node {
            AnyNodeRef::StmtClassDef(class) => binds(&class.body, name),
            _ => false,
        })
}

fn binds(body: &[Stmt], name: &str) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Assign(node) => {
            let is_named =
                |target: &Expr| matches!(target, Expr::Name(target) if target.id == name);
            !node.value.is_literal_expr() && node.targets.iter().any(is_named)
        }
        Stmt::AnnAssign(node) => {
            node.value.is_some() && matches!(&*node.target, Expr::Name(found) if found.id == name)
        }
        Stmt::If(node) => {
            binds(&node.body, name)
                || node.elif_else_clauses.iter().any(|clause| binds(&clause.body, name))
        }
        Stmt::Try(node) => {
            binds(&node.body, name) || binds(&node.orelse, name) || binds(&node.finalbody, name)
        }
        Stmt::With(node) => binds(&node.body, name),
        Stmt::For(node) => binds(&node.body, name),
        Stmt::While(node) => binds(&node.body, name),
        _ => false,
    })
}

/// Whether the function stands in a class body.
pub(super) fn is_method<'a>(cx: &Context<'a>, case: &Case<'a>) -> bool {
    let bindings = cx.bindings();
    let parent = case.owner.scope(cx).and_then(|scope| bindings.scope(scope).parent);
    parent.is_some_and(|parent| matches!(bindings.scope(parent).kind, ScopeKind::Class(_)))
}
