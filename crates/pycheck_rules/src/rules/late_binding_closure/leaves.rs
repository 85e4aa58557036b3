//! Whether every way on from a place leaves the loop before the loop changes a variable.

use ruff_python_ast::helpers::is_const_true;
use ruff_python_ast::{AnyNodeRef, ExceptHandler, Stmt, StmtFor, StmtTry, StmtWhile};
use ruff_text_size::{Ranged, TextRange};

use super::places::{block_around, statement_index};
use super::span::Span;

/// The ways that a statement can end, as a set.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends(u8);

impl Ends {
    const NONE: Self = Self(0);
    /// The next statement follows.
    const FALLS: Self = Self(1);
    /// The loop is left for good.
    const LEAVES: Self = Self(2);
    /// The next turn begins, or the variable changes.
    const AGAIN: Self = Self(4);
    /// `break` of the innermost loop.
    const BREAKS: Self = Self(8);
    /// `continue` of the innermost loop.
    const CONTINUES: Self = Self(16);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What follows after this when `next` comes after falling through.
    fn then(self, next: impl FnOnce() -> Self) -> Self {
        if self.has(Self::FALLS) { self.without(Self::FALLS).with(next()) } else { self }
    }

    /// The ends of an inner loop whose body ends like this.
    fn of_inner_loop(self, endless: bool) -> Self {
        let leaves = self.without(Self::FALLS).without(Self::CONTINUES).without(Self::BREAKS);
        if endless && !self.has(Self::BREAKS) { leaves } else { leaves.with(Self::FALLS) }
    }
}

/// Whether every way on from the last node of `path` leaves the loop before one of `changes`.
pub(super) fn always_leaves(
    path: &[AnyNodeRef<'_>],
    span: &Span<'_>,
    changes: &[TextRange],
) -> bool {
    let Some(top) = path.iter().rposition(|node| node.ptr_eq(span.node)) else { return false };
    let Some(index) = statement_index(path).filter(|index| *index > top) else { return false };
    let ways = Ways { changes };
    let mut ends = ways.rest_of_statement(path, index);
    let mut child = path[index];
    for parent in path[top..index].iter().rev() {
        let Some(block) = block_around(*parent, child.start()) else { continue };
        let rest = block.iter().filter(|stmt| stmt.start() >= child.end());
        ends = ends.then(|| ways.block(rest));
        if parent.ptr_eq(span.node) {
            return ends.without(Ends::LEAVES.with(Ends::BREAKS)) == Ends::NONE;
        }
        ends = ways.around(*parent, child, ends);
        child = *parent;
    }
    false
}

struct Ways<'c> {
    changes: &'c [TextRange],
}

impl Ways<'_> {
    /// The ends of the statement that a path leads into, once its node is evaluated.
    fn rest_of_statement(&self, path: &[AnyNodeRef<'_>], index: usize) -> Ends {
        let at = path[path.len() - 1].start();
        match path[index] {
            AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_) => Ends::LEAVES,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => Ends::FALLS,
            AnyNodeRef::StmtIf(node) => {
                let mut ends = Ends::NONE;
                if node.test.range().contains_inclusive(at) {
                    ends = self.block(&node.body);
                }
                let mut has_else = false;
                for clause in &node.elif_else_clauses {
                    has_else |= clause.test.is_none();
                    ends = ends.with(self.block(&clause.body));
                }
                if has_else { ends } else { ends.with(Ends::FALLS) }
            }
            AnyNodeRef::StmtWith(node) => self.block(&node.body),
            AnyNodeRef::StmtFor(node) => self.for_loop(node),
            AnyNodeRef::StmtWhile(node) => self.while_loop(node),
            node if self.changes.iter().any(|change| node.range().contains_range(*change)) => {
                Ends::AGAIN
            }
            _ => Ends::FALLS,
        }
    }

    /// What the ends of a block in `parent` mean for what stands around `parent`.
    fn around(&self, parent: AnyNodeRef<'_>, child: AnyNodeRef<'_>, ends: Ends) -> Ends {
        match parent {
            AnyNodeRef::StmtFor(node) => {
                ends.of_inner_loop(false).with(self.for_loop(node)).with(Ends::FALLS)
            }
            AnyNodeRef::StmtWhile(node) => {
                let body = ends.with(self.block(&node.body));
                body.of_inner_loop(is_const_true(&node.test))
            }
            AnyNodeRef::StmtTry(node) => self.after_try_block(node, child, ends),
            _ => ends,
        }
    }

    fn after_try_block(&self, node: &StmtTry, child: AnyNodeRef<'_>, ends: Ends) -> Ends {
        let in_body = node.body.iter().any(|stmt| stmt.range() == child.range());
        let ends = if in_body { ends.then(|| self.block(&node.orelse)) } else { ends };
        ends.then(|| self.block(&node.finalbody))
    }

    fn block<'s>(&self, statements: impl IntoIterator<Item = &'s Stmt>) -> Ends {
        let mut ends = Ends::FALLS;
        for stmt in statements {
            if ends.has(Ends::AGAIN) || !ends.has(Ends::FALLS) {
                break;
            }
            ends = ends.then(|| self.statement(stmt));
        }
        ends
    }

    fn statement(&self, stmt: &Stmt) -> Ends {
        let ends = match stmt {
            Stmt::Return(_) | Stmt::Raise(_) => return Ends::LEAVES,
            Stmt::Break(_) => Ends::BREAKS,
            Stmt::Continue(_) => Ends::CONTINUES,
            Stmt::If(node) => {
                let has_else = node.elif_else_clauses.iter().any(|clause| clause.test.is_none());
                let mut ends = self.block(&node.body);
                for clause in &node.elif_else_clauses {
                    ends = ends.with(self.block(&clause.body));
                }
                if has_else { ends } else { ends.with(Ends::FALLS) }
            }
            Stmt::With(node) => self.block(&node.body),
            Stmt::For(node) => self.for_loop(node),
            Stmt::While(node) => self.while_loop(node),
            Stmt::Try(node) => self.try_statement(node),
            Stmt::Match(node) => node.cases.iter().fold(Ends::NONE, |ends, case| {
                let open = case.guard.is_none() && case.pattern.is_irrefutable();
                let ends = ends.with(self.block(&case.body));
                if open { ends } else { ends.with(Ends::FALLS) }
            }),
            _ => Ends::FALLS,
        };
        let changes = self.changes.iter().any(|change| stmt.range().contains_range(*change));
        if changes { ends.with(Ends::AGAIN) } else { ends }
    }

    fn try_statement(&self, node: &StmtTry) -> Ends {
        let mut ends = self.block(&node.body).then(|| self.block(&node.orelse));
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            ends = ends.with(self.block(&handler.body));
        }
        ends.then(|| self.block(&node.finalbody))
    }

    fn for_loop(&self, node: &StmtFor) -> Ends {
        let ends = self.block(&node.body).of_inner_loop(false);
        ends.then(|| self.block(&node.orelse).with(Ends::FALLS))
    }

    fn while_loop(&self, node: &StmtWhile) -> Ends {
        let ends = self.block(&node.body).of_inner_loop(is_const_true(&node.test));
        ends.then(|| self.block(&node.orelse).with(Ends::FALLS))
    }
}
