//! What an import statement runs.

use std::borrow::Cow;

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

/// The full names of all modules that an import may run, of those whose last part `is_wanted`.
pub(crate) fn modules_named(
    kind: &ImportKind,
    package: &str,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let (base, names) = match kind {
        ImportKind::Module { name, .. } => (Cow::Borrowed(name.as_str()), &[][..]),
        ImportKind::From { level: 0, module, names } => {
            (Cow::Borrowed(module.as_str()), &names[..])
        }
        ImportKind::From { level, module, names } => {
            let Some(base) = relative_base(package, *level) else { return Vec::new() };
            let dot = if module.is_empty() { "" } else { "." };
            (Cow::Owned(base + dot + module), &names[..])
        }
    };
    let is_module_wanted = |name: &&str| is_wanted(last_part(name));
    let parents = base.match_indices('.').map(|(end, _)| &base[..end]).filter(is_module_wanted);
    let mut all: Vec<String> = parents.map(str::to_owned).collect();
    let children = names.iter().map(|name| name.name.as_str()).filter(|name| is_wanted(name));
    all.extend(children.map(|name| [&*base, ".", name].concat()));
    all.extend(Some(&*base).filter(is_module_wanted).map(str::to_owned));
    all
}

/// The part of a dotted name after its last dot.
pub(crate) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
