//! The rule `incompatible-extension-module`; what it is for and its cases are in
//! `incompatible_extension_module.md`.

use pycheck_imports::Program;
use pycheck_imports::near_miss::NearMissKind;
use pycheck_model::Level;

use crate::imports::{file_name, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "incompatible-extension-module",
    aliases: &[],
    group: Group::Imports,
    level: Level::Error,
    summary: "an import of an extension module that was built for another Python",
    page: include_str!("incompatible_extension_module.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        let Some(near) = &failure.near else { continue };
        let NearMissKind::OtherBuild(endings) = &near.kind else { continue };
        let endings: Vec<String> = endings.iter().map(|ending| format!("`{ending}`")).collect();
        let explanation = format!(
            "`{}` was built for another version or system; Python {} loads extension modules that end in {}",
            file_name(&near.path),
            program.version,
            endings.join(", ")
        );
        report(program, failure, &explanation, findings);
    }
}
