//! Which variables of which loops a function reads when it is called.

use pycheck_syntax::bindings::{Binding, BindingKind, ScopeId, ScopeKind, SymbolId};
use ruff_python_ast::{AnyNodeRef, Expr, ExprName};
use ruff_text_size::{Ranged, TextRange};

use super::places::{block_around, names_in, path_to, runs_later};
use super::span::Span;
use crate::rule::Context;

/// A variable that a function reads, and that loops around the function change.
#[derive(Debug)]
pub(super) struct Capture<'a> {
    /// The variable.
    pub(super) symbol: SymbolId,
    /// Where the function first uses it.
    pub(super) first_use: TextRange,
    /// The regions after whose turn the variable is another, innermost first.
    pub(super) changes: Vec<Change<'a>>,
}

/// A loop that changes a variable.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The loop, or the handler of an `except … as` variable.
    pub(super) span: Span<'a>,
    /// Where it binds the variable, in source order.
    pub(super) bindings: Vec<Binding<'a>>,
    /// Every turn binds the same module again, or what a getter of the same object gives.
    pub(super) likely_same: bool,
}

/// The variables of `loops` that the last node of `path` reads when it is called.
pub(super) fn captures<'a>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    loops: &[Span<'a>],
) -> Vec<Capture<'a>> {
    let mut found: Vec<Capture<'a>> = Vec::new();
    let Some(&closure) = path.last() else { return found };
    let Some(scope) = cx.bindings().scope_of(closure) else { return found };
    let frame = frame(cx, cx.bindings().scope(scope).parent.unwrap_or(scope));
    for name in later_names(closure) {
        let Some(symbol) = cx.bindings().symbol_of(name) else { continue };
        if found.iter().any(|capture| capture.symbol == symbol) || is_own(cx, closure, symbol) {
            continue;
        }
        let changes = changes(cx, path, loops, (symbol, frame));
        found.push(Capture { symbol, first_use: name.range(), changes });
    }
    found.retain(|capture| !capture.changes.is_empty());
    found
}

/// The function, lambda, generator expression or module whose code a scope's code is part of.
pub(super) fn frame(cx: &Context<'_>, scope: ScopeId) -> ScopeId {
    let mut current = scope;
    loop {
        let data = cx.bindings().scope(current);
        match (data.kind, data.parent) {
            (ScopeKind::Class(_) | ScopeKind::Comprehension | ScopeKind::TypeParams, Some(up)) => {
                current = up;
            }
            _ => return current,
        }
    }
}

fn later_names(closure: AnyNodeRef<'_>) -> Vec<&ExprName> {
    match closure {
        AnyNodeRef::ExprLambda(lambda) => names_in(AnyNodeRef::from(&*lambda.body)),
        AnyNodeRef::StmtFunctionDef(def) => {
            def.body.iter().flat_map(|stmt| names_in(AnyNodeRef::from(stmt))).collect()
        }
        AnyNodeRef::ExprGenerator(node) => {
            let first = node.generators.first().map(|first| first.iter.range());
            let mut names = names_in(closure);
            names.retain(|name| !first.is_some_and(|iter| iter.contains_range(name.range())));
            names
        }
        _ => Vec::new(),
    }
}

/// Whether the variable lives within the function, or is the function's own name.
fn is_own(cx: &Context<'_>, closure: AnyNodeRef<'_>, symbol: SymbolId) -> bool {
    let data = cx.bindings().symbol(symbol);
    let lives_within = cx
        .bindings()
        .scope_of(closure)
        .is_some_and(|scope| cx.bindings().is_within(data.scope, scope));
    lives_within
        || data.bindings.iter().any(|binding| match binding.kind {
            BindingKind::Function(def) => def.range() == closure.range(),
            BindingKind::Assignment(Some(value)) | BindingKind::Walrus(value) => {
                value.range() == closure.range()
            }
            _ => false,
        })
}

fn changes<'a>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    loops: &[Span<'a>],
    (symbol, frame): (SymbolId, ScopeId),
) -> Vec<Change<'a>> {
    let around: Vec<Change<'a>> = loops
        .iter()
        .filter_map(|span| {
            let bindings = rebindings(cx, span, symbol, frame);
            let harmless = bindings.is_empty() || is_harmless(cx, span, frame, &bindings);
            let likely_same =
                all_same_import(&bindings) || is_same_getter(cx, span, frame, &bindings);
            (!harmless).then_some(Change { span: *span, bindings, likely_same })
        })
        .collect();
    match handler_of(cx, path, symbol) {
        Some(change) if !around.is_empty() => vec![change],
        _ => around,
    }
}

/// Where a turn of the loop binds the variable.
pub(super) fn rebindings<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    symbol: SymbolId,
    frame_of_loop: ScopeId,
) -> Vec<Binding<'a>> {
    let bindings = &cx.bindings().symbol(symbol).bindings;
    bindings
        .iter()
        .filter(|binding| {
            let lazily = matches!(binding.kind, BindingKind::Walrus(_))
                && matches!(span.node, AnyNodeRef::ExprGenerator(_));
            span.contains(binding.range.start())
                && !matches!(binding.kind, BindingKind::Declaration)
                && (lazily || frame(cx, binding.within) == frame_of_loop)
        })
        .copied()
        .collect()
}

/// The handler around the function whose `except … as` binds the variable.
fn handler_of<'a>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    symbol: SymbolId,
) -> Option<Change<'a>> {
    path.iter().rev().find_map(|node| {
        let AnyNodeRef::ExceptHandlerExceptHandler(handler) = node else { return None };
        let name = handler.name.as_ref()?;
        if cx.bindings().symbol_at(name.start()) != Some(symbol) {
            return None;
        }
        let all = &cx.bindings().symbol(symbol).bindings;
        let bindings = all.iter().filter(|binding| binding.range == name.range()).copied();
        let span = Span::whole(*node, super::places::block_range(&handler.body));
        Some(Change { span, bindings: bindings.collect(), likely_same: false })
    })
}

/// Whether each turn gives the variable a value like that of the turn before: the same literal,
/// or a function or class that does not depend on the loop.
fn is_harmless<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    frame: ScopeId,
    bindings: &[Binding<'a>],
) -> bool {
    is_same_literal(cx, bindings) || is_independent(cx, span, frame, bindings, 3)
}

fn is_same_literal(cx: &Context<'_>, bindings: &[Binding<'_>]) -> bool {
    let mut texts = bindings.iter().map(|binding| match binding.kind {
        BindingKind::Assignment(Some(value)) | BindingKind::Annotated(value)
            if is_immutable_literal(value) =>
        {
            Some(cx.file.source(value))
        }
        _ => None,
    });
    let Some(Some(first)) = texts.next() else { return false };
    texts.all(|text| text == Some(first))
}

fn is_immutable_literal(value: &Expr) -> bool {
    match value {
        Expr::UnaryOp(node) => is_immutable_literal(&node.operand),
        Expr::Tuple(node) => node.elts.iter().all(is_immutable_literal),
        _ => value.is_literal_expr(),
    }
}

fn all_same_import(bindings: &[Binding<'_>]) -> bool {
    let mut imports = bindings.iter().map(|binding| match binding.kind {
        BindingKind::Import(alias) => Some((alias.name.as_str(), None, 0)),
        BindingKind::FromImport(stmt, alias) => Some((
            alias.name.as_str(),
            stmt.module.as_ref().map(ruff_python_ast::Identifier::as_str),
            stmt.level,
        )),
        _ => None,
    });
    let Some(Some(first)) = imports.next() else { return false };
    imports.all(|import| import == Some(first))
}

/// `x = self.get_window()`: nothing shows that it gives another object in another turn.
fn is_same_getter<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    frame: ScopeId,
    bindings: &[Binding<'a>],
) -> bool {
    let [Binding { kind: BindingKind::Assignment(Some(Expr::Call(call))), .. }] = bindings else {
        return false;
    };
    matches!(&*call.func, Expr::Attribute(getter) if getter.attr.starts_with("get_"))
        && call.arguments.is_empty()
        && is_same_in_each_turn(cx, span, frame, &call.func)
}

fn is_independent<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    frame: ScopeId,
    bindings: &[Binding<'a>],
    depth: u8,
) -> bool {
    let [only] = bindings else { return false };
    let node = match only.kind {
        BindingKind::Function(def) => AnyNodeRef::from(def),
        BindingKind::Class(def) => AnyNodeRef::from(def),
        BindingKind::Assignment(Some(Expr::Lambda(lambda))) => AnyNodeRef::from(lambda),
        _ => return false,
    };
    names_in(node).into_iter().all(|name| {
        let Some(symbol) = cx.bindings().symbol_of(name) else { return true };
        let own = cx.bindings().symbol_at(only.range.start()) == Some(symbol);
        let inner = rebindings(cx, span, symbol, frame);
        let inner_ones = |binding: &Binding<'_>| node.range().contains_range(binding.range);
        own || inner.is_empty()
            || inner.iter().all(inner_ones)
            || (depth > 0 && is_independent(cx, span, frame, &inner, depth - 1))
    })
}

/// Whether every turn of the loop passes `at`, as far as the blocks around it tell.
pub(super) fn is_unconditional<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    frame: ScopeId,
    at: TextRange,
) -> bool {
    let path = path_to(cx, at);
    let Some(top) = path.iter().rposition(|node| node.ptr_eq(span.node)) else { return false };
    !path[top + 1..].iter().any(|node| match node {
        AnyNodeRef::StmtIf(node_if) => {
            block_around(*node, at.start()).is_some()
                && !is_same_in_each_turn(cx, span, frame, &node_if.test)
        }
        AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => {
            block_around(*node, at.start()).is_some()
        }
        AnyNodeRef::ElifElseClause(_)
        | AnyNodeRef::MatchCase(_)
        | AnyNodeRef::ExceptHandlerExceptHandler(_)
        | AnyNodeRef::ExprIf(_)
        | AnyNodeRef::ExprBoolOp(_) => true,
        node => runs_later(*node, at.start()),
    })
}

/// Whether the expression is made of names that the loop leaves alone.
fn is_same_in_each_turn<'a>(
    cx: &Context<'a>,
    span: &Span<'a>,
    frame: ScopeId,
    expr: &'a Expr,
) -> bool {
    let is_plain = match expr {
        Expr::UnaryOp(node) => is_same_in_each_turn(cx, span, frame, &node.operand),
        Expr::Compare(node) => {
            let mut operands = std::iter::once(&*node.left).chain(&node.comparators);
            operands.all(|operand| operand.is_name_expr() || operand.is_literal_expr())
        }
        _ => matches!(expr, Expr::Name(_) | Expr::Attribute(_)),
    };
    is_plain
        && names_in(AnyNodeRef::from(expr)).into_iter().all(|name| {
            let symbol = cx.bindings().symbol_of(name);
            symbol.is_none_or(|symbol| rebindings(cx, span, symbol, frame).is_empty())
        })
}
