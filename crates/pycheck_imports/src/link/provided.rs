//! What code that runs before an import makes of it: `sys.modules`, `sys.path`, finders.

use std::path::{Path, PathBuf};

use pycheck_model::Import;
use rustc_hash::FxHashSet;

use super::path_edits::OnAdded;
use super::{Case, Linker, ModuleInput};
use crate::failure::{Cause, Missing};
use crate::influence::Influence;
use crate::runs::{last_part, modules_named};

/// Whether code that runs before an import provides what it asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Provided {
    Surely,
    Perhaps,
    No,
}

/// Whether nothing at all is known by the first part of the name on the roots.
fn is_top_level(cause: &Cause) -> bool {
    let Cause::NotFound { reason, .. } = cause else { return false };
    matches!(reason, Missing::Everywhere | Missing::Undeclared | Missing::OnlyFrom(_))
}

impl Linker<'_> {
    /// Whether code that runs before the import provides what no folder holds.
    pub(super) fn provided(&self, file: u32, case: &Case<'_>, cause: &Cause) -> Provided {
        let (Cause::NotFound { name, .. } | Cause::NotAPackage { name, .. }) = cause else {
            return Provided::No;
        };
        let own = &case.module.summary;
        let asked = case.import.kind.absolute_name().unwrap_or(name);
        if own.registers.iter().any(|registered| registered == name || registered == asked) {
            return Provided::Surely;
        }
        let influence = self.influence();
        let may_be_registered =
            own.registers_any || influence.is_registered(name) || influence.is_registered(asked);
        let on_added = self.on_added(file, case);
        if on_added == OnAdded::Found {
            return Provided::Surely;
        }
        let is_unsure = own.edits_sys_path || influence.touches(file);
        let may_be_elsewhere = is_top_level(cause) && (is_unsure || on_added == OnAdded::Unsure);
        if may_be_registered || may_be_elsewhere { Provided::Perhaps } else { Provided::No }
    }

    fn influence(&self) -> &Influence {
        self.influence.get_or_init(|| {
            let last_parts = self.last_parts();
            let is_meant = |part: &str| last_parts.contains(part);
            Influence::of(self.modules, |module, import| self.files_run(module, import, &is_meant))
        })
    }

    /// The last parts of all names by which modules of the session can be imported.
    pub(super) fn last_parts(&self) -> FxHashSet<&str> {
        let files = self.modules.iter().filter_map(|module| {
            let stem = module.path.file_stem()?;
            let is_package = stem == "__init__";
            if is_package { module.path.parent()?.file_name()? } else { stem }.to_str()
        });
        let roots = self.projects.iter().flat_map(|project| &project.declared);
        let mapped = roots.map(|root| root.prefix.as_str());
        let provided = self.resolver.outside().provided.keys().map(String::as_str);
        files.chain(mapped.chain(provided).map(last_part)).collect()
    }

    /// The files that an import statement runs, as far as they are found; only of modules whose
    /// last part is meant.
    pub(super) fn files_run(
        &self,
        module: &ModuleInput,
        import: &Import,
        is_meant: &dyn Fn(&str) -> bool,
    ) -> Vec<PathBuf> {
        let Some(folder) = module.path.parent() else { return Vec::new() };
        let place = self.place(folder, module.project);
        let (identity, path) = &place.identities[0];
        let names = modules_named(&import.kind, &identity.package, is_meant);
        let found = names.iter().filter_map(|name| self.resolver.find(name, *path));
        found.filter_map(|module| module.file().map(Path::to_owned)).collect()
    }
}
