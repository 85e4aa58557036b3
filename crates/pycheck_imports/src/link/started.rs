//! Files that are started as scripts: `python pkg/mod.py` gives the module no package.

use std::path::Path;

use pycheck_model::{Anchor, Import, ImportKind, Site};

use super::{Checked, Linker, ModuleInput};
use crate::failure::Certainty;
use crate::naming::{Identity, SearchRoots};
use crate::reach::{Outcome, certainty};
use crate::script_failure::{ScriptFailure, Started};
use crate::suggest::join;

impl Linker<'_> {
    /// The relative import that a file fails with when it is started, and only then.
    pub(super) fn started(
        &self,
        file: u32,
        module: &ModuleInput,
        causes: &Checked,
    ) -> Option<ScriptFailure> {
        let project = &self.projects[module.project];
        let reason = started_as(module, project)?;
        let import = self.failing(module, causes)?;
        let script = shown(module.path.strip_prefix(&project.project).ok()?);
        let help = self.command(module, &project.project);
        let at = Site { file, index: import.site };
        Some(ScriptFailure { at, script, reason, help })
    }

    /// The first import that surely fails in the file as a script, if it is a relative one and works
    /// otherwise.
    fn failing<'m>(&self, module: &'m ModuleInput, causes: &Checked) -> Option<&'m Import> {
        let summary = &module.summary;
        let version = self.resolver.outside().version;
        let outcomes: Vec<Outcome> = summary
            .imports
            .iter()
            .zip(causes)
            .map(|(import, cause)| {
                let relative = is_relative(&import.kind).then_some("ImportError");
                let exception = cause.as_ref().map(|cause| cause.exception(version).0);
                Outcome { exception: relative.or(exception), is_settled: false }
            })
            .collect();
        let mut failing = summary.imports.iter().zip(causes).zip(&outcomes);
        let (first, _) = failing.find(|((import, _), outcome)| {
            outcome.exception.is_some_and(|exception| {
                let known = certainty(summary, import, exception, &outcomes);
                matches!(known, Some(Certainty::Certain | Certainty::Script))
            })
        })?;
        let (import, cause) = first;
        (cause.is_none() && is_relative(&import.kind)).then_some(import)
    }

    /// How the file can be started as a part of its package, if that works.
    fn command(&self, module: &ModuleInput, project: &Path) -> Option<String> {
        let place = self.place(module.path.parent()?, module.project);
        let works = |(identity, path): &&(Identity, _)| {
            let name = full_name(identity, module);
            let found = self.resolver.find(&name, *path);
            !identity.package.is_empty()
                && found.is_some_and(|found| found.file() == Some(&module.path))
                && !self.is_broken(&module.path, u32::MAX)
        };
        let (identity, _) = place.identities.iter().find(works)?;
        let name = full_name(identity, module);
        let name = name.strip_suffix(".__main__").unwrap_or(&name);
        let folder = shown(identity.root.path.strip_prefix(project).ok()?);
        Some(if folder.is_empty() {
            format!("`python -m {name}` works")
        } else {
            format!("`python -m {name}` works, with the folder `{folder}` on `sys.path`")
        })
    }
}

fn full_name(identity: &Identity, module: &ModuleInput) -> String {
    let stem = module.path.file_stem().unwrap_or_default().to_string_lossy();
    join(&identity.package, &stem)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Whether the import starts from the package of the file.
fn is_relative(kind: &ImportKind) -> bool {
    match kind {
        ImportKind::From { level, .. } => *level > 0,
        ImportKind::Call { level, anchor, .. } => *level > 0 && *anchor == Anchor::Globals,
        ImportKind::Module { .. } => false,
    }
}

/// Why a file counts as one that is started. One that sets its `__package__` is prepared for it.
fn started_as(module: &ModuleInput, project: &SearchRoots) -> Option<Started> {
    let summary = &module.summary;
    let is_prepared = || summary.body.names.iter().any(|name| name == "__package__");
    let is_init = || module.path.file_stem().is_some_and(|stem| stem == "__init__");
    let reason = if summary.has_shebang {
        Started::Shebang
    } else if project.scripts.contains(&module.path) {
        Started::Declared
    } else if summary.is_script && project.guards_are_scripts {
        Started::MainGuard
    } else {
        return None;
    };
    (!is_init() && !is_prepared()).then_some(reason)
}
