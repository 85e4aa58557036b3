//! From all summaries to a linked program: every import is resolved, and those that fail are kept
//! with the reason.

pub mod account;
mod explain;
pub mod graph;
pub mod leads;
mod names;
mod path_edits;
mod place;
mod provided;
mod started;
mod untracked;

pub(crate) use self::explain::broken::Broken;
pub use self::untracked::UntrackedImport;

use std::cell::{OnceCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{Anchor, Import, ImportKind, ModuleSummary, PythonVersion};
use rustc_hash::{FxHashMap, FxHashSet};

use self::names::Names;
use self::path_edits::PathEdits;
use self::place::{Imported, Place};
use self::provided::Provided;
use crate::cycle::Cycle;
use crate::failure::{Cause, Certainty, Failure, Missing};
use crate::folders::Folders;
use crate::influence::Influence;
use crate::name_failure::NameFailure;
use crate::naming::{Identity, SearchRoots};
use crate::outside::Outside;
use crate::reach::{Outcome, certainty};
use crate::resolve::{Kind, Resolution, Resolver, SearchPath};
use crate::script_failure::ScriptFailure;
use crate::shadow::{Shadow, shadows};
use crate::stdlib;
use crate::suggest::{self, Nearest, join, relative_base};
use crate::twins::{Twins, twins};

/// One module that is part of the session.
#[derive(Debug, Clone)]
pub struct ModuleInput {
    /// The file.
    pub path: Arc<PathBuf>,
    /// What it does.
    pub summary: Arc<ModuleSummary>,
    /// The project that it belongs to, an index into the roots given to [`link`].
    pub project: usize,
}

/// The linked program.
#[derive(Debug)]
pub struct Program {
    /// The imports that fail, by file and place.
    pub failures: Vec<Failure>,
    /// Modules whose names differ in small and capital letters only.
    pub twins: Vec<Twins>,
    /// Relative imports that fail because their file is started as a script.
    pub script_failures: Vec<ScriptFailure>,
    /// Imports of files that git does not track.
    pub untracked: Vec<UntrackedImport>,
    /// Modules that import each other, whether or not that fails.
    pub cycles: Vec<Cycle>,
    /// The names that are not there when they are asked for.
    pub name_failures: Vec<NameFailure>,
    /// Local modules that have the name of one from outside.
    pub shadows: Vec<Shadow>,
    /// How many import statements there are.
    pub imports: usize,
    /// The facts about the environment that messages speak of.
    pub environment: Option<String>,
    /// The project declares what it depends on, and all of that could be read.
    pub declares_all: bool,
    /// The version of Python that the program is checked for.
    pub version: PythonVersion,
}

/// Resolves every import of every module. `projects` must not be empty.
pub fn link(
    modules: &[ModuleInput],
    projects: &[SearchRoots],
    folders: &dyn Folders,
    outside: &Outside,
) -> Program {
    let linker = Linker::new(modules, projects, Resolver::new(folders, outside, mapped(projects)));
    linker.run().0
}

/// The folders that a build configuration gives a package name of its own.
fn mapped(projects: &[SearchRoots]) -> FxHashMap<String, PathBuf> {
    let declared = projects.iter().flat_map(|project| &project.declared);
    let prefixed = declared.filter(|root| !root.prefix.is_empty());
    prefixed.map(|root| (root.prefix.clone(), root.path.clone())).collect()
}

/// For each import of a module, why it fails if it runs.
type Checked = Vec<Option<Cause>>;

/// Why the imports of a module fail, and what each of them does.
struct Known<'c> {
    causes: &'c Checked,
    outcomes: &'c [Outcome],
    /// The imports of all files that surely run, and are not caught when they fail.
    sure: &'c FxHashSet<(u32, u32)>,
    /// Those that fail when certain modules are imported first, with the names of these.
    fragile: &'c FxHashMap<(u32, u32), Vec<String>>,
    /// Those that are never reached.
    blocked: &'c FxHashSet<(u32, u32)>,
}

struct Linker<'a> {
    modules: &'a [ModuleInput],
    projects: &'a [SearchRoots],
    resolver: Resolver<'a>,
    /// Folders without `__init__` that hold a script or a test: they stand on `sys.path` when it runs.
    script_folders: FxHashSet<&'a OsStr>,
    imported: OnceCell<Imported<'a>>,
    places: RefCell<FxHashMap<OsString, Rc<Place>>>,
    /// All folders that some file's name starts from.
    elsewhere: OnceCell<Vec<PathBuf>>,
    /// Which of them finds a name that is not found where it is asked for.
    found_elsewhere: RefCell<FxHashMap<String, Option<PathBuf>>>,
    nearest: Nearest,
    influence: OnceCell<Influence>,
    path_edits: OnceCell<PathEdits>,
}

/// One import, with what is needed to judge it.
struct Case<'a> {
    module: &'a ModuleInput,
    folder: &'a Path,
    place: &'a Place,
    import: &'a Import,
}

impl<'a> Linker<'a> {
    fn new(
        modules: &'a [ModuleInput],
        projects: &'a [SearchRoots],
        resolver: Resolver<'a>,
    ) -> Self {
        let mut script_folders = FxHashSet::default();
        for module in modules {
            let Some(folder) = module.path.parent() else { continue };
            let is_entry = module.summary.is_script
                || (is_test_file(&module.path) && !projects[module.project].tests_keep_path);
            if is_entry
                && !script_folders.contains(folder.as_os_str())
                && !resolver.folders().is_regular_package(folder)
            {
                script_folders.insert(folder.as_os_str());
            }
        }
        Self {
            modules,
            projects,
            resolver,
            script_folders,
            imported: OnceCell::new(),
            places: RefCell::default(),
            elsewhere: OnceCell::new(),
            found_elsewhere: RefCell::default(),
            nearest: Nearest::default(),
            influence: OnceCell::new(),
            path_edits: OnceCell::new(),
        }
    }

    /// Links everything. What was found out on the way is for those who ask for more.
    fn run(&self) -> (Program, Vec<Checked>, Names<'_, 'a>) {
        let outside = self.resolver.outside();
        let mut program = Program {
            failures: Vec::new(),
            twins: twins(self.modules, self.resolver.folders()),
            script_failures: Vec::new(),
            untracked: Vec::new(),
            cycles: Vec::new(),
            name_failures: Vec::new(),
            shadows: shadows(self.modules, self.projects, &self.resolver),
            imports: 0,
            environment: outside.environment.clone(),
            declares_all: outside.declares_all,
            version: outside.version,
        };
        let checked: Vec<Checked> = self.modules.iter().map(|module| self.causes(module)).collect();
        let mut names = Names::run(self, &checked);
        for (file, (module, checked)) in self.modules.iter().zip(&checked).enumerate() {
            program.imports += module.summary.imports.len();
            if !module.summary.has_syntax_errors {
                names.check_module(file as u32, module, checked, &mut program);
                program.script_failures.extend(self.started(file as u32, module, checked));
                program.untracked.extend(self.untracked(file as u32, module, checked));
            }
        }
        names.finish(&mut program);
        program
            .name_failures
            .retain(|failure| !outside.is_allowed(&join(&failure.module, &failure.name)));
        (program, checked, names)
    }

    /// Why each import of a module fails if it runs.
    fn causes(&self, module: &ModuleInput) -> Checked {
        let Some(folder) = module.path.parent() else { return Checked::default() };
        if module.summary.imports.is_empty() || module.summary.has_syntax_errors {
            return Checked::default();
        }
        let place = self.place(folder, module.project);
        let case = |import| Case { module, folder, place: &place, import };
        let allowed = |cause: &Cause| match cause {
            Cause::NotFound { name, .. } => self.resolver.outside().is_allowed(name),
            _ => false,
        };
        let cause = |import| self.cause(&case(import)).filter(|cause| !allowed(cause));
        module.summary.imports.iter().map(cause).collect()
    }

    /// Reports the imports of a module that fail.
    fn check_module(
        &self,
        file: u32,
        module: &ModuleInput,
        Known { causes, outcomes, sure, fragile, blocked }: &Known<'_>,
        failures: &mut Vec<Failure>,
    ) {
        let Some(folder) = module.path.parent() else { return };
        if causes.iter().all(Option::is_none) {
            return;
        }
        let place = self.place(folder, module.project);
        let case = |import| Case { module, folder, place: &place, import };
        let version = self.resolver.outside().version;
        for (import, cause) in module.summary.imports.iter().zip(*causes) {
            let Some(cause) = cause else { continue };
            let (exception, _) = cause.exception(version);
            let is_sure = sure.contains(&(file, import.site));
            let known = certainty(&module.summary, import, exception, outcomes);
            let first = fragile.get(&(file, import.site)).filter(|_| !is_sure);
            let known = if first.is_some() { Some(Certainty::Conditional) } else { known };
            let Some(mut certainty) = is_sure.then_some(Certainty::Certain).or(known) else {
                continue;
            };
            if !is_sure && blocked.contains(&(file, import.site)) {
                certainty = certainty.max(Certainty::Conditional);
            }
            if is_undeclared(cause) && self.is_for_development(module) {
                certainty = certainty.max(Certainty::Conditional);
            }
            let certainty = match self.provided(file, &case(import), cause) {
                Provided::Surely => continue,
                Provided::Perhaps => Certainty::PathEdited,
                Provided::No => certainty,
            };
            let failure = self.explain(file, &case(import), cause.clone(), certainty);
            failures.push(Failure { first: first.cloned().unwrap_or_default(), ..failure });
        }
    }

    /// Whether a file is no part of what is installed: what it needs is often declared for a tool only,
    /// or nowhere.
    fn is_for_development(&self, module: &ModuleInput) -> bool {
        const FOLDERS: [&str; 11] = [
            "benchmarks",
            "ci",
            "doc",
            "docs",
            "example",
            "examples",
            "scripts",
            "test",
            "testing",
            "tests",
            "tools",
        ];
        const FILES: [&str; 5] = ["conf.py", "fabfile.py", "noxfile.py", "setup.py", "tasks.py"];
        let below = module.path.strip_prefix(&self.projects[module.project].project);
        let mut parts = below.unwrap_or(&module.path).components();
        let is_named = |part: std::path::Component<'_>, known: &[&str]| {
            known.iter().any(|name| part.as_os_str() == *name)
        };
        is_test_file(&module.path)
            || parts.clone().any(|part| is_named(part, &FOLDERS))
            || parts.next_back().is_some_and(|part| is_named(part, &FILES))
    }

    /// Whether an import that is found surely works: the standard library can be imported.
    fn is_settled(&self, case: &Case<'_>) -> bool {
        let (ImportKind::Module { name, .. } | ImportKind::Call { level: 0, module: name, .. }) =
            &case.import.kind
        else {
            return false;
        };
        let Resolution::Found(module) = self.resolver.resolve(name, case.place.certain) else {
            return false;
        };
        let in_library = |file: &Path| self.resolver.outside().is_in_standard_library(file);
        module.file().map_or(matches!(module.kind, Kind::Standard(_)), in_library)
    }

    /// Why the import fails if it runs; `None` when it works, or may.
    fn cause(&self, case: &Case<'_>) -> Option<Cause> {
        match &case.import.kind {
            ImportKind::Module { name, .. } => self.absolute_cause(case, name),
            ImportKind::From { level: 0, module, .. }
            | ImportKind::Call { level: 0, module, .. } => self.absolute_cause(case, module),
            ImportKind::From { level, module, .. } => {
                let mut first = None;
                for (identity, path) in &case.place.identities {
                    let cause = self.relative_cause(&identity.package, *path, *level, module)?;
                    first.get_or_insert(cause);
                }
                first
            }
            ImportKind::Call { level, module, anchor } => {
                self.call_cause(case, *level, module, anchor)
            }
        }
    }

    /// As [`Self::cause`], for a name with dots that is handed to a function.
    fn call_cause(
        &self,
        case: &Case<'_>,
        level: u32,
        module: &str,
        anchor: &Anchor,
    ) -> Option<Cause> {
        let no_package = |is_empty| {
            let name = ".".repeat(level as usize) + module;
            Some(Cause::NoPackageArgument { name, is_empty })
        };
        let is_package = case.module.path.file_stem().is_some_and(|stem| stem == "__init__");
        let mut first = None;
        for (identity, path) in &case.place.identities {
            let package = match anchor {
                Anchor::Nothing => return no_package(false),
                Anchor::Named(package) => package,
                Anchor::Name if !is_package => return None,
                Anchor::Globals | Anchor::Package | Anchor::Name => &identity.package,
            };
            let cause = if package.is_empty() && *anchor == Anchor::Package {
                no_package(true)
            } else {
                self.relative_cause(package, *path, level, module)
            };
            first.get_or_insert(cause?);
        }
        first
    }

    fn relative_cause(
        &self,
        package: &str,
        path: SearchPath,
        level: u32,
        module: &str,
    ) -> Option<Cause> {
        if package.is_empty() {
            return Some(Cause::NoParentPackage);
        }
        let Some(base) = relative_base(package, level) else {
            let depth = package.split('.').count() as u32;
            let package = package.to_owned();
            return Some(Cause::BeyondTopLevel { package, excess: level - depth });
        };
        if module.is_empty() {
            return None;
        }
        let name = format!("{base}.{module}");
        self.failed(&name, &self.resolver.resolve(&name, path))
    }

    fn absolute_cause(&self, case: &Case<'_>, name: &str) -> Option<Cause> {
        let resolution = self.resolver.resolve(name, case.place.certain);
        let cause = by_own_modules(&case.module.summary, self.failed(name, &resolution)?)?;
        // Where the roots are guessed, another order of them may be the right one.
        let found_on = |(_, path): &(Identity, SearchPath)| {
            self.failed(name, &self.resolver.resolve(name, *path)).is_none()
        };
        if case.place.identities.len() > 1 && case.place.identities.iter().any(found_on) {
            return None;
        }
        let found_from = |folder: &PathBuf| {
            let path = self.resolver.search_path(vec![folder.clone()]);
            matches!(self.resolver.resolve(name, path), Resolution::Found(_) | Resolution::Open)
        };
        if case.place.possible.iter().any(found_from) {
            return None;
        }
        // Only some ways of running have the project's own folder on the path.
        let found_without =
            |path| matches!(self.resolver.resolve(name, path), Resolution::Found(_));
        if case.place.without_project.is_some_and(found_without) {
            return None;
        }
        let Cause::NotFound { name: missing, reason: Missing::Everywhere | Missing::Undeclared } =
            &cause
        else {
            return Some(cause);
        };
        let is_started = case.module.summary.is_script || is_test_file(&case.module.path);
        let own_folder = is_started.then(|| case.folder.to_owned());
        let only = own_folder.filter(found_from).or_else(|| self.found_elsewhere(name));
        match only {
            Some(root) => {
                Some(Cause::NotFound { name: missing.clone(), reason: Missing::OnlyFrom(root) })
            }
            None => Some(cause),
        }
    }

    /// The root of some folder of the session from which a name is found.
    fn found_elsewhere(&self, name: &str) -> Option<PathBuf> {
        if let Some(known) = self.found_elsewhere.borrow().get(name) {
            return known.clone();
        }
        let is_found = |root: &&PathBuf| {
            let path = self.resolver.search_path(vec![(*root).clone()]);
            matches!(self.resolver.resolve(name, path), Resolution::Found(_) | Resolution::Open)
        };
        let found = self.elsewhere().iter().find(is_found).cloned();
        self.found_elsewhere.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    /// What a resolution that did not succeed raises.
    fn failed(&self, name: &str, resolution: &Resolution) -> Option<Cause> {
        match resolution {
            Resolution::Found(_) | Resolution::Open => None,
            Resolution::Missing { parts, parent } => {
                let missing = suggest::prefix(name, *parts).to_owned();
                let reason = match parent {
                    Some(_) => Missing::Submodule,
                    None => self.missing_top_level(&missing)?,
                };
                Some(Cause::NotFound { name: missing, reason })
            }
            Resolution::NotAPackage { parts, parent } => {
                let missing = suggest::prefix(name, *parts);
                let outer = missing.rsplit_once('.').map_or(missing, |(outer, _)| outer);
                Some(Cause::NotAPackage {
                    name: missing.to_owned(),
                    parent: outer.to_owned(),
                    file: parent.file().map(Path::to_owned),
                })
            }
        }
    }

    fn missing_top_level(&self, name: &str) -> Option<Missing> {
        let outside = self.resolver.outside();
        if stdlib::is_other_platform(name, outside.version) {
            return Some(Missing::OtherPlatform);
        }
        if let Some((first, last)) = stdlib::versions(name) {
            return Some(Missing::OtherVersion(first.to_string(), last.to_string()));
        }
        if outside.environment.is_some() {
            return Some(Missing::Everywhere);
        }
        let is_declared =
            outside.declared.iter().any(|declared| declared.eq_ignore_ascii_case(name));
        (!is_declared).then_some(Missing::Undeclared)
    }
}

/// A script that declares its own dependencies runs in an environment that is made for it.
fn by_own_modules(summary: &ModuleSummary, cause: Cause) -> Option<Cause> {
    let Some(own) = &summary.own_modules else { return Some(cause) };
    match cause {
        Cause::NotFound { name, reason: Missing::Everywhere | Missing::Undeclared } => {
            let is_own = own.contains(&name.to_lowercase());
            (!is_own).then_some(Cause::NotFound { name, reason: Missing::UndeclaredByScript })
        }
        other => Some(other),
    }
}

/// Whether no declaration names what is missing, and nothing else is known of it.
fn is_undeclared(cause: &Cause) -> bool {
    matches!(cause, Cause::NotFound { reason: Missing::Undeclared, .. })
}

/// Whether pytest collects the file, or loads it beside those that it collects.
pub(crate) fn is_test_file(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem == "conftest" || stem.starts_with("test_") || stem.ends_with("_test")
}
