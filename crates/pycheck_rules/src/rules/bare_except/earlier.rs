//! What the clauses before a bare `except:` let through.

use pycheck_syntax::bindings::ScopeKind;
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Expr, StmtTry};

use super::calls::last_name;
use super::flow::exits_of;
use super::state::Way;
use crate::rule::Context;

/// How often one name may stand for another before we stop following.
const MAX_STEPS: usize = 4;

/// What the clauses before a bare one do.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Earlier {
    /// `KeyboardInterrupt` never reaches the bare clause.
    pub(super) handles_keyboard: bool,
    /// `SystemExit` never reaches the bare clause.
    pub(super) handles_exit: bool,
    /// `KeyboardInterrupt` and `SystemExit` are caught and raised again.
    pub(super) lets_interrupts_through: bool,
    /// `asyncio.CancelledError` is caught and raised again.
    pub(super) lets_cancellation_through: bool,
    /// `GeneratorExit` is caught and raised again.
    pub(super) lets_generator_exit_through: bool,
    /// A constant of another file is caught and raised again; it may name the interrupts.
    pub(super) may_let_through: bool,
}

impl Earlier {
    /// The clauses of `node` before `bare`.
    pub(super) fn of<'a>(
        cx: &Context<'a>,
        node: &'a StmtTry,
        bare: &ExceptHandlerExceptHandler,
    ) -> Self {
        let (mut handled, mut let_through) = (Vec::new(), Vec::new());
        for handler in &node.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            if handler.range == bare.range {
                break;
            }
            let Some(class) = handler.type_.as_deref() else { continue };
            collect(cx, class, MAX_STEPS, &mut handled);
            if always_leaves(cx, handler) {
                collect(cx, class, MAX_STEPS, &mut let_through);
            }
        }
        let is_handled = |class: &str| names(&handled, class);
        let passes = |class: &str| names(&let_through, class);
        let cancellation = ["CancelledError", "Cancelled", "get_cancelled_exc_class"];
        Self {
            handles_keyboard: is_handled("KeyboardInterrupt"),
            handles_exit: is_handled("SystemExit"),
            lets_interrupts_through: passes("KeyboardInterrupt") && passes("SystemExit"),
            lets_cancellation_through: cancellation.into_iter().any(passes),
            lets_generator_exit_through: passes("GeneratorExit"),
            may_let_through: let_through.iter().any(|name| is_constant(name)),
        }
    }
}

fn names(classes: &[&str], class: &str) -> bool {
    classes.iter().any(|name| *name == class || *name == "BaseException")
}

/// Whether a name is written like that of a constant.
fn is_constant(name: &str) -> bool {
    name.len() > 2 && name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
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
        Expr::Attribute(node) => match class_variable(cx, &node.attr) {
            Some(value) if steps > 0 => collect(cx, value, steps - 1, classes),
            _ => classes.push(&node.attr),
        },
        Expr::Call(call) => classes.extend(last_name(&call.func)),
        _ => {}
    }
}

/// What a class of this file assigns to a name, where only one does.
fn class_variable<'a>(cx: &Context<'a>, name: &str) -> Option<&'a Expr> {
    let bindings = cx.bindings();
    let mut found = bindings.symbols().filter(|(_, symbol)| {
        symbol.name == name && matches!(bindings.scope(symbol.scope).kind, ScopeKind::Class(_))
    });
    let (symbol, _) = found.next()?;
    found.next().is_none().then(|| bindings.only_value(symbol))?
}
