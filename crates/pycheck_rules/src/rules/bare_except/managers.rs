//! Which context managers may swallow what is raised in their block.

use pycheck_syntax::bindings::BindingKind;
use pycheck_syntax::nodes::{dotted, returned_values};
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef, StmtTry};

use super::calls::last_name;
use super::flow::exits_of;
use super::state::Way;
use super::surroundings::yields;
use crate::rule::Context;

/// Whether the manager is `contextlib.suppress`, is named like something of the kind, or is
/// defined in this file so that it swallows.
pub(super) fn may_suppress<'a>(cx: &Context<'a>, manager: &'a Expr) -> bool {
    let made_by = manager.as_call_expr().map_or(manager, |call| &call.func);
    match definition(cx, made_by) {
        Some(BindingKind::Class(class)) => return swallows_at_exit(class),
        Some(BindingKind::Function(def)) => return swallows_around_yield(cx, def),
        _ => {}
    }
    let written = dotted(made_by).map(|parts| parts.join("."));
    let full = cx.bindings().qualified_name(made_by).or(written);
    full.is_some_and(|name| name == "contextlib.suppress")
        || last_name(made_by).is_some_and(sounds_suppressing)
}

fn sounds_suppressing(name: &str) -> bool {
    let name = name.to_lowercase();
    let about_errors = !["warn", "out", "stderr", "log", "print", "instrument"]
        .iter()
        .any(|other| name.contains(other));
    let suppresses =
        ["suppress", "ignor", "swallow", "assertraises"].iter().any(|word| name.contains(word));
    (suppresses && about_errors) || name == "raises"
}

/// What a name of this file means, if one thing only.
fn definition<'a>(cx: &Context<'a>, made_by: &Expr) -> Option<BindingKind<'a>> {
    let Expr::Name(name) = made_by else { return None };
    let bindings = cx.bindings();
    Some(bindings.only_binding(bindings.symbol_of(name)?)?.kind)
}

/// Whether `__exit__` of a class returns something that may be true.
fn swallows_at_exit(class: &StmtClassDef) -> bool {
    let methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
    methods
        .filter(|def| matches!(def.name.as_str(), "__exit__" | "__aexit__"))
        .any(|def| returned_values(&def.body).into_iter().any(may_be_true))
}

fn may_be_true(value: &Expr) -> bool {
    match value {
        Expr::BooleanLiteral(literal) => literal.value,
        Expr::NoneLiteral(_) => false,
        // Handing the question to another manager, or a clean-up whose result happens to be returned.
        Expr::Call(call) => last_name(&call.func) == Some("isinstance"),
        _ => true,
    }
}

/// Whether a generator that is used as a manager catches what is thrown in at its `yield`.
fn swallows_around_yield<'a>(cx: &Context<'a>, def: &'a StmtFunctionDef) -> bool {
    let mut tries = Tries { found: Vec::new() };
    tries.visit_body(&def.body);
    tries.found.into_iter().any(|node| {
        yields(&node.body)
            && node.handlers.iter().any(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                let exits = exits_of(cx, &handler.body, handler.name.as_deref());
                exits.iter().any(|exit| matches!(exit.way, Way::Falls | Way::Returns))
            })
    })
}

struct Tries<'a> {
    found: Vec<&'a StmtTry>,
}

impl<'a> StatementVisitor<'a> for Tries<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Try(node) => self.found.push(node),
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}
