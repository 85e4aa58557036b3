//! What a condition on the caught exception says of it.

use ruff_python_ast::{BoolOp, CmpOp, Expr, UnaryOp};

use super::calls::last_name;
use super::flow::Flow;
use super::state::{Excluded, Held, State};

/// Which exceptions are excluded where `test` holds, or does not.
///
/// `isinstance(e, (KeyboardInterrupt, SystemExit))`, `isinstance(e, Exception)`,
/// `issubclass(t, …)`, `t in (…)`, `t is …`, and these under `not`, `or` and `and`.
pub(super) fn excluded_by<'a>(
    flow: &Flow<'_, 'a>,
    test: &'a Expr,
    holds: bool,
    state: &State<'a>,
) -> Excluded {
    match test {
        Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
            excluded_by(flow, &node.operand, !holds, state)
        }
        Expr::BoolOp(node) if node.op == BoolOp::And && holds => {
            let of_each = node.values.iter().map(|value| excluded_by(flow, value, true, state));
            of_each.max().unwrap_or(Excluded::Nothing)
        }
        _ => {
            let mut classes = Vec::new();
            let is_known = tested_classes(flow, test, state, &mut classes);
            if is_known { excluded(&classes, holds) } else { Excluded::Nothing }
        }
    }
}

fn excluded(classes: &[&str], holds: bool) -> Excluded {
    let names = |class: &str| classes.contains(&class);
    if holds {
        let is_ordinary = !classes.iter().any(|class| is_beyond_exception(class));
        return if is_ordinary { Excluded::AllButException } else { Excluded::Nothing };
    }
    if names("BaseException") {
        Excluded::AllButException
    } else if names("KeyboardInterrupt") && names("SystemExit") {
        Excluded::Interrupts
    } else {
        Excluded::Nothing
    }
}

/// Whether instances of the class need not be `Exception`s.
fn is_beyond_exception(class: &str) -> bool {
    matches!(
        class,
        "BaseException" | "KeyboardInterrupt" | "SystemExit" | "GeneratorExit" | "CancelledError"
    )
}

/// Collects the classes that a test compares the exception with; `false` if it asks anything else.
fn tested_classes<'a>(
    flow: &Flow<'_, 'a>,
    test: &'a Expr,
    state: &State<'a>,
    classes: &mut Vec<&'a str>,
) -> bool {
    let is_exception =
        |subject: &'a Expr| matches!(flow.held_by(subject, state), Some(Held::Value | Held::Class));
    match test {
        Expr::BoolOp(node) if node.op == BoolOp::Or => {
            node.values.iter().all(|value| tested_classes(flow, value, state, classes))
        }
        Expr::Call(call) => {
            let [subject, tested] = &*call.arguments.args else { return false };
            let function = last_name(&call.func);
            matches!(function, Some("isinstance" | "issubclass"))
                && is_exception(subject)
                && collect(tested, classes)
        }
        Expr::Compare(node) => {
            let [op] = &*node.ops else { return false };
            matches!(op, CmpOp::In | CmpOp::Is | CmpOp::Eq)
                && is_exception(&node.left)
                && collect(&node.comparators[0], classes)
        }
        _ => false,
    }
}

fn collect<'a>(expr: &'a Expr, classes: &mut Vec<&'a str>) -> bool {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().all(|element| collect(element, classes)),
        Expr::List(list) => list.elts.iter().all(|element| collect(element, classes)),
        _ => {
            let name = last_name(expr).filter(|name| name.starts_with(char::is_uppercase));
            classes.extend(name);
            name.is_some()
        }
    }
}
