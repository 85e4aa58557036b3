//! Which files of the session stand directly in a folder of `sys.path` and have the name of a module
//! from outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Standing;
use crate::folders::Listing;
use crate::link::{ModuleInput, is_test_file};
use crate::naming::SearchRoots;
use crate::resolve::Resolver;
use crate::stdlib;

/// With more modules of the standard library than that, a folder is a copy of it.
const MOST_NAMES: usize = 25;

/// A file with the name of a module from outside.
pub(super) struct Candidate<'a> {
    /// An index into the files of the session.
    pub(super) file: u32,
    pub(super) name: &'a str,
    /// The folder that stands on `sys.path`.
    pub(super) folder: &'a Path,
    /// Whether it is a folder with `__init__`.
    pub(super) is_package: bool,
    pub(super) standing: Standing,
    pub(super) hides: Hides,
}

/// Where the module of the same name comes from.
pub(super) enum Hides {
    Standard,
    /// The folder of installed packages.
    Installed(PathBuf),
}

/// All of them, by file.
pub(super) fn candidates<'a>(
    modules: &'a [ModuleInput],
    projects: &'a [SearchRoots],
    resolver: &'a Resolver<'a>,
) -> Vec<Candidate<'a>> {
    let mut search = Search {
        modules,
        projects,
        resolver,
        installed: listings(resolver),
        standings: FxHashMap::default(),
        entries: None,
    };
    let numbered = modules.iter().enumerate();
    let mut found: Vec<Candidate<'a>> =
        numbered.filter_map(|(file, module)| search.candidate(file as u32, module)).collect();
    let mut per_folder: FxHashMap<&Path, usize> = FxHashMap::default();
    for candidate in found.iter().filter(|it| matches!(it.hides, Hides::Standard)) {
        *per_folder.entry(candidate.folder).or_default() += 1;
    }
    found.retain(|it| per_folder.get(it.folder).is_none_or(|names| *names <= MOST_NAMES));
    found
}

fn listings(resolver: &Resolver<'_>) -> Vec<(PathBuf, Arc<Listing>)> {
    let folders = resolver.outside().site_packages.iter();
    folders.filter_map(|path| Some((path.clone(), resolver.folders().list(path)?))).collect()
}

struct Search<'a> {
    modules: &'a [ModuleInput],
    projects: &'a [SearchRoots],
    resolver: &'a Resolver<'a>,
    installed: Vec<(PathBuf, Arc<Listing>)>,
    standings: FxHashMap<&'a Path, Option<Standing>>,
    /// The first script and the first test of each folder.
    entries: Option<FxHashMap<&'a Path, Entries>>,
}

#[derive(Default, Clone)]
struct Entries {
    script: Option<String>,
    has_tests: bool,
}

impl<'a> Search<'a> {
    fn candidate(&mut self, file: u32, module: &'a ModuleInput) -> Option<Candidate<'a>> {
        let path: &'a Path = module.path.as_path();
        let stem = path.file_name()?.to_str()?.strip_suffix(".py")?;
        let is_package = stem == "__init__";
        let owner = if is_package { path.parent()? } else { path };
        let name = if is_package { owner.file_name()?.to_str()? } else { stem };
        let folder = owner.parent()?;
        let hides = self.hides(name)?;
        let standing = self.standing(folder, module.project)?;
        Some(Candidate { file, name, folder, is_package, standing, hides })
    }

    fn hides(&self, name: &str) -> Option<Hides> {
        let outside = self.resolver.outside();
        let is_served = || outside.provided.contains_key(name);
        if name.starts_with("__") || name.contains('.') || is_served() {
            return None;
        }
        if stdlib::contains(name, outside.version) {
            let is_here =
                !stdlib::is_other_platform(name, outside.version) || outside.platform == "win32";
            return is_here.then_some(Hides::Standard);
        }
        let file = format!("{name}.py");
        let is_there = |listing: &Listing| listing.has_folder(name) || listing.has_file(&file);
        let (site, _) = self.installed.iter().find(|(_, listing)| is_there(listing))?;
        Some(Hides::Installed(site.clone()))
    }

    fn standing(&mut self, folder: &'a Path, project: usize) -> Option<Standing> {
        if let Some(known) = self.standings.get(folder) {
            return known.clone();
        }
        let standing = self.new_standing(folder, project);
        self.standings.insert(folder, standing.clone());
        standing
    }

    fn new_standing(&mut self, folder: &'a Path, project: usize) -> Option<Standing> {
        let outside = self.resolver.outside();
        let is_outside = |known: &PathBuf| known == folder;
        if self.resolver.folders().is_regular_package(folder)
            || outside.stdlib.iter().any(is_outside)
            || outside.site_packages.iter().any(is_outside)
        {
            return None;
        }
        let roots = &self.projects[project];
        let entries = self.entries().get(folder).cloned().unwrap_or_default();
        if let Some(script) = entries.script {
            return Some(Standing::Script(script));
        }
        let is_declared = |path: &Path| {
            roots.declared.iter().any(|root| root.prefix.is_empty() && root.path == path)
        };
        match () {
            () if roots.extra.iter().any(is_outside) => Some(Standing::PythonPath),
            () if folder == roots.project && !roots.is_explicit => Some(Standing::WorkingDirectory),
            () if is_declared(folder) => Some(Standing::Declared),
            () => entries.has_tests.then_some(Standing::Tests),
        }
    }

    fn entries(&mut self) -> &FxHashMap<&'a Path, Entries> {
        let modules = self.modules;
        self.entries.get_or_insert_with(|| {
            let mut entries: FxHashMap<&'a Path, Entries> = FxHashMap::default();
            for module in modules {
                let has_tests = is_test_file(&module.path);
                let is_script = module.summary.is_script && !has_tests;
                let Some(folder) = module.path.parent().filter(|_| is_script || has_tests) else {
                    continue;
                };
                let entry = entries.entry(folder).or_default();
                entry.has_tests |= has_tests;
                let script = is_script.then(|| name_of(&module.path));
                entry.script = entry.script.take().or(script);
            }
            entries
        })
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
