//! To which distribution an installed module belongs, and who needs that.

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_imports::shadow::Owner;

use crate::declared::{declared_dependencies, normalized_name};
use crate::discover::project_file::{ProjectFile, read_text};

/// The distribution that installed the top-level module `name` into a folder, and somebody who needs
/// it. `None` if nobody does, if it is the project itself, or if the local file is a copy of it.
pub(crate) fn owner(site: &Path, name: &str, project: &Path, local: &Path) -> Option<Owner> {
    let infos = infos(site);
    let info = infos.iter().find(|info| installs(info, name))?;
    let distribution = field(&read_text(&info.join("METADATA")).ok()?, "Name")?;
    let normalized = normalized_name(&distribution);
    if is_project(project, &normalized) || is_copy(site, name, local) {
        return None;
    }
    let declared = declared_dependencies(project);
    if declared.distributions.contains(&normalized) {
        return Some(Owner { distribution, needed_by: None });
    }
    let needed_by = infos.iter().filter(|other| *other != info).find_map(|other| {
        let metadata = read_text(&other.join("METADATA")).ok()?;
        requires(&metadata, &normalized).then(|| field(&metadata, "Name"))?
    });
    needed_by.map(|needed_by| Owner { distribution, needed_by: Some(needed_by) })
}

/// The name and the version of the distribution that installed a top-level module into a folder.
pub(crate) fn distribution(site: &Path, name: &str) -> Option<(String, String)> {
    let info = infos(site).into_iter().find(|info| installs(info, name))?;
    let metadata = read_text(&info.join("METADATA")).ok()?;
    Some((field(&metadata, "Name")?, field(&metadata, "Version")?))
}

/// The folders with the facts about installed distributions, sorted.
fn infos(site: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(site).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut infos: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "dist-info")).collect();
    infos.sort();
    infos
}

/// Whether the list of installed files has the module.
fn installs(info: &Path, name: &str) -> bool {
    let record = read_text(&info.join("RECORD")).unwrap_or_default();
    let (package, module) = (format!("{name}/"), format!("{name}.py,"));
    record.lines().any(|line| line.starts_with(&package) || line.starts_with(&module))
}

/// The first field of this name in a file of metadata.
fn field(metadata: &str, name: &str) -> Option<String> {
    let headers = metadata.lines().take_while(|line| !line.is_empty());
    let mut fields = headers.filter_map(|line| line.split_once(": "));
    fields.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
}

/// Whether a distribution needs another one in any case, and not for an extra only.
fn requires(metadata: &str, normalized: &str) -> bool {
    let headers = metadata.lines().take_while(|line| !line.is_empty());
    let requirements = headers.filter_map(|line| line.strip_prefix("Requires-Dist: "));
    requirements.filter(|requirement| !requirement.contains("extra ==")).any(|requirement| {
        let is_end = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
        let name = requirement.split(is_end).next().unwrap_or_default();
        normalized_name(name) == normalized
    })
}

/// Whether the project is the distribution: by its declared name, or by that of its folder.
fn is_project(project: &Path, normalized: &str) -> bool {
    let text = |name: &str| read_text(&project.join(name)).unwrap_or_default();
    let table = ProjectFile::read(&project.join("pyproject.toml")).table().unwrap_or_default();
    let poetry = table.get("tool").and_then(|tool| tool.get("poetry"));
    let tables = [table.get("project"), poetry];
    let declared = tables.into_iter().flatten().filter_map(|table| table.get("name")?.as_str());
    let is_name = |name: &str| normalized_name(name) == normalized;
    let folder = project.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder_name =
        folder.split_once('-').filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    declared.into_iter().any(is_name)
        || is_name(folder)
        || folder_name.is_some_and(|(name, _)| is_name(name))
        || names_itself(&text("setup.cfg"), normalized)
        || names_itself(&text("setup.py"), normalized)
        || field(&text("PKG-INFO"), "Name").is_some_and(|name| is_name(&name))
}

/// Whether a line `name = …` of a setup file names the distribution.
fn names_itself(text: &str, normalized: &str) -> bool {
    text.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else { return false };
        let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
        key.trim().trim_start_matches("setup(") == "name" && normalized_name(value) == normalized
    })
}

/// Whether the local file is what is installed, byte for byte.
fn is_copy(site: &Path, name: &str, local: &Path) -> bool {
    let package = site.join(name).join("__init__.py");
    let installed = if package.is_file() { package } else { site.join(format!("{name}.py")) };
    let (own, theirs) = (fs::read(local), fs::read(installed));
    matches!((own, theirs), (Ok(own), Ok(theirs)) if own == theirs && !own.is_empty())
}
