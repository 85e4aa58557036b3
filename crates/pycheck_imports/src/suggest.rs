//! What would work instead of an import that fails. Everything offered has been tried.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{ImportKind, nearest};
use rustc_hash::FxHashMap;

use crate::folders::{Entry, Listing, is_extension};
use crate::naming::Identity;
use crate::resolve::{Kind, Module, Resolution, Resolver, SearchPath};
use crate::stdlib;

/// What a suggestion is made from.
pub(crate) struct Asked<'a> {
    /// The statement.
    pub kind: &'a ImportKind,
    /// The name of the importing module's folder.
    pub identity: &'a Identity,
    /// The importing file.
    pub file: &'a Path,
    /// The folder of the importing file.
    pub folder: &'a Path,
    /// The project's folder.
    pub project: &'a Path,
    /// The folders around the importing file that could be made roots.
    pub around: &'a [(PathBuf, Arc<Listing>)],
    /// The search path of the importing module.
    pub path: SearchPath,
}

/// For a relative import with too many dots: the forms that reach the module that was meant.
pub(crate) fn for_relative(resolver: &Resolver<'_>, asked: &Asked<'_>) -> Option<String> {
    let ImportKind::From { level, module, names } = asked.kind else { return None };
    let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let mut working = Vec::new();
    if let Some(name) = meant_by_folders(resolver, asked, *level, module)
        .or_else(|| Some(module.clone()).filter(|name| !name.is_empty()))
        .filter(|name| works(resolver, name, &names, asked))
    {
        working.push(from_import(&name, &names));
    }
    working.extend(with_other_dots(resolver, asked, (1..*level).rev(), module, &names));
    if working.is_empty() {
        let first = module.split('.').next().filter(|first| !first.is_empty())?;
        return with_another_root(resolver, asked, first, &from_import(module, &names));
    }
    Some(format!("{} works here", working.join(" or ")))
}

/// The statement with the first number of dots that works.
fn with_other_dots(
    resolver: &Resolver<'_>,
    asked: &Asked<'_>,
    mut levels: impl Iterator<Item = u32>,
    module: &str,
    names: &[&str],
) -> Option<String> {
    let is_reached = |level: &u32| {
        let base = relative_base(&asked.identity.package, *level);
        base.is_some_and(|base| works(resolver, &join(&base, module), names, asked))
    };
    let level = levels.find(is_reached)?;
    Some(from_import(&(".".repeat(level as usize) + module), names))
}

/// For a relative import whose dots stay within the package: the same module, one or more
/// packages further up or down.
fn at_another_level(resolver: &Resolver<'_>, asked: &Asked<'_>) -> Option<String> {
    let ImportKind::From { level: level @ 1.., module, names } = asked.kind else { return None };
    let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let depth = asked.identity.package.split('.').count() as u32;
    let others = (*level + 1..=depth).chain((1..*level).rev());
    let working = with_other_dots(resolver, asked, others, module, &names)?;
    Some(format!("{working} works here"))
}

/// The folder around the importing file that holds the module, if it only has to become a root.
fn with_another_root(
    resolver: &Resolver<'_>,
    asked: &Asked<'_>,
    first: &str,
    statement: &str,
) -> Option<String> {
    let file = format!("{first}.py");
    let holds = |(folder, listing): &&(PathBuf, Arc<Listing>)| {
        listing.has_file(&file)
            || (listing.has_folder(first) && has_source(resolver, &folder.join(first)))
    };
    let (root, _) = asked.around.iter().find(holds)?;
    let below = root.strip_prefix(asked.project).ok()?.to_string_lossy().replace('\\', "/");
    let shown = if below.is_empty() { ".".to_owned() } else { below };
    Some(format!(
        "{statement} works once the folder `{shown}` is an import root (`src = [\"{shown}\"]`)"
    ))
}

/// Whether a folder has a Python file in it.
fn has_source(resolver: &Resolver<'_>, folder: &Path) -> bool {
    let listing = resolver.folders().list(folder);
    listing.is_some_and(|inner| inner.entries().iter().any(|(name, _)| name.ends_with(".py")))
}

/// The folders at and around `folder`, within the project, that are no packages: each could be made
/// a root.
pub(crate) fn possible_roots(
    resolver: &Resolver<'_>,
    folder: &Path,
    project: &Path,
) -> Vec<(PathBuf, Arc<Listing>)> {
    let folders = resolver.folders();
    let within = folder.ancestors().take_while(|ancestor| ancestor.starts_with(project));
    within
        .filter(|ancestor| !folders.is_regular_package(ancestor))
        .filter_map(|ancestor| Some((ancestor.to_owned(), folders.list(ancestor)?)))
        .collect()
}

/// The absolute name of the folder that the dots point at on disk, if a root reaches it.
fn meant_by_folders(
    resolver: &Resolver<'_>,
    asked: &Asked<'_>,
    level: u32,
    module: &str,
) -> Option<String> {
    let base = asked.folder.ancestors().nth(level as usize - 1)?;
    let meant = base.join(module.replace('.', "/"));
    resolver.roots(asked.path).iter().find_map(|root| {
        let below = meant.strip_prefix(root).ok()?.to_str()?;
        let name = below.replace(['/', '\\'], ".");
        let found = matches!(resolver.resolve(&name, asked.path), Resolution::Found(_));
        (!name.is_empty() && found).then_some(name)
    })
}

/// Whether `from name import names` finds the module, and each name that could only be a submodule.
fn works(resolver: &Resolver<'_>, name: &str, names: &[&str], asked: &Asked<'_>) -> bool {
    let path = asked.path;
    let Resolution::Found(module) = resolver.resolve(name, path) else { return false };
    let binds = |child: &str| match &module.kind {
        // The statement itself binds them, but too late.
        Kind::Package(file) | Kind::Source(file) if file == asked.file => false,
        Kind::Package(file) | Kind::Source(file) => resolver.folders().may_bind(file, child),
        // The names of a namespace package can only be its submodules.
        Kind::Namespace => false,
        Kind::Compiled(_) | Kind::Standard(_) | Kind::Hooked => true,
    };
    let is_submodule = |child: &str| {
        matches!(
            resolver.resolve(&join(name, child), path),
            Resolution::Found(_) | Resolution::Open
        )
    };
    let is_there = |child: &&str| match *child {
        "*" => module.kind != Kind::Namespace,
        child => binds(child) || is_submodule(child),
    };
    names.iter().all(is_there)
}

/// The package that `level` dots mean in a module of `package`.
pub(crate) fn relative_base(package: &str, level: u32) -> Option<String> {
    let parts: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
    let keep = (parts.len() + 1).checked_sub(level as usize)?;
    (keep > 0).then(|| parts[..keep].join("."))
}

fn join(base: &str, name: &str) -> String {
    match (base.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}.{name}"),
    }
}

fn from_import(module: &str, names: &[&str]) -> String {
    format!("`from {module} import {}`", names.join(", "))
}

/// What was found for missing names, since many files miss the same module.
#[derive(Default)]
pub(crate) struct Nearest {
    modules: RefCell<FxHashMap<(SearchPath, String), Option<String>>>,
    top_level: RefCell<FxHashMap<SearchPath, Rc<Vec<String>>>>,
}

impl Nearest {
    /// What can be imported by a name without dots.
    fn top_level_names(&self, resolver: &Resolver<'_>, path: SearchPath) -> Rc<Vec<String>> {
        let mut known = self.top_level.borrow_mut();
        known.entry(path).or_insert_with(|| Rc::new(top_level_names(resolver, path))).clone()
    }
}

/// For a module that does not exist: where the same name does exist, or the nearest name.
pub(crate) fn for_missing(
    resolver: &Resolver<'_>,
    known: &Nearest,
    asked: &Asked<'_>,
    name: &str,
    parts: usize,
) -> Option<String> {
    if parts == 1 {
        if let Some(full) = in_own_package(resolver, asked, name) {
            return Some(format!("{} works here", statement(asked, &full)));
        }
        let as_written = statement(asked, name);
        if let Some(help) = with_another_root(resolver, asked, prefix(name, 1), &as_written) {
            return Some(help);
        }
    }
    if let Some(help) = at_another_level(resolver, asked) {
        return Some(help);
    }
    let key = (asked.path, prefix(name, parts).to_owned());
    if let Some(near) = known.modules.borrow().get(&key) {
        return near.clone();
    }
    let near = nearest_module(resolver, known, asked.path, &key.1);
    known.modules.borrow_mut().insert(key, near.clone());
    near
}

fn nearest_module(
    resolver: &Resolver<'_>,
    known: &Nearest,
    path: SearchPath,
    missing: &str,
) -> Option<String> {
    let (parent, last) =
        missing.rsplit_once('.').map_or((None, missing), |(parent, last)| (Some(parent), last));
    let candidates = match parent {
        None => known.top_level_names(resolver, path),
        Some(parent) => match resolver.resolve(parent, path) {
            Resolution::Found(module) => Rc::new(submodules(resolver, &module)),
            _ => return None,
        },
    };
    let near = nearest(last, candidates.iter().map(String::as_str))?;
    let full = parent.map_or_else(|| near.to_owned(), |parent| format!("{parent}.{near}"));
    matches!(resolver.resolve(&full, path), Resolution::Found(_))
        .then(|| format!("did you mean `{full}`?"))
}

/// The statement with another module name.
fn statement(asked: &Asked<'_>, module: &str) -> String {
    match asked.kind {
        ImportKind::From { names, .. } => {
            let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
            from_import(module, &names)
        }
        ImportKind::Module { .. } => format!("`import {module}`"),
    }
}

/// The first `parts` parts of a dotted name.
pub(crate) fn prefix(name: &str, parts: usize) -> &str {
    name.match_indices('.').nth(parts - 1).map_or(name, |(end, _)| &name[..end])
}

/// The same name below the importing module's own package, or a package around it.
fn in_own_package(resolver: &Resolver<'_>, asked: &Asked<'_>, name: &str) -> Option<String> {
    let mut package = asked.identity.package.as_str();
    while !package.is_empty() {
        let full = format!("{package}.{name}");
        if let Some(module) = resolver.find(&full, asked.path)
            && (module.file().is_some() || has_modules(resolver, &module))
        {
            return Some(full);
        }
        package = package.rsplit_once('.').map_or("", |(parent, _)| parent);
    }
    None
}

fn has_modules(resolver: &Resolver<'_>, module: &Module) -> bool {
    !submodules(resolver, module).is_empty()
}

fn top_level_names(resolver: &Resolver<'_>, path: SearchPath) -> Vec<String> {
    let outside = resolver.outside();
    let roots = resolver.roots(path);
    let folders = roots.iter().chain(&outside.site_packages);
    let mut names: Vec<String> = folders.flat_map(|folder| modules_in(resolver, folder)).collect();
    names.extend(stdlib::top_level_names(outside.version).map(str::to_owned));
    names
}

fn submodules(resolver: &Resolver<'_>, module: &Module) -> Vec<String> {
    module.search.iter().flat_map(|folder| modules_in(resolver, folder)).collect()
}

fn modules_in(resolver: &Resolver<'_>, folder: &Path) -> Vec<String> {
    let Some(listing) = resolver.folders().list(folder) else { return Vec::new() };
    let module_name = |(name, entry): (&str, Entry)| match entry {
        Entry::File => {
            let is_module = name.ends_with(".py") || is_extension(name);
            is_module.then(|| name.split('.').next().unwrap_or(name).to_owned())
        }
        Entry::Folder => {
            let is_package = |inner: &Arc<Listing>| {
                inner
                    .entries()
                    .iter()
                    .any(|(name, entry)| *entry == Entry::File && name.ends_with(".py"))
            };
            resolver.folders().list(&folder.join(name)).filter(is_package).map(|_| name.to_owned())
        }
    };
    let mut names: Vec<String> = listing.entries().into_iter().filter_map(module_name).collect();
    names.retain(|name| pycheck_model::is_identifier(name) && name != "__init__");
    names
}
