//! What stands around a handler: a loop, a coroutine, a generator.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    AnyNodeRef, ExceptHandlerExceptHandler, Expr, Stmt, StmtFunctionDef, StmtTry,
};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::Context;

/// What stands around a `try` statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The statement itself.
    pub(super) node: &'a StmtTry,
    /// It is repeated by a loop of the same function.
    pub(super) in_loop: bool,
    /// The function that it stands in.
    pub(super) function: Option<&'a StmtFunctionDef>,
}

impl<'a> Surroundings<'a> {
    /// Of the `try` statement that the current node, a handler, belongs to.
    pub(super) fn of(cx: &Context<'a>, handler: &ExceptHandlerExceptHandler) -> Option<Self> {
        let mut ancestors = cx.ancestors();
        let AnyNodeRef::StmtTry(node) = ancestors.next()? else { return None };
        let mut found = Self { node, in_loop: false, function: None };
        let is_in = |body: &[Stmt]| range_of(body).is_some_and(|r| r.contains_range(handler.range));
        for ancestor in ancestors {
            match ancestor {
                AnyNodeRef::StmtFor(stmt) => found.in_loop |= is_in(&stmt.body),
                AnyNodeRef::StmtWhile(stmt) => found.in_loop |= is_in(&stmt.body),
                AnyNodeRef::StmtFunctionDef(def) => {
                    found.function = Some(def);
                    break;
                }
                AnyNodeRef::StmtClassDef(_) => break,
                _ => {}
            }
        }
        Some(found)
    }

    /// It stands in an `async def`.
    pub(super) fn is_async(&self) -> bool {
        self.function.is_some_and(|def| def.is_async)
    }

    /// It stands in a generator.
    pub(super) fn is_generator(&self) -> bool {
        self.function.is_some_and(|def| yields(&def.body))
    }
}

fn range_of(body: &[Stmt]) -> Option<TextRange> {
    Some(TextRange::new(body.first()?.start(), body.last()?.end()))
}

/// Whether a `yield` stands in these statements, nested functions aside.
pub(super) fn yields(body: &[Stmt]) -> bool {
    let mut search = Yields { found: false };
    search.visit_body(body);
    search.found
}

struct Yields {
    found: bool,
}

impl<'a> Visitor<'a> for Yields {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !self.found && !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.found = true,
            Expr::Lambda(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}
