//! Parts of a graph of modules: neighbours, chains, cycles, packages in place of modules.

mod affected;
mod collapse;
mod select;

use pycheck_model::{Graph, GraphEdge, Site};
use rustc_hash::{FxHashMap, FxHashSet};

pub use self::select::{Focus, Selection, SelectionError, select};
use crate::simulate::components::components;

/// The statements that matter where modules import each other.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Why a statement fails, by the place of the module or of a name in it.
    pub(crate) failures: FxHashMap<Site, String>,
    /// Why the use of a module fails, by the file that uses it and the module's name.
    pub(crate) uses: FxHashMap<(u32, String), String>,
    /// The full names of what is asked for and nowhere, by its place.
    pub(crate) missing: FxHashMap<Site, String>,
    /// The imports without which there are no cycles.
    pub(crate) cuts: FxHashSet<Site>,
}

/// Finds the modules that lead to each other by imports that run, and numbers their sets.
pub(crate) fn number_cycles(graph: &mut Graph) {
    let mut targets: Vec<Vec<u32>> = vec![Vec::new(); graph.modules.len()];
    for edge in graph.edges.iter().filter(|edge| edge.runs()) {
        targets[edge.from].push(edge.to as u32);
    }
    let mut cycles = components(&targets);
    cycles.retain(|cycle| cycle.len() > 1);
    cycles.sort_unstable();
    graph.modules.iter_mut().for_each(|module| module.cycle = None);
    for (number, cycle) in cycles.into_iter().enumerate() {
        for module in cycle {
            graph.modules[module as usize].cycle = Some(number);
        }
    }
}

/// The graph of these modules, in this order, and of those edges between them that are kept.
fn part(graph: Graph, order: &[usize], keeps: impl Fn(&GraphEdge) -> bool) -> Graph {
    let numbers: FxHashMap<usize, usize> =
        order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let modules = order.iter().map(|old| graph.modules[*old].clone()).collect();
    let mut edges: Vec<GraphEdge> = Vec::new();
    for edge in graph.edges.into_iter().filter(keeps) {
        if let (Some(from), Some(to)) = (numbers.get(&edge.from), numbers.get(&edge.to)) {
            edges.push(GraphEdge { from: *from, to: *to, ..edge });
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.to));
    Graph { modules, edges }
}

/// The graph of the modules that are kept, in the order that they have.
fn keep(graph: Graph, is_kept: impl Fn(usize) -> bool) -> Graph {
    let order: Vec<usize> = (0..graph.modules.len()).filter(|number| is_kept(*number)).collect();
    part(graph, &order, |_| true)
}

/// For each module those that it leads to, or with `is_reversed` those that lead to it.
fn neighbours(graph: &Graph, is_reversed: bool) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); graph.modules.len()];
    for GraphEdge { from, to, .. } in &graph.edges {
        let (from, to) = if is_reversed { (to, from) } else { (from, to) };
        found[*from].push(*to);
    }
    found
}

/// The modules that can be reached from some, these included, in so many steps.
fn reached(neighbours: &[Vec<usize>], start: &[usize], depth: usize) -> FxHashSet<usize> {
    let mut seen: FxHashSet<usize> = start.iter().copied().collect();
    let mut edge = start.to_vec();
    for _ in 0..depth {
        let next = edge.iter().flat_map(|module| &neighbours[*module]).copied();
        edge = next.filter(|module| seen.insert(*module)).collect();
        if edge.is_empty() {
            break;
        }
    }
    seen
}
