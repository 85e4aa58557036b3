//! The rule `internal-error`, found by what reads and parses files; its page is `internal_error.md`.

use pycheck_model::Level;

use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "internal-error",
    aliases: &[],
    group: Group::Files,
    level: Level::Error,
    summary: "a file that pycheck itself failed on",
    page: include_str!("internal_error.md"),
    check: Check::Pipeline,
};
