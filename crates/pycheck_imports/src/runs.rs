//! What an import statement runs.

use std::borrow::Cow;

use pycheck_model::{Anchor, ContextKind, Import, ImportKind, ModuleSummary};

use crate::suggest::{join, relative_base};

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
    let Some(base) = asked_name(kind, package) else { return Vec::new() };
    let names = match kind {
        ImportKind::From { names, .. } => &names[..],
        ImportKind::Module { .. } | ImportKind::Call { .. } => &[][..],
    };
    let is_module_wanted = |name: &&str| is_wanted(last_part(name));
    let parents = base.match_indices('.').map(|(end, _)| &base[..end]).filter(is_module_wanted);
    let mut all: Vec<String> = parents.map(str::to_owned).collect();
    let children = names.iter().map(|name| name.name.as_str()).filter(|name| is_wanted(name));
    all.extend(children.map(|name| [&*base, ".", name].concat()));
    all.extend(Some(&*base).filter(is_module_wanted).map(str::to_owned));
    all
}

/// The full name of the module that a module of `package` asks for; `None` if the dots lead out of
/// all packages.
pub(crate) fn asked_name<'k>(kind: &'k ImportKind, package: &str) -> Option<Cow<'k, str>> {
    let (package, level, module) = match kind {
        ImportKind::Module { name, .. } => return Some(Cow::Borrowed(name)),
        ImportKind::From { level: 0, module, .. } | ImportKind::Call { level: 0, module, .. } => {
            return Some(Cow::Borrowed(module));
        }
        ImportKind::From { level, module, .. } => (package, level, module),
        ImportKind::Call { level, module, anchor } => match anchor {
            Anchor::Globals | Anchor::Package | Anchor::Name => (package, level, module),
            Anchor::Named(package) => (package.as_str(), level, module),
            Anchor::Nothing => return None,
        },
    };
    let base = relative_base(package, *level)?;
    Some(Cow::Owned(join(&base, module)))
}

/// The part of a dotted name after its last dot.
pub(crate) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
