//! The rule `stub-without-runtime-module`; what it is for and its cases are in
//! `stub_without_runtime_module.md`.

use pycheck_imports::Program;
use pycheck_imports::near_miss::NearMissKind;
use pycheck_model::Level;

use crate::imports::{file_name, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "stub-without-runtime-module",
    aliases: &["reportMissingModuleSource"],
    group: Group::Imports,
    level: Level::Error,
    summary: "an import of a module of which there are only types",
    page: include_str!("stub_without_runtime_module.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        let Some(near) = failure.near.as_ref().filter(|near| near.kind == NearMissKind::Stub)
        else {
            continue;
        };
        let stub = file_name(&near.path);
        let explanation = format!(
            "`{stub}` is all there is of it, and stubs are for type checkers: nothing of it can run"
        );
        report(program, failure, &explanation, findings);
    }
}
