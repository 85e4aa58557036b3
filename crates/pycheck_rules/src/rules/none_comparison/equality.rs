//! What an `__eq__` answers: something other than a truth value, or that it equals None.

use pycheck_syntax::nodes::returned_values;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{CmpOp, Expr, ExprCompare, Stmt, StmtFunctionDef, UnaryOp};

use super::classes::Equality;

/// Whether `==` of a class gives something else than true or false.
pub(super) fn builds_expression(equality: Equality<'_>) -> bool {
    match equality {
        Equality::Method(def) => match def.returns.as_deref() {
            Some(annotation) => !mentions_bool(annotation),
            None => returned_values(&def.body).into_iter().any(is_no_truth_value),
        },
        Equality::Assigned(Expr::Lambda(lambda)) => is_no_truth_value(&lambda.body),
        Equality::Assigned(value) => !matches!(value, Expr::Attribute(_) | Expr::NoneLiteral(_)),
    }
}

/// An annotation that allows `bool`, or says nothing.
fn mentions_bool(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "bool" | "Any" | "object" | "NoReturn" | "NotImplementedType" | "Never"
        ),
        Expr::Attribute(node) => matches!(node.attr.as_str(), "Any" | "NoReturn" | "bool_"),
        Expr::StringLiteral(text) => text.value.to_str().contains("bool"),
        Expr::BinOp(node) => mentions_bool(&node.left) || mentions_bool(&node.right),
        Expr::Subscript(node) => mentions_bool(&node.slice),
        Expr::Tuple(node) => node.elts.iter().any(mentions_bool),
        Expr::NoneLiteral(_) => true,
        _ => false,
    }
}

/// Whether a returned value is surely not `True`, `False` or `NotImplemented`.
fn is_no_truth_value(value: &Expr) -> bool {
    match value {
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => makes_expression(&name.id),
            Expr::Attribute(node) => makes_expression(&node.attr),
            _ => false,
        },
        Expr::BinOp(_)
        | Expr::FString(_)
        | Expr::StringLiteral(_)
        | Expr::Tuple(_)
        | Expr::List(_)
        | Expr::Dict(_) => true,
        Expr::If(node) => is_no_truth_value(&node.body) || is_no_truth_value(&node.orelse),
        _ => false,
    }
}

/// Whether a function is named like a class, or like what makes an expression.
fn makes_expression(name: &str) -> bool {
    let is_class = name.trim_start_matches('_').starts_with(char::is_uppercase)
        && name.contains(char::is_lowercase);
    let words =
        ["operat", "binop", "binary", "expr", "clause", "condition", "criteri", "predicate"];
    let lower = name.to_lowercase();
    is_class
        || words.iter().any(|word| lower.contains(word))
        || matches!(lower.trim_start_matches('_'), "op" | "eq" | "mk_eq" | "make_op")
        || lower.ends_with("_op")
}

/// Whether `__eq__` may say that the object equals None.
pub(super) fn accepts_none(def: &StmtFunctionDef) -> bool {
    let Some(other) = def.parameters.iter_non_variadic_params().nth(1) else { return false };
    let other = other.name().as_str();
    let mut search = Accepts { other, found: false };
    search.visit_body(&def.body);
    let always = matches!(def.body.last(), Some(Stmt::Return(node))
        if def.body.len() <= 2 && node.value.as_deref().is_some_and(is_true));
    search.found || always
}

fn is_true(value: &Expr) -> bool {
    matches!(value, Expr::BooleanLiteral(literal) if literal.value)
}

/// Looks for an answer that is true for None.
struct Accepts<'s> {
    other: &'s str,
    found: bool,
}

impl StatementVisitor<'_> for Accepts<'_> {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            Stmt::Return(node) => {
                self.found |=
                    node.value.as_deref().is_some_and(|v| is_true_for_none(v, self.other));
            }
            Stmt::If(node) if is_true_for_none(&node.test, self.other) => {
                self.found |= may_return_true(&node.body);
                for clause in &node.elif_else_clauses {
                    self.visit_body(&clause.body);
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }
}

fn may_return_true(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Return(node) => node.value.as_deref().is_some_and(|value| match value {
            Expr::BooleanLiteral(literal) => literal.value,
            Expr::Name(name) => name.id != "NotImplemented",
            Expr::NoneLiteral(_) => false,
            _ => true,
        }),
        _ => false,
    })
}

/// Whether an expression can be true because `other` is None.
fn is_true_for_none(expr: &Expr, other: &str) -> bool {
    match expr {
        Expr::BoolOp(node) => node.values.iter().any(|value| is_true_for_none(value, other)),
        Expr::UnaryOp(node) => node.op == UnaryOp::Not && is_name(&node.operand, other),
        Expr::Compare(node) => is_none_test(node, other),
        Expr::If(node) => is_true_for_none(&node.test, other) && !is_false(&node.body),
        Expr::Call(call) => {
            let is_isinstance = is_name(&call.func, "isinstance");
            match &*call.arguments.args {
                [subject, classes] => {
                    is_isinstance && is_name(subject, other) && names_none_type(classes)
                }
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_none_test(node: &ExprCompare, other: &str) -> bool {
    let ([op], [right]) = (&*node.ops, &*node.comparators) else { return false };
    let is_other = |expr: &Expr| is_name(expr, other);
    match op {
        CmpOp::Is | CmpOp::Eq => {
            (is_other(&node.left) && right.is_none_literal_expr())
                || (node.left.is_none_literal_expr() && is_other(right))
        }
        CmpOp::In => {
            let elements = match right {
                Expr::Tuple(tuple) => &tuple.elts,
                Expr::List(list) => &list.elts,
                Expr::Set(set) => &set.elts,
                _ => return false,
            };
            is_other(&node.left) && elements.iter().any(Expr::is_none_literal_expr)
        }
        _ => false,
    }
}

fn names_none_type(classes: &Expr) -> bool {
    match classes {
        Expr::Tuple(tuple) => tuple.elts.iter().any(names_none_type),
        Expr::Name(name) => name.id == "NoneType",
        Expr::Attribute(node) => &node.attr == "NoneType",
        Expr::Call(call) => {
            is_name(&call.func, "type")
                && matches!(&*call.arguments.args, [of] if of.is_none_literal_expr())
        }
        _ => false,
    }
}

fn is_false(value: &Expr) -> bool {
    matches!(value, Expr::BooleanLiteral(literal) if !literal.value)
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Name(found) if found.id == name)
}
