//! What lies outside of the project: the standard library, the installed packages, what the
//! project declares that it needs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;

/// The facts about the Python environment that resolution needs.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The version of Python.
    pub version: PythonVersion,
    /// The platform, as `sys.platform` gives it.
    pub platform: String,
    /// The folders of the standard library in the order of `sys.path`; empty when the shipped
    /// table has to answer.
    pub stdlib: Vec<PathBuf>,
    /// The folders of installed packages in the order of `sys.path`.
    pub site_packages: Vec<PathBuf>,
    /// Top-level names that import hooks of installed packages serve, with their place if known.
    pub provided: BTreeMap<String, Option<PathBuf>>,
    /// The endings of extension modules, in CPython's order.
    pub extension_suffixes: Vec<String>,
    /// How the environment was found, for a user; `None` when there is none.
    pub environment: Option<String>,
    /// Modules that may be missing, as the user names them.
    pub allowed: Vec<String>,
    /// Top-level names that the declared dependencies provide; used when there is no environment.
    pub declared: Vec<String>,
    /// There are such declarations, and all of them could be read.
    pub declares_all: bool,
}

impl Outside {
    /// Whether a module may be missing: it, or one that it is below, is named by a pattern.
    pub fn is_allowed(&self, name: &str) -> bool {
        let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
        let mut prefixes = ends.map(|end| &name[..end]);
        prefixes.any(|prefix| self.allowed.iter().any(|pattern| fits(prefix, pattern)))
    }

    /// Whether a file belongs to the standard library. Installed packages may lie in its folder.
    pub fn is_in_standard_library(&self, file: &Path) -> bool {
        let is_installed = |part: std::path::Component<'_>| {
            part.as_os_str() == "site-packages" || part.as_os_str() == "dist-packages"
        };
        self.stdlib.iter().any(|folder| file.starts_with(folder))
            && !file.components().any(is_installed)
    }
}

/// Whether a pattern, in which `*` stands for any text, is the whole name.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(name) = name.strip_prefix(start) else { return false };
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.into_iter().any(|at| fits(&name[at..], rest))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("a.b_pb2", "*_pb2") && fits("a.b", "a.*") && fits("abc", "a*c"));
        assert!(!fits("a", "a.*") && !fits("ab", "a") && !fits("abd", "a*c"));
        assert!(fits("", "*") && fits("aab", "*ab"));
    }
}
