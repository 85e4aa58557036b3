//! What the rules about names that are not there share: how a failure becomes a finding.

use pycheck_imports::failure::Certainty;
use pycheck_imports::name_failure::{Asked, When};
use pycheck_imports::{NameFailure, Program};
use pycheck_model::{Change, Level, Remedy, RuntimeError};

use crate::rule::{ProgramDetail, ProgramFindings};

/// Reports a name that is not there: CPython's words, then the cause in this tree.
pub(crate) fn report<'f>(
    program: &Program,
    failure: &NameFailure,
    explanation: &str,
    help: Option<String>,
    findings: &'f mut ProgramFindings<'_>,
) -> ProgramDetail<'f> {
    let (exception, message) = failure.exception(program.version);
    let (mode, when) = match failure.when {
        When::Always(Certainty::Deferred) => ("import", " (when the function runs)"),
        When::Always(Certainty::Script) => ("script", " (when the file is started as a script)"),
        _ => ("import", ""),
    };
    let entry = match &failure.when {
        When::First(entries) => entries.first().cloned(),
        When::Always(_) | When::Circular => None,
    };
    let words = format!("{}: {explanation}{when}", without_place(failure, &message));
    // A name in `__all__` raises where the star is, which is reported there.
    let raises = failure.asked != Asked::Listed;
    let error = RuntimeError { exception, message, modes: vec![mode], entry };
    let mut detail = findings.report(failure.at, words).level(level(failure)).help(help);
    if raises {
        detail = detail.raises(error);
    }
    for step in &failure.trail {
        detail = detail.trail(step.clone());
    }
    detail
}

/// CPython ends its words with the file; a label shows it as well.
fn without_place<'m>(failure: &NameFailure, message: &'m str) -> &'m str {
    let place = failure.file.as_ref().map(|file| format!(" ({})", file.display()));
    place.and_then(|place| message.strip_suffix(place.as_str())).unwrap_or(message)
}

fn level(failure: &NameFailure) -> Level {
    if failure.asked == Asked::Listed {
        return Level::Warn;
    }
    let When::Always(certainty) = failure.when else {
        return if failure.when == When::Circular { Level::Error } else { Level::Warn };
    };
    match (certainty, failure.is_outside) {
        (Certainty::Certain, _) | (Certainty::Deferred, false) => Level::Error,
        (Certainty::Conditional, true) | (Certainty::PathEdited, _) => Level::Info,
        _ => Level::Warn,
    }
}

/// "did you mean", if the module has a name that is much like it.
pub(crate) fn did_you_mean(failure: &NameFailure) -> Option<String> {
    failure.nearest.as_ref().map(|name| format!("did you mean `{name}`?"))
}

/// An import that comes too early may come later.
pub(crate) fn later(failure: &NameFailure) -> Option<Remedy> {
    (failure.asked == Asked::Imported).then(|| Remedy::likely(Change::Later))
}

/// How the name is asked for, for the end of a sentence.
pub(crate) fn module_kind(failure: &NameFailure) -> &'static str {
    if failure.file.is_none() { "the namespace package" } else { "the module" }
}
