//! The rule `unreadable-file`, found by what reads and parses files; its page is `unreadable_file.md`.

use pycheck_model::Level;

use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unreadable-file",
    aliases: &["E902", "io-error"],
    group: Group::Files,
    level: Level::Error,
    summary: "a file that can't be read",
    page: include_str!("unreadable_file.md"),
    check: Check::Pipeline,
};
