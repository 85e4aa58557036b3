//! Which modules of the session each of them runs when it is imported.

use pycheck_model::{ImportKind, ModuleSummary, NameIndex, Step};
use rustc_hash::FxHashSet;

use super::table::{Code, NodeId, Submodule, Table, Target};

/// For each file of the session, the files that it may run on import; its packages included.
pub(super) fn edges(table: &mut Table<'_>) -> Vec<Vec<NodeId>> {
    let count = table.session.len();
    (0..count).map(|file| edges_of(table, file)).collect()
}

fn edges_of(table: &mut Table<'_>, file: usize) -> Vec<NodeId> {
    let node = table.session[file];
    let summary = table.modules[file].summary.clone();
    let mut found = Found { count: table.session.len() as u32, nodes: Vec::new() };
    let package = table.package(node).to_owned();
    if !package.is_empty() {
        let path = table.node(node).path;
        let target = table.chain(&package, path);
        found.target(&target);
    }
    for import in imports_run(&summary) {
        let target = table.targets[file][import as usize].clone();
        found.target(&target);
        let Target::Found(chain) = target else { continue };
        let ImportKind::From { names, .. } = &summary.imports[import as usize].kind else {
            continue;
        };
        let Some(last) = chain.last().copied().filter(|last| may_hold(table, *last)) else {
            continue;
        };
        for name in names {
            let name = table.name(&name.name);
            if let Submodule::Found(child) = table.submodule(last, name) {
                found.add(child);
            }
        }
    }
    found.nodes.retain(|other| *other != node);
    found.nodes
}

/// Whether a module is a package whose submodules may be files of the session.
fn may_hold(table: &Table<'_>, node: NodeId) -> bool {
    let node = table.node(node);
    node.is_package && matches!(node.code, Code::Session(_) | Code::Namespace)
}

struct Found {
    count: u32,
    nodes: Vec<NodeId>,
}

impl Found {
    fn add(&mut self, node: NodeId) {
        if node < self.count && !self.nodes.contains(&node) {
            self.nodes.push(node);
        }
    }

    fn target(&mut self, target: &Target) {
        if let Target::Found(chain) | Target::Raises(_, chain) = target {
            chain.iter().for_each(|node| self.add(*node));
        }
    }
}

/// The imports that may run when the module is imported, in functions that it calls too.
pub(super) fn imports_run(summary: &ModuleSummary) -> Vec<u32> {
    let mut search = Search { summary, imports: Vec::new(), called: FxHashSet::default() };
    search.block(&summary.body.steps);
    search.imports
}

struct Search<'s> {
    summary: &'s ModuleSummary,
    imports: Vec<u32>,
    called: FxHashSet<NameIndex>,
}

impl Search<'_> {
    fn block(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Import(import) => self.imports.push(*import),
                Step::Call(name) if self.called.insert(*name) => {
                    let summary = self.summary;
                    let bodies = summary.body.functions.iter().filter(|(own, _)| own == name);
                    bodies.for_each(|(_, body)| self.block(body));
                }
                Step::Branch(arms) => arms.iter().for_each(|arm| self.block(arm)),
                Step::Class(body) => self.block(body),
                Step::Try(node) => {
                    self.block(&node.body);
                    node.handlers.iter().for_each(|handler| self.block(&handler.body));
                    self.block(&node.orelse);
                    self.block(&node.finalbody);
                }
                _ => {}
            }
        }
    }
}
