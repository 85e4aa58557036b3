//! What an import statement runs.

use pycheck_model::{ContextKind, Import, ImportKind, ModuleSummary};

use crate::suggest::relative_base;

/// Whether an import may run when its module is imported.
pub(crate) fn runs_on_import(summary: &ModuleSummary, import: &Import) -> bool {
    let mut context = import.context;
    while let Some(index) = context {
        let here = &summary.contexts[index as usize];
        if matches!(here.kind, ContextKind::Function | ContextKind::Never) {
            return false;
        }
        context = here.parent;
    }
    true
}

/// The full names of all modules that an import may run.
pub(crate) fn modules_named(kind: &ImportKind, package: &str) -> Vec<String> {
    let (base, names) = match kind {
        ImportKind::Module { name, .. } => (name.clone(), &[][..]),
        ImportKind::From { level: 0, module, names } => (module.clone(), &names[..]),
        ImportKind::From { level, module, names } => {
            let Some(base) = relative_base(package, *level) else { return Vec::new() };
            let dot = if module.is_empty() { "" } else { "." };
            (format!("{base}{dot}{module}"), &names[..])
        }
    };
    let mut all: Vec<String> =
        base.match_indices('.').map(|(end, _)| base[..end].to_owned()).collect();
    all.extend(names.iter().map(|name| format!("{base}.{}", name.name)));
    all.push(base);
    all
}
