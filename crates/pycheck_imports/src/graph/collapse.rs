//! Packages in place of the modules in them.

use std::collections::BTreeMap;

use pycheck_model::{Graph, GraphEdge, GraphModule, Origin, Statement};

/// The graph in which each name has at most so many parts.
pub(super) fn collapsed(graph: Graph, parts: usize) -> Graph {
    merged(graph, |module| first_parts(&module.name, parts).to_owned())
}

/// The graph with one node for each top-level name from outside of the project.
pub(super) fn with_outside_packages(graph: Graph) -> Graph {
    merged(graph, |module| match module.origin {
        Origin::Project => module.name.clone(),
        _ => first_parts(&module.name, 1).to_owned(),
    })
}

fn first_parts(name: &str, parts: usize) -> &str {
    // What is no dotted name but a path stays as it is.
    if name.contains('/') {
        return name;
    }
    let end = name.match_indices('.').nth(parts.max(1) - 1);
    end.map_or(name, |(end, _)| &name[..end])
}

fn merged(graph: Graph, name: impl Fn(&GraphModule) -> String) -> Graph {
    let mut modules: BTreeMap<String, GraphModule> = BTreeMap::new();
    let names: Vec<String> = graph.modules.iter().map(&name).collect();
    for (module, name) in graph.modules.into_iter().zip(&names) {
        let is_itself = module.name == *name;
        let entry = modules.entry(name.clone());
        entry.and_modify(|known| join(known, &module, is_itself)).or_insert_with(|| {
            let path = module.path.clone().filter(|_| is_itself);
            GraphModule {
                path,
                name: name.clone(),
                is_package: module.is_package || !is_itself,
                ..module
            }
        });
    }
    let numbers: BTreeMap<&str, usize> =
        modules.keys().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let mut edges: BTreeMap<(usize, usize), Vec<Statement>> = BTreeMap::new();
    for edge in graph.edges {
        let (from, to) = (numbers[names[edge.from].as_str()], numbers[names[edge.to].as_str()]);
        if from != to {
            edges.entry((from, to)).or_default().extend(edge.statements);
        }
    }
    let edge = |((from, to), mut statements): (_, Vec<Statement>)| {
        statements.sort_by_key(|statement| statement.at);
        GraphEdge { from, to, statements }
    };
    let edges = edges.into_iter().map(edge).collect();
    Graph { modules: modules.into_values().collect(), edges }
}

fn join(known: &mut GraphModule, other: &GraphModule, is_itself: bool) {
    known.size += other.size;
    known.is_package |= other.is_package || !is_itself;
    known.is_entry &= other.is_entry;
    known.is_chosen |= other.is_chosen;
    known.origin = known.origin.min(other.origin);
    if is_itself {
        known.path.clone_from(&other.path);
    }
}
