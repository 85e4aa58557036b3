//! The places where an environment may be, in order.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::EnvironmentRequest;
use super::layout::{Layout, interpreter_in, same_folder};
use super::pyenv;

/// The first environment that exists, and how a user knows its place.
///
/// `tool` is an environment that was made for this program, as by a hook runner, pipx or `uvx`: it
/// is usually active, and usually not the project's, so that everything else goes before it.
pub(super) fn first(
    request: &EnvironmentRequest<'_>,
    tool: Option<&Path>,
) -> Option<(String, Layout)> {
    let active = variable_path(request, "VIRTUAL_ENV");
    let (own, active): (Option<PathBuf>, Option<PathBuf>) = match (active, tool) {
        (Some(active), Some(tool)) if same_folder(&active, tool) => (Some(active), None),
        (active, _) => (None, active),
    };
    let in_hook = own.as_deref().is_some_and(|own| is_hook_environment(request, own));
    let named = |name: &str| Some((format!("`{name}`"), variable_path(request, name)?));
    let in_project =
        |name: &str| (format!("`{name}` in the project"), request.project_root.join(name));
    let first = [
        active.map(|path| ("`VIRTUAL_ENV`".to_owned(), path)),
        named("UV_PROJECT_ENVIRONMENT"),
        Some(in_project(".venv")),
        Some(in_project("venv")),
        named("CONDA_PREFIX"),
        own.filter(|_| !in_hook).map(|path| ("`VIRTUAL_ENV`".to_owned(), path)),
    ]
    .into_iter()
    .flatten()
    .find_map(|(source, path)| Some((source, Layout::of_prefix(&path)?)));
    // In a hook without an environment of the project, any Python of the `PATH` is a stranger's.
    first.or_else(|| if in_hook { None } else { on_path(request, tool) })
}

/// The environment at a path that a user gave: an interpreter, a prefix, its `bin` folder, or a
/// folder of packages.
pub(super) fn at(request: &EnvironmentRequest<'_>, path: &Path) -> Option<Layout> {
    if path.is_file() {
        return of_program(request, path);
    }
    // `bin` is a prefix only by accident: its parent is the one.
    let is_bin = has_name(path, &["bin"]) && !path.join("pyvenv.cfg").is_file();
    let as_prefix = if is_bin { None } else { Layout::of_prefix(path) };
    as_prefix.or_else(|| of_program(request, &interpreter_in(path)?)).or_else(|| packages(path))
}

/// `site-packages`, or the folder that holds it: of the environment around it, or alone.
fn packages(path: &Path) -> Option<Layout> {
    let is_packages = |path: &Path| has_name(path, &["site-packages", "dist-packages"]);
    let folder = if is_packages(path) { path.to_path_buf() } else { path.join("site-packages") };
    if !folder.is_dir() {
        return None;
    }
    let prefix = folder.ancestors().nth(3).filter(|_| {
        folder.ancestors().nth(2).is_some_and(|parent| has_name(parent, &["lib", "lib64"]))
    });
    prefix.and_then(Layout::of_prefix).or_else(|| Some(Layout::of_packages(&folder)))
}

fn has_name(path: &Path, names: &[&str]) -> bool {
    path.file_name().is_some_and(|name| names.iter().any(|known| name == *known))
}

/// The environment of an interpreter; pyenv's stand-ins are followed to what they would start.
fn of_program(request: &EnvironmentRequest<'_>, program: &Path) -> Option<Layout> {
    match pyenv::root_of_shim(program) {
        Some(root) => pyenv::interpreters(request, &root, program)
            .iter()
            .find_map(|interpreter| Layout::of_interpreter(interpreter)),
        None => Layout::of_interpreter(program),
    }
}

fn on_path(request: &EnvironmentRequest<'_>, tool: Option<&Path>) -> Option<(String, Layout)> {
    let path = (request.variable)("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .filter(|folder| tool.is_none_or(|tool| !same_folder(folder, &tool.join("bin"))))
        .collect();
    ["python3", "python"].into_iter().find_map(|name| {
        let programs = folders.iter().map(|folder| folder.join(name));
        let layout = programs
            .filter(|program| program.is_file())
            .find_map(|program| of_program(request, &program))?;
        Some((format!("`{name}` on the `PATH`"), layout))
    })
}

fn variable_path(request: &EnvironmentRequest<'_>, name: &str) -> Option<PathBuf> {
    let value: OsString = (request.variable)(name).filter(|value| !value.is_empty())?;
    Some(request.project_root.join(value))
}

/// The virtual environment that `own`, the running program, is installed in, if that lies outside
/// the project.
pub(super) fn tool_environment(project_root: &Path, own: &Path) -> Option<PathBuf> {
    let prefix = own.parent()?.parent()?;
    let is_tool = prefix.join("pyvenv.cfg").is_file() && !prefix.starts_with(project_root);
    is_tool.then(|| prefix.to_path_buf())
}

/// Whether an environment was made by a hook runner, for its hook alone.
fn is_hook_environment(request: &EnvironmentRequest<'_>, prefix: &Path) -> bool {
    let by_name =
        prefix.file_name().is_some_and(|name| name.to_string_lossy().starts_with("py_env-"));
    let by_place = prefix
        .components()
        .any(|part| ["pre-commit", "prek"].iter().any(|runner| part.as_os_str() == *runner));
    let homes = ["PRE_COMMIT_HOME", "PREK_HOME"];
    let by_home = || {
        homes
            .iter()
            .filter_map(|name| variable_path(request, name))
            .any(|home| prefix.starts_with(home))
    };
    by_name || by_place || by_home()
}
