//! Which imports of names fail: every module is run once after all that it imports, and the modules
//! of a cycle once for each of them that can be imported first.

use std::rc::Rc;

use pycheck_model::SiteIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::components::components;
use super::edges;
use super::machine::{Failing, Live, Machine, Status, What, Why};
use super::space::Space;
use super::table::{Final, NameId, NodeId, Submodule, Table, Target};
use super::unraised::Unraised;

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
    table.edges = edges::edges(table);
    let order = components(&table.edges);
    let mut found = Vec::new();
    let mut budget = MAX_STEPS;
    for component in order {
        if let [only] = component[..] {
            run_one(table, only, &mut found);
        } else {
            run_cycle(table, &component, &mut budget, &mut found);
            table.cyclic.push(component);
        }
    }
    found
}

/// A module all of whose imports have run.
fn run_one(table: &mut Table<'_>, node: NodeId, found: &mut Vec<Failed>) {
    if has_ended_above(table, node) {
        return block(table, node);
    }
    let members = FxHashSet::from_iter([node]);
    let chain = own_chain(table, node);
    let mut machine = Machine::new(table, &members);
    machine.import_first(&chain);
    let mut unraised = Unraised::default();
    machine.note_unraised(&mut unraised);
    let failures = std::mem::take(&mut machine.found);
    if let Some(live) = machine.live.remove(&node) {
        let known = Machine::into_final(live);
        table.finals.insert(node, known);
    }
    table.blocked.extend(unraised.places());
    let always = |failing: Failing| {
        let verdict = match failing.what {
            _ if is_circular(&failing) => Verdict::Circular,
            // Somebody else may import the submodule first.
            What::Attribute { module, name, why: Why::Unimported }
                if imported_elsewhere(table, node, module, name) =>
            {
                Verdict::Fragile(vec![node])
            }
            _ => Verdict::Always,
        };
        Failed { failing, verdict }
    };
    found.extend(failures.into_iter().map(always).collect::<Vec<_>>());
}

/// Whether a package around a module raises, so that the module can't be imported.
fn has_ended_above(table: &mut Table<'_>, node: NodeId) -> bool {
    let (package, path) = (table.package(node).to_owned(), table.node(node).path);
    let Target::Found(chain) = table.chain(&package, path) else { return false };
    let mut above = chain.iter().filter(|above| **above != node);
    above.any(|above| table.finals.get(above).is_some_and(|known| known.has_ended))
}

/// None of the imports of a module is ever reached.
fn block(table: &mut Table<'_>, node: NodeId) {
    if let Some(summary) = table.summary(node) {
        table.blocked.extend(summary.imports.iter().map(|import| (node, import.site)));
    }
    let ended = Final {
        space: Space::open(),
        fails: None,
        is_clean: false,
        has_ended: true,
        loads: Rc::default(),
        perhaps: Rc::default(),
    };
    table.finals.insert(node, Rc::new(ended));
}

/// What one run, or several that are the same, has shown.
struct Run {
    entries: Vec<NodeId>,
    found: Vec<Failing>,
    reached: Rc<FxHashSet<(NodeId, SiteIndex)>>,
    /// The modules that have run to their end.
    done: FxHashSet<NodeId>,
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
    let mut unraised = Unraised::default();
    for (first, entries) in by_first_member(table, component, &members) {
        let mut machine = Machine::new(table, &members);
        machine.import_first(&first);
        *budget = budget.saturating_sub(machine.steps_taken());
        let (loaded, others): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(entry, _)| machine.status(*entry) != Status::Absent);
        let start = machine.snapshot();
        keep(&machine, &mut finals);
        machine.note_unraised(&mut unraised);
        runs.push(taken(&mut machine, loaded.into_iter().map(|(entry, _)| entry).collect()));
        for (entry, chain) in others {
            if *budget == 0 {
                break;
            }
            machine.restore(&start);
            machine.import_first(&chain);
            *budget = budget.saturating_sub(machine.steps_taken());
            keep(&machine, &mut finals);
            machine.note_unraised(&mut unraised);
            runs.push(taken(&mut machine, vec![entry]));
        }
    }
    for node in component {
        table.finals.insert(*node, joined(finals.remove(node).unwrap_or_default()));
    }
    table.blocked.extend(unraised.places());
    found.extend(compare(&runs, *budget > 0));
}

/// The modules that importing a module by its name runs.
fn own_chain(table: &mut Table<'_>, node: NodeId) -> Vec<NodeId> {
    let (name, path) = (table.node(node).name.clone(), table.node(node).path);
    match table.chain(&name, path) {
        Target::Found(chain) if chain.last() == Some(&node) => chain.to_vec(),
        // It can't be imported by its name, but it can be started.
        _ => vec![node],
    }
}

/// Takes what a run has shown.
fn taken(machine: &mut Machine<'_, '_>, entries: Vec<NodeId>) -> Run {
    Run {
        entries,
        found: std::mem::take(&mut machine.found),
        reached: Rc::new(std::mem::take(&mut machine.reached)),
        done: done(machine),
    }
}

/// The modules that have run to their end.
fn done(machine: &Machine<'_, '_>) -> FxHashSet<NodeId> {
    let done = machine.live.iter().filter(|(_, live)| live.status == Status::Done);
    done.map(|(node, _)| *node).collect()
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
        let chain = own_chain(table, *node);
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
        return Rc::new(Final {
            space: Space::open(),
            fails: None,
            is_clean: false,
            has_ended: false,
            loads: Rc::default(),
            perhaps: Rc::default(),
        });
    };
    for other in runs {
        first.space.join(&other.space);
        first.fails = first.fails.and(other.fails);
        first.is_clean &= other.is_clean;
        first.perhaps.extend(&other.perhaps);
        let (both, one): (Vec<_>, Vec<_>) =
            first.loads.iter().copied().partition(|node| other.loads.contains(node));
        first.perhaps.extend(one);
        first.perhaps.extend(other.loads.iter().filter(|node| !both.contains(node)));
        first.loads = both;
    }
    Machine::into_final(first)
}

/// Whether a module of the session other than this one may import a submodule.
fn imported_elsewhere(table: &mut Table<'_>, node: NodeId, module: NodeId, name: NameId) -> bool {
    let Submodule::Found(child) = table.submodule(module, name) else { return false };
    let others = table.edges.iter().enumerate().filter(|(from, _)| *from as NodeId != node);
    others.into_iter().any(|(_, edges)| edges.contains(&child))
}

/// A place and what is asked for there, whatever the state of the other module.
fn key(failing: &Failing) -> (NodeId, SiteIndex, Option<NameId>) {
    let name = match failing.what {
        What::Module(_) => None,
        What::Name { name, .. } | What::Star { name, .. } | What::Attribute { name, .. } => {
            Some(name)
        }
    };
    (failing.node, failing.site, name)
}

fn is_circular(failing: &Failing) -> bool {
    match failing.what {
        What::Name { is_half_made, .. } | What::Star { is_half_made, .. } => is_half_made,
        What::Attribute { why, .. } => !matches!(why, Why::Unimported | Why::Nowhere),
        What::Module(_) => false,
    }
}

/// Which failures happen in all runs, and which in some.
fn compare(runs: &[Run], is_complete: bool) -> Vec<Failed> {
    let mut order = Vec::new();
    let mut by_key: FxHashMap<_, Vec<(usize, &Failing)>> = FxHashMap::default();
    for (index, run) in runs.iter().enumerate() {
        for failing in &run.found {
            let key = key(failing);
            let known = by_key.entry(key).or_default();
            if known.is_empty() {
                order.push(key);
            }
            known.push((index, failing));
        }
    }
    order.iter().flat_map(|key| judge(runs, key.0, &by_key[key], is_complete)).collect()
}

/// The failures of one place: if they happen in all runs the first is told as such, and those that
/// CPython words in another way as what they are in their runs.
fn judge(
    runs: &[Run],
    node: NodeId,
    failures: &[(usize, &Failing)],
    is_complete: bool,
) -> Vec<Failed> {
    let site = failures[0].1.site;
    // A run in which the module came to its end without this failure did not even reach it, or it
    // worked there.
    let works = runs.iter().enumerate().any(|(index, run)| {
        let fails = failures.iter().any(|(failing, _)| *failing == index);
        run.reached.contains(&(node, site)) || (!fails && run.done.contains(&node))
    });
    let own = runs.iter().position(|run| run.entries.contains(&node));
    let fails_alone = own.is_some_and(|own| failures.iter().any(|(run, _)| *run == own));
    let is_always = is_complete && !works && fails_alone;
    let mut variants: Vec<(&Failing, Vec<usize>)> = Vec::new();
    for (run, failing) in failures {
        match variants.iter_mut().find(|(known, _)| known.what == failing.what) {
            Some((_, in_runs)) => in_runs.push(*run),
            None => variants.push((failing, vec![*run])),
        }
    }
    // What is missing for good comes first, then what happens when the module itself is imported.
    variants.sort_by_key(|(failing, in_runs)| {
        (is_circular(failing), !own.is_some_and(|own| in_runs.contains(&own)))
    });
    let verdict = |(index, (failing, in_runs)): (usize, &(&Failing, Vec<usize>))| {
        let entries = in_runs.iter().flat_map(|run| runs[*run].entries.iter().copied());
        let verdict = match (is_always && index == 0, is_circular(failing)) {
            (true, true) => Verdict::Circular,
            (true, false) => Verdict::Always,
            (false, _) => Verdict::Fragile(entries.collect()),
        };
        Failed { failing: (*failing).clone(), verdict }
    };
    variants.iter().enumerate().map(verdict).collect()
}
