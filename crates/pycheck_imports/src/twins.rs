//! Modules of one folder whose names differ in small and capital letters only: a file system that
//! takes the two for one, as those of Windows and macOS do, keeps but one of them.

use std::path::{Path, PathBuf};

use crate::folders::{Entry, Folders};
use crate::link::ModuleInput;

/// A file of the session and the module beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The file, an index into the files of the session.
    pub file: u32,
    /// The file or folder beside it.
    pub other: PathBuf,
}

/// All of them; each pair once, at the one that comes first in the order of ASCII.
pub(crate) fn twins(modules: &[ModuleInput], folders: &dyn Folders) -> Vec<Twins> {
    let mut found = Vec::new();
    for (file, module) in modules.iter().enumerate() {
        let Some(own) = module_path(&module.path).filter(|path| has_capitals(path)) else {
            continue;
        };
        if let Some(other) = twin_of(own, folders) {
            found.push(Twins { file: file as u32, other });
        }
    }
    found
}

/// The file of a module, or the folder of a package.
fn module_path(file: &Path) -> Option<&Path> {
    let is_source = file.extension().is_some_and(|extension| extension == "py");
    if file.file_stem()? == "__init__" { file.parent() } else { is_source.then_some(file) }
}

fn has_capitals(path: &Path) -> bool {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    name.contains(char::is_uppercase)
}

fn twin_of(own: &Path, folders: &dyn Folders) -> Option<PathBuf> {
    let (folder, name) = (own.parent()?, own.file_name()?.to_str()?);
    let stem = name.strip_suffix(".py").unwrap_or(name);
    let is_twin = |other: &str| {
        stem < other && other.len() == stem.len() && other.to_lowercase() == stem.to_lowercase()
    };
    let listing = folders.list(folder)?;
    let is_package =
        |entry: &str| is_twin(entry) && folders.is_regular_package(&folder.join(entry));
    let is_file = |entry: &str| entry.strip_suffix(".py").is_some_and(is_twin);
    let start = stem.split('.').next().unwrap_or(stem).to_lowercase();
    let found = listing.first_like(&start, Entry::Folder, is_package);
    Some(folder.join(found.or_else(|| listing.first_like(&start, Entry::File, is_file))?))
}
