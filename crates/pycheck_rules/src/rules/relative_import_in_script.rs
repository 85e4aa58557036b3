//! The rule `relative-import-in-script`; what it is for and its cases are in
//! `relative_import_in_script.md`.

use pycheck_imports::Program;
use pycheck_imports::script_failure::Started;
use pycheck_model::{Level, RuntimeError};

use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "relative-import-in-script",
    aliases: &[],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a relative import in a file that is started as a script",
    page: include_str!("relative_import_in_script.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.script_failures {
        let message = "attempted relative import with no known parent package";
        let why = match failure.reason {
            Started::Shebang => "its first line says that it is started",
            Started::Declared => "the configuration of the project declares it as a script",
            Started::MainGuard => "its main guard says that it is started",
        };
        let text =
            format!("{message}: `python {}` gives the file no package ({why})", failure.script);
        let error = RuntimeError {
            exception: "ImportError",
            message: message.to_owned(),
            modes: vec!["script"],
            entry: None,
        };
        findings.report(failure.at, text).help(failure.help.clone()).raises(error);
    }
}
