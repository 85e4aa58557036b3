//! The rule `dead-local-module`; what it is for and its cases are in `dead_local_module.md`.

use pycheck_imports::Program;
use pycheck_imports::shadow::{Dead, Shadow, ShadowOutcome, Standing};
use pycheck_model::{Level, Site, Trail};

use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "dead-local-module",
    aliases: &[],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a file that no import finds, since a module of the interpreter has its name",
    page: include_str!("dead_local_module.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for shadow in &program.shadows {
        let ShadowOutcome::Dead { cause, asked } = &shadow.outcome else { continue };
        let name = &shadow.name;
        let cause = match cause {
            Dead::BuiltIn => {
                format!("`{name}` is compiled into the interpreter, which looks there first")
            }
            Dead::Frozen => format!(
                "`{name}` is frozen into Python {}, which looks there first",
                program.version
            ),
            Dead::Loaded => format!(
                "Python {} has loaded its own `{name}` before any code runs",
                program.version
            ),
        };
        let detail = findings
            .report(
                Site::start_of(shadow.file),
                format!("no `import {name}` finds this file: {cause}"),
            )
            .level(level(shadow, *asked))
            .help(Some("give the file another name".to_owned()));
        if let Some(at) = asked {
            detail.trail(Trail::Site(*at, "this import gets the module of Python".to_owned()));
        }
    }
}

/// A file that imports the module of its name is likely a script about it; what lies beside scripts
/// and tests may have another way to be found.
fn level(shadow: &Shadow, asked: Option<Site>) -> Level {
    let is_about_it = asked.is_some_and(|at| at.file == shadow.file);
    let is_beside = matches!(shadow.standing, Standing::Script(_)) && asked.is_none();
    let is_doubtful = is_about_it || is_beside || shadow.standing == Standing::Tests;
    if is_doubtful { Level::Info } else { Level::Warn }
}
