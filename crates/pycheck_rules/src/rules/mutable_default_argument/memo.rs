//! The idiom of keeping a cache in a default.

use pycheck_syntax::nodes::is_empty_body;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall, Stmt};

use super::classes::{has_decorator, last_name};
use super::shape::Shape;
use super::trace::{Kind, Trace};
use super::{Case, exempt};
use crate::rule::Context;

/// Parts of names that say that the state is kept on purpose.
const MEMO_WORDS: &[&str] = &["cache", "memo", "seen", "registry", "state", "counter"];

/// Whether the default is a cache on purpose: it is named so, or its function is made anew in each
/// call of the one around, where nobody else gets at it; it is used like one, it stays within the
/// function, and no call passes another.
pub(super) fn is_memo<'a>(cx: &Context<'a>, case: &Case<'a>, trace: &Trace) -> bool {
    (is_named_like_memo(case.name()) || exempt::is_made_anew(cx, case))
        && !trace.beyond_cache
        && (!trace.appended || is_named_cache(case.name()))
        && trace.uses > 0
        && trace.events.iter().all(|event| event.kind == Kind::Changed || event.to_part)
        && !matches!(case.value.shape, Shape::Generator | Shape::Iterator | Shape::Instance)
        && !case.owner.def().is_some_and(|def| is_empty_body(&def.body))
        && !is_passed(cx, case)
}

fn is_named_like_memo(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.starts_with('_') || MEMO_WORDS.iter().any(|word| lower.contains(word))
}

fn is_named_cache(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("cache") || lower.contains("memo")
}

/// Whether any call in the file passes the parameter.
fn is_passed<'a>(cx: &Context<'a>, case: &Case<'a>) -> bool {
    let function = case.owner.def().map(|def| def.name.as_str());
    let is_bound = exempt::is_method(cx, case)
        && !case.owner.def().is_some_and(|def| has_decorator(def, &["staticmethod"]));
    let position = case.owner.parameters().and_then(|parameters| {
        let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
        positional.position(|parameter| parameter.name().as_str() == case.name())
    });
    let position = position.map(|position| position - usize::from(is_bound && position > 0));
    let mut search = Search { function, parameter: case.name(), position, found: false };
    search.visit_body(cx.file.body());
    search.found
}

struct Search<'a> {
    function: Option<&'a str>,
    parameter: &'a str,
    position: Option<usize>,
    found: bool,
}

impl Search<'_> {
    fn passes(&self, call: &ExprCall) -> bool {
        let name = last_name(&call.func);
        if self.function.is_some_and(|function| name != Some(function)) {
            return false;
        }
        let keywords = &call.arguments.keywords;
        let by_name = keywords
            .iter()
            .any(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == self.parameter));
        let by_position = self.function.is_some()
            && self.position.is_some_and(|position| call.arguments.args.len() > position);
        by_name || by_position
    }
}

impl<'a> Visitor<'a> for Search<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !self.found {
            visitor::walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.found |= self.passes(call);
        }
        if !self.found {
            visitor::walk_expr(self, expr);
        }
    }
}
