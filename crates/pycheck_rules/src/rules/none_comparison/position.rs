//! Where a comparison stands: in a condition, or where its value is used.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCall, ExprCompare, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::Context;

/// What becomes of the value of a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) enum Position<'a> {
    /// Its truth is asked for.
    Condition,
    /// It is an argument of a call, with the keyword if there is one.
    Argument(&'a ExprCall, Option<&'a str>),
    /// It is an index.
    Index,
    /// An attribute of it is taken.
    Attribute(&'a str),
    /// It is compared with `True` or `False` by `is`.
    Identity,
    /// Anything else.
    Value,
}

/// Where a comparison stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// What becomes of its value.
    pub(super) position: Position<'a>,
    /// It is first combined by `&`, `|`, `^` or `~`.
    pub(super) is_combined: bool,
}

/// Where the node with this range, the current one, stands.
pub(super) fn place<'a>(cx: &Context<'a>, node: TextRange) -> Place<'a> {
    let mut search = Search {
        child: node,
        is_combined: false,
        is_wrapped: false,
        is_alternative: false,
        keyword: None,
    };
    let position = cx.ancestors().find_map(|ancestor| search.step(cx, ancestor));
    let is_used_first = match position {
        Some(Position::Condition) => search.is_combined || search.is_wrapped,
        _ => search.is_alternative,
    };
    let position = position.filter(|_| !is_used_first).unwrap_or(Position::Value);
    Place { position, is_combined: search.is_combined }
}

/// On the way outwards.
struct Search<'a> {
    /// The node that was left last.
    child: TextRange,
    is_combined: bool,
    /// It stands in a tuple or list, whose truth says nothing about it.
    is_wrapped: bool,
    /// It is the last operand of an `and` or `or`.
    is_alternative: bool,
    keyword: Option<&'a str>,
}

impl<'a> Search<'a> {
    /// Where it stands, if this node decides that.
    fn step(&mut self, cx: &Context<'a>, node: AnyNodeRef<'a>) -> Option<Position<'a>> {
        let found = match node {
            AnyNodeRef::ExprUnaryOp(unary) => match unary.op {
                UnaryOp::Not => Some(Position::Condition),
                UnaryOp::Invert => self.combined(),
                _ => Some(Position::Value),
            },
            AnyNodeRef::ExprBinOp(binary) => match binary.op {
                Operator::BitAnd | Operator::BitOr | Operator::BitXor => self.combined(),
                _ => Some(Position::Value),
            },
            AnyNodeRef::ExprBoolOp(node) => self.bool_operand(&node.values),
            AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) | AnyNodeRef::ExprStarred(_) => {
                self.is_wrapped = true;
                None
            }
            AnyNodeRef::ExprIf(node) => self.is_at(&node.test).then_some(Position::Condition),
            AnyNodeRef::ExprNamed(_) | AnyNodeRef::Arguments(_) => None,
            AnyNodeRef::Keyword(keyword) => {
                self.keyword = Some(keyword.arg.as_ref().map_or("", |name| name.as_str()));
                None
            }
            AnyNodeRef::ExprCall(call) => Some(self.argument(cx, call)),
            _ => Some(self.last_step(node)),
        };
        self.child = node.range();
        found
    }

    fn last_step(&self, node: AnyNodeRef<'a>) -> Position<'a> {
        match node {
            AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::MatchCase(_) => Position::Condition,
            AnyNodeRef::StmtAssert(node) if self.is_at(&node.test) => Position::Condition,
            AnyNodeRef::Comprehension(node) if node.ifs.iter().any(|test| self.is_at(test)) => {
                Position::Condition
            }
            AnyNodeRef::ExprSubscript(node) if self.is_at(&node.slice) => Position::Index,
            AnyNodeRef::ExprAttribute(node) => Position::Attribute(&node.attr),
            AnyNodeRef::ExprCompare(node) if is_identity(node) => Position::Identity,
            _ => Position::Value,
        }
    }

    fn is_at(&self, expr: &Expr) -> bool {
        expr.range() == self.child
    }

    fn combined(&mut self) -> Option<Position<'a>> {
        self.is_combined = true;
        None
    }

    /// The truth of every operand of `and` and `or` is asked for but that of the last, which may
    /// be the value of the whole.
    fn bool_operand(&mut self, values: &'a [Expr]) -> Option<Position<'a>> {
        if values.last().is_some_and(|last| self.is_at(last)) {
            self.is_alternative = true;
            None
        } else {
            Some(Position::Condition)
        }
    }

    fn argument(&self, cx: &Context<'a>, call: &'a ExprCall) -> Position<'a> {
        let is_truth = cx.bindings().is_builtin(&call.func, "bool");
        if is_truth && call.arguments.len() == 1 && self.keyword.is_none() {
            Position::Condition
        } else {
            Position::Argument(call, self.keyword)
        }
    }
}

/// Whether a comparison is `… is True` or the like.
fn is_identity(node: &ExprCompare) -> bool {
    let ([CmpOp::Is | CmpOp::IsNot], [right]) = (&*node.ops, &*node.comparators) else {
        return false;
    };
    right.is_boolean_literal_expr()
}
