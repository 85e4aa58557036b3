//! What is the same for all files of a folder: their names, and where their imports are looked for.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{ImportKind, ImportedName};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linker;
use crate::folders::Listing;
use crate::naming::{Identity, identities};
use crate::resolve::{MOST_PARTS, SearchPath};

/// What is the same for all files of a folder.
pub(super) struct Place {
    pub(super) identities: Vec<(Identity, SearchPath)>,
    pub(super) certain: SearchPath,
    pub(super) possible: Vec<PathBuf>,
    /// The search path without the project's own folder, if the files do not stand on that.
    pub(super) without_project: Option<SearchPath>,
    /// The folders around that could be made roots; asked for only when something fails.
    pub(super) around: OnceCell<Vec<(PathBuf, Arc<Listing>)>>,
}

impl Linker<'_> {
    pub(super) fn place(&self, folder: &Path, project: usize) -> Rc<Place> {
        if let Some(place) = self.places.borrow().get(folder.as_os_str()) {
            return place.clone();
        }
        let place = Rc::new(self.new_place(folder, project));
        self.places.borrow_mut().insert(folder.as_os_str().to_owned(), place.clone());
        place
    }

    fn new_place(&self, folder: &Path, project: usize) -> Place {
        let roots = &self.projects[project];
        let uses = |name: &str| self.imported().holds(name);
        let identities = identities(folder, roots, self.resolver.folders(), &uses);
        let is_namespace = identities.first().is_some_and(|first| first.root.path == roots.project);
        let own = identities.iter().take(if is_namespace { 1 } else { identities.len() });
        let others = self.projects.iter().enumerate().filter(|(index, _)| *index != project);
        let mut certain: Vec<PathBuf> = Vec::new();
        let all = own
            .map(|identity| &identity.root)
            .chain(&roots.declared)
            .filter(|root| root.prefix.is_empty())
            .map(|root| &root.path)
            .chain(&roots.extra)
            .chain(&roots.started)
            .chain((!roots.is_explicit).then_some(&roots.project))
            .chain(others.flat_map(|(_, other)| {
                other.declared.iter().map(|root| &root.path).chain([&other.project])
            }));
        for path in all {
            if !certain.contains(path) {
                certain.push(path.clone());
            }
        }
        let identities = self.with_paths(identities, &certain, &roots.project);
        let within = |ancestor: &&Path| ancestor.starts_with(&roots.project);
        let scripts = folder
            .ancestors()
            .take_while(within)
            .filter(|path| self.script_folders.contains(path.as_os_str()));
        let possible = scripts.map(Path::to_owned).filter(|path| !certain.contains(path)).collect();
        let stands_on_project =
            identities.iter().all(|(identity, _)| identity.root.path == roots.project);
        let without_project = (!stands_on_project && !roots.is_explicit).then(|| {
            let others = certain.iter().filter(|root| **root != roots.project);
            self.resolver.search_path(others.cloned().collect())
        });
        let certain = self.resolver.search_path(certain);
        Place { identities, certain, possible, without_project, around: OnceCell::new() }
    }

    /// Each name with the search path on which it is the right one: the roots of the other guesses
    /// are none then.
    fn with_paths(
        &self,
        identities: Vec<Identity>,
        certain: &[PathBuf],
        project: &Path,
    ) -> Vec<(Identity, SearchPath)> {
        let guesses = identities.iter().map(|identity| &identity.root).filter(|root| root.is_guess);
        let guesses: Vec<PathBuf> =
            guesses.map(|root| root.path.clone()).filter(|path| path != project).collect();
        let with_path = |identity: Identity| {
            let own = &identity.root.path;
            let others = certain.iter().filter(|root| *root != own && !guesses.contains(root));
            let path = std::iter::once(own).chain(others).cloned().collect();
            let path = self.resolver.search_path(path);
            (identity, path)
        };
        identities.into_iter().map(with_path).collect()
    }

    fn imported(&self) -> &Imported<'_> {
        self.imported.get_or_init(|| {
            let mut imported = Imported::default();
            for import in self.modules.iter().flat_map(|module| &module.summary.imports) {
                if let Some(module) = import.kind.absolute_name() {
                    imported.add(module);
                }
                if let ImportKind::From { level: 0, module, names } = &import.kind {
                    imported.names.entry(module).or_default().push(names);
                }
            }
            imported
        })
    }

    /// The roots of all folders of the session, declared or guessed.
    pub(super) fn elsewhere(&self) -> &[PathBuf] {
        self.elsewhere.get_or_init(|| {
            let mut roots: Vec<PathBuf> = Vec::new();
            let mut seen: FxHashSet<&Path> = FxHashSet::default();
            for module in self.modules {
                let Some(folder) = module.path.parent().filter(|folder| seen.insert(folder)) else {
                    continue;
                };
                let place = self.place(folder, module.project);
                roots.extend(
                    place.identities.iter().map(|(identity, _)| identity.root.path.clone()),
                );
            }
            roots.sort_unstable();
            roots.dedup();
            roots
        })
    }
}

/// Every dotted name that the project imports.
#[derive(Default)]
pub(super) struct Imported<'a> {
    /// The modules, with the packages around them.
    modules: FxHashSet<&'a str>,
    /// What is imported from modules, which may be modules too.
    names: FxHashMap<&'a str, Vec<&'a [ImportedName]>>,
}

impl<'a> Imported<'a> {
    fn add(&mut self, module: &'a str) {
        let is_new = self.modules.insert(module);
        if is_new {
            let ends = module.match_indices('.').map(|(end, _)| end).take(MOST_PARTS);
            self.modules.extend(ends.map(|end| &module[..end]));
        }
    }

    fn holds(&self, name: &str) -> bool {
        let is_imported_from = |(module, child): (&str, &str)| {
            let mut names = self.names.get(module).into_iter().flatten().copied().flatten();
            names.any(|name| name.name == child)
        };
        self.modules.contains(name) || name.rsplit_once('.').is_some_and(is_imported_from)
    }
}
