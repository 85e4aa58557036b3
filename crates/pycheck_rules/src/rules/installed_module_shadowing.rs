//! The rule `installed-module-shadowing`; what it is for and its cases are in
//! `installed_module_shadowing.md`.

use pycheck_imports::Program;
use pycheck_imports::shadow::ShadowOutcome;
use pycheck_model::{Level, Site};

use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "installed-module-shadowing",
    aliases: &[],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a file that hides an installed module which something needs",
    page: include_str!("installed_module_shadowing.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for shadow in &program.shadows {
        let ShadowOutcome::Installed(owner) = &shadow.outcome else { continue };
        let (name, distribution) = (&shadow.name, &owner.distribution);
        let needed_by = match &owner.needed_by {
            Some(other) => format!("which `{other}`, also installed, needs"),
            None => "on which the project depends".to_owned(),
        };
        let message = format!(
            "this hides the installed `{name}` of `{distribution}`, {needed_by}: imports of `{name}` get this file"
        );
        findings
            .report(Site::start_of(shadow.file), message)
            .help(Some("give the file another name, also where it is imported".to_owned()));
    }
}
