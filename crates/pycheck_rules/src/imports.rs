//! What the rules about failing imports share: how a failure becomes a finding.

use std::path::Path;

use pycheck_imports::failure::Missing;
use pycheck_imports::{Cause, Certainty, Failure, Program};
use pycheck_model::{Level, RuntimeError};

use crate::rule::ProgramFindings;

/// Reports a failing import: CPython's words, then the cause in this tree.
pub(crate) fn report(
    program: &Program,
    failure: &Failure,
    explanation: &str,
    findings: &mut ProgramFindings<'_>,
) {
    let (exception, message) = failure.cause.exception(program.version);
    let when = match failure.certainty {
        Certainty::Deferred => " (when the function runs)",
        Certainty::Script => " (when the file is started as a script)",
        Certainty::Certain | Certainty::Conditional | Certainty::PathEdited => "",
    };
    let mode = if failure.certainty == Certainty::Script { "script" } else { "import" };
    let entry = failure.first.first().cloned();
    let when = match &entry {
        Some(entry) => format!(" (when `{entry}` is imported first)"),
        None => when.to_owned(),
    };
    let error = RuntimeError { exception, message: message.clone(), modes: vec![mode], entry };
    let mut detail = findings
        .report(failure.at, format!("{message}: {explanation}{when}"))
        .level(level(program, failure))
        .help(failure.help.clone())
        .remedy(failure.remedy.clone())
        .raises(error);
    for step in &failure.trail {
        detail = detail.trail(step.clone());
    }
}

/// The last part of a path, for a message.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The root that gives the importing module its name, and why it is one.
pub(crate) fn describe_root(failure: &Failure) -> String {
    let path = &failure.root.path;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    format!("import root `{name}`: {}", failure.root.reason)
}

/// An error surely raises when its line runs; what may be there after all, or may be left out on
/// purpose, weighs less.
fn level(program: &Program, failure: &Failure) -> Level {
    if let Cause::NotFound { reason, .. } = &failure.cause {
        match reason {
            Missing::UndeclaredByScript | Missing::Built(_) => return Level::Info,
            Missing::Undeclared if !program.declares_all => return Level::Info,
            Missing::Undeclared | Missing::OtherPlatform | Missing::OnlyFrom(_) => {
                return Level::Warn.min(for_certainty(failure));
            }
            Missing::Everywhere
            | Missing::Submodule
            | Missing::TooLate(_)
            | Missing::OtherVersion(..) => {}
        }
    }
    for_certainty(failure)
}

fn for_certainty(failure: &Failure) -> Level {
    match (failure.certainty, failure.is_outside) {
        (Certainty::Certain, _) | (Certainty::Deferred, false) => Level::Error,
        (Certainty::Deferred, true) | (Certainty::Script | Certainty::Conditional, false) => {
            Level::Warn
        }
        (Certainty::Script, true) => Level::Warn,
        (Certainty::Conditional, true) | (Certainty::PathEdited, _) => Level::Info,
    }
}
