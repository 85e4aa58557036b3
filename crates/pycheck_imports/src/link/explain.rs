//! What a user is told of an import that fails: where it comes from, what would work.

pub(crate) mod broken;

use std::path::{Path, PathBuf};

use pycheck_model::{Site, Trail};

use super::{Case, Linker};
use crate::built::built_by;
use crate::failure::{Cause, Certainty, Failure, Missing};
use crate::naming::Identity;
use crate::near_miss::near_miss;
use crate::resolve::{Resolution, SearchPath};
use crate::runs::asked_name;
use crate::suggest::{self, Advice, Asked};

impl Linker<'_> {
    /// The failure with all that a user is told of it.
    pub(super) fn explain(
        &self,
        file: u32,
        case: &Case<'_>,
        cause: Cause,
        certainty: Certainty,
    ) -> Failure {
        let (identity, path) = &case.place.identities[0];
        let cause = self.made_by_build(case, *path, self.with_added(file, case, cause));
        let project = &self.projects[case.module.project].project;
        let asked = Asked {
            kind: &case.import.kind,
            identity,
            file: &case.module.path,
            folder: case.folder,
            project,
            around: case
                .place
                .around
                .get_or_init(|| suggest::possible_roots(&self.resolver, case.folder, project)),
            path: *path,
            is_broken: &|target| self.is_broken(target, file),
        };
        let advice = self.advice(&cause, &asked);
        let (help, remedy) = advice.map_or((None, None), |it| (Some(it.help), it.remedy));
        let trail = self.trail(&cause, identity);
        let at = Site { file, index: case.import.site };
        let is_outside = self.is_outside(case, &cause);
        let near = near_miss(&self.resolver, &cause, [case.place.certain, *path]);
        let (root, first) = (identity.root.clone(), Vec::new());
        Failure { at, cause, certainty, first, is_outside, root, near, help, remedy, trail }
    }

    /// What would work instead.
    fn advice(&self, cause: &Cause, asked: &Asked<'_>) -> Option<Advice> {
        match cause {
            Cause::BeyondTopLevel { .. } | Cause::NoParentPackage => {
                suggest::for_relative(&self.resolver, asked)
            }
            Cause::NoPackageArgument { .. } => {
                Some(Advice::only("say which package the dots start from: `package=__package__`"))
            }
            Cause::NotFound { reason: Missing::TooLate(_), .. } => {
                Some(Advice::only("move the import below the line that puts the folder there"))
            }
            Cause::NotFound { reason: Missing::Built(_), .. } | Cause::NotAPackage { .. } => None,
            Cause::NotFound { name, .. } => suggest::for_missing(
                &self.resolver,
                &self.nearest,
                asked,
                &full_name(asked, name),
                name.matches('.').count() + 1,
            ),
        }
    }

    /// The cause, knowing what the build of the project makes.
    fn made_by_build(&self, case: &Case<'_>, path: SearchPath, cause: Cause) -> Cause {
        let Cause::NotFound {
            name,
            reason: Missing::Everywhere | Missing::Undeclared | Missing::Submodule,
        } = &cause
        else {
            return cause;
        };
        let project = &self.projects[case.module.project];
        match built_by(&self.resolver, project, case.folder, path, name) {
            Some(by) => Cause::NotFound { name: name.clone(), reason: Missing::Built(by) },
            None => cause,
        }
    }

    /// The places that explain a cause.
    fn trail(&self, cause: &Cause, identity: &Identity) -> Vec<Trail> {
        match cause {
            Cause::BeyondTopLevel { .. } => self.top_level_trail(identity),
            Cause::NotAPackage { file: Some(file), parent, .. } => {
                let what = format!("`{parent}` is this file, so it has no submodules");
                vec![Trail::File(file.clone(), what)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether what is missing would come from outside of the project.
    fn is_outside(&self, case: &Case<'_>, cause: &Cause) -> bool {
        match cause {
            Cause::BeyondTopLevel { .. }
            | Cause::NoParentPackage
            | Cause::NoPackageArgument { .. }
            | Cause::NotFound {
                reason: Missing::OnlyFrom(_) | Missing::TooLate(_) | Missing::Built(_),
                ..
            } => false,
            Cause::NotFound { name, reason: Missing::Submodule } => {
                let parent = name.rsplit_once('.').map_or("", |(parent, _)| parent);
                match self.resolver.resolve(parent, case.place.certain) {
                    Resolution::Found(module) => {
                        let place =
                            module.search.first().map(PathBuf::as_path).or_else(|| module.file());
                        place.is_none_or(|place| self.is_installed(place, case))
                    }
                    _ => false,
                }
            }
            Cause::NotFound { .. } => true,
            Cause::NotAPackage { file, .. } => {
                file.as_ref().is_none_or(|file| self.is_installed(file, case))
            }
        }
    }

    /// Whether a file belongs to the environment. The project may lie in a folder of installed
    /// packages itself.
    fn is_installed(&self, file: &Path, case: &Case<'_>) -> bool {
        let outside = self.resolver.outside();
        let project = &self.projects[case.module.project].project;
        let mut folders = outside.stdlib.iter().chain(&outside.site_packages);
        folders.any(|folder| file.starts_with(folder) && !project.starts_with(folder))
    }

    /// The `__init__.py` that makes a folder the top-level package.
    fn top_level_trail(&self, identity: &Identity) -> Vec<Trail> {
        let Some(top) = &identity.top else { return Vec::new() };
        let init = top.join("__init__.py");
        if !self.resolver.folders().list(top).is_some_and(|listing| listing.has_file("__init__.py"))
        {
            return Vec::new();
        }
        let name = identity.package.split('.').next().unwrap_or_default();
        vec![Trail::File(init, format!("this makes `{name}` the top-level package"))]
    }
}

/// The whole name that the statement asks for, of which `missing` is the first part that fails.
fn full_name(asked: &Asked<'_>, missing: &str) -> String {
    asked_name(asked.kind, &asked.identity.package)
        .map_or_else(|| missing.to_owned(), std::borrow::Cow::into_owned)
}
