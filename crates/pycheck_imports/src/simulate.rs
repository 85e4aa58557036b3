//! What importing the modules of the session does to their names: which `from` imports find what
//! they ask for, also when modules import each other.
//!
//! Every module is run abstractly, after all that it imports; the modules of a cycle are run once
//! for each of them that can come first. See `machine` for what a run is.

mod blocks;
pub(crate) mod components;
mod cycles;
mod edges;
mod fallout;
mod graph;
mod held;
mod imports;
mod machine;
mod outside;
mod reads;
mod report;
mod space;
mod stars;
mod state;
mod table;
mod unraised;
mod verdict;

use pycheck_model::{SiteIndex, Step};
use rustc_hash::{FxHashMap, FxHashSet};

use self::machine::Machine;
use self::space::Presence;
use self::table::{NameId, NodeId, Table};
use crate::link::ModuleInput;
use crate::resolve::{Resolver, SearchPath};

pub(crate) use self::held::Held;
pub(crate) use self::report::Reporter;
pub(crate) use self::table::Target;
pub(crate) use self::verdict::Failed;

/// The session after all its modules have run.
pub(crate) struct Simulation<'a> {
    table: Table<'a>,
    /// What surely fails.
    failed: Vec<Failed>,
    /// Who imports what fails, once that was asked for.
    importers: Option<fallout::Importers>,
}

/// A file of the session as the simulation knows it.
pub(crate) struct Member {
    /// Its dotted name.
    pub(crate) name: String,
    /// The search path on which that is its name.
    pub(crate) path: SearchPath,
}

impl<'a> Simulation<'a> {
    /// Takes the names of all files, in their order.
    pub(crate) fn new(
        resolver: &'a Resolver<'a>,
        modules: &'a [ModuleInput],
        members: impl Iterator<Item = Member>,
    ) -> Self {
        let mut table = Table::new(resolver, modules);
        for (module, member) in modules.iter().zip(members) {
            table.add_session_file(&module.path, member.name, member.path);
        }
        for module in modules {
            note_stores(&mut table, &module.summary.body.names, &module.summary.body.steps);
        }
        Self { table, failed: Vec::new(), importers: None }
    }

    /// The modules that a dotted name leads to.
    pub(crate) fn chain(&mut self, name: &str, path: SearchPath) -> Target {
        self.table.chain(name, path)
    }

    /// Runs everything. `targets` holds, for each file, what its imports lead to.
    pub(crate) fn run(&mut self, targets: Vec<Vec<Target>>) {
        self.table.targets = targets;
        self.failed = verdict::run_all(&mut self.table);
    }

    /// Whether a module surely lacks a name once everything has run.
    pub(crate) fn lacks(&mut self, target: &Target, name: &str) -> bool {
        let Target::Found(chain) = target else { return false };
        let Some(module) = chain.last().copied() else { return false };
        let members = FxHashSet::default();
        let mut machine = Machine::new(&mut self.table, &members);
        let name = machine.table.name(name);
        machine.final_attribute(module, name).presence == Presence::Unbound
    }

    /// What an import of a file leads to.
    pub(crate) fn target(&self, file: u32, import: u32) -> Option<&Target> {
        self.table.targets.get(file as usize)?.get(import as usize)
    }

    /// The imports of modules that surely run, surely fail, and are caught by nothing.
    pub(crate) fn failing_imports(&self) -> FxHashSet<(NodeId, SiteIndex)> {
        let is_sure = |failed: &&Failed| {
            matches!(failed.failing.what, machine::What::Module(_))
                && failed.verdict == verdict::Verdict::Always
        };
        let places = self.failed.iter().filter(is_sure);
        places.map(|failed| (failed.failing.node, failed.failing.site)).collect()
    }

    /// The imports of modules that fail if some modules come first, with the names of these.
    pub(crate) fn fragile_imports(&self) -> FxHashMap<(NodeId, SiteIndex), Vec<String>> {
        let fragile = self.failed.iter().filter_map(|failed| match &failed.verdict {
            verdict::Verdict::Fragile(entries)
                if matches!(failed.failing.what, machine::What::Module(_)) =>
            {
                let names = entries.iter().map(|node| self.table.node(*node).name.to_string());
                Some(((failed.failing.node, failed.failing.site), names.collect()))
            }
            _ => None,
        });
        fragile.collect()
    }

    /// The imports that are never reached, since something that runs before raises.
    pub(crate) fn blocked(&mut self) -> FxHashSet<(NodeId, SiteIndex)> {
        std::mem::take(&mut self.table.blocked)
    }

    /// The places of a file at which something surely fails, or fails in some runs.
    pub(crate) fn failing_sites(&self) -> FxHashSet<(NodeId, SiteIndex)> {
        self.failed.iter().map(|failed| (failed.failing.node, failed.failing.site)).collect()
    }
}

/// Notes the names that are set on something imported: they may be there whatever the module says.
fn note_stores(table: &mut Table<'_>, names: &[pycheck_model::CompactString], steps: &[Step]) {
    for step in steps {
        match step {
            Step::Store(chain) => {
                if let Some(last) = chain.names.last() {
                    let name: NameId = table.name(&names[*last as usize]);
                    table.patched.insert(name);
                }
            }
            Step::Branch(arms) => arms.iter().for_each(|arm| note_stores(table, names, arm)),
            Step::Class(body) | Step::Main(body) => note_stores(table, names, body),
            Step::Try(node) => {
                let handlers = node.handlers.iter().map(|handler| &handler.body);
                let parts = [&node.body, &node.orelse, &node.finalbody];
                handlers.chain(parts).for_each(|part| note_stores(table, names, part));
            }
            _ => {}
        }
    }
}
