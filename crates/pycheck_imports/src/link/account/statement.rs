//! What becomes of one import statement, and of each name that it asks for.

use pycheck_model::explanation::{Outcome, Spot, Step};
use pycheck_model::{Anchor, ImportKind, ImportedName, Site};

use super::super::path_edits::OnAdded;
use super::super::provided::Provided;
use super::{Account, Asked, Teller, words};
use crate::failure::{Cause, Certainty};
use crate::name_failure::{NameFailure, When};
use crate::resolve::{Resolution, SearchPath};
use crate::runs::asked_name;
use crate::simulate::{Held, Target};
use crate::suggest::{join, relative_base};

impl Teller<'_, '_> {
    /// The account of a statement. `target` is what the simulation knows of it.
    pub(super) fn statement(
        &mut self,
        asked: &Asked<'_>,
        cause: Option<Cause>,
        target: Option<Target>,
    ) -> Account {
        let steps = self.module_steps(asked);
        match cause {
            Some(cause) => self.failing(asked, cause, steps),
            None => self.working(asked, target, steps),
        }
    }

    /// How the module part is resolved.
    fn module_steps(&self, asked: &Asked<'_>) -> Vec<Step<Spot>> {
        let place = asked.case.place;
        let search = self.search(asked.case.module.project);
        match &asked.case.import.kind {
            ImportKind::Module { name, .. }
            | ImportKind::From { level: 0, module: name, .. }
            | ImportKind::Call { level: 0, module: name, .. } => {
                let mut steps = vec![search.path(place, place.certain)];
                steps.extend(search.parts(place, name, place.certain));
                steps.extend(self.other_paths(asked, name));
                steps
            }
            ImportKind::From { level, module, .. } | ImportKind::Call { level, module, .. } => {
                let mut steps = Vec::new();
                for (identity, path) in &place.identities {
                    let package = match &asked.case.import.kind {
                        ImportKind::Call { anchor: Anchor::Named(package), .. } => package,
                        _ => &identity.package,
                    };
                    let parts = relative_base(package, *level)
                        .map(|base| search.parts(place, &join(&base, module), *path));
                    steps.push(dots_step(package, *level).with(parts.unwrap_or_default()));
                    if self.linker.relative_cause(package, *path, *level, module).is_none() {
                        break;
                    }
                }
                steps
            }
        }
    }

    /// The other search paths on which an absolute name is found that is not found on the first.
    fn other_paths(&self, asked: &Asked<'_>, name: &str) -> Vec<Step<Spot>> {
        let (linker, place) = (self.linker, asked.case.place);
        let resolve = |path: SearchPath| linker.resolver.resolve(name, path);
        if matches!(resolve(place.certain), Resolution::Found(_) | Resolution::Open) {
            return Vec::new();
        }
        let guessed = place.identities.iter().filter_map(|(identity, path)| {
            let Resolution::Found(module) = resolve(*path) else { return None };
            let root = identity.root.path.display();
            let text =
                format!("found if `{root}` comes first, and other guessed roots are left out");
            Some(Step::new("other-path", text).at(words::spot(&module)))
        });
        let started = place.possible.iter().filter_map(|folder| {
            let path = linker.resolver.search_path(vec![folder.clone()]);
            let Resolution::Found(module) = resolve(path) else { return None };
            let text = "found when a script or test in its folder is started";
            Some(Step::new("other-path", text).at(words::spot(&module)))
        });
        guessed.chain(started).collect()
    }

    fn failing(&mut self, asked: &Asked<'_>, cause: Cause, steps: Vec<Step<Spot>>) -> Account {
        let file = asked.file.unwrap_or(u32::MAX);
        let site = Site { file, index: asked.case.import.site };
        let shown = self.program.failures.iter().find(|failure| failure.at == site);
        let when = match shown.map(|failure| failure.certainty) {
            None if asked.file.is_some() => {
                let version = self.linker.resolver.outside().version;
                words::harmless(&asked.case, cause.exception(version).0)
            }
            Some(Certainty::Deferred) => "when the function runs",
            Some(Certainty::Script) => "when the file is started as a script",
            Some(Certainty::Conditional) => "if it runs: that depends on what is not known here",
            Some(Certainty::PathEdited) => "unless code that runs before provides it",
            Some(Certainty::Certain) | None => "",
        };
        let provided = self.linker.provided(file, &asked.case, &cause);
        let failure = self.linker.explain(file, &asked.case, cause, Certainty::Certain);
        let (outcome, text) = match provided {
            Provided::Surely if self.linker.on_added(file, &asked.case) == OnAdded::Found => {
                (Outcome::Resolves, "it is in a folder that code puts on `sys.path` before")
            }
            Provided::Surely => {
                (Outcome::Resolves, "the file itself puts the module into `sys.modules`")
            }
            Provided::Perhaps => (
                Outcome::Unknown,
                "no folder holds it, but code that runs before changes `sys.path` or `sys.modules` and may provide it",
            ),
            Provided::No => (Outcome::Fails, when),
        };
        Account {
            outcome,
            text: text.to_owned(),
            at: None,
            failure: (provided != Provided::Surely).then_some(failure),
            names: Vec::new(),
            steps,
        }
    }

    fn working(
        &mut self,
        asked: &Asked<'_>,
        target: Option<Target>,
        mut steps: Vec<Step<Spot>>,
    ) -> Account {
        let (outcome, text, at) = self.found(asked);
        let mut account =
            Account { outcome, text, at, failure: None, names: Vec::new(), steps: Vec::new() };
        if let (ImportKind::From { names, .. }, Some(target)) = (&asked.case.import.kind, target) {
            let wanted: Vec<&ImportedName> =
                asked.names.iter().filter_map(|index| names.get(*index)).collect();
            for name in &wanted {
                let step = self.name(asked, &target, name, &mut account);
                if let ([_], Some(step)) = (wanted.as_slice(), &step)
                    && account.outcome != Outcome::Fails
                {
                    account.text.clone_from(&step.text);
                    account.at = step.at.clone().or(account.at);
                }
                steps.extend(step);
            }
        }
        Account { steps, ..account }
    }

    /// What the module part leads to.
    fn found(&self, asked: &Asked<'_>) -> (Outcome, String, Option<Spot>) {
        let place = asked.case.place;
        let paths = || {
            let own = place.identities.iter().map(|(_, path)| *path);
            let possible = place.possible.iter();
            let possible =
                possible.map(|folder| self.linker.resolver.search_path(vec![folder.clone()]));
            [place.certain].into_iter().chain(own).chain(possible)
        };
        let kind = &asked.case.import.kind;
        let all: Vec<(String, SearchPath)> = if let Some(name) = kind.absolute_name() {
            paths().map(|path| (name.to_owned(), path)).collect()
        } else {
            let named = place.identities.iter().filter_map(|(identity, path)| {
                Some((asked_name(kind, &identity.package)?.into_owned(), *path))
            });
            named.collect()
        };
        let found =
            all.iter().find_map(|(name, path)| match self.linker.resolver.resolve(name, *path) {
                Resolution::Found(module) => {
                    let text = format!("`{name}` is {}", words::kind(&module));
                    Some((Outcome::Resolves, text, words::spot(&module)))
                }
                _ => None,
            });
        let name = all.first().map_or("", |(name, _)| name.as_str());
        let is_open = all
            .iter()
            .any(|(name, path)| self.linker.resolver.resolve(name, *path) == Resolution::Open);
        found.unwrap_or_else(|| {
            let text = if is_open {
                format!("`{name}` may exist: code that runs before decides what is found below its package")
            } else {
                let top = name.split('.').next().unwrap_or(name);
                format!("`{top}` is declared as a dependency, and there is no environment to look into")
            };
            (Outcome::Unknown, text, None)
        })
    }

    /// What becomes of one name of a from-import.
    fn name(
        &mut self,
        asked: &Asked<'_>,
        target: &Target,
        name: &ImportedName,
        account: &mut Account,
    ) -> Option<Step<Spot>> {
        let file = asked.file?;
        let index = if name.name == "*" { asked.case.import.site } else { name.site };
        let at = Site { file, index };
        let failures = self.program.name_failures.iter().filter(|failure| failure.at == at);
        let failures: Vec<NameFailure> = failures.cloned().collect();
        if !failures.is_empty() {
            account.outcome = Outcome::Fails;
            let when = failures.iter().find_map(|failure| when(&failure.when));
            account.text = when.unwrap_or_default();
            let is_half_made = failures.iter().any(|failure| failure.is_half_made);
            account.names.extend(failures);
            let module = self.names.simulation.name_of(target)?;
            if is_half_made || name.name == "*" {
                let what =
                    if is_half_made { "has not come to its end" } else { "lists what it lacks" };
                let text = format!("`{}`: not there, as `{module}` {what}", name.name);
                return Some(Step::new("attribute", text));
            }
            return Some(name_step(&module, &name.name, &Held::Missing).0);
        }
        let module = self.names.simulation.name_of(target)?;
        if name.name == "*" {
            let text =
                format!("`*`: the names that `{module}` lists in `__all__`, or those without `_`");
            return Some(Step::new("attribute", text));
        }
        let held = self.names.reporter().held(target, &name.name)?;
        let (step, outcome) = name_step(&module, &name.name, &held);
        if outcome == Outcome::Fails {
            let missing = self.names.reporter().missing(file, target, name, Certainty::Certain);
            account.names.extend(missing);
            words::harmless(&asked.case, "ImportError").clone_into(&mut account.text);
        }
        account.outcome = account.outcome.max(outcome);
        Some(step)
    }
}

/// When a name is not there, if not always.
fn when(when: &When) -> Option<String> {
    match when {
        When::Always(Certainty::Deferred) => Some("when the function runs".to_owned()),
        When::Always(Certainty::Script) => Some("when the file is started as a script".to_owned()),
        When::Always(Certainty::Conditional) => {
            Some("if it runs: that depends on what is not known here".to_owned())
        }
        When::First(_) => Some("in some orders of imports".to_owned()),
        When::Always(_) | When::Circular => None,
    }
}

/// The package that the dots of a relative import lead to.
fn dots_step(package: &str, level: u32) -> Step<Spot> {
    let dots = ".".repeat(level as usize);
    let text = match (package, relative_base(package, level)) {
        ("", _) => format!("`{dots}` needs a package around the file, and there is none"),
        (_, Some(base)) => format!("`{dots}` in the package `{package}` is `{base}`"),
        (_, None) => {
            let depth = package.split('.').count();
            format!("`{dots}` asks for {level} levels, and `{package}` has {depth}")
        }
    };
    Step::new("dots", text)
}

/// What a from-import finds under a name.
pub(super) fn name_step(module: &str, name: &str, held: &Held) -> (Step<Spot>, Outcome) {
    let path = |path: &Option<std::path::PathBuf>| path.clone().map(Spot::Path);
    let (text, at, outcome) = match held {
        Held::Attribute { at, module: None } => {
            (format!("`{name}`: bound in `{module}`"), at.map(Spot::Site), Outcome::Resolves)
        }
        Held::Attribute { at, module: Some((value, file)) } => (
            format!("`{name}`: bound in `{module}` to the module `{value}`"),
            at.map(Spot::Site).or_else(|| path(file)),
            Outcome::Resolves,
        ),
        Held::Submodule(file) => {
            (format!("`{name}`: the submodule `{module}.{name}`"), path(file), Outcome::Resolves)
        }
        Held::Unknown(why) => (
            format!("`{name}`: it can't be told whether `{module}` has it: {why}"),
            None,
            Outcome::Unknown,
        ),
        Held::Missing => (
            format!("`{name}`: `{module}` does not bind it, and has no submodule of this name"),
            None,
            Outcome::Fails,
        ),
    };
    (Step::new("attribute", text).at(at), outcome)
}
