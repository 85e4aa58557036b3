//! TOML files: `pyproject.toml`, `Pipfile` and lock files.

use std::path::Path;

use toml::{Table, Value};

use super::requirements::add_file;
use super::{Declared, read};

/// Lock files, and the array of tables whose `name` is a distribution.
const LOCKS: [(&str, &str); 4] = [
    ("uv.lock", "package"),
    ("poetry.lock", "package"),
    ("pdm.lock", "package"),
    ("pylock.toml", "packages"),
];

/// Adds all that the lock files list, and `Pipfile`.
pub(super) fn add_locks(declared: &mut Declared, root: &Path) {
    for (file, array) in LOCKS {
        let Some(table) = parse(&root.join(file)) else { continue };
        declared.found_any = true;
        let packages = table.get(array).and_then(Value::as_array).into_iter().flatten();
        declared.add_all(packages.filter_map(|package| package.get("name")?.as_str()));
    }
    if let Some(table) = parse(&root.join("Pipfile")) {
        declared.found_any = true;
        let categories = table
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "requires" | "scripts" | "pipenv"));
        for (_, category) in categories {
            add_keys(declared, Some(category));
        }
    }
}

/// Adds what `pyproject.toml` declares. What the build requires is there when `setup.py` runs, but is
/// no declaration of what the project needs.
pub(super) fn add_pyproject(declared: &mut Declared, root: &Path) {
    let Some(table) = parse(&root.join("pyproject.toml")) else { return };
    if let Some(project) = table.get("project") {
        add_project(declared, project);
    }
    add_strings(declared, table.get("build-system").and_then(|build| build.get("requires")));
    add_groups(declared, table.get("dependency-groups"));
    let tool = |name: &str| table.get("tool")?.get(name);
    add_dynamic(declared, root, tool("setuptools"));
    add_poetry(declared, tool("poetry"));
    add_groups(declared, tool("pdm").and_then(|pdm| pdm.get("dev-dependencies")));
    add_strings(declared, tool("uv").and_then(|uv| uv.get("dev-dependencies")));
    add_hatch(declared, tool("hatch"));
    add_pixi(declared, tool("pixi"));
    let flit = tool("flit").and_then(|flit| flit.get("metadata"));
    add_strings(declared, flit.and_then(|metadata| metadata.get("requires")));
}

fn parse(path: &Path) -> Option<Table> {
    read(path)?.parse().ok()
}

/// The table that the packaging standards define.
fn add_project(declared: &mut Declared, project: &Value) {
    let dynamic = project.get("dynamic").and_then(Value::as_array).into_iter().flatten();
    let is_dynamic = dynamic.filter_map(Value::as_str).any(|name| name == "dependencies");
    declared.found_any |= !is_dynamic;
    add_strings(declared, project.get("dependencies"));
    add_groups(declared, project.get("optional-dependencies"));
}

/// Files that setuptools reads the dependencies from.
fn add_dynamic(declared: &mut Declared, root: &Path, setuptools: Option<&Value>) {
    let Some(dynamic) = setuptools.and_then(|table| table.get("dynamic")) else { return };
    let extras = dynamic.get("optional-dependencies").and_then(Value::as_table);
    let sources =
        dynamic.get("dependencies").into_iter().chain(extras.into_iter().flat_map(Table::values));
    for file in sources.filter_map(|source| source.get("file")) {
        let several = file.as_array().map(Vec::as_slice).unwrap_or_default();
        for name in several.iter().chain([file]).filter_map(Value::as_str) {
            add_file(declared, &root.join(name));
        }
    }
}

fn add_poetry(declared: &mut Declared, poetry: Option<&Value>) {
    let Some(poetry) = poetry else { return };
    declared.found_any |= poetry.get("dependencies").is_some();
    add_keys(declared, poetry.get("dependencies"));
    add_keys(declared, poetry.get("dev-dependencies"));
    for group in tables_of(poetry.get("group")) {
        add_keys(declared, group.get("dependencies"));
    }
}

fn add_hatch(declared: &mut Declared, hatch: Option<&Value>) {
    for environment in tables_of(hatch.and_then(|hatch| hatch.get("envs"))) {
        add_strings(declared, environment.get("dependencies"));
        add_strings(declared, environment.get("extra-dependencies"));
    }
}

fn add_pixi(declared: &mut Declared, pixi: Option<&Value>) {
    let Some(pixi) = pixi else { return };
    for table in tables_of(pixi.get("feature")).chain([pixi]) {
        add_keys(declared, table.get("dependencies"));
        add_keys(declared, table.get("pypi-dependencies"));
    }
}

fn tables_of(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_table).into_iter().flat_map(Table::values)
}

/// A table of lists of requirements.
fn add_groups(declared: &mut Declared, groups: Option<&Value>) {
    for group in tables_of(groups) {
        declared.found_any = true;
        add_strings(declared, Some(group));
    }
}

fn add_strings(declared: &mut Declared, list: Option<&Value>) {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    declared.add_all(items.filter_map(Value::as_str));
}

/// A table whose keys are distributions. `python` among them is the interpreter.
fn add_keys(declared: &mut Declared, table: Option<&Value>) {
    let names = table.and_then(Value::as_table).into_iter().flat_map(Table::keys);
    declared.add_all(names.map(String::as_str).filter(|name| *name != "python"));
}
