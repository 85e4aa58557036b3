//! The rule `unimported-submodule`; what it is for and its cases are in
//! `unimported_submodule.md`.

use pycheck_imports::name_failure::{Asked, Lack, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::{Change, Level, Remedy};

use crate::missing_names::report;
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unimported-submodule",
    aliases: &[],
    group: Group::Imports,
    level: Level::Error,
    summary: "the use of a submodule that nothing has imported",
    page: include_str!("unimported_submodule.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    let is_ours = |it: &&NameFailure| it.asked == Asked::Read(Lack::UnimportedSubmodule);
    for failure in program.name_failures.iter().filter(is_ours) {
        let NameFailure { module, name, .. } = failure;
        let when = match failure.when {
            When::First(_) => ", unless another module imports it first",
            When::Always(_) | When::Circular => "",
        };
        let explanation = format!(
            "`{module}.{name}` is a submodule, which importing `{module}` does not import{when}"
        );
        let submodule = Change::Import(format!("{module}.{name}"));
        let remedy = match failure.when {
            When::Always(_) => Remedy::safe(submodule),
            When::First(_) | When::Circular => Remedy::likely(submodule),
        };
        let help = Some(format!("`import {module}.{name}`"));
        report(program, failure, &explanation, help, findings).remedy(Some(remedy));
    }
}
