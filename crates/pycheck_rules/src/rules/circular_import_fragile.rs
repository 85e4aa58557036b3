//! The rule `circular-import-fragile`; what it is for and its cases are in
//! `circular_import_fragile.md`.

use pycheck_imports::name_failure::{Asked, Lack, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::Level;

use crate::missing_names::{later, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

/// How many modules are named.
const MAX_SHOWN: usize = 3;

pub(crate) static RULE: Rule = Rule {
    name: "circular-import-fragile",
    aliases: &[],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a circular import that fails when one module is imported before the others",
    page: include_str!("circular_import_fragile.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.name_failures {
        let When::First(entries) = &failure.when else { continue };
        if failure.asked == Asked::Read(Lack::UnimportedSubmodule) {
            continue;
        }
        let explanation = explain(failure, entries);
        let help = format!(
            "import something that works first, or bind `{}` in `{}` above the import that leads here",
            failure.name, failure.module
        );
        report(program, failure, &explanation, Some(help), findings).remedy(later(failure));
    }
}

fn explain(failure: &NameFailure, entries: &[String]) -> String {
    let shown: Vec<String> =
        entries.iter().take(MAX_SHOWN).map(|entry| format!("`{entry}`")).collect();
    let more = entries.len().saturating_sub(MAX_SHOWN);
    let rest = if more > 0 { format!(" or {more} more") } else { String::new() };
    let first = shown.join(", ");
    let NameFailure { module, name, .. } = failure;
    if !failure.is_half_made && failure.asked != Asked::Read(Lack::RunningSubmodule) {
        return format!("when {first}{rest} is imported first, `{module}` has no such name");
    }
    format!(
        "when {first}{rest} is imported first, `{module}` is still running when this line asks for `{name}`"
    )
}
