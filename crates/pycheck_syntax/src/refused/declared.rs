//! `global` and `nonlocal` behind a use of the name in the same scope.

use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt};
use ruff_python_ast::{AnyParameterRef, ExceptHandler, Expr, Identifier, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::Scope;

/// What is wrong with the declaration `stmt` of some names, `word` being `global` or `nonlocal`.
pub(super) fn refused(
    scope: Scope<'_>,
    names: &[Identifier],
    stmt: &Stmt,
    word: &str,
) -> Option<String> {
    names.iter().find_map(|name| {
        if is_parameter(scope, name) {
            return Some(format!("name '{name}' is parameter and {word}"));
        }
        let mut uses = Uses { name, before: stmt.start(), is_read: false, is_bound: false };
        uses.visit_body(scope.body());
        match uses {
            Uses { is_bound: true, .. } => {
                Some(format!("name '{name}' is assigned to before {word} declaration"))
            }
            Uses { is_read: true, .. } => {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            }
            Uses { .. } => None,
        }
    })
}

fn is_parameter(scope: Scope<'_>, name: &Identifier) -> bool {
    let Scope::Function(def) = scope else { return false };
    def.parameters.iter().map(AnyParameterRef::name).any(|parameter| parameter.id == name.id)
}

/// Looks for a name before a place, in one scope. Annotated names have an error of their own.
struct Uses<'a> {
    name: &'a Identifier,
    before: TextSize,
    is_read: bool,
    is_bound: bool,
}

impl<'a> Visitor<'a> for Uses<'_> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        let before = self.before;
        for stmt in body.iter().take_while(|stmt| stmt.start() < before) {
            self.visit_stmt(stmt);
        }
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let named = match stmt {
            Stmt::FunctionDef(def) => Some(&def.name),
            Stmt::ClassDef(class) => Some(&class.name),
            _ => None,
        };
        match named {
            Some(named) => self.is_bound |= named.id == self.name.id,
            None if stmt.is_ann_assign_stmt() => {}
            None => walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        self.is_bound |= clause.name.as_ref().is_some_and(|name| name.id == self.name.id);
        walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.id == self.name.id && name.start() < self.before => {
                self.is_read |= name.ctx.is_load();
                self.is_bound |= !name.ctx.is_load();
            }
            Expr::Lambda(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}
