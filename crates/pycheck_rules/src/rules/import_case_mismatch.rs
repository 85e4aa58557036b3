//! The rule `import-case-mismatch`; what it is for and its cases are in `import_case_mismatch.md`.

use pycheck_imports::Program;
use pycheck_imports::near_miss::NearMissKind;
use pycheck_model::{Level, Site, Trail};

use crate::imports::{file_name, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "import-case-mismatch",
    aliases: &[],
    group: Group::Imports,
    level: Level::Error,
    summary: "a module whose file is spelled with other small and capital letters",
    page: include_str!("import_case_mismatch.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        let Some(near) = &failure.near else { continue };
        if near.kind == NearMissKind::OtherCase {
            let explanation = format!(
                "there is `{}`, and CPython minds small and capital letters, on Windows and macOS too",
                file_name(&near.path)
            );
            report(program, failure, &explanation, findings);
        }
    }
    for twins in &program.twins {
        let other = file_name(&twins.other);
        let message = format!(
            "this module and `{other}` beside it differ in small and capital letters only: the file systems of Windows and macOS keep one of the two"
        );
        findings
            .report(Site::start_of(twins.file), message)
            .level(Level::Warn)
            .help(Some("give one of the two another name".to_owned()))
            .trail(Trail::File(twins.other.clone(), "the other one".to_owned()));
    }
}
