//! The rule `invalid-dunder-all`; what it is for and its cases are in
//! `invalid_dunder_all.md`.

use pycheck_imports::name_failure::{Asked, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::Level;

use crate::missing_names::{did_you_mean, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "invalid-dunder-all",
    aliases: &["F822", "E0603", "undefined-all-variable"],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a name in `__all__` that the module does not have",
    page: include_str!("invalid_dunder_all.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in program.name_failures.iter().filter(|it| matches!(it.when, When::Always(_))) {
        let explanation = match failure.asked {
            Asked::Starred => explain_star(failure),
            Asked::Listed => format!(
                "`{}` is in `__all__`, but nothing binds it: `from {} import *` fails",
                failure.name, failure.module
            ),
            Asked::Imported | Asked::Read(_) => continue,
        };
        report(program, failure, &explanation, did_you_mean(failure), findings);
    }
}

fn explain_star(failure: &NameFailure) -> String {
    format!("its `__all__` names `{}`, but nothing binds it", failure.name)
}
