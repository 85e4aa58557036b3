//! What may behave otherwise because of files that have changed.

use std::path::{Path, PathBuf};

use pycheck_model::{Graph, Origin};
use rustc_hash::{FxHashMap, FxHashSet};

use super::neighbours;

/// Leaves the modules whose files have changed, which are the chosen ones, and all that import them,
/// directly or through others.
pub(super) fn affected(mut graph: Graph, changed: &[PathBuf]) -> Graph {
    let start = changed_modules(&graph, changed);
    let mut reverse = neighbours(&graph, true);
    add_packages(&graph, &mut reverse);
    let affected = super::reached(&reverse, &start, usize::MAX);
    for (number, module) in graph.modules.iter_mut().enumerate() {
        module.is_chosen = start.contains(&number);
    }
    super::keep(graph, |number| affected.contains(&number))
}

fn changed_modules(graph: &Graph, changed: &[PathBuf]) -> Vec<usize> {
    let files: FxHashSet<&Path> = changed.iter().map(PathBuf::as_path).collect();
    let gone: Vec<String> = changed.iter().filter_map(|path| dotted(path)).collect();
    let is_changed = |number: &usize| {
        let module = &graph.modules[*number];
        match &module.path {
            Some(path) => files.contains(path.as_path()),
            None => module.origin == Origin::Missing && is_any_of(&module.name, &gone),
        }
    };
    (0..graph.modules.len()).filter(is_changed).collect()
}

/// A package runs before what is in it.
fn add_packages(graph: &Graph, reverse: &mut [Vec<usize>]) {
    let packages = graph.modules.iter().enumerate().filter(|(_, module)| module.is_package);
    let packages: FxHashMap<&str, usize> =
        packages.map(|(number, module)| (module.name.as_str(), number)).collect();
    for (number, module) in graph.modules.iter().enumerate() {
        let parent = module.name.rsplit_once('.').and_then(|(parent, _)| packages.get(parent));
        if let Some(parent) = parent {
            reverse[*parent].push(number);
        }
    }
}

/// The path of a Python file as a dotted name that ends in the module's.
fn dotted(path: &Path) -> Option<String> {
    let text = path.to_str()?.strip_suffix(".py")?;
    let text =
        text.strip_suffix("__init__").map_or(text, |folder| folder.trim_end_matches(['/', '\\']));
    Some(text.replace(['/', '\\'], "."))
}

/// Whether a module that is not found is one of those that were there, or lies below it.
fn is_any_of(name: &str, gone: &[String]) -> bool {
    let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
    let mut beginnings = ends.map(|end| format!(".{}", &name[..end]));
    beginnings.any(|beginning| gone.iter().any(|path| path.ends_with(&beginning)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use pycheck_model::{Graph, GraphEdge, GraphModule, Origin};

    use super::affected;

    fn module(name: &str, path: Option<&str>) -> GraphModule {
        GraphModule {
            name: name.to_owned(),
            path: path.map(PathBuf::from),
            is_package: path.is_some_and(|path| path.ends_with("__init__.py")),
            origin: if path.is_some() { Origin::Project } else { Origin::Missing },
            is_entry: false,
            size: 1,
            cycle: None,
            is_chosen: true,
        }
    }

    fn names(changed: &str) -> Vec<String> {
        let modules = vec![
            module("app", Some("/p/app/__init__.py")),
            module("app.a", Some("/p/app/a.py")),
            module("app.b", Some("/p/app/b.py")),
            module("app.gone", None),
            module("other", Some("/p/other.py")),
        ];
        let edge = |from, to| GraphEdge { from, to, statements: Vec::new() };
        let graph = Graph { modules, edges: vec![edge(1, 3), edge(2, 1)] };
        let graph = affected(graph, &[PathBuf::from(changed)]);
        graph.modules.into_iter().map(|module| module.name).collect()
    }

    #[test]
    fn what_imports_a_changed_module_is_affected() {
        assert_eq!(names("/p/app/a.py"), ["app.a", "app.b"]);
    }

    #[test]
    fn a_package_affects_all_that_is_in_it() {
        assert_eq!(names("/p/app/__init__.py"), ["app", "app.a", "app.b", "app.gone"]);
    }

    #[test]
    fn a_file_that_is_gone_affects_what_still_imports_it() {
        assert_eq!(names("/p/app/gone.py"), ["app.a", "app.b", "app.gone"]);
    }
}
