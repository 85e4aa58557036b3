//! One turn of a loop: the text that runs anew each time.

use ruff_python_ast::{AnyNodeRef, Comprehension, Expr, NodeKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::places::{block_range, is_function_like, runs_later};

/// A loop, or another region whose end ends the life of a variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    /// The loop.
    pub(super) node: AnyNodeRef<'a>,
    /// What runs in each turn.
    pub(super) range: TextRange,
    /// What lies within that range and runs only once, before.
    hole: TextRange,
}

impl<'a> Span<'a> {
    /// A region without a part that runs before.
    pub(super) fn whole(node: AnyNodeRef<'a>, range: TextRange) -> Self {
        Self { node, range, hole: TextRange::default() }
    }

    /// The turn of a loop or comprehension; `None` for other nodes.
    pub(super) fn of(node: AnyNodeRef<'a>) -> Option<Self> {
        let of_comprehension = |range: TextRange, generators: &[Comprehension]| {
            Some(Self { node, range, hole: generators.first()?.iter.range() })
        };
        match node {
            AnyNodeRef::StmtFor(node_for) => {
                let end = block_range(&node_for.body).end();
                let range = TextRange::new(node_for.target.start(), end);
                Some(Self { node, range, hole: node_for.iter.range() })
            }
            AnyNodeRef::StmtWhile(node_while) => {
                let end = block_range(&node_while.body).end();
                Some(Self::whole(node, TextRange::new(node_while.test.start(), end)))
            }
            AnyNodeRef::ExprListComp(comp) => of_comprehension(comp.range, &comp.generators),
            AnyNodeRef::ExprSetComp(comp) => of_comprehension(comp.range, &comp.generators),
            AnyNodeRef::ExprDictComp(comp) => of_comprehension(comp.range, &comp.generators),
            AnyNodeRef::ExprGenerator(comp) => of_comprehension(comp.range, &comp.generators),
            _ => None,
        }
    }

    /// Whether the place belongs to the turn.
    pub(super) fn contains(&self, at: TextSize) -> bool {
        self.range.contains_inclusive(at)
            && (self.hole.is_empty() || !self.hole.contains_inclusive(at))
    }

    /// Whether the loop is a comprehension or generator expression.
    pub(super) fn is_comprehension(&self) -> bool {
        matches!(
            self.node.kind(),
            NodeKind::ExprListComp
                | NodeKind::ExprSetComp
                | NodeKind::ExprDictComp
                | NodeKind::ExprGenerator
        )
    }

    /// Whether the loop can't run twice: it goes over a display of at most one element.
    fn runs_once(&self) -> bool {
        let elements = match self.node {
            AnyNodeRef::StmtFor(node) => display(&node.iter),
            _ => None,
        };
        elements.is_some_and(|elements| {
            elements.len() <= 1 && !elements.iter().any(Expr::is_starred_expr)
        })
    }
}

fn display(expr: &Expr) -> Option<&[Expr]> {
    match expr {
        Expr::List(node) => Some(&node.elts),
        Expr::Tuple(node) => Some(&node.elts),
        Expr::Set(node) => Some(&node.elts),
        _ => None,
    }
}

/// The loops in whose turns a node at `at` is evaluated, innermost first, up to the function that
/// runs them. `ancestors` are the nodes around it, innermost first.
pub(super) fn loops_around<'a>(
    ancestors: impl Iterator<Item = AnyNodeRef<'a>>,
    at: TextSize,
) -> Vec<Span<'a>> {
    let mut loops = Vec::new();
    for node in ancestors {
        if let Some(span) = Span::of(node)
            && span.contains(at)
            && !span.runs_once()
        {
            loops.push(span);
        }
        if is_function_like(node) && runs_later(node, at) {
            break;
        }
    }
    loops
}
