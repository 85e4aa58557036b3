//! Under which conditions an import runs, and whether its failure would be caught.

use pycheck_model::{Catches, ContextIndex, ContextKind, Import, ModuleSummary};

use crate::failure::Certainty;

/// What an import does if it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// The class of the exception that it surely raises.
    pub(crate) exception: Option<&'static str>,
    /// It surely works: what it runs is known not to fail.
    pub(crate) is_settled: bool,
}

/// What the conditions around an import make of its failure.
///
/// `outcomes` holds, for each import of the module, what it does if it runs. `None` means that the failure never shows: it is caught, or the import never runs.
pub(crate) fn certainty(
    summary: &ModuleSummary,
    import: &Import,
    exception: &str,
    outcomes: &[Outcome],
) -> Option<Certainty> {
    let mut result = Certainty::Certain;
    let mut deferred = false;
    let mut current = import.context;
    while let Some(index) = current {
        let context = &summary.contexts[index as usize];
        match context.kind {
            ContextKind::Never => return None,
            ContextKind::Function => {
                deferred = true;
                result = result.max(Certainty::Deferred);
            }
            ContextKind::MainGuard => result = result.max(Certainty::Script),
            ContextKind::Unknown => result = Certainty::Conditional,
            ContextKind::Guarded(catches) if !deferred && catches.catches(exception) => {
                return None;
            }
            ContextKind::Guarded(_) => {}
            ContextKind::Handler { .. } | ContextKind::Else { .. } | ContextKind::After { .. } => {
                if !of_try(summary, context.kind, outcomes)? {
                    result = Certainty::Conditional;
                }
            }
        }
        current = context.parent;
    }
    Some(result)
}

/// Whether a part of a `try` beside its body surely runs; `None` when it surely does not, or when
/// it takes care of what the body may raise.
fn of_try(summary: &ModuleSummary, part: ContextKind, outcomes: &[Outcome]) -> Option<bool> {
    match part {
        ContextKind::Handler { catches, body } => {
            let runs = body_fails(summary, body, catches, outcomes);
            let is_fallback = !runs && catches.guards_imports();
            (!is_fallback).then_some(runs)
        }
        ContextKind::Else { body } => {
            let fails = body_fails(summary, body, Catches::ALL, outcomes);
            (!fails).then(|| !may_fail(summary, body, outcomes))
        }
        ContextKind::After { catches, body } => {
            (!body_fails(summary, body, catches, outcomes)).then_some(true)
        }
        _ => Some(true),
    }
}

/// Whether the `try` of this body is there for an import whose module may fail further down.
fn may_fail(summary: &ModuleSummary, body: ContextIndex, outcomes: &[Outcome]) -> bool {
    let ContextKind::Guarded(catches) = summary.contexts[body as usize].kind else { return false };
    let is_guard = catches.guards_imports();
    let mut imports = summary.imports.iter().zip(outcomes);
    is_guard && imports.any(|(import, outcome)| import.context == Some(body) && !outcome.is_settled)
}

/// Whether an import right in the body of a `try` surely fails with something that is caught.
fn body_fails(
    summary: &ModuleSummary,
    body: ContextIndex,
    catches: Catches,
    outcomes: &[Outcome],
) -> bool {
    let mut imports = summary.imports.iter().zip(outcomes);
    imports.any(|(import, outcome)| {
        let raised = outcome.exception.filter(|exception| catches.catches(exception));
        raised.is_some_and(|exception| reaches(summary, import, body, exception))
    })
}

/// Whether the exception of an import gets as far as the edge of the `try` body.
fn reaches(summary: &ModuleSummary, import: &Import, body: ContextIndex, exception: &str) -> bool {
    let mut current = import.context;
    while let Some(index) = current {
        if index == body {
            return true;
        }
        let context = &summary.contexts[index as usize];
        match context.kind {
            ContextKind::Guarded(catches) if !catches.catches(exception) => {
                current = context.parent;
            }
            _ => return false,
        }
    }
    false
}
