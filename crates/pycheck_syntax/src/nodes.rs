//! Small questions about nodes that several rules ask.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::TextSize;

/// The names of `a.b.c` as `["a", "b", "c"]`; `None` for anything but names and attributes.
pub fn dotted(expr: &Expr) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut current = expr;
    loop {
        match current {
            Expr::Attribute(attribute) => {
                parts.push(attribute.attr.as_str());
                current = &attribute.value;
            }
            Expr::Name(name) => {
                parts.push(name.id.as_str());
                parts.reverse();
                return Some(parts);
            }
            _ => return None,
        }
    }
}

/// Whether the statement is a docstring or another string that stands alone.
pub fn is_string_statement(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr())
}

/// Whether a body does nothing: `pass`, `...`, strings, `raise NotImplementedError`.
pub fn is_empty_body(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(expr) => {
            expr.value.is_string_literal_expr() || expr.value.is_ellipsis_literal_expr()
        }
        Stmt::Raise(raise) => raise.exc.as_deref().is_some_and(is_not_implemented),
        _ => false,
    })
}

fn is_not_implemented(exc: &Expr) -> bool {
    let class = exc.as_call_expr().map_or(exc, |call| &call.func);
    matches!(class, Expr::Name(name) if name.id == "NotImplementedError")
}

/// Calls `look` for every statement in a body, however deep, functions and classes included.
pub fn each_statement<'a>(body: &'a [Stmt], look: &mut dyn FnMut(&'a Stmt)) {
    struct Each<'l, 'a>(&'l mut dyn FnMut(&'a Stmt));
    impl<'a> StatementVisitor<'a> for Each<'_, 'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            (self.0)(stmt);
            walk_stmt(self, stmt);
        }
    }
    Each(look).visit_body(body);
}

/// The values that a body returns, functions and classes within it aside.
pub fn returned_values(body: &[Stmt]) -> Vec<&Expr> {
    struct Returns<'a>(Vec<&'a Expr>);
    impl<'a> StatementVisitor<'a> for Returns<'a> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                Stmt::Return(node) => self.0.extend(node.value.as_deref()),
                _ => walk_stmt(self, stmt),
            }
        }
    }
    let mut returns = Returns(Vec::new());
    returns.visit_body(body);
    returns.0
}

/// Whether an expression is a name or a literal, which have nothing below them.
#[inline]
pub fn is_leaf(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Name(_)
            | Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::EllipsisLiteral(_)
    )
}

/// The white space before a place, if there is nothing else before it on its line.
pub fn line_indent(text: &str, at: TextSize) -> Option<&str> {
    let before = &text[..usize::from(at)];
    let line = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    let indent = &before[line..];
    indent.chars().all(|c| c == ' ' || c == '\t' || c == '\u{c}').then_some(indent)
}
