//! What the clauses before a bare `except:` let through.

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Expr, StmtTry};

use super::calls::last_name;
use super::flow::exits_of;
use super::state::Way;
use crate::rule::Context;

/// How often one name may stand for another before we stop following.
const MAX_STEPS: usize = 4;

/// What never reaches the bare clause, because an earlier one catches it and raises it again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LetThrough {
    /// `KeyboardInterrupt` and `SystemExit`.
    pub(super) interrupts: bool,
    /// `asyncio.CancelledError`.
    pub(super) cancellation: bool,
    /// `GeneratorExit`.
    pub(super) generator_exit: bool,
}

/// What the clauses before `bare` let through.
pub(super) fn let_through<'a>(
    cx: &Context<'a>,
    node: &'a StmtTry,
    bare: &ExceptHandlerExceptHandler,
) -> LetThrough {
    let mut classes = Vec::new();
    for handler in &node.handlers {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if handler.range == bare.range {
            break;
        }
        if let Some(class) = handler.type_.as_deref()
            && always_leaves(cx, handler)
        {
            collect(cx, class, MAX_STEPS, &mut classes);
        }
    }
    let names = |class: &str| classes.iter().any(|name| *name == class || *name == "BaseException");
    LetThrough {
        interrupts: names("KeyboardInterrupt") && names("SystemExit"),
        cancellation: ["CancelledError", "Cancelled", "get_cancelled_exc_class"]
            .into_iter()
            .any(names),
        generator_exit: names("GeneratorExit"),
    }
}

/// Whether every path through a clause raises what it caught, or ends the process.
fn always_leaves<'a>(cx: &Context<'a>, handler: &'a ExceptHandlerExceptHandler) -> bool {
    let exits = exits_of(cx, &handler.body, handler.name.as_deref());
    let leaves = |way: &Way<'_>| matches!(way, Way::Reraises | Way::Ends { .. } | Way::Fails);
    !exits.is_empty() && exits.iter().all(|exit| leaves(&exit.way))
}

/// Collects the names of the classes that a clause catches, through tuples and their names.
fn collect<'a>(cx: &Context<'a>, expr: &'a Expr, steps: usize, classes: &mut Vec<&'a str>) {
    match expr {
        Expr::Tuple(tuple) => {
            tuple.elts.iter().for_each(|element| collect(cx, element, steps, classes));
        }
        Expr::Starred(node) => collect(cx, &node.value, steps, classes),
        Expr::BinOp(node) => {
            collect(cx, &node.left, steps, classes);
            collect(cx, &node.right, steps, classes);
        }
        Expr::Name(name) => {
            let bindings = cx.bindings();
            let value = bindings.symbol_of(name).and_then(|symbol| bindings.only_value(symbol));
            match value {
                Some(value) if steps > 0 => collect(cx, value, steps - 1, classes),
                _ => classes.push(&name.id),
            }
        }
        Expr::Call(call) => classes.extend(last_name(&call.func)),
        _ => classes.extend(last_name(expr)),
    }
}
