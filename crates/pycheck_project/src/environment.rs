//! The Python environment of a project, found without starting Python: prefix, version, standard
//! library, site-packages.

mod hooks;
mod layout;
mod pyenv;
mod search;
mod site;
mod suffixes;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;
use thiserror::Error;

use layout::Layout;
pub(crate) use site::read_lossy;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct EnvironmentRequest<'a> {
    /// An interpreter or an environment's folder, given on the command line or in the configuration.
    pub python: Option<&'a Path>,
    /// The project's folder, absolute.
    pub project_root: &'a Path,
    /// Reads a variable of the process environment.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
}

/// A Python environment as it lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// `sys.prefix`.
    pub prefix: PathBuf,
    /// The interpreter, if there is one; symbolic links are not followed.
    pub interpreter: Option<PathBuf>,
    /// The version, as far as names and `pyvenv.cfg` tell.
    pub version: Option<PythonVersion>,
    /// How it was found, for a user: "`.venv` in the project", "`VIRTUAL_ENV`".
    pub source: String,
    /// The folders of the standard library in the order of `sys.path`; none when the base is gone.
    pub stdlib: Vec<PathBuf>,
    /// The other folders that Python puts on `sys.path` by itself, in its order: each folder of
    /// installed packages, followed by the folders that its `.pth` files name.
    pub site_packages: Vec<PathBuf>,
    /// Top-level names that import hooks of installed packages serve, with the folder or file
    /// where that is known.
    pub provided: BTreeMap<String, Option<PathBuf>>,
    /// What ends the names of extension modules, as in `importlib.machinery.EXTENSION_SUFFIXES`.
    pub extension_suffixes: Vec<String>,
}

/// Why an environment that was asked for can't be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EnvironmentError {
    /// Nothing is there.
    #[error("no Python interpreter or environment at `{}`: the path does not exist", .0.display())]
    NotFound(PathBuf),
    /// There is something else.
    #[error(
        "`{}` is neither a Python interpreter nor the folder of a Python environment", .0.display()
    )]
    NotAnEnvironment(PathBuf),
}

/// Finds the environment of a project.
///
/// The first that exists of: the one asked for, `VIRTUAL_ENV`, `UV_PROJECT_ENVIRONMENT`, `.venv`
/// and `venv` in the project, `CONDA_PREFIX`, `python3` on the `PATH`. An active environment that
/// was made for this program alone (by a hook runner) never is the project's.
pub fn find(request: &EnvironmentRequest<'_>) -> Result<Option<Environment>, EnvironmentError> {
    if let Some(path) = request.python {
        return explicit(request, path).map(Some);
    }
    let own = std::env::current_exe().ok();
    let tool = own.and_then(|own| search::tool_environment(request.project_root, &own));
    let found = search::first(request, tool.as_deref());
    Ok(found.map(|(source, layout)| describe(request, source, &layout)))
}

/// The remark that `VIRTUAL_ENV` names no environment, which is easily overlooked.
pub(crate) fn stale_variable(request: &EnvironmentRequest<'_>) -> Option<String> {
    let value = (request.variable)("VIRTUAL_ENV").filter(|value| !value.is_empty())?;
    let path = request.project_root.join(value);
    let is_stale = request.python.is_none() && Layout::of_prefix(&path).is_none();
    is_stale.then(|| {
        format!(
            "`VIRTUAL_ENV` is `{}`, which is no Python environment: it is passed over",
            path.display()
        )
    })
}

fn explicit(
    request: &EnvironmentRequest<'_>,
    path: &Path,
) -> Result<Environment, EnvironmentError> {
    let path = request.project_root.join(path);
    if !path.exists() {
        return Err(EnvironmentError::NotFound(path));
    }
    let layout = search::at(request, &path)
        .ok_or_else(|| EnvironmentError::NotAnEnvironment(path.clone()))?;
    Ok(describe(request, "the `python` setting".to_owned(), &layout))
}

fn describe(request: &EnvironmentRequest<'_>, source: String, layout: &Layout) -> Environment {
    let stdlib = layout.stdlib();
    let site = site::collect(request, layout, &stdlib);
    Environment {
        prefix: layout.prefix.clone(),
        interpreter: layout.interpreter.clone(),
        version: layout.version(),
        source,
        extension_suffixes: suffixes::extension_suffixes(layout, &stdlib),
        provided: hooks::provided(&site.hooks),
        site_packages: site.folders,
        stdlib,
    }
}

#[cfg(test)]
mod tests;
