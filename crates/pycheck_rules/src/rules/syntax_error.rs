//! The rule `syntax-error`, found by what reads and parses files; its page is `syntax_error.md`.

use pycheck_model::Level;

use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "syntax-error",
    aliases: &["E999", "E0001", "invalid-syntax"],
    group: Group::Files,
    level: Level::Error,
    summary: "a file that is not Python of the target version",
    page: include_str!("syntax_error.md"),
    check: Check::Pipeline,
};
