//! The rule `relative-import-no-parent-package`; what it is for and its cases are in
//! `relative_import_no_parent_package.md`.

use pycheck_imports::{Cause, Program};
use pycheck_model::Level;

use crate::imports::{describe_root, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "relative-import-no-parent-package",
    aliases: &[],
    group: Group::Imports,
    level: Level::Error,
    summary: "a relative import in a file that belongs to no package",
    page: include_str!("relative_import_no_parent_package.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        match &failure.cause {
            Cause::NoParentPackage | Cause::NoPackageArgument { is_empty: true, .. } => {
                let root = describe_root(failure);
                let explanation = format!("the file belongs to no package ({root})");
                report(program, failure, &explanation, findings);
            }
            Cause::NoPackageArgument { is_empty: false, .. } => {
                report(program, failure, "the dots start from nothing", findings);
            }
            _ => {}
        }
    }
}
