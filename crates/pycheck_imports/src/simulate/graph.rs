//! What the session's files import, as a graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use pycheck_model::{
    ContextIndex, ContextKind, Graph, GraphEdge, GraphModule, Import, ImportKind, ModuleSummary,
    Origin, Site, SiteIndex, Statement, StatementKind,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Simulation;
use super::cycles::asked;
use super::edges::imports_run;
use super::table::{Code, NodeId, Table, Target};
use crate::graph::Marks;
use crate::link::{ModuleInput, is_test_file};
use crate::runs::asked_name;

/// Where an edge leads before all modules are numbered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum End {
    Node(NodeId),
    /// A module that was not found, by its full name.
    Missing(String),
}

type Edges = BTreeMap<(NodeId, End), Vec<Statement>>;

impl Simulation<'_> {
    /// All modules, and all imports wherever they stand.
    pub(crate) fn graph(&mut self, marks: &Marks) -> Graph {
        let mut edges = Edges::new();
        for file in 0..self.table.session.len() as u32 {
            add_imports(&mut self.table, file, marks, &mut edges);
        }
        numbered(&self.table, edges)
    }
}

fn add_imports(table: &mut Table<'_>, file: u32, marks: &Marks, edges: &mut Edges) {
    let ModuleInput { path, summary, .. } = table.modules[file as usize].clone();
    let running: FxHashSet<u32> = imports_run(&summary).into_iter().collect();
    for (index, import) in summary.imports.iter().enumerate() {
        let missing = missing_names(file, import, marks);
        for (end, sites) in ends(table, file, index, import).into_iter().chain(missing) {
            let failure = sites.iter().find_map(|site| marks.failures.get(&site_of(file, *site)));
            let by_use = || match &end {
                End::Node(node) => {
                    let name = table.node(*node).name.to_string();
                    marks.uses.get(&(file, name))
                }
                End::Missing(_) => None,
            };
            let runs = running.contains(&(index as u32));
            let failure = failure.or_else(|| by_use().filter(|_| runs));
            let statement = Statement {
                at: site_of(file, sites[0]),
                path: Arc::clone(&path),
                line: 0,
                kind: kind(&summary, import.context),
                runs,
                is_cut: sites.iter().any(|site| marks.cuts.contains(&site_of(file, *site))),
                failure: failure.cloned(),
            };
            edges.entry((file, end)).or_default().push(statement);
        }
    }
}

/// The names that an import statement asks for in vain: they may be modules that are gone.
fn missing_names(file: u32, import: &Import, marks: &Marks) -> Vec<(End, Vec<SiteIndex>)> {
    let ImportKind::From { names, .. } = &import.kind else { return Vec::new() };
    let missing = |site| marks.missing.get(&site_of(file, site)).cloned();
    let end = |site| Some((End::Missing(missing(site)?), vec![site]));
    names.iter().filter_map(|name| end(name.site)).collect()
}

fn site_of(file: u32, index: SiteIndex) -> Site {
    Site { file, index }
}

/// What an import statement leads to, each with the places that ask for it.
fn ends(
    table: &mut Table<'_>,
    file: u32,
    index: usize,
    import: &Import,
) -> Vec<(End, Vec<SiteIndex>)> {
    let node = table.session[file as usize];
    let found = match table.targets[file as usize].get(index) {
        Some(Target::Found(chain)) => chain.last().copied(),
        _ => None,
    };
    let Some(last) = found else {
        let name = asked_name(&import.kind, table.package(node));
        return name
            .map(|name| (End::Missing(name.into()), vec![import.site]))
            .into_iter()
            .collect();
    };
    let mut ends: Vec<(End, Vec<SiteIndex>)> = Vec::new();
    for (to, site) in asked(table, last, &import.kind, import.site) {
        let end = End::Node(to);
        if to != node && ends.iter().all(|(known, _)| *known != end) {
            ends.push((end, vec![site]));
        }
    }
    // What is no submodule is asked of the module itself.
    let submodules: Vec<SiteIndex> = ends.iter().map(|(_, sites)| sites[0]).collect();
    let own = ends.iter_mut().find(|(end, _)| *end == End::Node(last));
    if let (Some((_, sites)), ImportKind::From { names, .. }) = (own, &import.kind) {
        let names = names.iter().map(|name| name.site);
        sites.extend(names.filter(|site| !submodules.contains(site)));
    }
    ends
}

/// When a statement runs, by the conditions around it.
fn kind(summary: &ModuleSummary, context: Option<ContextIndex>) -> StatementKind {
    let mut kind = StatementKind::Normal;
    let mut next = context;
    while let Some(context) = next.and_then(|index| summary.contexts.get(index as usize)) {
        kind = kind.max(match context.kind {
            ContextKind::Never => StatementKind::TypeChecking,
            ContextKind::Function => StatementKind::Lazy,
            ContextKind::MainGuard => StatementKind::Script,
            ContextKind::Guarded(_) | ContextKind::Handler { .. } | ContextKind::Else { .. } => {
                StatementKind::Try
            }
            ContextKind::Unknown | ContextKind::After { .. } => StatementKind::Normal,
        });
        next = context.parent;
    }
    kind
}

/// The graph, its modules sorted by name.
fn numbered(table: &Table<'_>, edges: Edges) -> Graph {
    let own =
        (0..table.session.len() as u32).filter(|file| !is_stub(&table.modules[*file as usize]));
    let mut ends: Vec<End> = own.map(End::Node).collect();
    let known: FxHashSet<End> = ends.iter().cloned().collect();
    let others: std::collections::BTreeSet<End> =
        edges.keys().map(|(_, end)| end).filter(|end| !known.contains(end)).cloned().collect();
    ends.extend(others);
    let packages = packages(table);
    let mut modules: Vec<(GraphModule, End)> =
        ends.into_iter().map(|end| (module(table, &end, &packages), end)).collect();
    modules.sort_by(|(one, _), (other, _)| (&one.name, &one.path).cmp(&(&other.name, &other.path)));
    let numbers: FxHashMap<End, usize> =
        modules.iter().enumerate().map(|(number, (_, end))| (end.clone(), number)).collect();
    let edge = |((from, end), statements): ((NodeId, End), Vec<Statement>)| {
        let (from, to) = (*numbers.get(&End::Node(from))?, *numbers.get(&end)?);
        Some(GraphEdge { from, to, statements })
    };
    let mut edges: Vec<GraphEdge> = edges.into_iter().filter_map(edge).collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    Graph { modules: modules.into_iter().map(|(module, _)| module).collect(), edges }
}

fn is_stub(module: &ModuleInput) -> bool {
    module.path.extension().is_some_and(|ending| ending == "pyi")
}

/// The names of all packages around the session's files.
fn packages(table: &Table<'_>) -> FxHashSet<String> {
    let names = table.session.iter().map(|node| table.node(*node).name.clone());
    let around = |name: std::rc::Rc<str>| -> Vec<String> {
        name.match_indices('.').map(|(end, _)| name[..end].to_owned()).collect()
    };
    names.flat_map(around).collect()
}

fn module(table: &Table<'_>, end: &End, packages: &FxHashSet<String>) -> GraphModule {
    let End::Node(id) = end else { return missing(end) };
    let node = table.node(*id);
    let own = match &node.code {
        Code::Session(file) => Some(&table.modules[*file as usize]),
        _ => None,
    };
    let origin = match &node.code {
        Code::Session(_) => Origin::Project,
        Code::Namespace if packages.contains(&*node.name) => Origin::Project,
        Code::Namespace => Origin::Installed,
        _ if node.is_standard => Origin::Standard,
        _ => Origin::Installed,
    };
    GraphModule {
        name: node.name.to_string(),
        path: node.file.clone(),
        is_package: node.is_package,
        origin,
        is_entry: own.is_some_and(is_entry),
        size: 1,
        cycle: None,
        is_chosen: true,
    }
}

fn missing(end: &End) -> GraphModule {
    let name = match end {
        End::Missing(name) => name.clone(),
        End::Node(_) => String::new(),
    };
    GraphModule {
        name,
        path: None,
        is_package: false,
        origin: Origin::Missing,
        is_entry: false,
        size: 1,
        cycle: None,
        is_chosen: true,
    }
}

/// Whether a file is started, or found by its name, rather than imported.
fn is_entry(module: &ModuleInput) -> bool {
    let stem = module.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    module.summary.is_script || is_test_file(&module.path) || matches!(stem, "__main__" | "setup")
}
