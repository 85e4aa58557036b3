//! pip's requirements files, and conda's `environment.yml`.

use std::fs;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Declared, read};

/// Folders that have requirements of their own in many projects.
const FOLDERS: [&str; 8] = ["ci", "dev", "doc", "docs", "scripts", "test", "tests", "tools"];

/// Adds the requirements files of a project: those in its folder that have the word in their name,
/// those in folders for development, and all in the folder `requirements`.
pub(super) fn add_files(declared: &mut Declared, root: &Path) {
    let mut files = text_files(root);
    files.retain(|file| is_named_so(file));
    files.extend(text_files(&root.join("requirements")));
    for folder in FOLDERS {
        let named = text_files(&root.join(folder)).into_iter().filter(|file| is_named_so(file));
        files.extend(named);
    }
    for file in files {
        add_file(declared, &file);
    }
}

fn is_named_so(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("requirements"))
}

/// Adds one requirements file and those that it names.
pub(super) fn add_file(declared: &mut Declared, file: &Path) {
    add_nested(declared, file, &mut FxHashSet::default());
}

fn text_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "txt" || suffix == "in"))
        .collect();
    files.sort();
    files
}

fn add_nested(declared: &mut Declared, file: &Path, seen: &mut FxHashSet<PathBuf>) {
    let Some(text) = read(file) else { return };
    if !seen.insert(file.to_path_buf()) {
        return;
    }
    declared.found_any = true;
    for line in text.replace("\\\n", " ").replace("\\\r\n", " ").lines() {
        if let Some(named) = add_line(declared, line)
            && let Some(folder) = file.parent()
        {
            add_nested(declared, &folder.join(named), seen);
        }
    }
}

/// Adds the requirement on a line; the answer is the file that the line names instead.
pub(super) fn add_line<'a>(declared: &mut Declared, line: &'a str) -> Option<&'a str> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    // What a file of constraints names is installed if it is needed at all.
    for option in ["--requirement", "-r", "--constraint", "-c"] {
        if let Some(rest) = line.strip_prefix(option) {
            return Some(rest.trim_start_matches([' ', '=', '\t']));
        }
    }
    let editable = ["--editable", "-e"].iter().find_map(|option| line.strip_prefix(option));
    let requirement = editable.unwrap_or(line).trim_start_matches([' ', '=']);
    if let Some((_, name)) = requirement.split_once("#egg=") {
        declared.add(name.split('&').next().unwrap_or_default());
    } else if editable.is_none() && !is_option_or_place(requirement) {
        declared.add(requirement);
    }
    None
}

/// Whether a line is an option, a path or an address without a name; `name @ address` has one.
fn is_option_or_place(line: &str) -> bool {
    let place = line.find("://").or_else(|| line.find('/'));
    let is_named = place.is_none_or(|place| line[..place].contains('@'));
    line.starts_with(['-', '.', '/']) || !is_named
}

/// Adds conda's `environment.yml`. Its items are read without regard to the key they stand under:
/// a name too many does no harm.
pub(super) fn add_conda(declared: &mut Declared, root: &Path) {
    for name in ["environment.yml", "environment.yaml"] {
        let Some(text) = read(&root.join(name)) else { continue };
        declared.found_any = true;
        let items = text.lines().filter_map(|line| line.trim_start().strip_prefix("- "));
        for item in items {
            // `channel::name` names the channel first.
            let item = item.trim().trim_matches(['"', '\'']);
            add_line(declared, item.rsplit("::").next().unwrap_or(item));
        }
    }
}
