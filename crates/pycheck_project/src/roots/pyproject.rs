//! What the build back ends read in `pyproject.toml` about where packages lie.

use toml::{Table, Value};

/// A folder that a build back end names, relative to the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The folder, with `/` between its parts; empty for the project itself.
    pub folder: String,
    /// The dotted name that its content has before its own names; mostly empty.
    pub prefix: String,
    /// The table that says so.
    pub reason: &'static str,
}

/// The folders named by all build back ends, in a fixed order; a project has one of them.
///
/// `exists` tells whether something is at a relative path, since Flit and uv decide by looking.
pub fn declared(table: &Table, exists: &dyn Fn(&str) -> bool) -> Vec<Declared> {
    let backend = at(table, "build-system.build-backend").and_then(Value::as_str).unwrap_or("");
    let mut found = Vec::new();
    found.extend(setuptools(table));
    found.extend(poetry(table));
    found.extend(hatch(table));
    found.extend(flit(table, backend, exists));
    found.extend(pdm(table));
    found.extend(uv(table, backend));
    found.extend(maturin(table));
    found.extend(scikit_build(table));
    found
}

fn setuptools(table: &Table) -> Vec<Declared> {
    let reason = "`[tool.setuptools] package-dir` in pyproject.toml";
    let package_dir = pairs(at(table, "tool.setuptools.package-dir"));
    let declared = package_dir.map(|(package, folder)| new(folder, package, reason));
    let reason = "`[tool.setuptools.packages.find] where` in pyproject.toml";
    let found = strings(at(table, "tool.setuptools.packages.find.where"));
    declared.chain(found.map(|folder| new(folder, "", reason))).collect()
}

fn poetry(table: &Table) -> Vec<Declared> {
    let reason = "`[tool.poetry] packages` in pyproject.toml";
    let packages = at(table, "tool.poetry.packages").and_then(Value::as_array);
    let from = |package: &Value| package.get("from").and_then(Value::as_str).map(str::to_owned);
    let folders = packages.into_iter().flatten().filter_map(from);
    folders.map(|folder| new(&folder, "", reason)).collect()
}

/// The settings of the wheel, and those of all targets.
fn hatch(table: &Table) -> Vec<Declared> {
    let mut found = Vec::new();
    for build in ["tool.hatch.build.targets.wheel", "tool.hatch.build"] {
        let get = |key: &str| at(table, build).and_then(|build| build.get(key));
        let reason = "`packages` of `[tool.hatch.build]` in pyproject.toml";
        let packages = strings(get("packages"));
        found.extend(packages.map(|package| new(parent(package), "", reason)));
        let reason = "`sources` of `[tool.hatch.build]` in pyproject.toml";
        found.extend(strings(get("sources")).map(|folder| new(folder, "", reason)));
        let sources = pairs(get("sources"));
        let dotted = |target: &str| target.trim_matches('/').replace('/', ".");
        found.extend(sources.map(|(folder, target)| new(folder, &dotted(target), reason)));
    }
    let reason = "`[tool.hatch.build] dev-mode-dirs` in pyproject.toml";
    let folders = strings(at(table, "tool.hatch.build.dev-mode-dirs"));
    found.extend(folders.map(|folder| new(folder, "", reason)));
    found
}

fn flit(table: &Table, backend: &str, exists: &dyn Fn(&str) -> bool) -> Option<Declared> {
    if !backend.starts_with("flit") {
        return None;
    }
    let module = at(table, "tool.flit.module.name")
        .or_else(|| at(table, "tool.flit.metadata.module"))
        .or_else(|| at(table, "project.name"))?;
    let path = format!("src/{}", module.as_str()?.replace('-', "_").replace('.', "/"));
    let is_there = exists(&path) || exists(&format!("{path}.py"));
    is_there.then(|| new("src", "", "the module of Flit in `src`"))
}

fn pdm(table: &Table) -> Vec<Declared> {
    let reason = "`[tool.pdm.build] package-dir` in pyproject.toml";
    let places = ["tool.pdm.build.package-dir", "tool.pdm.package-dir"];
    let folders = places.into_iter().filter_map(|key| at(table, key)?.as_str());
    folders.map(|folder| new(folder, "", reason)).collect()
}

fn uv(table: &Table, backend: &str) -> Option<Declared> {
    let settings = at(table, "tool.uv.build-backend");
    if backend != "uv_build" && settings.is_none() {
        return None;
    }
    let given = settings.and_then(|settings| settings.get("module-root"));
    Some(match given.and_then(Value::as_str) {
        Some(root) => new(root, "", "`[tool.uv.build-backend] module-root` in pyproject.toml"),
        None => new("src", "", "the default `module-root` of uv_build"),
    })
}

fn maturin(table: &Table) -> Option<Declared> {
    let folder = at(table, "tool.maturin.python-source")?.as_str()?;
    Some(new(folder, "", "`[tool.maturin] python-source` in pyproject.toml"))
}

/// A list of package folders, or a table from a path in the wheel to a folder.
fn scikit_build(table: &Table) -> Vec<Declared> {
    let reason = "`[tool.scikit-build] wheel.packages` in pyproject.toml";
    let packages = at(table, "tool.scikit-build.wheel.packages");
    let listed = strings(packages).map(|package| new(parent(package), "", reason));
    let mapped = pairs(packages);
    let mapped = mapped.map(|(target, folder)| new(folder, &target.replace('/', "."), reason));
    listed.chain(mapped).collect()
}

fn new(folder: &str, prefix: &str, reason: &'static str) -> Declared {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let folder = if folder == "." { "" } else { folder };
    Declared { folder: folder.to_owned(), prefix: prefix.to_owned(), reason }
}

/// The folder that holds a package's folder.
fn parent(package: &str) -> &str {
    package.trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The value at a path of keys separated by dots.
pub(super) fn at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    let mut keys = path.split('.');
    let first = table.get(keys.next()?)?;
    keys.try_fold(first, |value, key| value.get(key))
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn pairs(value: Option<&Value>) -> impl Iterator<Item = (&str, &str)> {
    let entries = value.and_then(Value::as_table).into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}
