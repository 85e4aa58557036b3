//! Under which conditions an import runs, and whether its failure would be caught.

use pycheck_model::{Catches, ContextIndex, ContextKind, Import, ModuleSummary};

use crate::failure::Certainty;

/// What the conditions around an import make of its failure.
///
/// `exceptions` holds, for each import of the module, the class of the exception that it raises if
/// it runs. `None` means that the failure never shows: it is caught, or the import never runs.
pub(crate) fn certainty(
    summary: &ModuleSummary,
    import: &Import,
    exception: &str,
    exceptions: &[Option<&'static str>],
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
            ContextKind::Handler { catches, body } => {
                if !body_fails(summary, body, catches, exceptions) {
                    if catches.import_error || catches.module_not_found {
                        return None;
                    }
                    result = Certainty::Conditional;
                }
            }
            ContextKind::Else { body } => {
                let anything = Catches { import_error: true, module_not_found: true };
                if body_fails(summary, body, anything, exceptions) {
                    return None;
                }
                // What the body imports may fail further down: then this is not reached.
                if is_guard(summary, body) {
                    result = Certainty::Conditional;
                }
            }
        }
        current = context.parent;
    }
    Some(result)
}

/// Whether the `try` of this body is there for a failing import.
fn is_guard(summary: &ModuleSummary, body: ContextIndex) -> bool {
    let kind = summary.contexts[body as usize].kind;
    matches!(kind, ContextKind::Guarded(catches) if catches.import_error || catches.module_not_found)
}

/// Whether an import right in the body of a `try` surely fails with something that is caught.
fn body_fails(
    summary: &ModuleSummary,
    body: ContextIndex,
    catches: Catches,
    exceptions: &[Option<&'static str>],
) -> bool {
    summary.imports.iter().zip(exceptions).any(|(import, exception)| {
        exception.is_some_and(|exception| {
            catches.catches(exception) && reaches(summary, import, body, exception)
        })
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
