//! What an import does when its file is started instead of imported.

use pycheck_model::explanation::{Spot, Step};

use super::super::Case;
use super::{Teller, module_name, words};
use crate::failure::Cause;
use crate::resolve::{Resolution, SearchPath};

impl Teller<'_, '_> {
    /// What becomes of an import when its file is started as a script; `None` for files that nothing
    /// shows to be one.
    pub(super) fn started(&self, case: &Case<'_>) -> Option<Step<Spot>> {
        if !case.module.summary.is_script {
            return None;
        }
        let resolver = &self.linker.resolver;
        let project = &self.linker.projects[case.module.project].project;
        let file = case.module.path.strip_prefix(project).unwrap_or(&case.module.path).display();
        let Some(name) = case.import.kind.absolute_name() else {
            let (class, message) = Cause::NoParentPackage.exception(resolver.outside().version);
            return Some(Step::new(
                "way",
                format!("started as `python {file}`: {class}: {message}"),
            ));
        };
        let way = |what: &str| Step::new("way", format!("started as `python {file}`: {what}"));
        let own = resolver.search_path(vec![case.folder.to_owned()]);
        if let Resolution::Found(module) = resolver.resolve(name, own) {
            let what = "found; its folder comes first on `sys.path`";
            return Some(way(what).at(words::spot(&module)));
        }
        Some(match resolver.resolve(name, self.with_roots(case)) {
            Resolution::Found(module) => {
                let (identity, _) = &case.place.identities[0];
                let called = module_name(case.module, identity);
                let what = format!(
                    "found only if the roots are on `sys.path`, as with `python -m {called}` from there"
                );
                way(&what).at(words::spot(&module))
            }
            Resolution::Open => way("can't be told"),
            Resolution::Missing { .. } | Resolution::NotAPackage { .. } => way("not found"),
        })
    }

    /// The folder of the script and then the roots of the project.
    fn with_roots(&self, case: &Case<'_>) -> SearchPath {
        let resolver = &self.linker.resolver;
        let mut roots = vec![case.folder.to_owned()];
        roots.extend(resolver.roots(case.place.certain).iter().cloned());
        resolver.search_path(roots)
    }
}
