//! The rule `circular-import-failure`; what it is for and its cases are in
//! `circular_import_failure.md`.

use pycheck_imports::name_failure::{Asked, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::Level;

use crate::missing_names::{later, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "circular-import-failure",
    aliases: &[],
    group: Group::Imports,
    level: Level::Error,
    summary: "a circular import that fails whichever module comes first",
    page: include_str!("circular_import_failure.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in program.name_failures.iter().filter(|it| it.when == When::Circular) {
        let explanation = format!(
            "`{}` is still running when this line asks for `{}`, whichever module comes first",
            failure.module, failure.name
        );
        report(program, failure, &explanation, Some(help(failure)), findings)
            .remedy(later(failure));
    }
}

fn help(failure: &NameFailure) -> String {
    let NameFailure { module, name, .. } = failure;
    match failure.asked {
        Asked::Imported => format!(
            "bind `{name}` in `{module}` above the import that leads here, or import it in the function that uses it"
        ),
        Asked::Read(_) | Asked::Starred | Asked::Listed => {
            format!("read `{name}` in a function, when `{module}` has run to its end")
        }
    }
}
