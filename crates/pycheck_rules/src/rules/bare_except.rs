//! The rule `bare-except`; what it is for and its cases are in `bare_except.md`.

use pycheck_model::Level;
use ruff_python_ast::{AnyNodeRef, NodeKind};

use crate::rule::{Check, Context, Findings, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "bare-except",
    aliases: &["E722", "W0702", "B001"],
    group: Group::Pitfalls,
    level: Level::Warn,
    summary: "an `except:` clause that names no exception and swallows Ctrl-C",
    page: include_str!("bare_except.md"),
    check: Check::Nodes(&[NodeKind::ExceptHandlerExceptHandler], check),
};

fn check<'a>(_cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let AnyNodeRef::ExceptHandlerExceptHandler(handler) = node else { return };
    if handler.type_.is_none() {
        findings
            .report(handler, "this `except:` also catches `KeyboardInterrupt` and `SystemExit`")
            .help("name the exceptions you expect, or write `except Exception:`");
    }
}
