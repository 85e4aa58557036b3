//! Which Python one of pyenv's stand-ins (`~/.pyenv/shims/python3`) would start.

use std::fs;
use std::path::{Path, PathBuf};

use super::EnvironmentRequest;

/// The folder of pyenv, if `program` is one of its stand-ins.
pub(super) fn root_of_shim(program: &Path) -> Option<PathBuf> {
    let shims = program.parent().filter(|folder| folder.ends_with("shims"))?;
    let root = shims.parent()?;
    root.join("versions").is_dir().then(|| root.to_path_buf())
}

/// The interpreters that the stand-in would try, in order.
pub(super) fn interpreters(
    request: &EnvironmentRequest<'_>,
    root: &Path,
    program: &Path,
) -> Vec<PathBuf> {
    let Some(name) = program.file_name() else { return Vec::new() };
    let versions = root.join("versions");
    chosen(request, root)
        .iter()
        .filter_map(|version| match version.as_str() {
            "system" => on_system(request, name),
            _ => Some(installed(&versions, version)?.join("bin").join(name)),
        })
        .filter(|interpreter| interpreter.is_file())
        .collect()
}

/// The names of the chosen versions: by `PYENV_VERSION`, by a `.python-version` file in the
/// project or above it, by pyenv's own `version` file, else the system's.
fn chosen(request: &EnvironmentRequest<'_>, root: &Path) -> Vec<String> {
    let variable = (request.variable)("PYENV_VERSION");
    let by_variable = variable.as_ref().and_then(|value| value.to_str()).map(|value| {
        value.split(':').map(str::to_owned).filter(|name| !name.is_empty()).collect::<Vec<String>>()
    });
    let local = request.project_root.ancestors().map(|folder| folder.join(".python-version"));
    let files = local.chain([root.join("version")]);
    by_variable
        .into_iter()
        .chain(files.filter_map(|file| names_in(&file)))
        .find(|names| !names.is_empty())
        .unwrap_or_else(|| vec!["system".to_owned()])
}

fn names_in(file: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(file).ok()?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    // A name with a separator could lead anywhere; pyenv refuses it too.
    let names = lines.flat_map(str::split_whitespace).filter(|name| !name.contains(['/', '\\']));
    Some(names.filter(|name| !name.starts_with('.')).map(str::to_owned).collect())
}

/// The folder of an installed version; `3.11` means the newest 3.11.
fn installed(versions: &Path, name: &str) -> Option<PathBuf> {
    let plain = name.strip_prefix("python-").unwrap_or(name);
    let exact =
        [name, plain].into_iter().map(|name| versions.join(name)).find(|path| path.is_dir());
    exact.or_else(|| {
        let prefix = format!("{plain}.");
        let numbers = |name: &str| -> Option<Vec<u32>> {
            name.split('.').map(|part| part.parse().ok()).collect()
        };
        let newest = fs::read_dir(versions)
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|entry| entry.starts_with(&prefix))
            .filter_map(|entry| Some((numbers(&entry)?, entry)))
            .max()?;
        Some(versions.join(newest.1))
    })
}

/// The program of this name on the `PATH`, pyenv's own folders left out.
fn on_system(request: &EnvironmentRequest<'_>, name: &std::ffi::OsStr) -> Option<PathBuf> {
    let path = (request.variable)("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file() && root_of_shim(program).is_none())
}
