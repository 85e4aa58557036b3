//! Modules that the project's build makes, as far as its files name them.

use std::path::{Path, PathBuf};

use pycheck_imports::{Built, BuiltModule};
use toml::{Table, Value};

use super::pyproject::at;
use super::setup_cfg::Ini;
use crate::discover::project_file::{ProjectFile, read_text};

/// Settings of `pyproject.toml` that name a file with the version, which the build writes.
const VERSION_FILES: &[&str] = &[
    "tool.setuptools_scm.version_file",
    "tool.setuptools_scm.write_to",
    "tool.vcs-versioning.version_file",
    "tool.hatch.build.hooks.vcs.version-file",
    "tool.hatch.build.hooks.version.path",
    "tool.pdm.version.write_to",
    "tool.versioningit.write.file",
    "tool.versioneer.versionfile_source",
];

/// Commands of `CMake` that make an extension module, each with its name first.
const CMAKE_COMMANDS: &[&str] = &[
    "pybind11_add_module",
    "nanobind_add_module",
    "python_add_library",
    "add_cython_target",
    "swig_add_library",
];

/// How many files of Meson are read at most, and how deep their folders may lie.
const MOST_MESON_FILES: usize = 500;
const MESON_DEPTH: usize = 8;

/// The modules that the build of a project makes.
pub(crate) fn built_modules(project: &Path) -> Vec<Built> {
    let text = |name: &str| read_text(&project.join(name)).unwrap_or_default();
    let table = ProjectFile::read(&project.join("pyproject.toml")).table().unwrap_or_default();
    let mut found = from_pyproject(&table, project);
    found.extend(from_setup_py(&text("setup.py"), project));
    let ini = Ini::parse(&text("setup.cfg"));
    let version_file = ini.get("versioneer", "versionfile_source");
    found.extend(version_file.map(|file| at_place(project, file, "`versioneer` in setup.cfg")));
    found.extend(from_gitignore(&text(".gitignore"), project));
    for file in ["CMakeLists.txt", "src/CMakeLists.txt", "python/CMakeLists.txt"] {
        found.extend(from_cmake(&text(file), file));
    }
    if project.join("meson.build").is_file() {
        let mut left = MOST_MESON_FILES;
        add_meson(project, project, MESON_DEPTH, &mut left, &mut found);
    }
    found
}

fn from_pyproject(table: &Table, project: &Path) -> Vec<Built> {
    let text = |key: &str| at(table, key).and_then(Value::as_str);
    let mut found = Vec::new();
    for key in VERSION_FILES {
        let by = format!("`{key}` in pyproject.toml");
        found.extend(text(key).map(|file| at_place(project, file, &by)));
    }
    let is_maturin = text("build-system.build-backend") == Some("maturin");
    match text("tool.maturin.module-name") {
        Some(name) => found.push(dotted(name, "`tool.maturin.module-name` in pyproject.toml")),
        None if is_maturin => {
            let name = text("project.name").unwrap_or_default().replace('-', "_");
            let by = "the build back end maturin in pyproject.toml";
            found.extend([dotted(&name, by), dotted(&format!("{name}.{name}"), by)]);
        }
        None => {}
    }
    let modules = at(table, "tool.setuptools.ext-modules").and_then(Value::as_array);
    let names = modules.into_iter().flatten().filter_map(|module| module.get("name")?.as_str());
    found.extend(names.map(|name| dotted(name, "`tool.setuptools.ext-modules` in pyproject.toml")));
    found
}

/// `Extension("a.b", …)` and its like, and where setuptools-scm writes the version.
fn from_setup_py(source: &str, project: &Path) -> Vec<Built> {
    let mut found: Vec<Built> = first_arguments(source, "Extension(")
        .map(|name| dotted(name, "an extension module in setup.py"))
        .collect();
    for key in ["write_to", "version_file"] {
        let values = [format!("\"{key}\":"), format!("'{key}':"), format!("{key}=")]
            .into_iter()
            .filter_map(|start| first_arguments(source, &start).next().map(str::to_owned));
        let by = format!("`{key}` in setup.py");
        found.extend(values.map(|file| at_place(project, &file, &by)));
    }
    found
}

/// The string literals that follow `start` in a text, after the name of an argument perhaps.
fn first_arguments<'t>(source: &'t str, start: &str) -> impl Iterator<Item = &'t str> {
    source.match_indices(start).filter_map(move |(at, start)| {
        let rest = source[at + start.len()..].trim_start();
        let rest = rest
            .strip_prefix("name")
            .map_or(rest, |rest| rest.trim_start().strip_prefix('=').unwrap_or(rest).trim_start());
        quoted(rest)
    })
}

/// The string literal that a text begins with.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    text[1..].split_once(quote).map(|(inner, _)| inner).filter(|inner| !inner.is_empty())
}

/// Python files that are named in full: what is not committed is made.
fn from_gitignore(text: &str, project: &Path) -> Vec<Built> {
    let is_literal = |line: &&str| {
        line.ends_with(".py") && !line.starts_with(['!', '#']) && !line.contains(['*', '?', '['])
    };
    let by = ".gitignore, so it is made by the build or by hand";
    text.lines()
        .map(str::trim)
        .filter(is_literal)
        .map(|line| match line.strip_suffix(".py") {
            Some(stem) if !line.contains('/') => {
                Built { what: BuiltModule::Last(stem.to_owned()), by: by.to_owned() }
            }
            _ => at_place(project, line.trim_start_matches('/'), by),
        })
        .collect()
}

fn from_cmake(text: &str, file: &str) -> Vec<Built> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for command in CMAKE_COMMANDS {
        for (start, _) in lower.match_indices(command) {
            let rest = text[start + command.len()..].trim_start();
            let Some(arguments) = rest.strip_prefix('(') else { continue };
            let name = arguments.trim_start().split([' ', '\n', '\r', '\t', ')']).next();
            let name = name.filter(|name| pycheck_model::is_identifier(name));
            found.extend(name.map(|name| Built {
                what: BuiltModule::Last(name.to_owned()),
                by: format!("`{command}` in {file}"),
            }));
        }
    }
    found
}

/// What the files of Meson in a folder, and in those below it, put into that folder.
fn add_meson(
    project: &Path,
    folder: &Path,
    depth: usize,
    left: &mut usize,
    found: &mut Vec<Built>,
) {
    let Ok(text) = read_text(&folder.join("meson.build")) else { return };
    *left = left.saturating_sub(1);
    let shown = folder.strip_prefix(project).unwrap_or(folder).join("meson.build");
    let by = shown.display().to_string();
    let extensions = first_arguments(&text, "extension_module(");
    found.extend(extensions.map(|name| at_place(folder, name, &by)));
    for start in ["output:", "output :"] {
        let files = first_arguments(&text, start).filter(|file| file.ends_with(".py"));
        found.extend(files.map(|file| at_place(folder, file, &by)));
    }
    let names = first_arguments(&text, "subdir(").map(|name| folder.join(name));
    for below in names.collect::<Vec<_>>() {
        if depth > 0 && *left > 0 && below.starts_with(project) {
            add_meson(project, &below, depth - 1, left, found);
        }
    }
}

fn dotted(name: &str, by: &str) -> Built {
    Built { what: BuiltModule::Dotted(name.to_owned()), by: by.to_owned() }
}

fn at_place(folder: &Path, file: &str, by: &str) -> Built {
    let file = file.trim_start_matches("./");
    let place: PathBuf = folder.join(file.strip_suffix(".py").unwrap_or(file));
    Built { what: BuiltModule::Place(place), by: by.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pycheck_imports::BuiltModule::{self, Dotted, Last, Place};

    fn whats(found: Vec<pycheck_imports::Built>) -> Vec<BuiltModule> {
        found.into_iter().map(|built| built.what).collect()
    }

    #[test]
    fn extensions_and_version_files_of_setuptools() {
        let source = r#"
setup(
    ext_modules=[Extension("pkg._speed", ["a.c"]), Pybind11Extension(
        name='pkg._core')],
    use_scm_version={"write_to": "src/pkg/_version.py"},
)"#;
        let found = whats(super::from_setup_py(source, Path::new("/p")));
        let place = Place("/p/src/pkg/_version".into());
        assert_eq!(found, [Dotted("pkg._speed".into()), Dotted("pkg._core".into()), place]);
    }

    #[test]
    fn tables_of_the_build_back_ends() {
        let table = "[tool.maturin]\nmodule-name = 'pkg._rust'\n\
                     [tool.hatch.build.hooks.vcs]\nversion-file = 'pkg/_version.py'\n\
                     [[tool.setuptools.ext-modules]]\nname = 'pkg._c'\n";
        let found = whats(super::from_pyproject(&table.parse().unwrap(), Path::new("/p")));
        let place = Place("/p/pkg/_version".into());
        assert_eq!(found, [place, Dotted("pkg._rust".into()), Dotted("pkg._c".into())]);
    }

    #[test]
    fn files_that_are_never_committed() {
        let text = "*.pyc\n/src/pkg/_version.py\n_build.py\n!kept.py\n# said.py\n";
        let found = whats(super::from_gitignore(text, Path::new("/p")));
        assert_eq!(found, [Place("/p/src/pkg/_version".into()), Last("_build".into())]);
    }

    #[test]
    fn modules_of_cmake() {
        let text = "find_package(pybind11)\npybind11_add_module(_core MODULE a.cpp)\n\
                    nanobind_add_module(\n  _fast STABLE_ABI)\npybind11_add_module(${name} b)\n";
        let found = whats(super::from_cmake(text, "CMakeLists.txt"));
        assert_eq!(found, [Last("_core".into()), Last("_fast".into())]);
    }
}
