//! Top-level names that import hooks serve: what `.pth` files would run, read instead of run.
//!
//! Editable installs leave a generated module in site-packages that maps names to folders. The
//! mappings are literals; where a generator writes none that is known here, the names are taken
//! from the distribution's metadata, without a place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pycheck_syntax::literals::{Literal, call_arguments, module_literals};

use super::site::{HookLine, read_lossy};

/// No generated finder is that long; what is longer is not read.
const FINDER_LIMIT: u64 = 4 << 20;

type Provided = BTreeMap<String, Option<PathBuf>>;

/// The names that the lines of `.pth` files make importable.
pub(super) fn provided(hooks: &[HookLine]) -> Provided {
    let mut provided = Provided::new();
    for hook in hooks {
        for (name, path) in names_of(hook) {
            let known = provided.entry(name).or_default();
            *known = known.take().or(path);
        }
    }
    provided
}

fn names_of(hook: &HookLine) -> Provided {
    if hook.file == "distutils-precedence.pth" {
        return setuptools_distutils(&hook.folder);
    }
    let finder = imported_modules(&hook.code)
        .map(|module| hook.folder.join(format!("{module}.py")))
        .find_map(|path| read_lossy(&path, FINDER_LIMIT));
    let names = finder.map(|source| names_in_finder(&source)).unwrap_or_default();
    if names.is_empty() && hook.file.contains("editable") {
        return names_of_distribution(&hook.folder, &hook.file);
    }
    names
}

/// setuptools serves its own copy of `distutils`.
fn setuptools_distutils(folder: &Path) -> Provided {
    let copy = folder.join("setuptools/_distutils");
    if copy.is_dir() {
        Provided::from([("distutils".to_owned(), Some(copy))])
    } else {
        Provided::new()
    }
}

/// The modules that a line such as `import a, b; b.install()` imports.
fn imported_modules(code: &str) -> impl Iterator<Item = &str> {
    code.split(';')
        .filter_map(|statement| statement.trim().strip_prefix("import"))
        .flat_map(|names| names.split(','))
        .map(str::trim)
        .filter(|name| pycheck_model::is_identifier(name))
}

fn names_in_finder(source: &str) -> Provided {
    let mut names = Provided::new();
    if source.contains("MAPPING") {
        add_setuptools(&mut names, &module_literals(source));
    }
    if source.contains("map_module") {
        for arguments in call_arguments(source, "map_module") {
            if let [Literal::Str(name), Literal::Str(path)] = arguments.as_slice() {
                add(&mut names, name, Some(path));
            }
        }
    }
    if names.is_empty() {
        for callee in ["install", "MesonpyMetaFinder"] {
            for arguments in call_arguments(source, callee) {
                add_installed(&mut names, &arguments);
            }
        }
    }
    names
}

/// setuptools: `MAPPING` from names to paths without suffix, `NAMESPACES` from names to folders.
fn add_setuptools(names: &mut Provided, literals: &BTreeMap<String, Literal>) {
    let pairs = |name: &str| literals.get(name).and_then(Literal::as_dict).unwrap_or_default();
    for (name, folders) in pairs("NAMESPACES") {
        if let Some(name) = name.as_str() {
            add(names, name, folders.strings().next());
        }
    }
    for (name, path) in pairs("MAPPING") {
        if let Some(name) = name.as_str() {
            add(names, name, path.as_str());
        }
    }
}

/// scikit-build-core's `install({name: path}, {name: path}, …)` and meson-python's
/// `MesonpyMetaFinder(distribution, {name, …}, …)`, which older versions call by way of `install`.
fn add_installed(names: &mut Provided, arguments: &[Literal]) {
    match arguments {
        [Literal::Dict(sources), rest @ ..] => {
            let built = rest.first().and_then(Literal::as_dict).unwrap_or_default();
            for (name, path) in sources.iter().chain(built) {
                if let Some(name) = name.as_str() {
                    let path = path.as_str().filter(|path| Path::new(path).is_absolute());
                    add(names, name, path);
                }
            }
        }
        [Literal::Str(_), Literal::List(modules), ..] | [Literal::List(modules), ..] => {
            for name in modules.iter().filter_map(Literal::as_str) {
                add(names, name, None);
            }
        }
        _ => {}
    }
}

/// Notes a name. Of a dotted one only the first part is a top-level name, and where that lies the
/// path of the whole does not say.
fn add(names: &mut Provided, name: &str, path: Option<&str>) {
    let (top, path) = match name.split_once('.') {
        Some((top, _)) => (top, None),
        None => (name, path.and_then(importable)),
    };
    if pycheck_model::is_identifier(top) {
        let known = names.entry(top.to_owned()).or_default();
        *known = known.take().or(path);
    }
}

/// What stands at a path of a mapping: a package's folder, or a module's file, whose suffix may
/// be left out.
fn importable(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    if path.file_name().is_some_and(|name| name == "__init__.py") {
        return path.parent().filter(|folder| folder.is_dir()).map(Path::to_path_buf);
    }
    let with_suffix = path.with_extension("py");
    [path.to_path_buf(), with_suffix].into_iter().find(|path| path.exists())
}

/// The top-level names of the distribution that installed `pth_file`, by its metadata.
fn names_of_distribution(folder: &Path, pth_file: &str) -> Provided {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut infos: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "dist-info"))
        .collect();
    infos.sort();
    let owner = infos.into_iter().find_map(|info| {
        let record = read_lossy(&info.join("RECORD"), FINDER_LIMIT)?;
        let installed = record.lines().any(|line| line.split(',').next() == Some(pth_file));
        installed.then_some(info)
    });
    let Some(info) = owner else { return Provided::new() };
    let top_level = read_lossy(&info.join("top_level.txt"), FINDER_LIMIT).unwrap_or_default();
    let mut names: Vec<String> = top_level.lines().map(|line| line.trim().to_owned()).collect();
    names.retain(|name| pycheck_model::is_identifier(name));
    if names.is_empty() {
        let stem = info.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        names.push(stem.split('-').next().unwrap_or_default().to_lowercase());
    }
    names.into_iter().map(|name| (name, None)).collect()
}
