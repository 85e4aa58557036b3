//! From a dotted name and a search path to what CPython finds there, without running it.
//!
//! Follows `importlib._bootstrap._find_and_load` (parents first), `_bootstrap_external.PathFinder`
//! (first entry that has a module wins, folders without `__init__` are collected as namespace
//! portions) and `FileFinder.find_spec` (in one folder: package, extension module, `.py`, `.pyc`,
//! bare folder).

mod below;

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::PackagePath;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::folders::Folders;
use crate::opened::Opened;
use crate::outside::Outside;
use crate::stdlib;
use crate::trace::{Event, Served, Trace};

/// Names with more parts are not followed to their end: CPython raises `RecursionError` for them.
pub(crate) const MOST_PARTS: usize = 200;

/// The number of an interned search path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SearchPath(u32);

/// What a dotted name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A module or package.
    Found(Arc<Module>),
    /// The first `parts` parts of the name are the first that do not exist.
    Missing {
        /// How many parts of the name, the missing one included.
        parts: usize,
        /// The package in which it was looked for; `None` for a top-level name.
        parent: Option<Arc<Module>>,
    },
    /// The first `parts` parts can't be imported because the one before is no package.
    NotAPackage {
        /// How many parts of the name, the one that can't be imported included.
        parts: usize,
        /// The module that is no package.
        parent: Arc<Module>,
    },
    /// It may exist or not: a package on the way changes what is found below it.
    Open,
}

/// A module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// What it is.
    pub kind: Kind,
    /// Where it is looked for submodules in; empty for anything but a package.
    pub search: Vec<PathBuf>,
}

/// The kinds of module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A folder with `__init__.py`, whose path this is.
    Package(PathBuf),
    /// Folders without `__init__` (PEP 420).
    Namespace,
    /// A `.py` file.
    Source(PathBuf),
    /// An extension module or a `.pyc` file, as a module or as a package's `__init__`.
    Compiled(PathBuf),
    /// A module of the standard library that no folder was asked for, with its dotted name.
    Standard(String),
    /// Served by an import hook: anything may be in it.
    Hooked,
}

impl Module {
    /// The file that runs when it is imported, if there is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Package(path) | Kind::Source(path) | Kind::Compiled(path) => Some(path),
            Kind::Namespace | Kind::Standard(_) | Kind::Hooked => None,
        }
    }
}

/// Resolves names and remembers what it found.
pub struct Resolver<'a> {
    folders: &'a dyn Folders,
    outside: &'a Outside,
    /// Packages whose folder has another name or place than the package (`package_dir`).
    mapped: FxHashMap<String, PathBuf>,
    paths: RefCell<Vec<Rc<[PathBuf]>>>,
    /// The numbers of the search paths. Paths are compared as texts, since their parts would be
    /// compared one by one.
    path_numbers: RefCell<FxHashMap<Vec<OsString>, SearchPath>>,
    known: RefCell<FxHashMap<SearchPath, FxHashMap<String, Resolution>>>,
    /// Names that [`Self::find`] has not found.
    absent: RefCell<FxHashMap<SearchPath, FxHashSet<String>>>,
    opened: RefCell<FxHashMap<PathBuf, Arc<Opened>>>,
    /// What was asked and found, if somebody wants to know.
    pub(crate) trace: Option<Trace>,
}

impl<'a> Resolver<'a> {
    /// A resolver that knows nothing yet.
    pub fn new(
        folders: &'a dyn Folders,
        outside: &'a Outside,
        mapped: FxHashMap<String, PathBuf>,
    ) -> Self {
        Self {
            folders,
            outside,
            mapped,
            paths: RefCell::default(),
            path_numbers: RefCell::default(),
            known: RefCell::default(),
            absent: RefCell::default(),
            opened: RefCell::default(),
            trace: None,
        }
    }

    /// One that resolves as this one does, and knows nothing yet.
    pub(crate) fn fresh(&self) -> Self {
        Self::new(self.folders, self.outside, self.mapped.clone())
    }

    /// The facts about the environment.
    pub fn outside(&self) -> &'a Outside {
        self.outside
    }

    /// The disk.
    pub fn folders(&self) -> &'a dyn Folders {
        self.folders
    }

    /// The number of the search path whose first entries are these roots.
    pub fn search_path(&self, roots: Vec<PathBuf>) -> SearchPath {
        let key = roots.iter().map(|root| root.as_os_str().to_owned()).collect();
        let mut numbers = self.path_numbers.borrow_mut();
        *numbers.entry(key).or_insert_with(|| {
            let mut paths = self.paths.borrow_mut();
            paths.push(roots.into());
            SearchPath((paths.len() - 1) as u32)
        })
    }

    /// The roots of a search path, without standard library and installed packages.
    pub fn roots(&self, path: SearchPath) -> Rc<[PathBuf]> {
        self.paths.borrow()[path.0 as usize].clone()
    }

    /// What `import name` leads to.
    pub fn resolve(&self, name: &str, path: SearchPath) -> Resolution {
        if let Some(known) = self.known.borrow().get(&path).and_then(|known| known.get(name)) {
            return known.clone();
        }
        if let Some((end, _)) = name.match_indices('.').nth(MOST_PARTS) {
            return match self.resolve(&name[..end], path) {
                Resolution::Found(_) => Resolution::Open,
                failed => failed,
            };
        }
        let begin = || self.note(|| Event::Begin(name.to_owned()));
        let resolution = match name.rsplit_once('.') {
            _ if self.mapped.contains_key(name) => {
                begin();
                self.find_mapped(&self.mapped[name])
            }
            None => {
                begin();
                self.find_top_level(name, path)
            }
            Some((parent, child)) => match self.resolve(parent, path) {
                Resolution::Found(parent_module) => {
                    begin();
                    self.find_child(&parent_module, name, child, path)
                }
                failed => {
                    self.remember(name, path, failed.clone());
                    return failed;
                }
            },
        };
        self.note(|| Event::End(resolution.clone()));
        self.remember(name, path, resolution.clone());
        resolution
    }

    /// The module that `import name` leads to, if it is found. Costs less than [`Self::resolve`] for a
    /// name that is no module: why it is none is not asked.
    pub(crate) fn find(&self, name: &str, path: SearchPath) -> Option<Arc<Module>> {
        let is_known = || self.known.borrow().get(&path).is_some_and(|it| it.contains_key(name));
        let is_long = || name.match_indices('.').nth(MOST_PARTS).is_some();
        let Some((parent, child)) = name
            .rsplit_once('.')
            .filter(|_| !is_known() && !self.mapped.contains_key(name) && !is_long())
        else {
            return match self.resolve(name, path) {
                Resolution::Found(module) => Some(module),
                _ => None,
            };
        };
        if self.absent.borrow().get(&path).is_some_and(|absent| absent.contains(name)) {
            return None;
        }
        let parent = self.find(parent, path)?;
        let Some(module) = self.find_below(&parent, name, child, path) else {
            self.absent.borrow_mut().entry(path).or_default().insert(name.to_owned());
            return None;
        };
        let module = Arc::new(module);
        self.remember(name, path, Resolution::Found(module.clone()));
        Some(module)
    }

    fn remember(&self, name: &str, path: SearchPath, resolution: Resolution) {
        self.known.borrow_mut().entry(path).or_default().insert(name.to_owned(), resolution);
    }

    /// A package whose folder the build configuration names.
    fn find_mapped(&self, folder: &Path) -> Resolution {
        self.note(|| Event::Served(Served::Mapped(folder.to_owned())));
        let listing = self.folders.list(folder).unwrap_or_default();
        let init = self.file_kind("__init__", folder, |file| listing.has_file(file), true);
        found(init.unwrap_or(Kind::Namespace), vec![folder.to_owned()])
    }

    fn find_top_level(&self, name: &str, path: SearchPath) -> Resolution {
        let version = self.outside.version;
        let is_loaded = stdlib::is_startup_module(name, version);
        if is_loaded || stdlib::is_builtin(name, version) || stdlib::is_frozen(name, version) {
            self.note(|| Event::Served(Served::before_folders(name, version)));
            return found(Kind::Standard(name.to_owned()), self.standard_search(name));
        }
        if name == "__main__" {
            self.note(|| Event::Served(Served::Main));
            return found(Kind::Hooked, Vec::new());
        }
        if let Some(served) = self.find_served_first(name, path) {
            return found_module((*served).clone());
        }
        let roots = self.roots(path);
        if self.outside.stdlib.is_empty() {
            let mut portions = Vec::new();
            return self
                .find_in(&*roots, name, &mut portions)
                .or_else(|| self.find_in_table(name))
                .or_else(|| self.find_in(&self.outside.site_packages, name, &mut portions))
                .or_else(|| namespace(portions))
                .map_or_else(|| self.find_provided(name), found_module);
        }
        let mut portions = Vec::new();
        let folders = roots.iter().chain(&self.outside.stdlib).chain(&self.outside.site_packages);
        self.find_in(folders, name, &mut portions)
            .or_else(|| namespace(portions))
            .map_or_else(|| self.find_provided(name), found_module)
    }

    /// A module of the standard library where no folder of it is known.
    fn find_in_table(&self, name: &str) -> Option<Module> {
        let is_there = stdlib::contains(name, self.outside.version);
        self.note(|| Event::Served(Served::Table(is_there)));
        is_there.then(|| standard(name))
    }

    /// Where the submodules of a frozen or built-in package are.
    fn standard_search(&self, name: &str) -> Vec<PathBuf> {
        let folder = |root: &PathBuf| root.join(name);
        let is_folder = |folder: &PathBuf| self.folders.list(folder).is_some();
        self.outside.stdlib.iter().map(folder).filter(is_folder).collect()
    }

    /// The hook of setuptools for `distutils` comes before all folders, and goes by the `setuptools`
    /// that is found first.
    fn find_served_first(&self, name: &str, path: SearchPath) -> Option<Arc<Module>> {
        if name != "distutils" || !self.outside.provided.contains_key(name) {
            return None;
        }
        match self.resolve("setuptools._distutils", path) {
            Resolution::Found(module) => Some(module),
            _ => None,
        }
    }

    /// A name that an import hook of an installed package serves.
    fn find_provided(&self, name: &str) -> Resolution {
        match self.outside.provided.get(name) {
            None => Resolution::Missing { parts: 1, parent: None },
            Some(place) => {
                self.note(|| Event::Served(Served::Hook(place.clone())));
                let within = place.as_deref().and_then(Path::parent).map(Path::to_owned);
                let module =
                    within.and_then(|folder| self.find_in([&folder], name, &mut Vec::new()));
                module.map_or_else(|| found(Kind::Hooked, Vec::new()), found_module)
            }
        }
    }

    /// The first module of this name in the folders. Bare folders are added to `portions`.
    fn find_in<'p>(
        &self,
        folders: impl IntoIterator<Item = &'p PathBuf>,
        name: &str,
        portions: &mut Vec<PathBuf>,
    ) -> Option<Module> {
        folders.into_iter().find_map(|folder| self.find_in_folder(folder, name, portions))
    }

    /// The module of this name in one folder.
    pub(crate) fn find_in_folder(
        &self,
        folder: &Path,
        name: &str,
        portions: &mut Vec<PathBuf>,
    ) -> Option<Module> {
        let before = portions.len();
        let found = self.look_in_folder(folder, name, portions);
        self.note(|| {
            let is_portion = portions.len() > before;
            Event::Looked { folder: folder.to_owned(), found: found.clone(), is_portion }
        });
        found
    }

    /// `FileFinder.find_spec`.
    fn look_in_folder(
        &self,
        folder: &Path,
        name: &str,
        portions: &mut Vec<PathBuf>,
    ) -> Option<Module> {
        let listing = self.folders.list(folder)?;
        if !listing.may_have_stem(name) {
            return None;
        }
        let is_folder = listing.has_folder(name);
        if is_folder {
            let package = folder.join(name);
            if let Some(inner) = self.folders.list(&package) {
                let has = |file: &str| inner.has_file(file);
                if let Some(kind) = self.file_kind("__init__", &package, has, true) {
                    return Some(Module { kind, search: vec![package] });
                }
            }
        }
        if let Some(kind) = self.file_kind(name, folder, |file| listing.has_file(file), false) {
            return Some(Module { kind, search: Vec::new() });
        }
        if is_folder {
            portions.push(folder.join(name));
        }
        None
    }

    /// The file that `stem` is, in the order of `_get_supported_file_loaders`.
    fn file_kind(
        &self,
        stem: &str,
        folder: &Path,
        has: impl Fn(&str) -> bool,
        is_package: bool,
    ) -> Option<Kind> {
        let mut file = String::with_capacity(stem.len() + 40);
        let mut with_ending = |ending: &str| {
            file.clear();
            file.push_str(stem);
            file.push_str(ending);
            has(&file).then(|| folder.join(&file))
        };
        let mut endings = self.outside.extension_suffixes.iter();
        if let Some(path) = endings.find_map(|ending| with_ending(ending)) {
            return Some(Kind::Compiled(path));
        }
        if let Some(path) = with_ending(".py") {
            return Some(if is_package { Kind::Package(path) } else { Kind::Source(path) });
        }
        with_ending(".pyc").map(Kind::Compiled)
    }

    /// The submodule `child` of a module that was found; `name` is its full name.
    fn find_child(
        &self,
        parent: &Arc<Module>,
        name: &str,
        child: &str,
        path: SearchPath,
    ) -> Resolution {
        if let Some(module) = self.find_below(parent, name, child, path) {
            return found_module(module);
        }
        if parent.kind == Kind::Hooked || self.is_open(name, path) {
            return Resolution::Open;
        }
        let parts = name.matches('.').count() + 1;
        let is_package = !parent.search.is_empty() || is_standard_package(parent, self.outside);
        if is_package {
            Resolution::Missing { parts, parent: Some(parent.clone()) }
        } else {
            Resolution::NotAPackage { parts, parent: parent.clone() }
        }
    }

    /// The submodule `child`, if it is found.
    fn find_below(
        &self,
        parent: &Module,
        name: &str,
        child: &str,
        path: SearchPath,
    ) -> Option<Module> {
        if parent.kind == Kind::Hooked {
            return None;
        }
        if let Kind::Standard(dotted) = &parent.kind {
            let full = format!("{dotted}.{child}");
            if let Some(module) = self.find_in_table(&full) {
                return Some(module);
            }
        }
        let mut portions = Vec::new();
        self.find_in(&parent.search, child, &mut portions)
            .or_else(|| namespace(portions))
            .or_else(|| self.find_legacy_portion(parent, name, path))
    }

    /// A submodule of a legacy namespace package, in a folder of the same name elsewhere on the path.
    fn find_legacy_portion(&self, parent: &Module, name: &str, path: SearchPath) -> Option<Module> {
        let Kind::Package(init) = &parent.kind else { return None };
        if self.folders.summary(init)?.package_path != PackagePath::Legacy {
            return None;
        }
        let (package, child) = name.rsplit_once('.')?;
        let below = package.replace('.', "/");
        let roots = self.roots(path);
        let everywhere = roots.iter().chain(&self.outside.site_packages);
        let others: Vec<PathBuf> = everywhere.map(|root| root.join(&below)).collect();
        let mut portions = Vec::new();
        self.find_in(&others, child, &mut portions).or_else(|| namespace(portions))
    }
}

fn found_module(module: Module) -> Resolution {
    Resolution::Found(Arc::new(module))
}

fn found(kind: Kind, search: Vec<PathBuf>) -> Resolution {
    found_module(Module { kind, search })
}

fn standard(name: &str) -> Module {
    Module { kind: Kind::Standard(name.to_owned()), search: Vec::new() }
}

fn namespace(portions: Vec<PathBuf>) -> Option<Module> {
    (!portions.is_empty()).then_some(Module { kind: Kind::Namespace, search: portions })
}

fn is_standard_package(module: &Module, outside: &Outside) -> bool {
    matches!(&module.kind, Kind::Standard(name) if stdlib::is_package(name, outside.version))
}
