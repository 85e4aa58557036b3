//! Exceptions that a handler keeps in a variable, for a `raise` further down.

use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt};
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::calls::{is_reraising, last_name};
use super::flow::Flow;
use super::surroundings::Surroundings;
use crate::rule::Context;

/// Where the same function raises, behind the handler, what the handler has put into a variable.
pub(super) fn raised_later<'a>(
    cx: &Context<'a>,
    handler: &'a ExceptHandlerExceptHandler,
    around: &Surroundings<'a>,
) -> Option<TextRange> {
    let flow = Flow::new(cx, true);
    let mut kept = Kept { flow: &flow, names: Vec::new() };
    kept.visit_body(&handler.body);
    if kept.names.is_empty() {
        return None;
    }
    let body = around.function.map_or(cx.file.body(), |def| &def.body);
    let mut later = Later { names: kept.names, behind: handler.range, found: None };
    later.visit_body(body);
    later.found
}

/// The variable that an expression is, or is taken from.
fn root(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(node) => root(&node.value),
        Expr::Subscript(node) => root(&node.value),
        Expr::Starred(node) => root(&node.value),
        Expr::Call(call) => root(&call.func),
        _ => None,
    }
}

/// Collects the variables that are given the exception.
struct Kept<'f, 'c, 'a> {
    flow: &'f Flow<'c, 'a>,
    names: Vec<&'a str>,
}

impl Kept<'_, '_, '_> {
    fn is_exception(&self, value: &Expr) -> bool {
        match value {
            Expr::Subscript(node) => self.is_exception(&node.value),
            Expr::Call(call) => self
                .flow
                .callee(call)
                .is_some_and(|name| matches!(name.as_str(), "sys.exc_info" | "sys.exception")),
            _ => false,
        }
    }
}

impl<'a> Visitor<'a> for Kept<'_, '_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Assign(node) if self.is_exception(&node.value) => {
                for target in &node.targets {
                    match target {
                        Expr::Tuple(tuple) => self.names.extend(tuple.elts.iter().filter_map(root)),
                        _ => self.names.extend(root(target)),
                    }
                }
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

/// Looks for the statement that raises one of them.
struct Later<'a> {
    names: Vec<&'a str>,
    behind: TextRange,
    found: Option<TextRange>,
}

impl Later<'_> {
    fn is_kept(&self, expr: &Expr) -> bool {
        root(expr).is_some_and(|name| self.names.contains(&name))
    }

    fn reraises(&self, call: &ExprCall) -> bool {
        last_name(&call.func).is_some_and(is_reraising)
            && call.arguments.args.iter().any(|argument| self.is_kept(argument))
    }
}

impl<'a> Visitor<'a> for Later<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let is_elsewhere = stmt.end() <= self.behind.end();
        if is_elsewhere || self.found.is_some() || matches!(stmt, Stmt::FunctionDef(_)) {
            return;
        }
        if let Stmt::Raise(raise) = stmt
            && raise.exc.as_deref().is_some_and(|exc| self.is_kept(exc))
        {
            self.found = Some(raise.range);
        }
        walk_stmt(self, stmt);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        let binds_anew =
            clause.name.as_ref().is_some_and(|name| self.names.contains(&name.as_str()));
        if !binds_anew {
            walk_except_handler(self, handler);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) if self.reraises(call) => self.found = Some(call.range()),
            Expr::Lambda(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}
