//! What an explanation says of single facts.

use pycheck_model::explanation::{Spot, Step};
use pycheck_model::{Catches, ContextKind, Import, ModuleSummary};

use super::super::Case;
use crate::near_miss::NearMissKind;
use crate::resolve::{Kind, Module};

/// What a module is.
pub(super) fn kind(module: &Module) -> &'static str {
    match &module.kind {
        Kind::Package(_) => "a package",
        Kind::Namespace => "a namespace package (folders without `__init__.py`)",
        Kind::Source(_) => "a module",
        Kind::Compiled(_) if module.search.is_empty() => "a compiled module",
        Kind::Compiled(_) => "a compiled package",
        Kind::Standard(_) => "a module of the standard library",
        Kind::Hooked => "served by code that decides at run time",
    }
}

/// Where a module lies.
pub(super) fn spot(module: &Module) -> Option<Spot> {
    let place = module.file().or_else(|| module.search.first().map(std::path::PathBuf::as_path));
    place.map(|path| Spot::Path(path.to_owned()))
}

/// Why something that lies near is not the module.
pub(super) fn near(kind: &NearMissKind) -> String {
    match kind {
        NearMissKind::OtherBuild(endings) => {
            format!("an extension module for another Python; this one takes {}", endings.join(", "))
        }
        NearMissKind::Stub => "a stub: for type checkers only, never imported".to_owned(),
        NearMissKind::OtherCase => "spelled with other small and capital letters".to_owned(),
    }
}

/// Why the failure of an import never shows.
pub(super) fn harmless(case: &Case<'_>, exception: &str) -> &'static str {
    let contexts = &case.module.summary.contexts;
    let mut current = case.import.context;
    while let Some(index) = current {
        let context = &contexts[index as usize];
        match context.kind {
            ContextKind::Never => return "but it never runs",
            ContextKind::Guarded(catches) if catches.catches(exception) => {
                return "but what is around it catches that";
            }
            _ => current = context.parent,
        }
    }
    "but it does not run where it would fail, or the code is made for that"
}

/// When an import runs and what is around it, the innermost first.
pub(super) fn conditions(summary: &ModuleSummary, import: &Import) -> Vec<Step<Spot>> {
    let mut steps = Vec::new();
    let mut current = import.context;
    while let Some(index) = current {
        let context = &summary.contexts[index as usize];
        steps.push(Step::new("condition", condition(context.kind)));
        current = context.parent;
    }
    let is_deferred = |step: &Step<Spot>| step.text.starts_with("in a function");
    if !steps.iter().any(is_deferred) {
        steps.push(Step::new("condition", "runs when the file does: on import, or as a script"));
    }
    steps
}

fn condition(kind: ContextKind) -> String {
    match kind {
        ContextKind::Function => "in a function: runs when that is called".to_owned(),
        ContextKind::Never => {
            "never runs: `TYPE_CHECKING`, a false version or platform test, or unreachable code"
                .to_owned()
        }
        ContextKind::MainGuard => {
            "under `if __name__ == \"__main__\"`: runs only when the file is started as a script"
                .to_owned()
        }
        ContextKind::Unknown => "under a condition whose outcome is not known here".to_owned(),
        ContextKind::Guarded(catches) => {
            format!("in a `try` or `with` that catches {}", classes(catches))
        }
        ContextKind::Handler { catches, .. } => {
            format!("in an `except` block: runs when the `try` raises {}", classes(catches))
        }
        ContextKind::After { catches, .. } => {
            format!("after a `try`: runs unless that raises {}", classes(catches))
        }
        ContextKind::Else { .. } => {
            "in the `else` of a `try`: runs when that raises nothing".to_owned()
        }
    }
}

/// The exceptions of imports among those that are caught.
fn classes(catches: Catches) -> String {
    if catches.everything() {
        return "every exception".to_owned();
    }
    let is_whole = catches.catches("ImportError");
    let named = ["ImportError", "ModuleNotFoundError", "ValueError", "AttributeError"];
    let caught = named
        .into_iter()
        .filter(|class| catches.catches(class) && !(is_whole && *class == "ModuleNotFoundError"));
    let caught: Vec<&str> = caught.collect();
    if caught.is_empty() {
        return "no exception of an import".to_owned();
    }
    caught.join(", ")
}
