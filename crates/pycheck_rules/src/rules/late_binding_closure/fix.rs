//! The edit that lets a function keep the values of now: a keyword-only parameter for each.

use pycheck_model::{Edit, Fix, Safety};
use pycheck_syntax::bindings::BindingKind;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{AnyNodeRef, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::captures::Capture;
use super::places::{block_around, names_in};
use crate::rule::Context;

/// Binds the variables when the function at the end of `path` is made, where that is possible.
pub(super) fn fix<'a>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    captures: &[&Capture<'a>],
) -> Option<Fix> {
    let names: Vec<&str> = captures
        .iter()
        .filter(|capture| is_bound_before(cx, path, capture))
        .map(|capture| cx.bindings().symbol(capture.symbol).name)
        .collect();
    if names.is_empty() {
        return None;
    }
    let edit = match path.last()? {
        AnyNodeRef::ExprLambda(lambda) => {
            let keyword = lambda.start() + TextSize::of("lambda");
            insertion(cx, lambda.parameters.as_deref(), (keyword, " "), &names)
        }
        AnyNodeRef::StmtFunctionDef(def) if def.decorator_list.is_empty() && !is_method(path) => {
            let open = def.parameters.start() + TextSize::of("(");
            insertion(cx, Some(&def.parameters), (open, ""), &names)
        }
        _ => return None,
    }?;
    Some(Fix { title: title(&names), safety: Safety::Unsafe, edits: vec![edit] })
}

fn title(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("Bind {} when the function is made", names.join(" and "))
}

/// Whether the variable has its value when the function is made, and the function leaves it alone.
fn is_bound_before<'a>(cx: &Context<'a>, path: &[AnyNodeRef<'a>], capture: &Capture<'a>) -> bool {
    let Some(closure) = path.last() else { return false };
    let symbol = cx.bindings().symbol(capture.symbol);
    let set_within =
        symbol.bindings.iter().any(|other| closure.range().contains_range(other.range));
    !set_within
        && !declares(*closure, symbol.name)
        && capture.changes.iter().all(|change| {
            change.bindings.iter().all(|binding| {
                let before = binding.range.start() < closure.start();
                (before || change.span.is_comprehension())
                    && !matches!(binding.kind, BindingKind::Except | BindingKind::Delete)
            })
        })
}

/// Whether the function, or one in it, declares the name `nonlocal` or `global`.
fn declares(closure: AnyNodeRef<'_>, name: &str) -> bool {
    use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};

    struct Declares<'n>(&'n str, bool);
    impl<'a> StatementVisitor<'a> for Declares<'_> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            let names = match stmt {
                Stmt::Nonlocal(stmt) => &stmt.names,
                Stmt::Global(stmt) => &stmt.names,
                _ => return walk_stmt(self, stmt),
            };
            self.1 |= names.iter().any(|name| name == self.0);
        }
    }
    let AnyNodeRef::StmtFunctionDef(def) = closure else { return false };
    let mut declares = Declares(name, false);
    declares.visit_body(&def.body);
    declares.1
}

fn is_method(path: &[AnyNodeRef<'_>]) -> bool {
    let Some(closure) = path.last() else { return false };
    path.iter()
        .rev()
        .skip(1)
        .find(|node| block_around(**node, closure.start()).is_some())
        .is_some_and(|owner| matches!(owner, AnyNodeRef::StmtClassDef(_)))
}

/// `empty` is where parameters would begin if there are none, and what must stand before them.
fn insertion(
    cx: &Context<'_>,
    parameters: Option<&Parameters>,
    empty: (TextSize, &str),
    names: &[&str],
) -> Option<Edit> {
    let bound: Vec<String> = names.iter().map(|name| format!("{name}={name}")).collect();
    let bound = bound.join(", ");
    let Some(parameters) = parameters.filter(|parameters| !parameters.is_empty()) else {
        return Some(insert(empty.0, format!("{}*, {bound}", empty.1)));
    };
    if parameters.iter().any(|param| names.contains(&param.name().as_str())) {
        return None;
    }
    let has_star = parameters.vararg.is_some() || !parameters.kwonlyargs.is_empty();
    let star = if has_star { "" } else { "*, " };
    if let Some(kwarg) = &parameters.kwarg {
        let stars = cx.file.source(&**kwarg).starts_with("**");
        let at = if stars { kwarg.start() } else { kwarg.start() - TextSize::of("**") };
        return Some(insert(at, format!("{star}{bound}, ")));
    }
    let last = parameters.iter_source_order().map(|param| param.end()).max()?;
    let slash = cx
        .file
        .tokens()
        .in_range(parameters.range)
        .iter()
        .find(|token| token.kind() == TokenKind::Slash && token.start() >= last);
    let at = slash.map_or(last, Ranged::end);
    Some(insert(at, format!(", {star}{bound}")))
}

fn insert(at: TextSize, content: String) -> Edit {
    Edit { range: TextRange::empty(at), content }
}

/// The generator expression as a list, which reads its variables at once.
pub(super) fn as_list(cx: &Context<'_>, node: AnyNodeRef<'_>) -> Option<String> {
    let AnyNodeRef::ExprGenerator(generator) = node else { return None };
    let source = cx.file.source(generator);
    let is_short = source.len() <= 60 && !source.contains('\n') && !names_in(node).is_empty();
    let inner = source.strip_prefix('(').and_then(|source| source.strip_suffix(')'));
    is_short.then(|| format!("[{}]", inner.unwrap_or(source)))
}
