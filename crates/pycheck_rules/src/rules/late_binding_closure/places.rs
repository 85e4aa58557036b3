//! Where things stand: the nodes around a place, the blocks of statements, and what always comes
//! before what.

use ruff_python_ast::find_node::covering_node;
use ruff_python_ast::{AnyNodeRef, Expr, ExprName, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::rule::Context;

/// The nodes from the module down to the smallest one around `range`.
pub(super) fn path_to<'a>(cx: &Context<'a>, range: TextRange) -> Vec<AnyNodeRef<'a>> {
    let mut path = vec![AnyNodeRef::from(cx.file.module())];
    if !path[0].range().contains_range(range) {
        return path;
    }
    while let Some(child) = path.last().and_then(|node| child_around(*node, range)) {
        path.push(child);
    }
    if let Some(last) = path.pop() {
        path.extend(covering_node(last, range).ancestors().rev());
    }
    path
}

/// The statement or clause of `parent` around `range`, found without looking at all of them.
fn child_around<'a>(parent: AnyNodeRef<'a>, range: TextRange) -> Option<AnyNodeRef<'a>> {
    if let Some(block) = block_around(parent, range.start()) {
        let index = block.partition_point(|stmt| stmt.end() < range.end());
        let stmt = block.get(index).filter(|stmt| stmt.range().contains_range(range))?;
        return Some(AnyNodeRef::from(stmt));
    }
    let clauses: Vec<AnyNodeRef<'a>> = match parent {
        AnyNodeRef::StmtIf(node) => node.elif_else_clauses.iter().map(AnyNodeRef::from).collect(),
        AnyNodeRef::StmtTry(node) => node.handlers.iter().map(AnyNodeRef::from).collect(),
        AnyNodeRef::StmtMatch(node) => node.cases.iter().map(AnyNodeRef::from).collect(),
        _ => return None,
    };
    clauses.into_iter().find(|clause| clause.range().contains_range(range))
}

/// The blocks of statements that a node holds directly.
pub(super) fn blocks(node: AnyNodeRef<'_>) -> [&[Stmt]; 3] {
    match node {
        AnyNodeRef::ModModule(node) => [&node.body, &[], &[]],
        AnyNodeRef::StmtFunctionDef(node) => [&node.body, &[], &[]],
        AnyNodeRef::StmtClassDef(node) => [&node.body, &[], &[]],
        AnyNodeRef::StmtFor(node) => [&node.body, &node.orelse, &[]],
        AnyNodeRef::StmtWhile(node) => [&node.body, &node.orelse, &[]],
        AnyNodeRef::StmtIf(node) => [&node.body, &[], &[]],
        AnyNodeRef::ElifElseClause(node) => [&node.body, &[], &[]],
        AnyNodeRef::StmtWith(node) => [&node.body, &[], &[]],
        AnyNodeRef::MatchCase(node) => [&node.body, &[], &[]],
        AnyNodeRef::StmtTry(node) => [&node.body, &node.orelse, &node.finalbody],
        AnyNodeRef::ExceptHandlerExceptHandler(node) => [&node.body, &[], &[]],
        _ => [&[], &[], &[]],
    }
}

/// The range of a block; empty for one without statements.
pub(super) fn block_range(block: &[Stmt]) -> TextRange {
    match (block.first(), block.last()) {
        (Some(first), Some(last)) => TextRange::new(first.start(), last.end()),
        _ => TextRange::default(),
    }
}

/// The block of `parent` in which `at` stands, if it stands in one.
pub(super) fn block_around(parent: AnyNodeRef<'_>, at: TextSize) -> Option<&[Stmt]> {
    blocks(parent).into_iter().find(|block| block_range(block).contains(at))
}

/// The innermost block around the last node of `path`, and the index of its owner in the path.
pub(super) fn innermost_block<'a>(path: &[AnyNodeRef<'a>]) -> Option<(usize, &'a [Stmt])> {
    let at = path.last()?.start();
    path.iter()
        .enumerate()
        .rev()
        .skip(1)
        .find_map(|(index, node)| Some((index, block_around(*node, at)?)))
}

/// The index of the statement that the last node of `path` belongs to.
pub(super) fn statement_index(path: &[AnyNodeRef<'_>]) -> Option<usize> {
    path.iter().rposition(|node| node.is_statement())
}

/// Whether what happens at `earlier` has happened whenever `later` is reached: it comes first, in
/// a block around `later`, and `later` is no part of the same simple statement.
pub(super) fn always_precedes(cx: &Context<'_>, earlier: TextRange, later: TextSize) -> bool {
    if earlier.start() >= later {
        return false;
    }
    let path = path_to(cx, earlier);
    let Some(owner) = path.iter().rev().copied().find(|node| opens_a_branch(*node)) else {
        return false;
    };
    if owner.range().contains(later) || !owner.is_statement() {
        let in_block = |at| block_around(owner, at).is_some();
        return in_block(later) && !in_block(earlier.start());
    }
    innermost_block(&path).is_some_and(|(_, block)| block_range(block).contains(later))
}

/// Statements, and the clauses whose header may bind names for their own block alone.
fn opens_a_branch(node: AnyNodeRef<'_>) -> bool {
    node.is_statement()
        || matches!(node, AnyNodeRef::ExceptHandlerExceptHandler(_) | AnyNodeRef::MatchCase(_))
}

/// Whether the node's body runs later than the node itself is evaluated.
pub(super) fn is_function_like(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::ExprLambda(_) | AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprGenerator(_)
    )
}

/// Whether `at` stands in the part of a function, lambda or generator expression that runs later.
pub(super) fn runs_later(node: AnyNodeRef<'_>, at: TextSize) -> bool {
    match node {
        AnyNodeRef::ExprLambda(lambda) => lambda.body.range().contains_inclusive(at),
        AnyNodeRef::StmtFunctionDef(def) => block_range(&def.body).contains_inclusive(at),
        AnyNodeRef::ExprGenerator(node) => node
            .generators
            .first()
            .is_none_or(|first| !first.iter.range().contains_range(TextRange::empty(at))),
        _ => false,
    }
}

/// The name that `a.b[c].d` or `a.b().c` begins with.
pub(super) fn root_name(expr: &Expr) -> Option<&ExprName> {
    match expr {
        Expr::Name(name) => Some(name),
        Expr::Attribute(node) => root_name(&node.value),
        Expr::Subscript(node) => root_name(&node.value),
        Expr::Call(node) => root_name(&node.func),
        Expr::Await(node) => root_name(&node.value),
        _ => None,
    }
}

/// The places of all names below a node.
pub(super) fn names_in(node: AnyNodeRef<'_>) -> Vec<&ExprName> {
    use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_node};

    struct Names<'a>(Vec<&'a ExprName>);
    impl<'a> SourceOrderVisitor<'a> for Names<'a> {
        fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
            if let AnyNodeRef::ExprName(name) = node {
                self.0.push(name);
            }
            TraversalSignal::Traverse
        }
    }
    let mut names = Names(Vec::new());
    walk_node(&mut names, node);
    names.0
}
