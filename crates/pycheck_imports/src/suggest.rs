//! What would work instead of an import that fails. Everything offered has been tried.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{
    Change, ImportKind, Remedy, differ_in_digits, is_slip, nearest, nearest_within,
};
use rustc_hash::FxHashMap;

use crate::folders::{Entry, Listing, is_extension};
use crate::link::Broken;
use crate::naming::Identity;
use crate::resolve::{Kind, Module, Resolution, Resolver, SearchPath};
use crate::stdlib;

/// What a suggestion is made from.
#[derive(Clone, Copy)]
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
    /// Whether importing a file surely fails.
    pub is_broken: &'a dyn Fn(&Path) -> bool,
}

/// What would work, in words and as a change of the statement.
pub(crate) struct Advice {
    pub(crate) help: String,
    pub(crate) remedy: Option<Remedy>,
}

impl Advice {
    /// Words for a person.
    pub(crate) fn only(help: impl Into<String>) -> Self {
        Self { help: help.into(), remedy: None }
    }

    fn works_here(statement: &str, remedy: Option<Remedy>) -> Self {
        Self { help: format!("{statement} works here"), remedy }
    }
}

/// For a relative import with too many dots: the forms that reach the module that was meant.
///
/// The one that leads to the folder that the dots point at is surely what was meant; of others there
/// must be only one.
pub(crate) fn for_relative(resolver: &Resolver<'_>, asked: &Asked<'_>) -> Option<Advice> {
    let ImportKind::From { level, module, names } = asked.kind else { return None };
    let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let mut working = Vec::new();
    let by_folder = meant_by_folders(resolver, asked, *level, module);
    let is_sure = by_folder.is_some();
    if let Some(name) = by_folder
        .or_else(|| Some(module.clone()).filter(|name| !name.is_empty()))
        .filter(|name| works(resolver, name, &names, asked))
    {
        working.push((name, is_sure));
    }
    let others = (1..*level).rev();
    let relative = with_other_dots(resolver, asked, others, module, &names);
    working.extend(relative.map(|name| (name, false)));
    if working.is_empty() {
        let statement = from_import(module, &names);
        return with_another_root(resolver, asked, module, &statement).map(Advice::only);
    }
    let remedy = match &working[..] {
        [(name, true), ..] => Some(Remedy::safe(Change::Module(name.clone()))),
        [(name, false)] => Some(Remedy::likely(Change::Module(name.clone()))),
        _ => None,
    };
    let statements = working.iter().map(|(name, _)| from_import(name, &names));
    let statements: Vec<String> = statements.collect();
    Some(Advice::works_here(&statements.join(" or "), remedy))
}

/// The module with the first number of dots that works.
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
    Some(".".repeat(level as usize) + module)
}

/// For a relative import whose dots stay within the package: the same module, one or more
/// packages further up or down.
fn at_another_level(resolver: &Resolver<'_>, asked: &Asked<'_>) -> Option<Advice> {
    let ImportKind::From { level: level @ 1.., module, names } = asked.kind else { return None };
    let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let depth = asked.identity.package.split('.').count() as u32;
    let others = (*level + 1..=depth).chain((1..*level).rev());
    let working = with_other_dots(resolver, asked, others, module, &names)?;
    let statement = from_import(&working, &names);
    Some(Advice::works_here(&statement, Some(Remedy::likely(Change::Module(working)))))
}

/// The folder around the importing file that holds the module, if it only has to become a root.
fn with_another_root(
    resolver: &Resolver<'_>,
    asked: &Asked<'_>,
    name: &str,
    statement: &str,
) -> Option<String> {
    let first = prefix(name, 1);
    let file = format!("{first}.py");
    let holds = |(folder, listing): &&(PathBuf, Arc<Listing>)| {
        listing.may_have_stem(first) && listing.has_file(&file)
            || (listing.has_folder(first) && has_source(resolver, &folder.join(first)))
    };
    let (root, _) = asked.around.iter().find(holds).filter(|_| !name.is_empty())?;
    let with_root = [root].into_iter().chain(&*resolver.roots(asked.path)).cloned().collect();
    let then = Asked { path: resolver.search_path(with_root), ..*asked };
    if !works(resolver, name, &imported_names(asked.kind), &then) {
        return None;
    }
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

/// Whether `from name import names` finds the module and each of the names, and runs nothing that
/// surely fails.
fn works(resolver: &Resolver<'_>, name: &str, names: &[&str], asked: &Asked<'_>) -> bool {
    let path = asked.path;
    let Resolution::Found(module) = resolver.resolve(name, path) else { return false };
    if !runs(resolver, name, asked) {
        return false;
    }
    let binds = |child: &str| match &module.kind {
        // The statement itself binds them, but too late.
        Kind::Package(file) | Kind::Source(file) if file == asked.file => false,
        Kind::Package(file) | Kind::Source(file) => resolver.folders().may_bind(file, child),
        // The names of a namespace package can only be its submodules.
        Kind::Namespace => false,
        Kind::Compiled(_) | Kind::Standard(_) | Kind::Hooked => true,
    };
    let is_there = |child: &&str| {
        let full = join(name, child);
        match resolver.resolve(&full, path) {
            _ if *child == "*" => module.kind != Kind::Namespace,
            Resolution::Found(_) => runs(resolver, &full, asked),
            Resolution::Open => true,
            Resolution::Missing { .. } | Resolution::NotAPackage { .. } => binds(child),
        }
    };
    names.iter().all(is_there)
}

/// Whether nothing that `import name` runs surely fails.
fn runs(resolver: &Resolver<'_>, name: &str, asked: &Asked<'_>) -> bool {
    let parents = name.match_indices('.').map(|(end, _)| &name[..end]);
    let is_broken = |name: &str| match resolver.resolve(name, asked.path) {
        Resolution::Found(module) => module.file().is_some_and(asked.is_broken),
        _ => false,
    };
    !parents.chain([name]).any(is_broken)
}

/// The package that `level` dots mean in a module of `package`.
pub(crate) fn relative_base(package: &str, level: u32) -> Option<String> {
    let parts: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
    let keep = (parts.len() + 1).checked_sub(level as usize)?;
    (keep > 0).then(|| parts[..keep].join("."))
}

/// A dotted name below another.
pub(crate) fn join(base: &str, name: &str) -> String {
    match (base.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => base.to_owned(),
        _ => [base, ".", name].concat(),
    }
}

fn from_import(module: &str, names: &[&str]) -> String {
    format!("`from {module} import {}`", names.join(", "))
}

/// What was found out for suggestions, since many files miss the same module.
#[derive(Default)]
pub(crate) struct Nearest {
    modules: RefCell<FxHashMap<(SearchPath, String), Option<String>>>,
    top_level: RefCell<FxHashMap<SearchPath, Rc<Vec<String>>>>,
    pub(crate) broken: Broken,
}

impl Nearest {
    /// The name that a missing one may be a slip of.
    fn near(&self, resolver: &Resolver<'_>, path: SearchPath, missing: &str) -> Option<String> {
        let key = (path, missing.to_owned());
        if let Some(near) = self.modules.borrow().get(&key) {
            return near.clone();
        }
        let near = nearest_module(resolver, self, path, missing);
        self.modules.borrow_mut().insert(key, near.clone());
        near
    }

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
) -> Option<Advice> {
    if parts == 1 {
        if let Some(advice) = in_own_package(resolver, asked, name) {
            return Some(advice);
        }
        let as_written = statement(asked, name);
        if let Some(help) = with_another_root(resolver, asked, name, &as_written) {
            return Some(Advice::only(help));
        }
    }
    if let Some(advice) = at_another_level(resolver, asked) {
        return Some(advice);
    }
    let missing = prefix(name, parts);
    let near = known.near(resolver, asked.path, missing)?;
    let whole = format!("{near}{}", &name[missing.len()..]);
    works(resolver, &whole, &imported_names(asked.kind), asked).then(|| {
        let is_clear = is_clear(resolver, asked, missing, &near);
        let name = as_asked(asked, &whole).filter(|_| is_clear);
        let remedy = name.map(Change::Module).map(Remedy::likely);
        Advice { help: format!("did you mean `{near}`?"), remedy }
    })
}

/// Whether it is clear that a near module is meant. What comes from outside of the project is more
/// often not installed, or of another version, than misspelt.
fn is_clear(resolver: &Resolver<'_>, asked: &Asked<'_>, missing: &str, near: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let (missing, near_name) = (last(missing), last(near));
    let module = resolver.find(near, asked.path);
    let place = module.as_ref().and_then(|it| it.file().or(it.search.first().map(|it| &**it)));
    let outside = resolver.outside();
    let is_installed =
        |place: &Path| outside.site_packages.iter().any(|folder| place.starts_with(folder));
    let is_own = place.is_some_and(|it| it.starts_with(asked.project) && !is_installed(it));
    !differ_in_digits(&missing, &near_name) && (is_own || is_slip(&missing, &near_name))
}

/// An absolute name as the statement would have it: with its dots, if it has some.
fn as_asked(asked: &Asked<'_>, name: &str) -> Option<String> {
    let level = match asked.kind {
        ImportKind::From { level, .. } => *level,
        ImportKind::Module { .. } => 0,
        ImportKind::Call { .. } => return None,
    };
    if level == 0 {
        return Some(name.to_owned());
    }
    let base = relative_base(&asked.identity.package, level)?;
    let below = name.strip_prefix(&base)?.strip_prefix('.')?;
    Some(".".repeat(level as usize) + below)
}

/// The names after `import` of a from-import.
fn imported_names(kind: &ImportKind) -> Vec<&str> {
    match kind {
        ImportKind::From { names, .. } => names.iter().map(|name| name.name.as_str()).collect(),
        ImportKind::Module { .. } | ImportKind::Call { .. } => Vec::new(),
    }
}

/// The name next to a missing one, among its siblings.
fn nearest_module(
    resolver: &Resolver<'_>,
    known: &Nearest,
    path: SearchPath,
    missing: &str,
) -> Option<String> {
    let Some((parent, last)) = missing.rsplit_once('.') else {
        return nearest_top_level(resolver, known, path, missing);
    };
    let Resolution::Found(package) = resolver.resolve(parent, path) else { return None };
    let siblings = submodules(resolver, &package);
    let near = nearest(last, siblings.iter().map(String::as_str))?;
    Some(format!("{parent}.{near}"))
}

/// The project's own module that is near, or the installed one that is very near: there are
/// hundreds of those, and most names that are missing are right, but their package is not installed.
fn nearest_top_level(
    resolver: &Resolver<'_>,
    known: &Nearest,
    path: SearchPath,
    missing: &str,
) -> Option<String> {
    let roots = resolver.roots(path);
    let own: Vec<String> = roots.iter().flat_map(|root| modules_in(resolver, root)).collect();
    let slips = (missing.len() / 4).clamp(1, 3);
    if let Some(near) = nearest_within(missing, slips, own.iter().map(String::as_str)) {
        return Some(near.to_owned());
    }
    if resolver.outside().declared.iter().any(|declared| declared == missing) {
        return None;
    }
    let names = known.top_level_names(resolver, path);
    let slips = if missing.len() < 10 { 1 } else { 2 };
    let likely = |name: &&str| {
        !name.starts_with('_') && (missing.len() > 4 || has_all_letters(name, missing))
    };
    nearest_within(missing, slips, names.iter().map(String::as_str).filter(likely))
        .map(str::to_owned)
}

/// Whether a name has each letter of a short one that is missing, so that nothing but their order
/// or one letter is wrong: many names of three letters are one letter apart.
fn has_all_letters(name: &str, missing: &str) -> bool {
    missing.len() > 2
        && name.len() >= missing.len()
        && missing.chars().all(|letter| name.contains(letter))
}

/// The statement with another module name.
fn statement(asked: &Asked<'_>, module: &str) -> String {
    match asked.kind {
        ImportKind::From { .. } => from_import(module, &imported_names(asked.kind)),
        ImportKind::Module { .. } => format!("`import {module}`"),
        ImportKind::Call { .. } => format!("`\"{module}\"`"),
    }
}

/// The first `parts` parts of a dotted name.
pub(crate) fn prefix(name: &str, parts: usize) -> &str {
    name.match_indices('.').nth(parts - 1).map_or(name, |(end, _)| &name[..end])
}

/// The statement with the same name below the importing module's own package, or a package around
/// it: how Python 2 looked for modules.
fn in_own_package(resolver: &Resolver<'_>, asked: &Asked<'_>, name: &str) -> Option<Advice> {
    let mut package = asked.identity.package.as_str();
    let first = prefix(name, 1);
    for folder in asked.folder.ancestors() {
        if package.is_empty() {
            break;
        }
        let listing = resolver.folders().list(folder);
        if listing.is_some_and(|listing| listing.may_have_stem(first))
            && let Some(advice) = from_package(resolver, asked, package, name)
        {
            return Some(advice);
        }
        package = package.rsplit_once('.').map_or("", |(parent, _)| parent);
    }
    None
}

/// The statement that imports what was asked for from a package, if it works.
fn from_package(
    resolver: &Resolver<'_>,
    asked: &Asked<'_>,
    package: &str,
    name: &str,
) -> Option<Advice> {
    let full = join(package, name);
    let module = resolver.find(&full, asked.path)?;
    let file = module.file()?;
    let is_around = |folder: &PathBuf| asked.folder.starts_with(folder);
    if file == asked.file || module.search.iter().any(is_around) {
        return None;
    }
    let likely = |change| Some(Remedy::likely(change));
    let (is_working, statement, remedy) = match asked.kind {
        ImportKind::From { .. } => {
            let names = imported_names(asked.kind);
            let is_working = works(resolver, &full, &names, asked);
            (is_working, from_import(&full, &names), likely(Change::Module(full)))
        }
        ImportKind::Call { .. } => {
            (works(resolver, &full, &[], asked), statement(asked, &full), None)
        }
        ImportKind::Module { alias, .. } if name.contains('.') => {
            let statement = format!("`import {full}`");
            let is_working = works(resolver, &full, &[], asked);
            // Without an alias another name would be bound.
            let remedy = alias.as_ref().and_then(|_| likely(Change::Module(full)));
            (is_working, statement, remedy)
        }
        ImportKind::Module { alias, .. } => {
            let alias = alias.as_ref().map(|alias| format!("{name} as {alias}"));
            let statement = from_import(package, &[alias.as_deref().unwrap_or(name)]);
            let remedy = likely(Change::Package(package.to_owned()));
            (works(resolver, package, &[name], asked), statement, remedy)
        }
    };
    is_working.then(|| Advice::works_here(&statement, remedy))
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
