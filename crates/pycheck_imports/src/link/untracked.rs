//! Imports that lead to files which git does not track: they work here, and not in a checkout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Import, ImportKind, Site, SiteIndex};
use rustc_hash::FxHashSet;

use super::place::Place;
use super::{Checked, Linker, ModuleInput};
use crate::reach::{Outcome, certainty};
use crate::resolve::Module;
use crate::suggest::{join, relative_base};

/// An import of a file that git does not track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntrackedImport {
    /// Where it is imported.
    pub at: Site,
    /// The module that is imported, by its full name.
    pub name: String,
    /// Its file.
    pub file: PathBuf,
}

/// A module that an import names, and where.
struct Asked {
    name: String,
    site: SiteIndex,
    found: Arc<Module>,
}

impl Linker<'_> {
    /// The imports of such files in a file that git tracks, and that would show.
    pub(super) fn untracked(
        &self,
        file: u32,
        module: &ModuleInput,
        causes: &Checked,
    ) -> Vec<UntrackedImport> {
        let Some(untracked) = self.resolver.folders().untracked().filter(|it| !it.is_empty())
        else {
            return Vec::new();
        };
        let Some(folder) = module.path.parent() else { return Vec::new() };
        if untracked.contains(module.path.as_path()) || module.summary.imports.is_empty() {
            return Vec::new();
        }
        let place = self.place(folder, module.project);
        let outcomes = self.outcomes(causes);
        let shows = |import: &Import| {
            certainty(&module.summary, import, "ModuleNotFoundError", &outcomes).is_some()
        };
        let working = module.summary.imports.iter().zip(causes).filter(|(_, it)| it.is_none());
        let asked = working
            .map(|(import, _)| (import, self.asked(&place, import)))
            .filter(|(_, asked)| asked.iter().any(|it| is_in(untracked, &it.found)))
            .filter(|(import, _)| shows(import));
        let all = asked.flat_map(|(_, asked)| asked);
        let found = all.filter(|asked| is_in(untracked, &asked.found)).filter_map(|asked| {
            let at = Site { file, index: asked.site };
            Some(UntrackedImport { at, name: asked.name, file: asked.found.file()?.to_owned() })
        });
        found.collect()
    }

    fn outcomes(&self, causes: &Checked) -> Vec<Outcome> {
        let version = self.resolver.outside().version;
        let outcome = |cause: &Option<crate::Cause>| Outcome {
            exception: cause.as_ref().map(|cause| cause.exception(version).0),
            is_settled: false,
        };
        causes.iter().map(outcome).collect()
    }

    /// The module that an import names, and those that it takes out of a package by name.
    fn asked(&self, place: &Place, import: &Import) -> Vec<Asked> {
        let Some((name, found)) = self.named(place, &import.kind) else { return Vec::new() };
        let mut asked = Vec::new();
        if let ImportKind::From { names, .. } = &import.kind {
            let folders = self.resolver.folders();
            let binds = |part: &str| found.file().is_some_and(|it| folders.binds_plainly(it, part));
            for part in names.iter().filter(|part| !found.search.is_empty() && !binds(&part.name)) {
                let name = format!("{name}.{}", part.name);
                if let Some(found) = self.found(place, &name) {
                    asked.push(Asked { name, site: part.site, found });
                }
            }
        }
        asked.push(Asked { name, site: import.site, found });
        asked
    }

    fn named(&self, place: &Place, kind: &ImportKind) -> Option<(String, Arc<Module>)> {
        if let Some(name) = kind.absolute_name() {
            return Some((name.to_owned(), self.found(place, name)?));
        }
        let ImportKind::From { level, module, .. } = kind else { return None };
        place.identities.iter().find_map(|(identity, path)| {
            let name = join(&relative_base(&identity.package, *level)?, module);
            let found = self.resolver.find(&name, *path)?;
            Some((name, found))
        })
    }

    fn found(&self, place: &Place, name: &str) -> Option<Arc<Module>> {
        let paths = [place.certain].into_iter().chain(place.identities.iter().map(|(_, it)| *it));
        let beside = place.possible.iter().map(|it| self.resolver.search_path(vec![it.clone()]));
        paths.chain(beside).find_map(|path| self.resolver.find(name, path))
    }
}

fn is_in(untracked: &FxHashSet<PathBuf>, module: &Module) -> bool {
    module.file().is_some_and(|file: &Path| untracked.contains(file))
}
