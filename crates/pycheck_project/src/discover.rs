//! Which folder is the project, and which file configures it.

pub mod project_file;
pub mod requires_python;
mod workspace;

use std::path::{Component, Path, PathBuf};

use crate::settings::error::{Misread, SettingsError, shown};
use project_file::ProjectFile;

/// Files that configure pycheck alone, the strongest first.
pub const OWN_FILES: [&str; 2] = [".pycheck.toml", "pycheck.toml"];

/// Files that make a folder a project.
pub const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

/// The project that a path belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// The file that configures pycheck for it.
    pub config_file: Option<PathBuf>,
    /// Remarks for the user.
    pub notes: Vec<String>,
}

/// Finds the project of `first_path` by walking up from it.
///
/// The nearest folder with a configuration of pycheck is the project. Without one it is the
/// working directory, if that is a project and holds the path, so that checking a part sees the
/// same project as checking all; or the nearest folder that is a project. A member of a workspace
/// stands for the whole workspace. Failing all that it is the path itself, or what holds its
/// topmost package. The search ends at a repository's folder and
/// below the home folder.
pub fn project(first_path: &Path, working_directory: &Path) -> Result<Project, SettingsError> {
    let walk = walk_up(first_path, working_directory)?;
    let Walk { config_file, markers, broken } = walk;
    let root = match &config_file {
        Some(file) => file.parent().map(Path::to_path_buf).unwrap_or_default(),
        None => project_folder(&markers, first_path, working_directory),
    };
    let is_configuration = |file: &BrokenFile| config_file.is_none() && file.folder() == root;
    let (mut fatal, harmless): (Vec<_>, Vec<_>) = broken.into_iter().partition(is_configuration);
    if let Some(file) = fatal.pop() {
        return Err(file.misread.in_file(&file.path, &file.text, working_directory));
    }
    let notes = harmless.iter().map(|file| file.note(working_directory)).collect();
    Ok(Project { root, config_file, notes })
}

/// The project of `first_path` when no configuration is looked for; broken files do not matter.
pub fn project_without_configuration(first_path: &Path, working_directory: &Path) -> PathBuf {
    let folders = folders_upwards(first_path, working_directory);
    let markers: Vec<PathBuf> = folders.into_iter().filter(|folder| is_marked(folder)).collect();
    project_folder(&markers, first_path, working_directory)
}

/// What was met on the way up.
#[derive(Default)]
struct Walk {
    config_file: Option<PathBuf>,
    markers: Vec<PathBuf>,
    broken: Vec<BrokenFile>,
}

/// A `pyproject.toml` that is no TOML.
struct BrokenFile {
    path: PathBuf,
    text: String,
    misread: Misread,
}

impl BrokenFile {
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    fn note(&self, working_directory: &Path) -> String {
        let misread = self.misread.clone();
        let error = misread.in_file(&self.path, &self.text, working_directory);
        format!("{error}; the file is passed over")
    }
}

fn walk_up(first_path: &Path, working_directory: &Path) -> Result<Walk, SettingsError> {
    let mut walk = Walk::default();
    for folder in folders_upwards(first_path, working_directory) {
        if is_marked(&folder) {
            walk.markers.push(folder.clone());
        }
        walk.config_file = configuration_in(&folder, &mut walk.broken, working_directory)?;
        if walk.config_file.is_some() {
            break;
        }
    }
    Ok(walk)
}

/// The file in this folder that configures pycheck.
fn configuration_in(
    folder: &Path,
    broken: &mut Vec<BrokenFile>,
    working_directory: &Path,
) -> Result<Option<PathBuf>, SettingsError> {
    let own = OWN_FILES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    if own.is_some() {
        return Ok(own);
    }
    let path = folder.join("pyproject.toml");
    match ProjectFile::read(&path) {
        ProjectFile::Absent => Ok(None),
        ProjectFile::Unreadable(cause) => {
            let path = shown(&path, working_directory).to_path_buf();
            Err(SettingsError::Unreadable { path, cause })
        }
        ProjectFile::Table(table) => {
            let is_ours = table.get("tool").is_some_and(|tool| tool.get("pycheck").is_some());
            Ok(is_ours.then_some(path))
        }
        ProjectFile::Broken { text, misread } if text.contains("tool.pycheck") => {
            Err(misread.in_file(&path, &text, working_directory))
        }
        ProjectFile::Broken { text, misread } => {
            broken.push(BrokenFile { path, text, misread });
            Ok(None)
        }
    }
}

fn is_marked(folder: &Path) -> bool {
    PROJECT_FILES.iter().any(|name| folder.join(name).is_file()) || is_repository(folder)
}

/// A `.git` folder, or the file that stands for it in a worktree or submodule.
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The folders from the path upwards in which a project may be looked for.
fn folders_upwards(first_path: &Path, working_directory: &Path) -> Vec<PathBuf> {
    let start = folder_of(&absolute(first_path, working_directory));
    let home = std::env::home_dir();
    let mut folders = Vec::new();
    for folder in start.ancestors() {
        let is_home = home.as_deref() == Some(folder);
        if is_home && folder != start {
            break;
        }
        folders.push(folder.to_path_buf());
        if is_home || is_repository(folder) {
            break;
        }
    }
    folders
}

/// What stands for the project of a file that is looked at alone: the file, or the working directory
/// around it where nothing marks a project.
pub(crate) fn project_start(file: &Path, working_directory: &Path) -> PathBuf {
    let folders = folders_upwards(file, working_directory);
    let has_own = |folder: &Path| OWN_FILES.iter().any(|name| folder.join(name).is_file());
    let is_found = folders.iter().any(|folder| is_marked(folder) || has_own(folder));
    let is_around = folders.iter().any(|folder| folder == working_directory);
    if is_around && !is_found { working_directory } else { file }.to_owned()
}

fn project_folder(markers: &[PathBuf], first_path: &Path, working_directory: &Path) -> PathBuf {
    let here = markers.iter().find(|folder| *folder == working_directory);
    match here.or(markers.first()) {
        Some(folder) => workspace::workspace_of(folder, markers).unwrap_or_else(|| folder.clone()),
        None => above_packages(&folder_of(&absolute(first_path, working_directory))),
    }
}

/// The first folder upwards that is no regular package.
fn above_packages(folder: &Path) -> PathBuf {
    let is_package = |folder: &Path| folder.join("__init__.py").is_file();
    let outside = folder.ancestors().find(|folder| !is_package(folder));
    outside.unwrap_or(folder).to_path_buf()
}

/// The folder itself, or the one that holds the file.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !path.is_dir() => parent.to_path_buf(),
        _ => path.to_path_buf(),
    }
}

/// The path from the root of the file system, without `.` and `..`.
pub fn absolute(path: &Path, base: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}
