//! The folders of installed packages, in the order in which CPython's `site` puts them on `sys.path`.

use std::fs;
use std::path::{Component, Path, PathBuf};

use pycheck_syntax::literals::{Literal, call_arguments};
use rustc_hash::FxHashSet;

use super::EnvironmentRequest;
use super::layout::Layout;

/// No `.pth` file is that long; what is longer is not read.
const PTH_LIMIT: u64 = 1 << 20;

/// A line of a `.pth` file that Python would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HookLine {
    /// The folder that holds the `.pth` file.
    pub(super) folder: PathBuf,
    /// The name of the `.pth` file.
    pub(super) file: String,
    /// The line.
    pub(super) code: String,
}

/// What `site` adds.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// Folders, in the order of `sys.path`.
    pub(super) folders: Vec<PathBuf>,
    /// What the `.pth` files would run.
    pub(super) hooks: Vec<HookLine>,
    known: FxHashSet<PathBuf>,
}

/// The folders of packages of an environment; `stdlib` is already on its path.
pub(super) fn collect(
    request: &EnvironmentRequest<'_>,
    layout: &Layout,
    stdlib: &[PathBuf],
) -> Site {
    let mut site = Site { known: stdlib.iter().cloned().collect(), ..Site::default() };
    site.add_environment(request, layout);
    let extends = layout.config.as_ref().and_then(|config| config.extends.as_deref());
    if let Some(extended) = extends.and_then(Layout::of_prefix) {
        site.add_environment(request, &extended);
    }
    site
}

impl Site {
    fn add_environment(&mut self, request: &EnvironmentRequest<'_>, layout: &Layout) {
        for folder in folders(request, layout) {
            if folder.is_dir() {
                self.add_site_folder(&folder);
            }
        }
    }

    /// Adds a folder and what its `.pth` files name.
    fn add_site_folder(&mut self, folder: &Path) {
        self.add_folder(folder.to_path_buf());
        let mut files: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.strip_suffix(".pth").is_some() && !name.starts_with('.'))
            .collect();
        files.sort();
        for file in files {
            self.add_pth(folder, &file);
        }
    }

    fn add_pth(&mut self, folder: &Path, file: &str) {
        for line in read_lossy(&folder.join(file), PTH_LIMIT).unwrap_or_default().lines() {
            if line.starts_with("import ") || line.starts_with("import\t") {
                self.add_hook(folder, file, line);
            } else if !line.starts_with('#') && !line.trim().is_empty() {
                self.add_folder(normalized(&folder.join(line.trim_end())));
            }
        }
    }

    /// Notes a line that Python would run. One that adds a literal folder is as good as its name.
    fn add_hook(&mut self, folder: &Path, file: &str, code: &str) {
        if code.contains("addsitedir") {
            for arguments in call_arguments(code, "addsitedir") {
                let Some(Literal::Str(path)) = arguments.first() else { continue };
                let path = normalized(&folder.join(path));
                if !self.known.contains(&path) {
                    self.add_site_folder(&path);
                }
            }
        }
        let (folder, file, code) = (folder.to_path_buf(), file.to_owned(), code.to_owned());
        self.hooks.push(HookLine { folder, file, code });
    }

    fn add_folder(&mut self, folder: PathBuf) {
        if folder.is_dir() && self.known.insert(folder.clone()) {
            self.folders.push(folder);
        }
    }
}

/// A file's text if it is a regular file of at most `limit` bytes; what is not UTF-8 is replaced.
pub(crate) fn read_lossy(path: &Path, limit: u64) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > limit {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    Some(String::from_utf8_lossy(text).into_owned())
}

/// The folders that `site` would look for, whether they exist or not: those of the virtual
/// environment, of the user, of the installation.
fn folders(request: &EnvironmentRequest<'_>, layout: &Layout) -> Vec<PathBuf> {
    if let Some(folder) = &layout.loose_packages {
        return vec![folder.clone()];
    }
    let Some(library) = layout.library.as_deref() else { return Vec::new() };
    let is_venv = layout.config.is_some();
    let sees_system = layout.config.as_ref().is_none_or(|config| config.system_site_packages);
    let debian = layout.base.as_deref().is_some_and(is_debian);
    let mut folders = Vec::new();
    if is_venv {
        folders.extend(prefix_folders(layout, &layout.prefix, library, debian));
    }
    if sees_system {
        folders.extend(user_site(request, library));
        let base = layout.base.as_deref().unwrap_or(&layout.prefix);
        let mut system = prefix_folders(layout, base, library, debian);
        if debian && !is_venv {
            system.retain(|folder| !folder.ends_with("site-packages"));
        }
        folders.extend(system);
    }
    folders
}

/// Debian keeps packages in `dist-packages`, those of its own archive without a version.
fn is_debian(base: &Path) -> bool {
    base.join("lib/python3/dist-packages").is_dir()
}

fn prefix_folders(layout: &Layout, prefix: &Path, library: &str, debian: bool) -> Vec<PathBuf> {
    let parents = layout.library_parents().iter();
    let mut folders: Vec<PathBuf> =
        parents.map(|parent| prefix.join(parent).join(library).join("site-packages")).collect();
    if debian {
        folders.push(prefix.join("local/lib").join(library).join("dist-packages"));
        folders.push(prefix.join("lib/python3/dist-packages"));
        folders.push(prefix.join("lib").join(library).join("dist-packages"));
    }
    // `lib64` usually is a link to `lib`, and nothing is to be listed twice.
    if folders.len() > 1 && super::layout::same_folder(&folders[0], &folders[1]) {
        folders.remove(1);
    }
    folders
}

fn user_site(request: &EnvironmentRequest<'_>, library: &str) -> Option<PathBuf> {
    let variable = |name: &str| (request.variable)(name).filter(|value| !value.is_empty());
    if variable("PYTHONNOUSERSITE").is_some() {
        return None;
    }
    let base = match variable("PYTHONUSERBASE") {
        Some(base) => PathBuf::from(base),
        None => PathBuf::from(variable("HOME")?).join(".local"),
    };
    Some(base.join("lib").join(library).join("site-packages"))
}

/// The path without `.` and `..`, by its text alone, as `os.path.abspath` makes it.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            _ => result.push(part),
        }
    }
    result
}
