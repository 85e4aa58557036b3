//! The rule `relative-import-beyond-top-level`; what it is for and its cases are in
//! `relative_import_beyond_top_level.md`.

use pycheck_imports::{Cause, Failure, Program};
use pycheck_model::Level;

use crate::imports::{describe_root, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "relative-import-beyond-top-level",
    aliases: &["E0402", "relative-beyond-top-level"],
    group: Group::Imports,
    level: Level::Error,
    summary: "a relative import with more dots than there are packages around the file",
    page: include_str!("relative_import_beyond_top_level.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        if let Cause::BeyondTopLevel { package, excess } = &failure.cause {
            report(program, failure, &explain(failure, package, *excess), findings);
        }
    }
}

fn explain(failure: &Failure, package: &str, excess: u32) -> String {
    let top = package.split('.').next().unwrap_or(package);
    let levels = if excess == 1 { "1 level".to_owned() } else { format!("{excess} levels") };
    let root = describe_root(failure);
    format!("the dots lead {levels} above `{top}`, the top-level package ({root})")
}
