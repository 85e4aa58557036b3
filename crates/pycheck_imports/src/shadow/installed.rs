//! What comes of a local module that has the name of an installed one.

use std::path::Path;

use super::candidates::Candidate;
use super::effect::Judge;
use super::{ShadowOutcome, Standing};

/// Names that packages install by mistake, and that every project has of its own.
const EVERYONE_HAS: [&str; 11] = [
    "bench",
    "benchmarks",
    "conftest",
    "docs",
    "example",
    "examples",
    "scripts",
    "setup",
    "test",
    "tests",
    "tools",
];

/// A copy has so many tenths of the names of the folder that it is a copy of.
const TENTHS_OF_A_COPY: usize = 5;

impl Judge<'_> {
    /// The distribution that the local module hides, unless it is that distribution.
    pub(super) fn installed(
        &self,
        candidate: &Candidate<'_>,
        site: &Path,
    ) -> Option<ShadowOutcome> {
        let is_common = EVERYONE_HAS.contains(&candidate.name);
        // What is installed by name stands in the folder of installed packages itself.
        let is_uncertain = matches!(candidate.standing, Standing::Tests | Standing::Declared);
        if is_common
            || is_uncertain
            || self.is_installation(candidate.folder)
            || self.is_copy(candidate, site)
        {
            return None;
        }
        let project = &self.projects[self.modules[candidate.file as usize].project].project;
        let file = &self.modules[candidate.file as usize].path;
        let owner = self.resolver.folders().owner(site, candidate.name, project, file)?;
        Some(ShadowOutcome::Installed(owner))
    }

    /// Whether packages were installed into the folder.
    fn is_installation(&self, folder: &Path) -> bool {
        self.resolver.folders().list(folder).is_some_and(|listing| {
            listing.entries().iter().any(|(name, _)| name.ends_with(".dist-info"))
        })
    }

    /// Whether the local folder holds what the installed one does.
    fn is_copy(&self, candidate: &Candidate<'_>, site: &Path) -> bool {
        let folders = self.resolver.folders();
        let own = folders.list(&candidate.folder.join(candidate.name));
        let theirs = folders.list(&site.join(candidate.name));
        let (Some(own), Some(theirs)) = (own, theirs) else { return false };
        let names = theirs.entries();
        let known = names.iter().filter(|(name, _)| own.has_file(name) || own.has_folder(name));
        known.count() * 10 >= names.len() * TENTHS_OF_A_COPY
    }
}
