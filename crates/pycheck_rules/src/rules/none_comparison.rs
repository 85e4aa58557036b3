//! The rule `none-comparison`; what it is for and its cases are in `none_comparison.md`.

mod classes;
mod equality;
mod fix;
mod libraries;
mod message;
mod origin;
mod position;
mod verdict;

use pycheck_model::Level;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCompare, NodeKind, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::{Check, Context, Findings, Group, Rule};
use message::Words;
use position::{Place, Position};
use verdict::Verdict;

pub(crate) static RULE: Rule = Rule {
    name: "none-comparison",
    aliases: &["E711", "C0121"],
    group: Group::Pitfalls,
    level: Level::Warn,
    summary: "`== None` or `!= None`, which asks the other side's `__eq__`",
    page: include_str!("none_comparison.md"),
    check: Check::Nodes(&[NodeKind::ExprCompare], check),
};

/// A comparison of neighbours in a chain, one of which is `None`.
struct Link<'a> {
    op: CmpOp,
    /// The side that is not the literal, or the left one of two.
    other: &'a Expr,
    /// Where the operator is.
    token: TextRange,
    verdict: Verdict<'a>,
}

fn check<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let AnyNodeRef::ExprCompare(compare) = node else { return };
    if !pairs(compare).any(|(left, op, right)| other_side(left, op, right).is_some()) {
        return;
    }
    let links = links(cx, compare);
    let is_fixable = links.iter().all(is_fixable);
    for link in &links {
        report(cx, link, is_fixable, findings);
    }
}

fn pairs(compare: &ExprCompare) -> impl Iterator<Item = (&Expr, CmpOp, &Expr)> {
    let lefts = std::iter::once(&*compare.left).chain(&compare.comparators);
    lefts.zip(&compare.ops).zip(&compare.comparators).map(|((left, op), right)| (left, *op, right))
}

/// What is compared with `None` by `==` or `!=`.
fn other_side<'a>(left: &'a Expr, op: CmpOp, right: &'a Expr) -> Option<&'a Expr> {
    match op {
        CmpOp::Eq | CmpOp::NotEq if right.is_none_literal_expr() => Some(left),
        CmpOp::Eq | CmpOp::NotEq if left.is_none_literal_expr() => Some(right),
        _ => None,
    }
}

fn links<'a>(cx: &Context<'a>, compare: &'a ExprCompare) -> Vec<Link<'a>> {
    let whole = position::place(cx, compare.range);
    let last = compare.ops.len() - 1;
    let link = |(index, (left, op, right)): (usize, (&'a Expr, CmpOp, &'a Expr))| {
        let other = other_side(left, op, right)?;
        let token = operator(cx, left, op, right)?;
        // `a == b == c` asks for the truth of `a == b`.
        let asked = Place { position: Position::Condition, is_combined: false };
        let place = if index == last { whole } else { asked };
        let verdict = match index.checked_sub(1).map(|before| compare.ops[before]) {
            Some(CmpOp::Is | CmpOp::IsNot) if left.is_none_literal_expr() => Verdict::Chained,
            _ if is_commented(cx, token) => Verdict::Commented,
            _ => verdict::verdict(cx, op, other, place),
        };
        Some(Link { op, other, token, verdict })
    };
    pairs(compare).enumerate().filter_map(link).collect()
}

/// The operator between two operands, which may be parenthesised.
fn operator(cx: &Context<'_>, left: &Expr, op: CmpOp, right: &Expr) -> Option<TextRange> {
    let wanted = if op == CmpOp::Eq { TokenKind::EqEqual } else { TokenKind::NotEqual };
    let tokens = cx.file.tokens();
    let from = tokens.partition_point(|token| token.start() < left.end());
    tokens[from..]
        .iter()
        .take_while(|token| token.start() < right.start())
        .find(|token| token.kind() == wanted)
        .map(Ranged::range)
}

/// Whether a comment on the line of the operator speaks of comparing with `None`, as in
/// "must be `== None`, cannot be `is None`".
fn is_commented(cx: &Context<'_>, operator: TextRange) -> bool {
    let tokens = cx.file.tokens();
    let from = tokens.partition_point(|token| token.start() < operator.end());
    let mut line = tokens[from..].iter().take_while(|token| {
        !matches!(token.kind(), TokenKind::Newline | TokenKind::NonLogicalNewline)
    });
    line.find(|token| token.kind() == TokenKind::Comment).is_some_and(|comment| {
        let text = cx.file.source(comment).to_lowercase();
        let insists = ["must", "cannot", "can't", "need", "has to", "do not", "don't"];
        text.contains("none") && insists.iter().any(|word| text.contains(word))
    })
}

fn is_fixable(link: &Link<'_>) -> bool {
    let keeps_meaning = matches!(link.verdict, Verdict::Due { .. } | Verdict::CallsItself { .. });
    keeps_meaning && !is_literal(link.other)
}

/// Whether `is` with this operand makes CPython warn, or can only be false.
fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp(node) => node.op != UnaryOp::Not && is_literal(&node.operand),
        Expr::List(_) | Expr::Tuple(_) | Expr::Dict(_) | Expr::Set(_) | Expr::FString(_) => true,
        _ => expr.is_literal_expr(),
    }
}

fn report(cx: &Context<'_>, link: &Link<'_>, is_fixable: bool, findings: &mut Findings<'_>) {
    let Some(words) = Words::of(link) else { return };
    let mut detail = findings.report(link.token, words.message).help(words.help);
    if let Some(level) = words.level {
        detail = detail.level(level);
    }
    if let Verdict::NullObject(class) = link.verdict {
        detail = detail.related(&class.name, "its `__eq__` says that it equals None");
    }
    detail.fix(is_fixable.then(|| fix::fix(cx, link.op, link.token)));
}
