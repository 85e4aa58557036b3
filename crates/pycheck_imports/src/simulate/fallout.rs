//! What a module that can't be imported takes down with it: the modules and scripts that import it.

use std::collections::VecDeque;

use pycheck_model::{ImportKind, Site, SiteIndex, Trail};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Simulation;
use super::edges::imports_run;
use super::table::{NodeId, Submodule, Table, Target};

/// How many modules are shown, and how many are looked at to be counted.
const MAX_SHOWN: usize = 4;
const MAX_COUNTED: usize = 200;

/// Which failing modules are imported by which others that fail with them, and where.
pub(super) type Importers = FxHashMap<NodeId, Vec<(NodeId, SiteIndex)>>;

impl Simulation<'_> {
    /// The imports by which others fail with a file, scripts first.
    pub(crate) fn taken_down(&mut self, file: NodeId) -> Vec<Trail> {
        if self.importers.is_none() {
            self.importers = Some(importers(&mut self.table));
        }
        let mut down = self.reached_from(file);
        let is_script = |node: &NodeId| self.table.modules[*node as usize].summary.is_script;
        down.sort_by_key(|(node, _)| !is_script(node));
        let left = down.len().saturating_sub(MAX_SHOWN);
        let count = down.len().min(MAX_SHOWN);
        let shown = down.iter().take(count).enumerate().map(|(index, (node, site))| {
            let more = if left > 0 && index + 1 == count { Some(left) } else { None };
            let site = Site { file: *node, index: *site };
            Trail::Site(site, self.words(*node, is_script(node), more))
        });
        shown.collect()
    }

    fn words(&self, node: NodeId, is_script: bool, more: Option<usize>) -> String {
        let node = self.table.node(node);
        let file = node.file.as_deref().and_then(|file| file.file_name()).unwrap_or_default();
        let who = if is_script {
            format!("the script `{}`", file.to_string_lossy())
        } else {
            format!("`{}`", node.name)
        };
        let rest = match more {
            Some(1) => ", as does 1 more".to_owned(),
            Some(more) if more >= MAX_COUNTED - MAX_SHOWN => {
                format!(", as do more than {more} others")
            }
            Some(more) => format!(", as do {more} more"),
            None => String::new(),
        };
        format!("{who} fails with it by this import{rest}")
    }

    fn reached_from(&self, file: NodeId) -> Vec<(NodeId, SiteIndex)> {
        let Some(importers) = &self.importers else { return Vec::new() };
        let mut seen = FxHashSet::from_iter([file]);
        let mut pending = VecDeque::from([file]);
        let mut down = Vec::new();
        while let Some(node) = pending.pop_front() {
            for (importer, site) in importers.get(&node).into_iter().flatten() {
                if down.len() >= MAX_COUNTED {
                    return down;
                }
                if seen.insert(*importer) {
                    down.push((*importer, *site));
                    pending.push_back(*importer);
                }
            }
        }
        down
    }
}

fn importers(table: &mut Table<'_>) -> Importers {
    let mut importers = Importers::default();
    for file in 0..table.session.len() as NodeId {
        if !fails(table, file) {
            continue;
        }
        for (node, site) in imported_by(table, file) {
            let known = importers.entry(node).or_default();
            if known.last().is_none_or(|(last, _)| *last != file) {
                known.push((file, site));
            }
        }
    }
    importers
}

fn fails(table: &Table<'_>, node: NodeId) -> bool {
    table.finals.get(&node).is_some_and(|known| known.fails.is_some())
}

/// The failing modules that a file imports.
fn imported_by(table: &mut Table<'_>, file: NodeId) -> Vec<(NodeId, SiteIndex)> {
    let Some(summary) = table.summary(file) else { return Vec::new() };
    let mut found = Vec::new();
    for index in imports_run(&summary) {
        let import = &summary.imports[index as usize];
        let target = table.targets.get(file as usize).and_then(|own| own.get(index as usize));
        let Some(Target::Found(chain) | Target::Raises(_, chain)) = target.cloned() else {
            continue;
        };
        found.extend(chain.iter().map(|node| (*node, import.site)));
        let (ImportKind::From { names, .. }, Some(last)) = (&import.kind, chain.last()) else {
            continue;
        };
        for name in names {
            let id = table.name(&name.name);
            if let Submodule::Found(child) = table.submodule(*last, id) {
                found.push((child, name.site));
            }
        }
    }
    found.retain(|(node, _)| *node != file && fails(table, *node));
    found
}
