//! The rule `unresolved-module-attribute`; what it is for and its cases are in
//! `unresolved_module_attribute.md`.

use pycheck_imports::name_failure::{Asked, Lack, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::Level;

use crate::missing_names::{did_you_mean, module_kind, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unresolved-module-attribute",
    aliases: &["E1101", "no-member"],
    group: Group::Imports,
    level: Level::Error,
    summary: "the use of an attribute that a module does not have",
    page: include_str!("unresolved_module_attribute.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    let is_ours = |failure: &&NameFailure| {
        failure.asked == Asked::Read(Lack::Nowhere) && matches!(failure.when, When::Always(_))
    };
    for failure in program.name_failures.iter().filter(is_ours) {
        let (kind, module) = (module_kind(failure), &failure.module);
        let what = format!("once {kind} `{module}` has run, it has no such name");
        report(program, failure, &what, did_you_mean(failure), findings);
    }
}
