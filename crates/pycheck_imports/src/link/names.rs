//! The names that imports ask for: what the simulation needs to know, and what it has shown.

use std::path::PathBuf;
use std::rc::Rc;

use pycheck_model::{ImportKind, ModuleSummary};
use rustc_hash::{FxHashMap, FxHashSet};

use super::provided::Provided;
use super::{Case, Checked, Known, Linker, ModuleInput, Program};
use crate::failure::{Cause, Certainty, Missing};
use crate::name_failure::{Asked, NameFailure, When};
use crate::reach::{Outcome, certainty};
use crate::resolve::SearchPath;
use crate::runs::asked_name;
use crate::simulate::{Member, Reporter, Simulation, Target};

/// The session after all of it has run.
pub(super) struct Names<'l, 'a> {
    linker: &'l Linker<'a>,
    pub(super) simulation: Simulation<'l>,
    /// The folders of the projects: the first entry of `sys.path` when Python is started there.
    first_folders: FxHashSet<PathBuf>,
    /// Imports of modules that surely run and fail.
    sure: FxHashSet<(u32, u32)>,
    /// Imports of modules that fail when certain modules are imported first.
    fragile: FxHashMap<(u32, u32), Vec<String>>,
    /// Imports that are never reached, since something that runs before raises.
    blocked: FxHashSet<(u32, u32)>,
    /// Places about which the runs have said all.
    told: FxHashSet<(u32, u32)>,
}

impl<'l, 'a> Names<'l, 'a> {
    /// Runs all modules.
    pub(super) fn run(linker: &'l Linker<'a>, checked: &[Checked]) -> Self {
        let mut first_folders = FxHashSet::default();
        let mut members = Vec::new();
        for module in linker.modules {
            let folder = module.path.parent().unwrap_or(&module.path);
            let place = linker.place(folder, module.project);
            let (identity, path) = &place.identities[0];
            first_folders.insert(linker.projects[module.project].project.clone());
            let stem = module.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let name = match (identity.package.as_str(), stem) {
                ("", stem) => stem.to_owned(),
                (package, "__init__") => package.to_owned(),
                (package, stem) => format!("{package}.{stem}"),
            };
            members.push(Member { name, path: *path });
        }
        let mut simulation = Simulation::new(&linker.resolver, linker.modules, members.into_iter());
        let causes = checked.iter().enumerate();
        let targets = causes
            .map(|(file, causes)| targets(linker, &mut simulation, file as u32, causes))
            .collect();
        simulation.run(targets);
        let told = simulation.failing_sites();
        let sure = simulation.failing_imports();
        let fragile = simulation.fragile_imports();
        let blocked = simulation.blocked();
        Self { linker, simulation, first_folders, sure, fragile, blocked, told }
    }

    /// Reports what fails in a module.
    pub(super) fn check_module(
        &mut self,
        file: u32,
        module: &ModuleInput,
        causes: &Checked,
        program: &mut Program,
    ) {
        let linker = self.linker;
        let version = linker.resolver.outside().version;
        let lacking = self.lacking(file, &module.summary);
        if lacking.is_empty() && causes.iter().all(Option::is_none) {
            return;
        }
        let Some(folder) = module.path.parent() else { return };
        let place = linker.place(folder, module.project);
        let outcome = |(index, import)| {
            let cause: Option<&Cause> = causes.get(index).and_then(Option::as_ref);
            let exception = cause.map(|cause| cause.exception(version).0);
            let lacks = lacking.iter().any(|(import, _)| *import == index);
            let case = Case { module, folder, place: &place, import };
            Outcome {
                exception: exception.or(lacks.then_some("ImportError")),
                is_settled: cause.is_none() && !lacks && linker.is_settled(&case),
            }
        };
        let outcomes: Vec<Outcome> =
            module.summary.imports.iter().enumerate().map(outcome).collect();
        linker.check_module(
            file,
            module,
            &Known {
                causes,
                outcomes: &outcomes,
                sure: &self.sure,
                fragile: &self.fragile,
                blocked: &self.blocked,
            },
            &mut program.failures,
        );
        let names = self.missing_names(file, &module.summary, &outcomes, &lacking);
        program.name_failures.extend(names);
    }

    /// The imports of a file, and their names, that surely are not there once all has run.
    fn lacking(&mut self, file: u32, summary: &ModuleSummary) -> Vec<(usize, usize)> {
        let mut lacking = Vec::new();
        for (index, import) in summary.imports.iter().enumerate() {
            // What is under no condition has been run.
            if import.context.is_none() {
                continue;
            }
            let ImportKind::From { names, .. } = &import.kind else { continue };
            let Some(target @ Target::Found(_)) =
                self.simulation.target(file, index as u32).cloned()
            else {
                continue;
            };
            for (position, name) in names.iter().enumerate().filter(|(_, it)| it.name != "*") {
                if self.simulation.lacks(&target, &name.name) {
                    lacking.push((index, position));
                }
            }
        }
        lacking
    }

    /// The names that no run has spoken of: those in functions and under conditions.
    fn missing_names(
        &mut self,
        file: u32,
        summary: &ModuleSummary,
        outcomes: &[Outcome],
        lacking: &[(usize, usize)],
    ) -> Vec<NameFailure> {
        let mut found = Vec::new();
        for (index, position) in lacking {
            let import = &summary.imports[*index];
            let ImportKind::From { names, .. } = &import.kind else { continue };
            let name = &names[*position];
            let Some(known) = certainty(summary, import, "ImportError", outcomes) else { continue };
            if self.told.contains(&(file, name.site)) {
                continue;
            }
            // The runs know more about what surely happens on import than the statement alone.
            let known = if known == Certainty::Certain { Certainty::Conditional } else { known };
            let Some(target) = self.simulation.target(file, *index as u32).cloned() else {
                continue;
            };
            found.extend(self.reporter().missing(file, &target, name, known));
        }
        found
    }

    /// What the runs have shown, in words.
    pub(super) fn reporter(&mut self) -> Reporter<'_, 'l> {
        Reporter { simulation: &mut self.simulation, first_folders: &self.first_folders }
    }

    /// Reports what the runs have shown.
    pub(super) fn finish(&mut self, program: &mut Program) {
        let mut reporter = self.reporter();
        program.name_failures.extend(reporter.failures());
        program.name_failures.extend(reporter.listed());
        program.cycles = self.simulation.cycles();
        self.propagate(program);
    }

    /// Adds to the first failure of each module what it takes down.
    fn propagate(&mut self, program: &mut Program) {
        let mut told = FxHashSet::default();
        let is_ours = |certainty| certainty == Certainty::Certain;
        let failures = program.failures.iter_mut().filter(|failure| is_ours(failure.certainty));
        let failures = failures.map(|failure| (failure.at.file, &mut failure.trail));
        let names = program.name_failures.iter_mut().filter(|failure| match failure.when {
            When::Always(certainty) => is_ours(certainty) && failure.asked != Asked::Listed,
            When::Circular => true,
            When::First(_) => false,
        });
        let names = names.map(|failure| (failure.at.file, &mut failure.trail));
        for (file, trail) in failures.chain(names) {
            if told.insert(file) {
                trail.extend(self.simulation.taken_down(file));
            }
        }
    }
}

/// What the imports of a module lead to.
fn targets(
    linker: &Linker<'_>,
    simulation: &mut Simulation<'_>,
    file: u32,
    causes: &Checked,
) -> Vec<Target> {
    let module = &linker.modules[file as usize];
    let Some(folder) = module.path.parent() else { return Vec::new() };
    if causes.is_empty() {
        return vec![Target::Unknown; module.summary.imports.len()];
    }
    let place = linker.place(folder, module.project);
    let version = linker.resolver.outside().version;
    let (identity, own_path) = &place.identities[0];
    let target = |(import, cause): (&pycheck_model::Import, &Option<Cause>)| {
        if let Some(cause) = cause {
            let case = Case { module, folder, place: &place, import };
            if !is_certain(cause) || linker.provided(file, &case, cause) != Provided::No {
                return Target::Unknown;
            }
            let exception = pycheck_model::Exception::from_class(cause.exception(version).0);
            return Target::Raises(exception, parents(simulation, cause, place.certain));
        }
        let Some(name) = asked_name(&import.kind, &identity.package) else {
            return Target::Unknown;
        };
        let is_absolute = import.kind.absolute_name().is_some();
        simulation.chain(&name, if is_absolute { place.certain } else { *own_path })
    };
    module.summary.imports.iter().zip(causes).map(target).collect()
}

/// The modules that an import runs before it fails: the packages that are there.
fn parents(simulation: &mut Simulation<'_>, cause: &Cause, path: SearchPath) -> Rc<[u32]> {
    let (Cause::NotFound { name, .. } | Cause::NotAPackage { name, .. }) = cause else {
        return Rc::default();
    };
    match name.rsplit_once('.').map(|(parent, _)| simulation.chain(parent, path)) {
        Some(Target::Found(chain)) => chain,
        _ => Rc::default(),
    }
}

/// Whether the cause leaves no doubt.
fn is_certain(cause: &Cause) -> bool {
    match cause {
        Cause::BeyondTopLevel { .. }
        | Cause::NoParentPackage
        | Cause::NoPackageArgument { .. }
        | Cause::NotAPackage { .. } => true,
        Cause::NotFound { reason, .. } => {
            matches!(reason, Missing::Everywhere | Missing::Submodule | Missing::OtherVersion(..))
        }
    }
}
