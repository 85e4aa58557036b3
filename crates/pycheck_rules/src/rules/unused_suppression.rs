//! The rule `unused-suppression`, found by what applies suppression comments; its page is
//! `unused_suppression.md`.

use pycheck_model::Level;

use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unused-suppression",
    aliases: &["RUF100", "useless-suppression"],
    group: Group::Files,
    level: Level::Off,
    summary: "a comment that suppresses nothing",
    page: include_str!("unused_suppression.md"),
    check: Check::Pipeline,
};
