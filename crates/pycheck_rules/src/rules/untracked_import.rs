//! The rule `untracked-import`; what it is for and its cases are in `untracked_import.md`.

use pycheck_imports::Program;
use pycheck_model::{Level, Trail};

use crate::imports::file_name;
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "untracked-import",
    aliases: &[],
    group: Group::Imports,
    level: Level::Warn,
    summary: "an import of a file that git does not track",
    page: include_str!("untracked_import.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for untracked in &program.untracked {
        let file = file_name(&untracked.file);
        let message = format!(
            "`{}` is found here, but git does not track its file `{file}`: it is missing in every other checkout",
            untracked.name
        );
        findings
            .report(untracked.at, message)
            .help(Some(format!("`git add` the file `{file}`")))
            .trail(Trail::File(untracked.file.clone(), "not tracked by git".to_owned()));
    }
}
