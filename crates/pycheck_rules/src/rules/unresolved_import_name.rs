//! The rule `unresolved-import-name`; what it is for and its cases are in
//! `unresolved_import_name.md`.

use pycheck_imports::name_failure::{Asked, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::{Change, Level, Remedy, differ_in_digits, is_slip};

use crate::missing_names::{did_you_mean, module_kind, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unresolved-import-name",
    aliases: &["E0611", "no-name-in-module"],
    group: Group::Imports,
    level: Level::Error,
    summary: "an import of a name that the module does not have",
    page: include_str!("unresolved_import_name.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    let is_ours = |failure: &&NameFailure| {
        failure.asked == Asked::Imported && matches!(failure.when, When::Always(_))
    };
    for failure in program.name_failures.iter().filter(is_ours) {
        let (kind, module) = (module_kind(failure), &failure.module);
        let what = if failure.hides_standard {
            format!(
                "this `{module}` hides the one of the standard library, and binds no `{}`",
                failure.name
            )
        } else {
            format!("once {kind} `{module}` has run, it has no such name, and no such submodule")
        };
        let near = failure.nearest.clone().filter(|near| is_clear(failure, near));
        let near = near.map(|name| Remedy::likely(Change::Name(name)));
        report(program, failure, &what, did_you_mean(failure), findings).remedy(near);
    }
}

/// Whether it is clear that a near name is meant: a module from outside of the project may be of
/// another version.
fn is_clear(failure: &NameFailure, near: &str) -> bool {
    let is_slip = is_slip(&failure.name, near);
    !differ_in_digits(&failure.name, near) && (!failure.is_outside || is_slip)
}
