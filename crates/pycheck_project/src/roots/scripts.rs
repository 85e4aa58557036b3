//! How a project starts its files: those that it declares as scripts, which are put on `PATH` and
//! started as they are, and its tests.

use std::path::{Path, PathBuf};

use pycheck_syntax::literals::{Literal, call_keywords};
use toml::{Table, Value};

use super::pytest;
use super::setup_cfg::Ini;
use crate::discover::absolute;
use crate::discover::project_file::{ProjectFile, read_text};

/// The script files of the project in a folder.
pub(crate) fn script_files(project: &Path) -> Vec<PathBuf> {
    let table = pyproject(project);
    let text = |name: &str| read_text(&project.join(name)).unwrap_or_default();
    let ini = Ini::parse(&text("setup.cfg"));
    let named = in_pyproject(&table).into_iter().chain(in_setup_py(&text("setup.py")));
    let named = named.chain(ini.list("options", "scripts").into_iter().map(str::to_owned));
    named.map(|path| absolute(Path::new(&path), project)).collect()
}

/// Whether pytest imports the tests of the project without putting their folders on `sys.path`.
pub(crate) fn keeps_path(project: &Path) -> bool {
    let text = |name: &str| read_text(&project.join(name)).unwrap_or_default();
    pytest::keeps_path(&pyproject(project), &text)
}

fn pyproject(project: &Path) -> Table {
    match ProjectFile::read(&project.join("pyproject.toml")) {
        ProjectFile::Table(table) => table,
        ProjectFile::Absent | ProjectFile::Unreadable(_) | ProjectFile::Broken { .. } => {
            Table::new()
        }
    }
}

fn in_pyproject(table: &Table) -> Vec<String> {
    let setuptools = table.get("tool").and_then(|tool| tool.get("setuptools"));
    let files = setuptools.and_then(|table| table.get("script-files")).and_then(Value::as_array);
    files.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn in_setup_py(source: &str) -> Vec<String> {
    if !source.contains("scripts") {
        return Vec::new();
    }
    let keywords = call_keywords(source, "setup").unwrap_or_default();
    let Some(Literal::List(files)) = keywords.get("scripts") else { return Vec::new() };
    files.iter().filter_map(Literal::as_str).map(str::to_owned).collect()
}
