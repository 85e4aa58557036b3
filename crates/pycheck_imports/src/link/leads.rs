//! Where the imports of one file lead, and what could be imported, for somebody who is looking at it.
//!
//! Nothing is run for this: a name is followed through the statements that bind it.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use pycheck_model::{Import, ImportKind, ModuleSummary};

use super::place::Place;
use super::{Linker, ModuleInput, mapped};
use crate::folders::{Entry, Folders};
use crate::naming::SearchRoots;
use crate::outside::Outside;
use crate::resolve::{Kind, Module, Resolution, Resolver, SearchPath};
use crate::runs::asked_name;
use crate::stdlib;
use crate::suggest::{join, relative_base};

/// How many statements a name is followed through.
const MOST_STEPS: u32 = 12;

/// What something in an import statement leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its full dotted name.
    pub name: String,
    /// The file that it lies in, or the folder of a package without one.
    pub file: Option<PathBuf>,
    /// The name in that file that it is; `None` for the module itself.
    pub member: Option<String>,
    /// It comes with Python.
    pub is_standard: bool,
}

/// What the parts of an import statement lead to; `None` for what is not found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportLeads {
    /// The parts of the dotted name as it is written; the package for dots alone.
    pub modules: Vec<Option<Lead>>,
    /// The names after `import`.
    pub names: Vec<Option<Lead>>,
}

/// The name that a file has, and the folder on `sys.path` that it has it from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleName {
    /// The dotted name.
    pub name: String,
    /// The folder.
    pub root: PathBuf,
    /// Why that is on `sys.path`, for a user.
    pub reason: String,
    /// The package under which the folder's content is imported; mostly empty.
    pub prefix: String,
}

/// A name that is looked for in a module.
struct Wanted<'w> {
    name: &'w str,
    path: SearchPath,
    /// Through how many statements it may be followed.
    steps: u32,
}

/// A session that can be asked where something leads.
pub struct Guide<'a>(Linker<'a>);

impl<'a> Guide<'a> {
    /// Makes ready to answer. `projects` must not be empty.
    pub fn new(
        modules: &'a [ModuleInput],
        projects: &'a [SearchRoots],
        folders: &'a dyn Folders,
        outside: &'a Outside,
    ) -> Self {
        Self(Linker::new(modules, projects, Resolver::new(folders, outside, mapped(projects))))
    }

    /// What the imports of a file lead to, one after the other.
    pub fn imports_of(&self, file: usize) -> Vec<ImportLeads> {
        let module = &self.0.modules[file];
        let Some(folder) = module.path.parent() else { return Vec::new() };
        let place = self.0.place(folder, module.project);
        module.summary.imports.iter().map(|import| self.import(&place, import)).collect()
    }

    /// What a file is called.
    pub fn name_of(&self, path: &Path, project: usize) -> Option<ModuleName> {
        let place = self.0.place(path.parent()?, project);
        let (identity, _) = place.identities.first()?;
        let stem = path.file_stem()?.to_str()?;
        let name = join(&identity.package, if stem == "__init__" { "" } else { stem });
        let root = identity.root.clone();
        Some(ModuleName { name, root: root.path, reason: root.reason, prefix: root.prefix })
    }

    /// The full name of the module that an import of a file asks for.
    pub fn asked(&self, file: usize, import: &Import) -> Option<String> {
        let module = &self.0.modules[file];
        let place = self.0.place(module.path.parent()?, module.project);
        let (identity, _) = place.identities.first()?;
        asked_name(&import.kind, &identity.package).map(std::borrow::Cow::into_owned)
    }

    /// The modules that can be imported in a file, below a package or at the top, sorted.
    pub fn modules_below(&self, file: usize, level: u32, package: &str) -> Vec<String> {
        let module = &self.0.modules[file];
        let Some(folder) = module.path.parent() else { return Vec::new() };
        let place = self.0.place(folder, module.project);
        let (identity, own) = &place.identities[0];
        let (name, path) = if level == 0 {
            (Some(package.to_owned()), place.certain)
        } else {
            let base = relative_base(&identity.package, level);
            (base.map(|base| join(&base, package)), *own)
        };
        let Some(name) = name else { return Vec::new() };
        let mut found =
            if name.is_empty() { self.top_level(path) } else { self.below(&name, path) };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The names that a module binds, sorted.
    pub fn members(&self, file: usize, level: u32, module: &str) -> Vec<String> {
        let kind = ImportKind::From { level, module: module.to_owned(), names: Vec::new() };
        let own = &self.0.modules[file];
        let Some(folder) = own.path.parent() else { return Vec::new() };
        let place = self.0.place(folder, own.project);
        let (identity, own_path) = &place.identities[0];
        let path = if level == 0 { place.certain } else { *own_path };
        let name = asked_name(&kind, &identity.package);
        let found = name.and_then(|name| self.found(&name, path));
        let file = found.as_ref().and_then(|module| module.file());
        let summary = file.and_then(|file| self.0.resolver.folders().summary(file));
        let Some(summary) = summary else { return Vec::new() };
        let body = &summary.body;
        let bound = body.bindings.iter().map(|(name, _)| body.names[*name as usize].as_str());
        let imported = summary.imports.iter().filter(|import| import.context.is_none());
        let imported = imported.flat_map(|import| import.kind.bound_names());
        let mut names: Vec<String> = bound.chain(imported).map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn import(&self, place: &Rc<Place>, import: &Import) -> ImportLeads {
        let (identity, own) = &place.identities[0];
        let Some(asked) = asked_name(&import.kind, &identity.package) else {
            return ImportLeads::default();
        };
        let is_absolute = import.kind.absolute_name().is_some();
        let path = if is_absolute { place.certain } else { *own };
        let written = match &import.kind {
            ImportKind::Module { name, .. } => name,
            ImportKind::From { module, .. } | ImportKind::Call { module, .. } => module,
        };
        let parts = written.split('.').count();
        let names: Vec<&str> = prefixes(&asked).collect();
        let modules = names[names.len().saturating_sub(parts)..].iter();
        let modules = modules.map(|name| self.module(name, path)).collect();
        let names = match &import.kind {
            ImportKind::From { names, .. } => names.as_slice(),
            _ => &[],
        };
        let names = names.iter().map(|name| self.member(&asked, path, &name.name, MOST_STEPS));
        ImportLeads { modules, names: names.collect() }
    }

    fn found(&self, name: &str, path: SearchPath) -> Option<std::sync::Arc<Module>> {
        match self.0.resolver.resolve(name, path) {
            Resolution::Found(module) => Some(module),
            _ => None,
        }
    }

    fn module(&self, name: &str, path: SearchPath) -> Option<Lead> {
        let module = self.found(name, path)?;
        let own = module.file().map(Path::to_owned);
        let outside = self.0.resolver.outside();
        let is_standard = matches!(module.kind, Kind::Standard(_))
            || own.as_ref().is_some_and(|file| outside.is_in_standard_library(file));
        let file = own.or_else(|| module.search.first().cloned());
        Some(Lead { name: name.to_owned(), file, member: None, is_standard })
    }

    /// What a name in a module is: where it is bound, or a submodule.
    fn member(&self, module: &str, path: SearchPath, name: &str, steps: u32) -> Option<Lead> {
        let own = self.module(module, path)?;
        let file = own.file.as_deref();
        let summary = file.and_then(|file| self.0.resolver.folders().summary(file));
        let asked = Wanted { name, path, steps };
        let bound = summary.and_then(|summary| self.bound(&summary, &own, &asked));
        bound.or_else(|| self.module(&join(module, name), path))
    }

    fn bound(&self, summary: &ModuleSummary, own: &Lead, wanted: &Wanted<'_>) -> Option<Lead> {
        let Wanted { name, path, steps } = *wanted;
        let body = &summary.body;
        let is_name = |index: u32| body.names[index as usize] == name;
        if body.bindings.iter().any(|(index, _)| is_name(*index)) {
            let full = join(&own.name, name);
            return Some(Lead { name: full, member: Some(name.to_owned()), ..own.clone() });
        }
        let steps = steps.checked_sub(1)?;
        let is_package = own.file.as_deref().and_then(Path::file_stem) == Some("__init__".as_ref());
        let package = match own.name.rsplit_once('.') {
            _ if is_package => own.name.as_str(),
            Some((package, _)) => package,
            None => "",
        };
        summary.imports.iter().find_map(|import| {
            let asked = asked_name(&import.kind, package)?;
            match &import.kind {
                ImportKind::From { names, .. } => {
                    let bound =
                        names.iter().find(|it| it.bound_name() == name || it.name == "*")?;
                    let wanted = if bound.name == "*" { name } else { &bound.name };
                    self.member(&asked, path, wanted, steps)
                }
                ImportKind::Module { alias: Some(alias), .. } if alias == name => {
                    self.module(&asked, path)
                }
                _ => None,
            }
        })
    }

    fn top_level(&self, path: SearchPath) -> Vec<String> {
        let outside = self.0.resolver.outside();
        let roots = self.0.resolver.roots(path);
        let folders = roots.iter().chain(&outside.stdlib).chain(&outside.site_packages);
        let mut found: Vec<String> = folders.flat_map(|folder| self.in_folder(folder)).collect();
        if outside.stdlib.is_empty() {
            found.extend(stdlib::top_level_names(outside.version).map(str::to_owned));
        }
        found.extend(stdlib::startup_modules(outside.version).map(str::to_owned));
        found.retain(|name| !name.contains('.'));
        found
    }

    fn below(&self, package: &str, path: SearchPath) -> Vec<String> {
        let module = self.found(package, path);
        let folders = module.iter().flat_map(|module| &module.search);
        folders.flat_map(|folder| self.in_folder(folder)).collect()
    }

    /// The modules that a folder holds.
    fn in_folder(&self, folder: &Path) -> Vec<String> {
        let Some(listing) = self.0.resolver.folders().list(folder) else { return Vec::new() };
        let name = |(name, entry): (&str, Entry)| match entry {
            Entry::Folder => Some(name.to_owned()),
            Entry::File => {
                let is_module = |ending: &&str| matches!(*ending, "py" | "so" | "pyd");
                name.rsplit_once('.').filter(|(_, ending)| is_module(ending))?;
                name.split('.').next().map(str::to_owned)
            }
        };
        let is_meant = |name: &String| {
            pycheck_model::is_identifier(name) && name != "__init__" && name != "__pycache__"
        };
        listing.entries().into_iter().filter_map(name).filter(is_meant).collect()
    }
}

/// The beginnings of a dotted name: `a`, `a.b`, `a.b.c`.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(end, _)| &name[..end]).chain([name])
}
