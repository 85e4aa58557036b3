//! What comes of a local module that has the name of one of the standard library.

use pycheck_model::{ContextKind, Import, ImportKind, ModuleSummary, Site};

use super::candidates::{Candidate, Hides};
use super::packages::attributes;
use super::{Asked, Dead, Shadow, ShadowOutcome, Standing, Victim};
use crate::link::ModuleInput;
use crate::naming::SearchRoots;
use crate::resolve::Resolver;
use crate::runs::{modules_named, runs_on_import};
use crate::stdlib;
use crate::stdlib::imports::{Broken, Need, Replacement};

/// Packages of the standard library that nobody but its own developers imports.
const NOBODY_MEANS: [&str; 1] = ["test"];

pub(super) struct Judge<'a> {
    pub(super) modules: &'a [ModuleInput],
    pub(super) projects: &'a [SearchRoots],
    pub(super) resolver: &'a Resolver<'a>,
}

impl<'a> Judge<'a> {
    pub(super) fn shadow(&self, candidate: &Candidate<'_>) -> Option<Shadow> {
        let outcome = match &candidate.hides {
            Hides::Installed(site) => self.installed(candidate, site)?,
            Hides::Standard => match self.dead(candidate) {
                Some(cause) => self.dead_outcome(candidate, cause)?,
                None => self.standard(candidate),
            },
        };
        let (file, name) = (candidate.file, candidate.name.to_owned());
        Some(Shadow { file, name, standing: candidate.standing.clone(), outcome })
    }

    /// Why no import finds the local file; `None` if one does.
    fn dead(&self, candidate: &Candidate<'_>) -> Option<Dead> {
        let version = self.resolver.outside().version;
        let name = candidate.name;
        if stdlib::is_builtin(name, version) {
            Some(Dead::BuiltIn)
        } else if stdlib::is_frozen(name, version) {
            Some(Dead::Frozen)
        } else {
            stdlib::is_startup_module(name, version).then_some(Dead::Loaded)
        }
    }

    /// A file that can be started is of use even if no import finds it; so is one whose folder
    /// gives it another name.
    fn dead_outcome(&self, candidate: &Candidate<'_>, cause: Dead) -> Option<ShadowOutcome> {
        let is_script = self.modules[candidate.file as usize].summary.is_script;
        // Folders of `PYTHONPATH` are there when Python starts, and then nothing is loaded yet.
        let is_early = cause == Dead::Loaded && candidate.standing == Standing::PythonPath;
        if is_script || is_early || self.has_another_name(candidate) {
            return None;
        }
        let asked = self.asking(candidate).next().map(|asked| asked.at);
        Some(ShadowOutcome::Dead { cause, asked })
    }

    /// Whether the project imports the file as a module of a namespace package.
    fn has_another_name(&self, candidate: &Candidate<'_>) -> bool {
        let module = &self.modules[candidate.file as usize];
        let project = &self.projects[module.project].project;
        let Ok(below) = candidate.folder.strip_prefix(project) else { return false };
        let Some(below) = below.to_str().filter(|below| !below.is_empty()) else { return false };
        let package = below.replace('/', ".");
        let full = format!("{package}.{}", candidate.name);
        let is_other_name = |import: &Import| match &import.kind {
            ImportKind::From { level: 1.., .. } => false,
            ImportKind::From { module, names, .. } if *module == package => {
                names.iter().any(|name| name.name == candidate.name)
            }
            kind => kind.absolute_name().is_some_and(|name| is_within(name, &full)),
        };
        let siblings_ask = || {
            let in_folder = |other: &&ModuleInput| other.path.parent() == Some(candidate.folder);
            self.modules.iter().filter(in_folder).any(|other| asks_relatively(&other.summary))
        };
        self.modules.iter().any(|other| other.summary.imports.iter().any(is_other_name))
            || siblings_ask()
    }

    fn standard(&self, candidate: &Candidate<'_>) -> ShadowOutcome {
        let mut asked: Option<Asked> = None;
        for here in self.asking(candidate) {
            let weight = |asked: &Asked| (asked.missing.is_some(), !asked.is_meant);
            if asked.as_ref().is_none_or(|known| weight(&here) > weight(known)) {
                asked = Some(here);
            }
        }
        let victim = self.victim(candidate);
        ShadowOutcome::Standard { asked, victim }
    }

    /// The imports of the hidden module in files that run with the folder on the path.
    fn asking(&self, candidate: &'a Candidate<'_>) -> impl Iterator<Item = Asked> {
        self.imports(candidate).filter_map(|(file, summary, import)| {
            let name = import.kind.absolute_name()?;
            if !is_within(name, candidate.name) {
                return None;
            }
            let at = Site { file, index: import.site };
            let below = name[candidate.name.len()..].trim_start_matches('.');
            if !below.is_empty() {
                let first = below.split('.').next().unwrap_or_default();
                let is_meant = self.has_submodule(candidate, first);
                let missing = (!is_meant).then(|| first.to_owned());
                return Some(Asked { at, missing, is_meant });
            }
            Some(self.asked_by_name(candidate, at, &import.kind, summary))
        })
    }

    fn asked_by_name(
        &self,
        candidate: &Candidate<'_>,
        at: Site,
        kind: &ImportKind,
        summary: &ModuleSummary,
    ) -> Asked {
        let names: Vec<&str> = match kind {
            ImportKind::From { names, .. } => names.iter().map(|name| name.name.as_str()).collect(),
            ImportKind::Module { name, alias } => {
                attributes(&summary.body, alias.as_deref().unwrap_or(name))
            }
            ImportKind::Call { .. } => Vec::new(),
        };
        let is_unnamed = names.is_empty()
            && (!NOBODY_MEANS.contains(&candidate.name) || at.file == candidate.file);
        let is_missing = |name: &&str| *name != "*" && !self.has_name(candidate, name);
        let missing = names.into_iter().find(is_missing).map(str::to_owned);
        Asked { at, is_meant: !is_unnamed && missing.is_none(), missing }
    }

    /// The imports that may run, of the files that may run with the folder on the path.
    pub(super) fn imports(
        &self,
        candidate: &'a Candidate<'_>,
    ) -> impl Iterator<Item = (u32, &'a ModuleSummary, &'a Import)> {
        let project = self.modules[candidate.file as usize].project;
        let is_local = matches!(candidate.standing, Standing::Script(_) | Standing::Tests);
        let modules = self.modules.iter().enumerate().filter(move |(_, module)| {
            module.project == project && (!is_local || module.path.starts_with(candidate.folder))
        });
        let imports = modules.flat_map(|(file, module)| {
            let imports = module.summary.imports.iter();
            imports.map(move |import| (file as u32, &*module.summary, import))
        });
        imports.filter(|(_, summary, import)| !never_runs(summary, import))
    }

    /// The first import that runs into something that breaks, those first that run on import.
    fn victim(&self, candidate: &Candidate<'_>) -> Option<Victim> {
        if candidate.standing == Standing::Tests {
            return None;
        }
        let binds = |name: &str| self.has_name(candidate, name);
        let has_submodule = |name: &str| self.has_submodule(candidate, name);
        let replacement =
            Replacement { name: candidate.name, binds: &binds, has_submodule: &has_submodule };
        let broken = Broken::by(&replacement, self.resolver.outside().version);
        let best = self.standard_victim(candidate, &broken);
        match best {
            Some(((false, false), victim)) => Some(victim),
            other => self.installed_victim(candidate, &broken).or(other.map(|(_, victim)| victim)),
        }
    }

    /// The first import of the standard library that runs into something that breaks; ranked by
    /// whether it runs late, and by whether it fails late.
    fn standard_victim(
        &self,
        candidate: &Candidate<'_>,
        broken: &Broken,
    ) -> Option<((bool, bool), Victim)> {
        let mut best: Option<((bool, bool), Victim)> = None;
        for (file, summary, import) in self.imports(candidate) {
            let names = match &import.kind {
                ImportKind::From { level: 1.., .. } => continue,
                kind => modules_named(kind, "", &|_| true),
            };
            let mut others = names.iter().filter(|name| !is_within(name, candidate.name));
            let Some((chain, need)) = others.find_map(|name| broken.chain(name)) else {
                continue;
            };
            let rank = (!runs_on_import(summary, import), matches!(need, Need::Later(_)));
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                let chain = chain.into_iter().map(str::to_owned).collect();
                let at = Site { file, index: import.site };
                best = Some((rank, Victim { at, chain, need }));
            }
        }
        best
    }

    pub(super) fn has_name(&self, candidate: &Candidate<'_>, name: &str) -> bool {
        let file = &self.modules[candidate.file as usize].path;
        self.has_submodule(candidate, name) || self.resolver.folders().may_bind(file, name)
    }

    pub(super) fn has_submodule(&self, candidate: &Candidate<'_>, name: &str) -> bool {
        if !candidate.is_package {
            return false;
        }
        let folder = candidate.folder.join(candidate.name);
        let source = format!("{name}.py");
        self.resolver.folders().list(&folder).is_some_and(|listing| {
            let is_module = |entry: &str| {
                entry == source || (entry.starts_with(name) && entry.ends_with(".so"))
            };
            listing.has_folder(name) || listing.entries().iter().any(|(entry, _)| is_module(entry))
        })
    }
}

/// Whether a dotted name is that of the module, or of one below it.
pub(super) fn is_within(name: &str, module: &str) -> bool {
    name.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn asks_relatively(summary: &ModuleSummary) -> bool {
    summary.imports.iter().any(|import| matches!(import.kind, ImportKind::From { level: 1.., .. }))
}

fn never_runs(summary: &ModuleSummary, import: &Import) -> bool {
    let mut context = import.context;
    while let Some(index) = context {
        let here = &summary.contexts[index as usize];
        if here.kind == ContextKind::Never {
            return true;
        }
        context = here.parent;
    }
    false
}
