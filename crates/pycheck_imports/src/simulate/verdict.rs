//! Which imports of names fail: every module is run once after all that it imports, and the modules
//! of a cycle once for each of them that can be imported first.

use std::rc::Rc;

use pycheck_model::SiteIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::components::components;
use super::edges;
use super::machine::{Failing, Live, Machine, Status, What};
use super::space::Space;
use super::table::{Final, NodeId, Table, Target};

/// How many steps the runs of all cycles may take together.
const MAX_STEPS: usize = 40_000_000;
/// How many runs of a cycle are compared for what its modules hold afterwards.
const MAX_JOINED: usize = 6;

/// An import that fails.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    pub(super) failing: Failing,
    pub(super) verdict: Verdict,
}

/// In which runs it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// In all of them, whatever has run before.
    Always,
    /// In all of them, because of the cycle.
    Circular,
    /// When one of these modules is imported first.
    Fragile(Vec<NodeId>),
}

/// Runs all modules of the session.
pub(super) fn run_all(table: &mut Table<'_>) -> Vec<Failed> {
    let edges = edges::edges(table);
    let mut found = Vec::new();
    let mut budget = MAX_STEPS;
    for component in components(&edges) {
        match component[..] {
            [only] => run_one(table, only, &mut found),
            _ => run_cycle(table, &component, &mut budget, &mut found),
        }
    }
    found
}

/// A module all of whose imports have run.
fn run_one(table: &mut Table<'_>, node: NodeId, found: &mut Vec<Failed>) {
    let members = FxHashSet::from_iter([node]);
    let mut machine = Machine::new(table, &members);
    // What it raises itself is kept in its final state.
    let _ = machine.run(node);
    let failures = std::mem::take(&mut machine.found);
    if let Some(live) = machine.live.remove(&node) {
        let known = Machine::into_final(live);
        table.finals.insert(node, known);
    }
    let always = |failing| {
        let verdict = if is_circular(&failing) { Verdict::Circular } else { Verdict::Always };
        Failed { failing, verdict }
    };
    found.extend(failures.into_iter().map(always));
}

/// What one run, or several that are the same, has shown.
struct Run {
    entries: Vec<NodeId>,
    found: Vec<Failing>,
    reached: Rc<FxHashSet<(NodeId, SiteIndex)>>,
}

fn run_cycle(
    table: &mut Table<'_>,
    component: &[NodeId],
    budget: &mut usize,
    found: &mut Vec<Failed>,
) {
    let members: FxHashSet<NodeId> = component.iter().copied().collect();
    let mut finals: FxHashMap<NodeId, Vec<Live>> = FxHashMap::default();
    let mut runs: Vec<Run> = Vec::new();
    for (first, entries) in by_first_member(table, component, &members) {
        let mut machine = Machine::new(table, &members);
        let _ = machine.load_chain(&first);
        *budget = budget.saturating_sub(machine.steps_taken());
        let (loaded, others): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(entry, _)| machine.status(*entry) != Status::Absent);
        let start = machine.snapshot();
        keep(&machine, &mut finals);
        runs.push(Run {
            entries: loaded.into_iter().map(|(entry, _)| entry).collect(),
            found: std::mem::take(&mut machine.found),
            reached: Rc::new(std::mem::take(&mut machine.reached)),
        });
        for (entry, chain) in others {
            if *budget == 0 {
                break;
            }
            machine.restore(&start);
            let _ = machine.load_chain(&chain);
            *budget = budget.saturating_sub(machine.steps_taken());
            keep(&machine, &mut finals);
            runs.push(Run {
                entries: vec![entry],
                found: std::mem::take(&mut machine.found),
                reached: Rc::new(std::mem::take(&mut machine.reached)),
            });
        }
    }
    for node in component {
        table.finals.insert(*node, joined(finals.remove(node).unwrap_or_default()));
    }
    found.extend(compare(&runs, *budget > 0));
}

/// The members by the chain up to the first member that importing them runs, with their own chains.
type Group = (Vec<NodeId>, Vec<(NodeId, Vec<NodeId>)>);

fn by_first_member(
    table: &mut Table<'_>,
    component: &[NodeId],
    members: &FxHashSet<NodeId>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut index: FxHashMap<NodeId, usize> = FxHashMap::default();
    for node in component {
        let (name, path) = (table.node(*node).name.clone(), table.node(*node).path);
        let chain: Vec<NodeId> = match table.chain(&name, path) {
            Target::Found(chain) if chain.last() == Some(node) => chain.to_vec(),
            // It can't be imported by its name, but it can be started.
            _ => vec![*node],
        };
        let Some(position) = chain.iter().position(|it| members.contains(it)) else { continue };
        let group = *index.entry(chain[position]).or_insert_with(|| {
            groups.push((chain[..=position].to_vec(), Vec::new()));
            groups.len() - 1
        });
        groups[group].1.push((*node, chain));
    }
    groups
}

/// Keeps what the modules hold after a run.
#[expect(clippy::iter_over_hash_type, reason = "each module is kept on its own")]
fn keep(machine: &Machine<'_, '_>, finals: &mut FxHashMap<NodeId, Vec<Live>>) {
    for (node, live) in &machine.live {
        let known = finals.entry(*node).or_default();
        if live.status == Status::Done && known.len() < MAX_JOINED {
            known.push(live.clone());
        }
    }
}

fn joined(runs: Vec<Live>) -> Rc<Final> {
    let mut runs = runs.into_iter();
    let Some(mut first) = runs.next() else {
        return Rc::new(Final { space: Space::open(), fails: None, is_clean: false });
    };
    for other in runs {
        first.space.join(&other.space);
        first.fails = first.fails.and(other.fails);
    }
    first.is_clean = false;
    Machine::into_final(first)
}

/// A place and what fails there, whatever the state of the other module.
fn key(failing: &Failing) -> (NodeId, SiteIndex, What) {
    let what = match failing.what.clone() {
        What::Name { module, name, .. } => What::Name { module, name, is_half_made: false },
        What::Star { module, name, .. } => What::Star { module, name, is_half_made: false },
        What::Attribute { module, name, .. } => {
            What::Attribute { module, name, is_submodule: false }
        }
    };
    (failing.node, failing.site, what)
}

fn is_circular(failing: &Failing) -> bool {
    match failing.what {
        What::Name { is_half_made, .. } | What::Star { is_half_made, .. } => is_half_made,
        What::Attribute { .. } => true,
    }
}

/// Which failures happen in all runs, and which in some.
fn compare(runs: &[Run], is_complete: bool) -> Vec<Failed> {
    let mut order = Vec::new();
    let mut by_key: FxHashMap<_, Vec<(usize, &Failing)>> = FxHashMap::default();
    for (index, run) in runs.iter().enumerate() {
        for failing in &run.found {
            let key = key(failing);
            let known = by_key.entry(key.clone()).or_default();
            if known.is_empty() {
                order.push(key);
            }
            known.push((index, failing));
        }
    }
    let judge = |key: &(NodeId, SiteIndex, What)| {
        let failures = &by_key[key];
        let works = runs.iter().any(|run| run.reached.contains(&(key.0, key.1)));
        let own = runs.iter().position(|run| run.entries.contains(&key.0));
        let fails_alone = own.is_some_and(|own| failures.iter().any(|(run, _)| *run == own));
        let is_always = is_complete && !works && fails_alone;
        let (run, failing) = failures
            .iter()
            .find(|(run, failing)| is_always && Some(*run) == own && is_circular(failing))
            .or_else(|| failures.iter().find(|(_, failing)| is_circular(failing)))
            .unwrap_or(&failures[0]);
        let everywhere = failures.iter().all(|(_, failing)| is_circular(failing));
        let entries = failures.iter().flat_map(|(run, _)| runs[*run].entries.iter().copied());
        let verdict = match (is_always, everywhere) {
            (true, true) => Verdict::Circular,
            (true, false) => Verdict::Always,
            (false, _) => {
                let mut first = runs[*run].entries.clone();
                first.extend(entries);
                let mut seen = FxHashSet::default();
                first.retain(|entry| seen.insert(*entry));
                Verdict::Fragile(first)
            }
        };
        Failed { failing: (*failing).clone(), verdict }
    };
    order.iter().map(judge).collect()
}
