//! From the whole graph to the part that somebody wants to see.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use pycheck_model::{Graph, Origin, nearest};
use rustc_hash::FxHashSet;

use super::affected::affected;
use super::collapse::{collapsed, with_outside_packages};
use super::{keep, neighbours, number_cycles, part, reached};

/// Which part of a graph is wanted. Nothing set means all modules of the project.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Modules, and those around them.
    pub focus: Option<Focus>,
    /// The shortest chain of imports from the first to the second.
    pub between: Option<(String, String)>,
    /// The modules that import each other, and nothing else.
    pub cycles: bool,
    /// Packages in place of modules: how many parts a name has at most.
    pub collapse: Option<usize>,
    /// What lies outside of the project as well.
    pub external: bool,
    /// What may behave otherwise because these files have changed.
    pub changed: Option<Vec<PathBuf>>,
    /// The modules that nothing imports and nobody starts.
    pub orphans: bool,
}

/// Modules, and those around them.
#[derive(Debug, Clone)]
pub struct Focus {
    /// Names, or files; a package stands for all that is in it.
    pub modules: Vec<String>,
    /// Through how many imports to go.
    pub depth: usize,
    /// Show what imports them.
    pub up: bool,
    /// Show what they import.
    pub down: bool,
}

/// Why there is no such part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectionError {
    /// No module has this name; perhaps the other one was meant.
    Unknown(String, Option<String>),
    /// The first does not import the second, not even through others.
    NoChain(String, String),
}

impl std::fmt::Display for SelectionError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(name, Some(near)) => {
                write!(
                    formatter,
                    "there is no module `{name}` in the graph; did you mean `{near}`?"
                )
            }
            Self::Unknown(name, None) => {
                write!(formatter, "there is no module `{name}` in the graph")
            }
            Self::NoChain(from, to) => {
                write!(formatter, "`{from}` does not import `{to}`, not even through others")
            }
        }
    }
}

impl std::error::Error for SelectionError {}

/// The part of the graph that is wanted. Files are named relative to the folder `here`.
pub fn select(graph: Graph, wanted: &Selection, here: &Path) -> Result<Graph, SelectionError> {
    let mut graph = match &wanted.changed {
        Some(changed) => affected(graph, changed),
        None => graph,
    };
    if wanted.orphans {
        let orphans = orphans(&graph);
        graph = keep(graph, |number| orphans.contains(&number));
    }
    graph = if wanted.external { with_outside_packages(graph) } else { only_project(graph) };
    if let Some(parts) = wanted.collapse {
        graph = collapsed(graph, parts);
    }
    number_cycles(&mut graph);
    if wanted.cycles {
        graph = only_cycles(graph);
    }
    if let Some((from, to)) = &wanted.between {
        return between(graph, from, to, here);
    }
    match &wanted.focus {
        Some(focus) => around(graph, focus, here),
        None => Ok(graph),
    }
}

fn only_project(graph: Graph) -> Graph {
    let own: FxHashSet<usize> = (0..graph.modules.len())
        .filter(|number| graph.modules[*number].origin == Origin::Project)
        .collect();
    keep(graph, |number| own.contains(&number))
}

fn only_cycles(graph: Graph) -> Graph {
    let cycles: Vec<Option<usize>> = graph.modules.iter().map(|module| module.cycle).collect();
    let mut order: Vec<usize> = (0..cycles.len()).filter(|it| cycles[*it].is_some()).collect();
    order.sort_by_key(|number| (cycles[*number], *number));
    part(graph, &order, |edge| cycles[edge.from] == cycles[edge.to] && edge.runs())
}

/// The modules that nothing imports: neither they nor what is below them.
fn orphans(graph: &Graph) -> FxHashSet<usize> {
    let imported: FxHashSet<usize> = graph.edges.iter().map(|edge| edge.to).collect();
    let used: FxHashSet<&str> = imported
        .iter()
        .flat_map(|number| {
            let name = graph.modules[*number].name.as_str();
            name.match_indices('.').map(|(end, _)| &name[..end])
        })
        .collect();
    let is_orphan = |number: &usize| {
        let module = &graph.modules[*number];
        let is_plain = module.origin == Origin::Project && !module.is_entry;
        is_plain && !imported.contains(number) && !used.contains(module.name.as_str())
    };
    (0..graph.modules.len()).filter(is_orphan).collect()
}

/// The modules that a name stands for.
fn named(graph: &Graph, name: &str, here: &Path) -> Result<Vec<usize>, SelectionError> {
    let path = here.join(name);
    let below = format!("{name}.");
    let is_named = |number: &usize| {
        let module = &graph.modules[*number];
        module.name == name
            || module.name.starts_with(&below)
            || module.path.as_ref() == Some(&path)
    };
    let found: Vec<usize> = (0..graph.modules.len()).filter(is_named).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    // Where packages stand for modules, the package.
    let around = graph.modules.iter().position(|module| {
        module.size > 1 && name.strip_prefix(&module.name).is_some_and(|rest| rest.starts_with('.'))
    });
    around.map(|number| vec![number]).ok_or_else(|| {
        let names = graph.modules.iter().map(|module| module.name.as_str());
        SelectionError::Unknown(name.to_owned(), nearest(name, names).map(str::to_owned))
    })
}

fn around(mut graph: Graph, focus: &Focus, here: &Path) -> Result<Graph, SelectionError> {
    let mut start = Vec::new();
    for name in &focus.modules {
        start.extend(named(&graph, name, here)?);
    }
    let is_both = focus.up == focus.down;
    let mut shown: FxHashSet<usize> = start.iter().copied().collect();
    for (is_wanted, is_reversed) in [(focus.up, true), (focus.down, false)] {
        if is_wanted || is_both {
            shown.extend(reached(&neighbours(&graph, is_reversed), &start, focus.depth));
        }
    }
    for (number, module) in graph.modules.iter_mut().enumerate() {
        module.is_chosen = start.contains(&number);
    }
    Ok(keep(graph, |number| shown.contains(&number)))
}

fn between(graph: Graph, from: &str, to: &str, here: &Path) -> Result<Graph, SelectionError> {
    let (start, end) = (named(&graph, from, here)?, named(&graph, to, here)?);
    let running = Graph {
        modules: graph.modules.clone(),
        edges: graph.edges.iter().filter(|edge| edge.runs()).cloned().collect(),
    };
    let chain = chain(&running, &start, &end).or_else(|| chain(&graph, &start, &end));
    let Some(chain) = chain else {
        return Err(SelectionError::NoChain(from.to_owned(), to.to_owned()));
    };
    let is_hop = |from: usize, to: usize| chain.windows(2).any(|pair| pair == [from, to]);
    Ok(part(graph, &chain, |edge| is_hop(edge.from, edge.to)))
}

/// The shortest way from one of some modules to one of others.
fn chain(graph: &Graph, start: &[usize], end: &[usize]) -> Option<Vec<usize>> {
    let next = neighbours(graph, false);
    let mut before: Vec<Option<usize>> = vec![None; graph.modules.len()];
    let mut seen: FxHashSet<usize> = start.iter().copied().collect();
    let mut pending: VecDeque<usize> = start.iter().copied().collect();
    while let Some(module) = pending.pop_front() {
        if end.contains(&module) {
            let mut chain = vec![module];
            while let Some(earlier) = before[chain[chain.len() - 1]] {
                chain.push(earlier);
            }
            chain.reverse();
            return Some(chain);
        }
        for other in &next[module] {
            if seen.insert(*other) {
                before[*other] = Some(module);
                pending.push_back(*other);
            }
        }
    }
    None
}
