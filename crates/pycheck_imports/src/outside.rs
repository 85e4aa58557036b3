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
    /// Top-level names that the declared dependencies provide; used when there is no environment.
    pub declared: Vec<String>,
    /// There are such declarations, and all of them could be read.
    pub declares_all: bool,
}

impl Outside {
    /// Whether a file belongs to the standard library. Installed packages may lie in its folder.
    pub fn is_in_standard_library(&self, file: &Path) -> bool {
        let is_installed = |part: std::path::Component<'_>| {
            part.as_os_str() == "site-packages" || part.as_os_str() == "dist-packages"
        };
        self.stdlib.iter().any(|folder| file.starts_with(folder))
            && !file.components().any(is_installed)
    }
}
