//! The rule `unresolved-import`; what it is for and its cases are in `unresolved_import.md`.

use pycheck_imports::failure::Missing;
use pycheck_imports::near_miss::NearMissKind;
use pycheck_imports::{Cause, Failure, Program};
use pycheck_model::{Level, PythonVersion};

use crate::imports::{describe_root, report};
use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "unresolved-import",
    aliases: &["E0401", "import-error"],
    group: Group::Imports,
    level: Level::Error,
    summary: "an import of a module that does not exist",
    page: include_str!("unresolved_import.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for failure in &program.failures {
        if is_told_apart(failure, findings) {
            continue;
        }
        match &failure.cause {
            Cause::NotFound { name, reason } => {
                report(
                    program,
                    failure,
                    &explain_missing(program, failure, name, reason),
                    findings,
                );
            }
            Cause::NotAPackage { parent, .. } => {
                report(
                    program,
                    failure,
                    &format!(
                        "`{parent}` is a single module: nothing can be imported from below it"
                    ),
                    findings,
                );
            }
            Cause::BeyondTopLevel { .. }
            | Cause::NoParentPackage
            | Cause::NoPackageArgument { .. } => {}
        }
    }
}

/// Whether a rule of its own speaks of what lies in the place of the missing module.
fn is_told_apart(failure: &Failure, findings: &ProgramFindings<'_>) -> bool {
    failure.near.as_ref().is_some_and(|near| {
        findings.is_enabled(match near.kind {
            NearMissKind::OtherBuild(_) => &super::incompatible_extension_module::RULE,
            NearMissKind::Stub => &super::stub_without_runtime_module::RULE,
            NearMissKind::OtherCase => &super::import_case_mismatch::RULE,
        })
    })
}

fn explain_missing(program: &Program, failure: &Failure, name: &str, reason: &Missing) -> String {
    match reason {
        Missing::Everywhere => {
            let environment = program.environment.as_deref().unwrap_or("none");
            format!("not in the project, the standard library or the environment ({environment})")
        }
        Missing::Undeclared => {
            "not in the project, and no declared dependency is known to provide it (there is no environment to look into)"
                .to_owned()
        }
        Missing::UndeclaredByScript => {
            "not in the project, and none of the dependencies that the script declares is known to provide it"
                .to_owned()
        }
        Missing::Submodule => {
            let (package, module) = name.rsplit_once('.').unwrap_or(("", name));
            format!("`{package}` exists, but has no module `{module}`")
        }
        Missing::Built(by) => {
            format!("the build of the project makes it ({by}), and this checkout is not built")
        }
        Missing::OtherPlatform => "the standard library has it on other platforms only".to_owned(),
        Missing::OtherVersion(first, last) => {
            format!("the standard library has it {}", versions(first, last))
        }
        Missing::TooLate(folder) => {
            let shown = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
            format!("the folder `{shown}`, which has it, is put on `sys.path` after this line only")
        }
        Missing::OnlyFrom(folder) => {
            let shown = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
            let root = describe_root(failure);
            format!(
                "it is found only with the folder `{shown}` on `sys.path`, as for a script in it ({root})"
            )
        }
    }
}

/// What is known of versions ends at the oldest and the newest that can be checked for.
fn versions(first: &str, last: &str) -> String {
    if last == PythonVersion::NEWEST.to_string() {
        format!("since Python {first} only")
    } else if first == PythonVersion::OLDEST.to_string() {
        format!("up to Python {last} only")
    } else {
        format!("from Python {first} to {last} only")
    }
}
