//! Naming what the clause catches.

use pycheck_model::{Edit, Fix, Safety};
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler};
use ruff_text_size::{Ranged, TextLen, TextRange};

use super::surroundings::Surroundings;
use crate::rule::Context;

/// `except BaseException:` where some path raises the exception again, since then catching all was
/// meant; else `except Exception:`.
///
/// Nothing where this file gives either name another meaning, or where the clause is not the last,
/// which Python refuses.
pub(super) fn fix(
    cx: &Context<'_>,
    handler: &ExceptHandlerExceptHandler,
    around: &Surroundings<'_>,
    reraises: bool,
) -> Option<Fix> {
    let ExceptHandler::ExceptHandler(last) = around.node.handlers.last()?;
    let is_class = |name: &str| matches!(name, "Exception" | "BaseException");
    if last.range != handler.range
        || cx.bindings().symbols().any(|(_, symbol)| is_class(symbol.name))
    {
        return None;
    }
    let (class, safety, title) = if reraises {
        ("BaseException", Safety::Safe, "Write `except BaseException:`, which means the same")
    } else {
        ("Exception", Safety::Unsafe, "Catch `Exception` only, so that interrupts pass")
    };
    let place = handler.start() + "except".text_len();
    let edit = Edit { range: TextRange::empty(place), content: format!(" {class}") };
    Some(Fix { title: title.to_owned(), safety, edits: vec![edit] })
}
