//! The linked program as a graph of modules.

use pycheck_model::{Graph, Site};

use super::{Linker, ModuleInput, Program, mapped};
use crate::folders::Folders;
use crate::graph::{Marks, number_cycles};
use crate::name_failure::{Asked, NameFailure, When};
use crate::naming::SearchRoots;
use crate::outside::Outside;
use crate::resolve::Resolver;
use crate::suggest::join;

/// Which module imports which, what is not found included. `projects` must not be empty.
pub fn graph(
    modules: &[ModuleInput],
    projects: &[SearchRoots],
    folders: &dyn Folders,
    outside: &Outside,
) -> Graph {
    let linker = Linker::new(modules, projects, Resolver::new(folders, outside, mapped(projects)));
    let (program, _, mut names) = linker.run();
    let mut graph = names.simulation.graph(&marks(&program));
    number_cycles(&mut graph);
    graph
}

/// The statements that matter where modules import each other.
fn marks(program: &Program) -> Marks {
    let mut marks = Marks::default();
    for failure in &program.name_failures {
        if failure.asked == Asked::Imported && matches!(failure.when, When::Always(_)) {
            marks.missing.insert(failure.at, join(&failure.module, &failure.name));
        }
        let Some(text) = why(failure) else { continue };
        if let Asked::Read(_) = failure.asked {
            marks.uses.insert((failure.at.file, failure.module.clone()), text.clone());
        }
        marks.failures.insert(failure.at, text);
    }
    for failure in program.failures.iter().filter(|failure| !failure.first.is_empty()) {
        marks.failures.insert(failure.at, format!("fails {}", if_first(&failure.first)));
    }
    let cuts = program.cycles.iter().flat_map(|cycle| &cycle.cuts);
    marks.cuts = cuts.map(|hop| hop.at).collect::<rustc_hash::FxHashSet<Site>>();
    marks
}

/// Why an import fails, if that is because modules import each other.
fn why(failure: &NameFailure) -> Option<String> {
    let when = match &failure.when {
        When::Always(_) => return None,
        When::Circular => "whichever module comes first".to_owned(),
        When::First(modules) => if_first(modules),
    };
    let NameFailure { module, name, .. } = failure;
    Some(format!("fails {when}: `{module}` has no `{name}` yet"))
}

fn if_first(modules: &[String]) -> String {
    match modules {
        [] => "in some orders of imports".to_owned(),
        [module] => format!("if `{module}` is imported first"),
        [module, others @ ..] => {
            format!("if `{module}` or {} more come first", others.len())
        }
    }
}
