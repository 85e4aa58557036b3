//! Modules that import each other, whether or not that fails, and the imports without which they
//! would not.

use std::collections::{BTreeSet, VecDeque};

use pycheck_model::{ImportKind, Site, SiteIndex};

use super::Simulation;
use super::components::components;
use super::edges::imports_run;
use super::table::{NodeId, Submodule, Table, Target};
use crate::cycle::{Cycle, Hop};

/// An import statement of one module that leads to another.
struct Edge {
    to: u32,
    site: SiteIndex,
}

impl Simulation<'_> {
    /// One cycle for each set of modules that all lead to each other.
    pub(crate) fn cycles(&mut self) -> Vec<Cycle> {
        let components = std::mem::take(&mut self.table.cyclic);
        let mut found = Vec::new();
        for members in &components {
            let edges = statements(&mut self.table, members);
            let targets: Vec<Vec<u32>> =
                edges.iter().map(|edges| edges.iter().map(|edge| edge.to).collect()).collect();
            // The packages around the modules hold together more than the statements do.
            for component in components_of(&targets) {
                found.extend(self.cycle(members, &component, &edges));
            }
        }
        found.sort_by_key(|cycle| cycle.cuts.first().map(|hop| hop.at));
        found
    }

    fn cycle(&self, members: &[NodeId], component: &[u32], edges: &[Vec<Edge>]) -> Option<Cycle> {
        let index = |node: u32| component.binary_search(&node).ok().map(|at| at as u32);
        let inner: Vec<Vec<u32>> = component
            .iter()
            .map(|node| edges[*node as usize].iter().filter_map(|edge| index(edge.to)).collect())
            .collect();
        let hop = |(from, to): (u32, u32)| {
            let (from, to) = (component[from as usize], component[to as usize]);
            let edge = edges[from as usize].iter().find(|edge| edge.to == to)?;
            let name = |node: u32| self.table.node(members[node as usize]).name.to_string();
            let at = Site { file: members[from as usize], index: edge.site };
            Some(Hop { at, from: name(from), to: name(to) })
        };
        let cuts = cuts(&inner);
        let first = cuts.first().copied()?;
        let way = way(&inner, first.1, first.0);
        let hops = std::iter::once(first).chain(way.windows(2).map(|pair| (pair[0], pair[1])));
        Some(Cycle {
            size: component.len(),
            hops: hops.filter_map(hop).collect(),
            cuts: cuts.into_iter().filter_map(hop).collect(),
        })
    }
}

/// Where the import statements of some modules lead among them.
fn statements(table: &mut Table<'_>, members: &[NodeId]) -> Vec<Vec<Edge>> {
    members.iter().map(|node| statements_of(table, *node, members)).collect()
}

fn statements_of(table: &mut Table<'_>, node: NodeId, members: &[NodeId]) -> Vec<Edge> {
    let Some(summary) = table.summary(node) else { return Vec::new() };
    let mut edges: Vec<Edge> = Vec::new();
    for import in imports_run(&summary) {
        let Target::Found(chain) = table.targets[node as usize][import as usize].clone() else {
            continue;
        };
        let Some(last) = chain.last().copied() else { continue };
        let statement = &summary.imports[import as usize];
        for (to, site) in asked(table, last, &statement.kind, statement.site) {
            let to = members.binary_search(&to).ok().map(|at| at as u32);
            if let Some(to) = to.filter(|to| members[*to as usize] != node)
                && edges.iter().all(|edge| edge.to != to)
            {
                edges.push(Edge { to, site });
            }
        }
    }
    edges
}

/// The modules that a statement asks for: the submodules that it names, or else the module.
pub(super) fn asked(
    table: &mut Table<'_>,
    module: NodeId,
    kind: &ImportKind,
    site: SiteIndex,
) -> Vec<(NodeId, SiteIndex)> {
    let ImportKind::From { names, .. } = kind else { return vec![(module, site)] };
    let found = names.iter().map(|name| {
        let id = table.name(&name.name);
        match table.submodule(module, id) {
            Submodule::Found(child) => (child, name.site),
            Submodule::Missing | Submodule::Unknown => (module, site),
        }
    });
    found.collect()
}

/// The components that hold more than one node.
fn components_of(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    components(edges).into_iter().filter(|component| component.len() > 1).collect()
}

/// Edges without which there is no cycle, few of them: those that lead back in an order that keeps
/// as many as it can leading forward (Eades, Lin and Smyth).
fn cuts(edges: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let rank = Order::new(edges).rank();
    let mut cuts = Vec::new();
    for (from, targets) in edges.iter().enumerate() {
        let back = targets.iter().filter(|to| rank[from] > rank[**to as usize]);
        cuts.extend(back.map(|to| (from as u32, *to)));
    }
    cuts
}

/// Nodes that are taken away one by one.
struct Order<'e> {
    edges: &'e [Vec<u32>],
    reverse: Vec<Vec<u32>>,
    out: Vec<usize>,
    into: Vec<usize>,
    /// What is left, by what is to be taken next.
    left: BTreeSet<(u8, isize, u32)>,
}

impl<'e> Order<'e> {
    fn new(edges: &'e [Vec<u32>]) -> Self {
        let mut reverse = vec![Vec::new(); edges.len()];
        for (from, targets) in edges.iter().enumerate() {
            for to in targets {
                reverse[*to as usize].push(from as u32);
            }
        }
        let out = edges.iter().map(Vec::len).collect();
        let into = reverse.iter().map(Vec::len).collect();
        let mut order = Self { edges, reverse, out, into, left: BTreeSet::new() };
        order.left = (0..edges.len() as u32).map(|node| order.key(node)).collect();
        order
    }

    /// Ends first, then beginnings, then what leads to more than leads to it.
    fn key(&self, node: u32) -> (u8, isize, u32) {
        let (out, into) = (self.out[node as usize], self.into[node as usize]);
        let kind = if out == 0 { 0 } else { 1 + u8::from(into != 0) };
        (kind, into.cast_signed() - out.cast_signed(), node)
    }

    fn take(&mut self, node: u32) {
        for to in self.edges[node as usize].clone() {
            self.change(to, |order| order.into[to as usize] -= 1);
        }
        for from in self.reverse[node as usize].clone() {
            self.change(from, |order| order.out[from as usize] -= 1);
        }
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Self)) {
        let is_left = self.left.remove(&self.key(node));
        change(self);
        if is_left {
            self.left.insert(self.key(node));
        }
    }

    fn rank(mut self) -> Vec<usize> {
        let mut rank = vec![0; self.edges.len()];
        let (mut first, mut last) = (0, self.edges.len());
        while let Some((kind, _, node)) = self.left.pop_first() {
            if kind == 0 {
                last -= 1;
                rank[node as usize] = last;
            } else {
                rank[node as usize] = first;
                first += 1;
            }
            self.take(node);
        }
        rank
    }
}

/// The shortest way from one node to another, both included.
fn way(edges: &[Vec<u32>], from: u32, to: u32) -> Vec<u32> {
    let mut before = vec![None; edges.len()];
    let mut pending = VecDeque::from([from]);
    while let Some(node) = pending.pop_front() {
        if node == to {
            break;
        }
        for next in &edges[node as usize] {
            if *next != from && before[*next as usize].is_none() {
                before[*next as usize] = Some(node);
                pending.push_back(*next);
            }
        }
    }
    let mut way = vec![to];
    while let Some(node) = before[way[way.len() - 1] as usize] {
        way.push(node);
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::{components_of, cuts, way};

    #[test]
    fn one_edge_breaks_a_ring() {
        let ring: Vec<Vec<u32>> = (0..10_000).map(|node| vec![(node + 1) % 10_000]).collect();
        assert_eq!(cuts(&ring).len(), 1);
    }

    #[test]
    fn without_its_cuts_a_graph_has_no_cycle() {
        let edges: Vec<Vec<u32>> =
            (0..200_u32).map(|node| vec![(node * 7 + 1) % 200, (node * node + 3) % 200]).collect();
        let cut = cuts(&edges);
        let left: Vec<Vec<u32>> = edges
            .iter()
            .enumerate()
            .map(|(from, all)| {
                all.iter().copied().filter(|to| !cut.contains(&(from as u32, *to))).collect()
            })
            .collect();
        assert!(components_of(&left).is_empty());
    }

    #[test]
    fn the_way_back_is_the_shortest() {
        assert_eq!(way(&[vec![1], vec![2, 3], vec![3], vec![0]], 1, 0), [1, 3, 0]);
    }
}
