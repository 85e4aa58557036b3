//! What a package's own code makes importable below it, beside what its folder holds.
//!
//! Importing a package runs its `__init__`, and what that imports of the package itself; any of it
//! may write to `sys.modules` or to the package's `__path__`.

use std::path::{Path, PathBuf};

use pycheck_model::{ContextIndex, ContextKind, ImportKind, ModuleSummary, PackagePath};
use rustc_hash::FxHashSet;

use crate::folders::Folders;
use crate::resolve::Module;
use crate::runs::{modules_named, runs_on_import};

/// The names below a package that its code provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    everything: bool,
    names: Vec<String>,
}

/// How many modules of a package are looked into.
const MAX_MODULES: usize = 300;

/// The first module of a name in some folders.
type Find<'f> = dyn Fn(&[PathBuf], &str) -> Option<Module> + 'f;

impl Opened {
    /// Nothing can be told.
    pub(crate) const ALL: Self = Self { everything: true, names: Vec::new() };
    /// Only what the folder holds.
    pub(crate) const NONE: Self = Self { everything: false, names: Vec::new() };

    /// Whether the code provides nothing at all.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.everything && self.names.is_empty()
    }

    /// Whether there may be a module of this name.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.everything || self.names.iter().any(|known| known == name)
    }

    /// What the module `name` itself provides, whatever it runs.
    pub(crate) fn by_itself(folders: &dyn Folders, file: &Path) -> Self {
        folders.summary(file).map_or(Self::ALL, |summary| Self {
            everything: summary.alters_imports || summary.package_path == PackagePath::Unknown,
            names: summary.registers.clone(),
        })
    }

    /// What the module `name` provides, found out by what it runs.
    pub(crate) fn by(folders: &dyn Folders, module: &Module, name: &str, find: &Find<'_>) -> Self {
        let mut search = Search { top: name, module, find, seen: FxHashSet::default() };
        let mut pending = vec![(module.clone(), name.to_owned())];
        let mut opened = Self::NONE;
        while let Some((module, name)) = pending.pop() {
            let Some(file) = module.file() else { continue };
            let Some(summary) = folders.summary(file) else {
                // What an extension module does can't be told, but only a package's own is suspect.
                if search.seen.is_empty() {
                    return Self::ALL;
                }
                continue;
            };
            if summary.alters_imports || summary.package_path == PackagePath::Unknown {
                return Self::ALL;
            }
            opened.names.extend(summary.registers.iter().cloned());
            if search.seen.len() < MAX_MODULES {
                pending.extend(search.run_by(&summary, &module, &name));
            }
        }
        opened
    }
}

/// Whether an import runs only when another one fails.
fn is_fallback(summary: &ModuleSummary, mut context: Option<ContextIndex>) -> bool {
    while let Some(index) = context {
        let here = &summary.contexts[index as usize];
        if matches!(here.kind, ContextKind::Handler { .. }) {
            return true;
        }
        context = here.parent;
    }
    false
}

struct Search<'f> {
    top: &'f str,
    module: &'f Module,
    find: &'f Find<'f>,
    seen: FxHashSet<String>,
}

impl Search<'_> {
    /// The modules of the package that a module imports on import, which were not seen before.
    fn run_by(
        &mut self,
        summary: &ModuleSummary,
        module: &Module,
        name: &str,
    ) -> Vec<(Module, String)> {
        let is_package = !module.search.is_empty();
        let package = if is_package { name } else { name.rsplit_once('.').map_or("", |it| it.0) };
        let top = self.top;
        let imports = summary.imports.iter().filter(|import| {
            may_name(&import.kind, top)
                && runs_on_import(summary, import)
                && !is_fallback(summary, import.context)
        });
        let names = imports.flat_map(|import| modules_named(&import.kind, package, &|_| true));
        let mut found = Vec::new();
        for name in names {
            if !self.seen.contains(&name)
                && let Some(module) = self.within(&name)
            {
                found.push((module, name.clone()));
            }
            self.seen.insert(name);
        }
        found
    }

    /// A module of the package by its full name.
    fn within(&self, name: &str) -> Option<Module> {
        let below = name.strip_prefix(self.top)?.strip_prefix('.')?;
        let mut current = self.module.clone();
        for part in below.split('.') {
            current = (self.find)(&current.search, part)?;
        }
        Some(current)
    }
}

/// Whether a statement may name a module of a package: it has dots, or the package's name.
fn may_name(kind: &ImportKind, package: &str) -> bool {
    kind.absolute_name().is_none_or(|name| {
        let below = name.strip_prefix(package);
        below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
    })
}
