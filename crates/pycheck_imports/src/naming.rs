//! Which folders stand on `sys.path`, and under which names a file can be imported from them.
//!
//! A file has one name for each root that reaches it by identifiers only. Where a project declares
//! its roots, the deepest of them gives the name. Where it does not, two guesses are plausible: the
//! folder above the topmost regular package, and the project's own folder (when the packages are
//! portions of a namespace). A relative import is an error only if it fails under both.

use std::path::{Path, PathBuf};

use pycheck_model::is_identifier;

use crate::built::Built;
use crate::folders::Folders;

/// A folder that stands on `sys.path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The folder.
    pub path: PathBuf,
    /// Why it is a root, for a user: "the `src` layout".
    pub reason: String,
    /// The package under which its content is importable; empty when directly.
    pub prefix: String,
    /// Nobody has said so; the layout of the folders suggests it.
    pub is_guess: bool,
}

impl Root {
    fn guess(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), reason: reason.into(), prefix: String::new(), is_guess: true }
    }
}

/// The roots of one project (a folder with its own build configuration).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRoots {
    /// The project's folder.
    pub project: PathBuf,
    /// What the user or the build configuration says, in order; without the project's own folder.
    pub declared: Vec<Root>,
    /// The user has named the roots: nothing is guessed for files below them.
    pub is_explicit: bool,
    /// Folders of `PYTHONPATH`.
    pub extra: Vec<PathBuf>,
    /// Folders below the project's that the user stands in or has named, and that are no packages:
    /// `python -m` run there has them on `sys.path`.
    pub started: Vec<PathBuf>,
    /// Files that the project declares as scripts.
    pub scripts: Vec<PathBuf>,
    /// pytest imports the tests without putting their folders on `sys.path`.
    pub tests_keep_path: bool,
    /// A file with `if __name__ == "__main__":` is one that is started.
    pub guards_are_scripts: bool,
    /// Modules that the build makes.
    pub built: Vec<Built>,
}

/// One name of a folder: as which package its files are imported, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The folder on `sys.path`.
    pub root: Root,
    /// The package's dotted name; empty for files that stand on the root itself.
    pub package: String,
    /// The outermost folder of the package, which makes it the top-level package.
    pub top: Option<PathBuf>,
}

impl Identity {
    fn new(root: Root, folder: &Path, parts: &[String]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        if !root.prefix.is_empty() {
            names.push(&root.prefix);
        }
        names.extend(parts.iter().map(String::as_str));
        let package = names.join(".");
        let above = parts.len().saturating_sub(1);
        let top =
            (!parts.is_empty()).then(|| folder.ancestors().nth(above).unwrap_or(folder).to_owned());
        Self { root, package, top }
    }
}

/// The names of the modules in `folder`, the most plausible first. Never empty.
///
/// `uses_namespace` tells whether the project itself imports something by this dotted name, which
/// shows that its folders are meant as a namespace package.
pub fn identities(
    folder: &Path,
    roots: &SearchRoots,
    folders: &dyn Folders,
    uses_namespace: &dyn Fn(&str) -> bool,
) -> Vec<Identity> {
    let declared = declared_identity(folder, roots);
    if let Some(identity) = declared.as_ref().filter(|identity| !identity.root.is_guess) {
        return vec![identity.clone()];
    }
    let from_package = package_identity(folder, roots, folders);
    let from_start = started_identity(folder, roots);
    let from_project = parts_below(folder, &roots.project).map_or_else(
        || folder.starts_with(&roots.project).then(|| below_the_gap(folder, roots)),
        |parts| {
            let root = Root::guess(&roots.project, "the project's folder");
            Some(Identity::new(root, folder, &parts))
        },
    );
    let other_names = [&from_package, &from_start].into_iter().flatten();
    let is_namespace = from_project.as_ref().is_some_and(|project| {
        let is_contested = other_names.into_iter().any(|other| other.package != project.package);
        is_contested && uses_namespace(&project.package)
    });
    let by_plausibility = match (is_namespace, &declared, &from_start) {
        (true, None, _) => [None, from_project, from_package, from_start],
        (false, _, Some(_)) => [declared, from_package, from_start, None],
        _ => [declared, from_package, from_start, from_project],
    };
    let mut found: Vec<Identity> = Vec::new();
    for identity in by_plausibility.into_iter().flatten() {
        if found.iter().all(|known| known.package != identity.package) {
            found.push(identity);
        }
    }
    if found.is_empty() {
        found.push(below_the_gap(folder, roots));
    }
    found
}

/// The names between a root and a folder below it, if all of them are identifiers.
fn parts_below(folder: &Path, root: &Path) -> Option<Vec<String>> {
    let below = folder.strip_prefix(root).ok()?;
    below
        .components()
        .map(|component| {
            component.as_os_str().to_str().filter(|name| is_identifier(name)).map(str::to_owned)
        })
        .collect()
}

fn declared_identity(folder: &Path, roots: &SearchRoots) -> Option<Identity> {
    let reach = |root: &Root| parts_below(folder, &root.path).map(|parts| (root.clone(), parts));
    let (root, parts) =
        roots.declared.iter().filter_map(reach).min_by_key(|(_, parts)| parts.len())?;
    Some(Identity::new(root, folder, &parts))
}

/// The name from the folder that the user stands in or has named.
fn started_identity(folder: &Path, roots: &SearchRoots) -> Option<Identity> {
    let reach = |root: &PathBuf| parts_below(folder, root).map(|parts| (root.clone(), parts));
    let (root, parts) =
        roots.started.iter().filter_map(reach).max_by_key(|(_, parts)| parts.len())?;
    Some(Identity::new(Root::guess(&root, "the folder that was checked"), folder, &parts))
}

/// The name that the topmost regular package around the folder gives it.
fn package_identity(folder: &Path, roots: &SearchRoots, folders: &dyn Folders) -> Option<Identity> {
    let mut topmost = None;
    let mut parts: Vec<String> = Vec::new();
    for ancestor in folder.ancestors() {
        let name = ancestor
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|name| is_identifier(name))?;
        let is_package = folders.is_regular_package(ancestor);
        let within = ancestor.starts_with(&roots.project) && ancestor != roots.project;
        if !within && !is_package {
            break;
        }
        parts.insert(0, name.to_owned());
        if is_package {
            topmost = Some((ancestor, parts.clone()));
        }
        let above_is_nameable = ancestor
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str())
            .is_some_and(is_identifier);
        if !above_is_nameable {
            break;
        }
    }
    let (top, parts) = topmost?;
    let reason = format!("the folder above the topmost package `{}`", parts[0]);
    let root = Root::guess(top.parent().unwrap_or(top), reason);
    Some(Identity::new(root, folder, &parts))
}

/// A folder that can't be named from any root: its package starts below the last folder on the way
/// whose name is no identifier.
fn below_the_gap(folder: &Path, roots: &SearchRoots) -> Identity {
    let mut parts: Vec<String> = Vec::new();
    for ancestor in folder.ancestors() {
        let name = ancestor.file_name().and_then(|name| name.to_str());
        let nameable = name.filter(|name| is_identifier(name) && ancestor != roots.project);
        let Some(name) = nameable else {
            let reason = "a folder whose name no import can spell";
            return Identity::new(Root::guess(ancestor, reason), folder, &parts);
        };
        parts.insert(0, name.to_owned());
    }
    Identity::new(Root::guess(&roots.project, "the project's folder"), folder, &[])
}
