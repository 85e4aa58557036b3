//! The words of a finding.

use pycheck_model::Level;
use ruff_python_ast::CmpOp;

use super::libraries::Frames;
use super::verdict::Verdict;
use super::{Link, is_literal};

/// What is said of one comparison.
pub(super) struct Words {
    /// How sure it is, unless that is the rule's own level.
    pub(super) level: Option<Level>,
    /// What happens.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
}

impl Words {
    /// What is said of a comparison, if anything.
    pub(super) fn of(link: &Link<'_>) -> Option<Self> {
        let (old, new) = if link.op == CmpOp::Eq { ("==", "is") } else { ("!=", "is not") };
        let help = match link.verdict {
            Verdict::NeverMatches(frames) => mask_help(frames, link.op),
            Verdict::Chained => "put each `is None` into parentheses".to_owned(),
            Verdict::DueAsMask => {
                "use what the library has for missing values, or `is` for a single value".to_owned()
            }
            Verdict::NullObject(class) => {
                format!("write `{new}`; but an instance of `{}` is not `None`", class.name)
            }
            _ => format!("write `{new}`: there is only one `None`"),
        };
        let (level, message) = match link.verdict {
            Verdict::Meant => return None,
            Verdict::Due { in_condition } => (None, due(link, old, in_condition)),
            Verdict::DueAsMask => (
                None,
                asks(
                    old,
                    "; its answer is used as a mask, which matches None only in arrays of objects",
                ),
            ),
            Verdict::NeverMatches(frames) => (None, mask_message(frames, link.op)),
            Verdict::Chained => (
                None,
                format!(
                    "this chain asks whether the left side is `None` and `None {old}` the next one"
                ),
            ),
            Verdict::CallsItself { on_self } => {
                (Some(Level::Error), calls_itself(on_self).to_owned())
            }
            _ => (Some(Level::Info), meant(link, old)),
        };
        Some(Self { level, message, help })
    }
}

fn asks(old: &str, so: &str) -> String {
    format!("`{old} None` asks the `__eq__` of the other side{so}")
}

fn due(link: &Link<'_>, old: &str, in_condition: bool) -> String {
    if is_literal(link.other) {
        let is_equal = link.other.is_none_literal_expr();
        let result = if (link.op == CmpOp::Eq) == is_equal { "true" } else { "false" };
        format!("`{old} None` with a literal is always {result}")
    } else if in_condition {
        asks(old, ", which may answer anything; an array raises `ValueError` in a condition")
    } else {
        asks(old, ", which may answer anything")
    }
}

fn calls_itself(on_self: bool) -> &'static str {
    if on_self {
        "RecursionError: maximum recursion depth exceeded: \
         this comparison calls the method that it stands in"
    } else {
        "this comparison calls the method that it stands in again, on the other object"
    }
}

/// What is said where `==` seems to be meant.
fn meant(link: &Link<'_>, old: &str) -> String {
    match link.verdict {
        Verdict::NullObject(class) => {
            format!("`{old} None` may be meant: `{}` equals None", class.name)
        }
        Verdict::Tested => format!("`{old} None` seems to test what `__eq__` answers"),
        Verdict::Any => format!("`{old} None` with `unittest.mock.ANY`, which equals everything"),
        _ => format!("`{old} None` is meant, as the comment says"),
    }
}

fn mask_message(frames: Frames, op: CmpOp) -> String {
    let (old, result, so) = if op == CmpOp::Eq {
        ("==", "false", "nothing ever matches")
    } else {
        ("!=", "true", "everything matches")
    };
    match frames {
        Frames::Pandas => {
            format!("`{old} None` is {result} in every row of a pandas object, so {so}")
        }
        Frames::Polars | Frames::Spark => {
            format!(
                "`{old} None` is null in every row in {}, so nothing ever matches",
                frames.name()
            )
        }
    }
}

fn mask_help(frames: Frames, op: CmpOp) -> String {
    let method = match (frames, op == CmpOp::Eq) {
        (Frames::Pandas, true) => "isna",
        (Frames::Pandas, false) => "notna",
        (Frames::Polars, true) => "is_null",
        (Frames::Polars, false) => "is_not_null",
        (Frames::Spark, true) => "isNull",
        (Frames::Spark, false) => "isNotNull",
    };
    format!("write `.{method}()`")
}
