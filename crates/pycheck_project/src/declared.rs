//! What a project says it depends on: for judging imports where no environment can be looked at.

mod ini;
mod modules;
mod requirements;
mod setup;
mod tables;

use std::collections::BTreeSet;
use std::path::Path;

use modules::needs;
pub use modules::provides;

/// The distributions that a project declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Their normalised names: lower case, with single hyphens.
    pub distributions: BTreeSet<String>,
    /// Whether dependencies are declared anywhere, be it that there are none.
    pub found_any: bool,
    /// A declaration could not be read, for it is computed: more may be declared.
    pub incomplete: bool,
    /// The top-level modules that the distributions may provide, in lower case.
    pub(crate) modules: BTreeSet<String>,
}

impl Declared {
    /// Whether a module that nothing here provides is one that the project does not declare.
    pub fn is_all(&self) -> bool {
        self.found_any && !self.incomplete
    }

    /// Adds what another project declares.
    pub fn extend(&mut self, other: Self) {
        self.distributions.extend(other.distributions);
        self.modules.extend(other.modules);
        self.found_any |= other.found_any;
        self.incomplete |= other.incomplete;
    }

    /// Adds the distribution of a requirement such as `Requests[socks]>=2; python_version < "4"`.
    fn add(&mut self, requirement: &str) {
        let end = requirement
            .trim_start()
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(requirement.trim_start().len());
        let name = normalized_name(&requirement.trim_start()[..end]);
        if !name.is_empty() {
            self.distributions.insert(name);
        }
    }

    fn add_all<'a>(&mut self, requirements: impl IntoIterator<Item = &'a str>) {
        for requirement in requirements {
            self.add(requirement);
        }
    }
}

/// The dependencies that the files of a project's folder declare.
///
/// Read are `pyproject.toml` (standard tables, and those of Poetry, PDM, uv, Hatch and Pixi),
/// `setup.cfg`, `setup.py` as far as it is literal, `requirements*.txt`, `Pipfile`, `tox.ini`,
/// conda's `environment.yml`, and the lock files of uv, Poetry, PDM and `pylock.toml`.
pub fn declared_dependencies(project_root: &Path) -> Declared {
    let mut declared = Declared::default();
    tables::add_pyproject(&mut declared, project_root);
    tables::add_locks(&mut declared, project_root);
    setup::add_setup_cfg(&mut declared, project_root);
    setup::add_setup_py(&mut declared, project_root);
    setup::add_tox(&mut declared, project_root);
    requirements::add_files(&mut declared, project_root);
    requirements::add_conda(&mut declared, project_root);
    let names = declared.distributions.iter();
    let others = names.clone().flat_map(|name| needs(name)).map(str::to_owned);
    let all: BTreeSet<String> = names.cloned().chain(others).collect();
    let modules = all.iter().flat_map(|name| provides(name));
    declared.modules = modules.map(|module| module.to_lowercase()).collect();
    declared
}

/// The top-level modules, in lower case, that a list of requirements may provide.
pub fn modules_of<'r>(requirements: impl IntoIterator<Item = &'r str>) -> Vec<String> {
    let mut declared = Declared::default();
    declared.add_all(requirements);
    let modules = declared.distributions.iter().flat_map(|name| provides(name));
    modules.map(|module| module.to_lowercase()).collect()
}

/// Whether one of the declared distributions provides the top-level module, or may do so by its
/// name.
pub fn is_declared(declared: &Declared, top_level_module: &str) -> bool {
    declared.modules.contains(&top_level_module.to_lowercase())
}

/// The name of a distribution as indexes compare it: lower case, runs of `-`, `_`, `.` one hyphen.
pub fn normalized_name(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// The text of a file that a person wrote, if it is there and of a sensible size.
fn read(path: &Path) -> Option<String> {
    const LIMIT: u64 = 32 << 20;
    crate::environment::read_lossy(path, LIMIT)
}

#[cfg(test)]
mod tests;
