//! Replacing the operator.

use pycheck_model::{Edit, Fix, Safety};
use ruff_python_ast::CmpOp;
use ruff_text_size::TextRange;

use crate::rule::Context;

/// Replaces the operator at `token` by `is` or `is not`; nothing else is touched.
///
/// Always unsafe: an `__eq__` may say that its object equals None, `is` can't.
pub(super) fn fix(cx: &Context<'_>, op: CmpOp, token: TextRange) -> Fix {
    let text = cx.file.text();
    let (before, after) = (&text[..usize::from(token.start())], &text[usize::from(token.end())..]);
    let (old, new) = if op == CmpOp::Eq { ("==", "is") } else { ("!=", "is not") };
    let left = if before.ends_with(char::is_whitespace) { "" } else { " " };
    let right = if after.starts_with(char::is_whitespace) { "" } else { " " };
    Fix {
        title: format!("Replace `{old}` by `{new}`"),
        safety: Safety::Unsafe,
        edits: vec![Edit { range: token, content: format!("{left}{new}{right}") }],
    }
}
