//! The folders from which a project's modules are imported, as its own files declare them.

mod built;
pub mod pyproject;
pub mod pytest;
mod scripts;
pub mod setup_cfg;
pub mod setup_py;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(crate) use self::built::built_modules;
pub(crate) use self::scripts::{keeps_path, script_files};
use crate::discover::project_file::{ProjectFile, read_text};
use crate::discover::{PROJECT_FILES, absolute};
use crate::settings::Settings;
use crate::settings::error::shown;
use crate::settings::filter::is_environment;

/// A folder whose content can be imported by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRoot {
    /// The folder, absolute.
    pub path: PathBuf,
    /// Why it is one, for users: "`src` layout".
    pub reason: String,
    /// The dotted name under which the content is imported; mostly empty.
    pub prefix: String,
    /// Only the folder's name, or a setting for tests, says so: the content may as well be meant to
    /// be imported under the folder's own name.
    pub is_guess: bool,
}

impl DeclaredRoot {
    fn new(path: PathBuf, prefix: &str, reason: &str) -> Self {
        Self { path, reason: reason.to_owned(), prefix: prefix.to_owned(), is_guess: false }
    }

    /// Where the root's content would lie if it were imported from a folder `above`.
    fn is_natural_below(&self, above: &Self) -> bool {
        let parts = self.prefix.split('.').filter(|part| !part.is_empty());
        above.prefix.is_empty()
            && !self.prefix.is_empty()
            && parts.fold(above.path.clone(), |path, part| path.join(part)) == self.path
    }
}

/// The roots of the project in `project_root`, which is that of the settings or one nested in it,
/// in the order in which modules are looked for; and remarks for the user.
///
/// Folders that the configuration names are the only ones. Otherwise: what the build back end
/// says, the `src` or `lib` layout, what pytest adds, and the folder of the project.
pub fn declared_roots(
    project_root: &Path,
    settings: &Settings,
) -> (Vec<DeclaredRoot>, Vec<String>) {
    if project_root == settings.project_root && !settings.src.is_empty() {
        let explicit = |path: &PathBuf| DeclaredRoot::new(path.clone(), "", settings.src_reason);
        return (settings.src.iter().map(explicit).collect(), Vec::new());
    }
    let (table, notes) = project_table(project_root, settings);
    if let Some(roots) = nested_configuration(project_root, &table) {
        return (roots, notes);
    }
    let mut roots = from_build(project_root, &table);
    roots.retain(|root| root.path.is_dir());
    roots.extend(from_layout(project_root));
    roots.extend(from_pytest(project_root, &table));
    roots.push(DeclaredRoot::new(project_root.to_path_buf(), "", "the folder of the project"));
    (without_repetition(&roots), notes)
}

/// Which of these folders, or of the folders between them and the project, are projects of their
/// own: they hold a `pyproject.toml`, `setup.cfg` or `setup.py`, and are no package themselves.
/// `has_file` answers whether there is such a file in a folder.
pub fn nested_projects<'p>(
    project_root: &Path,
    folders: impl IntoIterator<Item = &'p Path>,
    has_file: &dyn Fn(&Path, &str) -> bool,
) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    for folder in folders {
        let below = folder.ancestors().take_while(|folder| *folder != project_root);
        for folder in below.filter(|folder| folder.starts_with(project_root)) {
            // What is above a folder that was seen was seen with it.
            if !seen.insert(folder.to_path_buf()) {
                break;
            }
        }
    }
    let is_project = |folder: &PathBuf| {
        PROJECT_FILES.into_iter().any(|name| has_file(folder, name))
            && !has_file(folder, "__init__.py")
    };
    seen.retain(is_project);
    seen.into_iter().collect()
}

/// The table of the project's `pyproject.toml`; a note if it is broken.
fn project_table(project_root: &Path, settings: &Settings) -> (toml::Table, Vec<String>) {
    let path = project_root.join("pyproject.toml");
    let note = match ProjectFile::read(&path) {
        ProjectFile::Table(table) => return (table, Vec::new()),
        ProjectFile::Absent => None,
        ProjectFile::Unreadable(cause) => {
            let path = shown(&path, &settings.working_directory).display();
            Some(format!("{path}: cannot be read: {cause}; the file is passed over"))
        }
        ProjectFile::Broken { text, misread } => {
            let error = misread.in_file(&path, &text, &settings.working_directory);
            Some(format!("{error}; the file is passed over"))
        }
    };
    (toml::Table::new(), note.into_iter().collect())
}

/// The `src` of a nested project that has a `[tool.pycheck]` table of its own.
fn nested_configuration(project_root: &Path, table: &toml::Table) -> Option<Vec<DeclaredRoot>> {
    let src = table.get("tool")?.get("pycheck")?.get("src")?.as_array()?;
    let folders = src.iter().filter_map(toml::Value::as_str);
    let paths = folders.flat_map(|folder| expand(&absolute(Path::new(folder), project_root)));
    let reason = "`[tool.pycheck] src` in pyproject.toml";
    Some(paths.map(|path| DeclaredRoot::new(path, "", reason)).collect())
}

/// What pyproject.toml, setup.cfg and setup.py tell the build back end.
fn from_build(project_root: &Path, table: &toml::Table) -> Vec<DeclaredRoot> {
    let exists = |relative: &str| project_root.join(relative).exists();
    let declared = pyproject::declared(table, &exists).into_iter();
    let mut roots: Vec<DeclaredRoot> = declared
        .map(|root| root_at(project_root, &root.folder, &root.prefix, root.reason))
        .collect();
    let text = |name: &str| read_text(&project_root.join(name)).unwrap_or_default();
    let ini = setup_cfg::Ini::parse(&text("setup.cfg"));
    let setup = setup_py::read(&text("setup.py"));
    for (file, package_dir, find_where) in [
        ("setup.cfg", setup_cfg::package_dir(&ini), setup_cfg::find_where(&ini)),
        ("setup.py", setup.package_dir, setup.find_where),
    ] {
        let reason = format!("`package_dir` in {file}");
        let pairs = package_dir.iter();
        roots.extend(pairs.map(|(name, folder)| root_at(project_root, folder, name, &reason)));
        let reason = format!("`find_packages` in {file}");
        roots.extend(find_where.iter().map(|folder| root_at(project_root, folder, "", &reason)));
    }
    roots
}

fn root_at(project_root: &Path, folder: &str, prefix: &str, reason: &str) -> DeclaredRoot {
    DeclaredRoot::new(absolute(Path::new(folder), project_root), prefix, reason)
}

/// What pytest puts on the path. A folder within a package is left out: a test run imports the
/// same files by two names then, and the one that counts is the package's.
fn from_pytest(project_root: &Path, table: &toml::Table) -> Vec<DeclaredRoot> {
    let text = |name: &str| read_text(&project_root.join(name)).unwrap_or_default();
    let Some((file, folders)) = pytest::pythonpath(table, &text) else { return Vec::new() };
    let reason = format!("`pythonpath` of pytest in {file}");
    let roots = folders.iter().map(|folder| root_at(project_root, folder, "", &reason));
    roots
        .filter(|root| root.path.is_dir() && !root.path.join("__init__.py").is_file())
        .map(|root| DeclaredRoot { is_guess: true, ..root })
        .collect()
}

/// `src` and `lib`, where they hold modules and are no package or environment themselves.
fn from_layout(project_root: &Path) -> Vec<DeclaredRoot> {
    if is_environment(project_root) {
        return Vec::new();
    }
    let folders = ["src", "lib"].into_iter().map(|name| (name, project_root.join(name)));
    folders
        .filter(|(_, folder)| !folder.join("__init__.py").is_file() && holds_modules(folder, 2))
        .map(|(name, folder)| DeclaredRoot::new(folder, "", &format!("`{name}` layout")))
        .map(|root| DeclaredRoot { is_guess: true, ..root })
        .collect()
}

/// Whether there is a Python file in the folder, or in a folder at most `depth` below it.
fn holds_modules(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let mut folders = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            folders.push(path);
        } else if path.extension().is_some_and(|suffix| suffix == "py" || suffix == "pyi") {
            return true;
        }
    }
    let is_name = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(pycheck_model::is_identifier)
    };
    depth > 0
        && folders.iter().filter(|path| is_name(path)).any(|path| holds_modules(path, depth - 1))
}

/// The roots without those that give the same names to the same files as one before.
fn without_repetition(roots: &[DeclaredRoot]) -> Vec<DeclaredRoot> {
    let mut kept: Vec<DeclaredRoot> = Vec::new();
    for root in roots {
        let is_known =
            kept.iter().any(|other| other.path == root.path && other.prefix == root.prefix);
        let is_natural = roots.iter().any(|other| root.is_natural_below(other));
        if !is_known && !is_natural {
            kept.push(root.clone());
        }
    }
    kept
}

/// The folders that a path with `*` in it stands for, sorted; the path itself without one.
pub fn expand(path: &Path) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    for component in path.components() {
        let name = component.as_os_str().to_string_lossy();
        let glob = name.contains('*').then(|| globset::Glob::new(&name).ok()).flatten();
        folders = match glob {
            None => folders.iter().map(|folder| folder.join(component)).collect(),
            Some(glob) => {
                let matcher = glob.compile_matcher();
                folders.iter().flat_map(|folder| matching(folder, &matcher)).collect()
            }
        };
    }
    folders
}

fn matching(folder: &Path, matcher: &globset::GlobMatcher) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| matcher.is_match(entry.file_name()))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    paths.sort();
    paths
}
