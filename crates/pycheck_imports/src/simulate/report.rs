//! From what failed in the runs to what a user is told.

use std::path::PathBuf;

use pycheck_model::{ImportKind, ImportedName, Site, SiteIndex, Trail, nearest};

use rustc_hash::FxHashSet;

use super::machine::{Failing, Machine, What, Why};
use super::space::{All, Presence};
use super::table::{Code, NameId, NodeId, Target};
use super::verdict::Verdict;
use super::{Failed, Simulation};
use crate::failure::Certainty;
use crate::name_failure::{Asked, Lack, NameFailure, When};
use crate::stdlib;

/// How many steps of the way to a failure are shown.
const MAX_TRAIL: usize = 12;

impl From<Why> for Lack {
    fn from(why: Why) -> Self {
        match why {
            Why::HalfMade => Self::HalfMade,
            Why::RunningSubmodule => Self::RunningSubmodule,
            Why::Unimported => Self::UnimportedSubmodule,
            Why::Nowhere => Self::Nowhere,
        }
    }
}

/// Makes findings of failures.
pub(crate) struct Reporter<'s, 'a> {
    pub(crate) simulation: &'s mut Simulation<'a>,
    /// The folders that stand first on `sys.path` when Python is started in a project.
    pub(crate) first_folders: &'s FxHashSet<PathBuf>,
}

impl Reporter<'_, '_> {
    /// Everything that the runs have shown.
    pub(crate) fn failures(&mut self) -> Vec<NameFailure> {
        let failed = std::mem::take(&mut self.simulation.failed);
        let found = failed.iter().filter_map(|failed| self.failure(failed)).collect();
        self.simulation.failed = failed;
        found
    }

    fn failure(&mut self, failed: &Failed) -> Option<NameFailure> {
        let failing = &failed.failing;
        let (module, name, asked, is_half_made) = match failing.what {
            What::Name { module, name, is_half_made } => {
                (module, name, Asked::Imported, is_half_made)
            }
            What::Attribute { module, name, why } => {
                let is_half_made = why == Why::HalfMade;
                (module, name, Asked::Read(why.into()), is_half_made)
            }
            What::Module(_) => return None,
            What::Star { module, name, is_half_made } => {
                (module, name, Asked::Starred, is_half_made)
            }
        };
        let when = match &failed.verdict {
            Verdict::Always => When::Always(Certainty::Certain),
            Verdict::Circular => When::Circular,
            Verdict::Fragile(entries) => When::First(self.names_of(entries)),
        };
        let is_circular = !matches!(when, When::Always(_)) || is_half_made;
        let trail = if is_circular { self.trail(failing, module, name) } else { Vec::new() };
        let at = Site { file: failing.node, index: failing.site };
        let failure = self.describe(at, module, name, asked);
        Some(NameFailure { is_half_made, when, trail, ..failure })
    }

    /// The failure of one name of an import that is not part of the runs.
    pub(crate) fn missing(
        &mut self,
        file: u32,
        target: &Target,
        imported: &ImportedName,
        certainty: Certainty,
    ) -> Option<NameFailure> {
        let Target::Found(chain) = target else { return None };
        let module = *chain.last()?;
        let name = self.simulation.table.name(&imported.name);
        let at = Site { file, index: imported.site };
        let failure = self.describe(at, module, name, Asked::Imported);
        Some(NameFailure { when: When::Always(certainty), ..failure })
    }

    fn describe(&mut self, at: Site, module: NodeId, name: NameId, asked: Asked) -> NameFailure {
        let table = &self.simulation.table;
        let node = table.node(module).clone();
        let name_text = table.text(name).to_owned();
        let holder = node.file.as_deref().and_then(|file| {
            let folder = file.parent()?;
            if node.is_package { folder.parent() } else { Some(folder) }
        });
        let is_outside = !matches!(node.code, Code::Session(_) | Code::Namespace);
        let is_on_root =
            !node.name.contains('.') && holder.is_some_and(|it| self.first_folders.contains(it));
        let version = table.resolver.outside().version;
        NameFailure {
            at,
            asked,
            nearest: self.nearest(module, &name_text),
            name: name_text,
            module: node.name.to_string(),
            file: node.file,
            is_half_made: false,
            is_on_root,
            hides_standard: is_on_root && stdlib::contains(&node.name, version),
            is_outside,
            when: When::Always(Certainty::Certain),
            trail: Vec::new(),
        }
    }

    fn names_of(&self, nodes: &[NodeId]) -> Vec<String> {
        nodes.iter().map(|node| self.simulation.table.node(*node).name.to_string()).collect()
    }

    /// The imports that lead from the module that comes first to the one that fails, and the line
    /// that would have bound the name.
    fn trail(&self, failing: &Failing, module: NodeId, name: NameId) -> Vec<Trail> {
        let table = &self.simulation.table;
        let mut trail = Vec::new();
        let steps = failing.trail.iter().filter(|(node, _)| self.is_session(*node));
        let steps: Vec<&(NodeId, SiteIndex)> = steps.collect();
        let reached = steps.iter().map(|(node, _)| *node).skip(1).chain([failing.node]);
        for ((node, site), next) in steps.iter().zip(reached) {
            let (from, to) = (&table.node(*node).name, &table.node(next).name);
            let at = Site { file: *node, index: *site };
            trail.push(Trail::Site(at, format!("`{from}` imports here, which runs `{to}`")));
        }
        if trail.len() > MAX_TRAIL {
            let from = trail.len() - MAX_TRAIL;
            trail.drain(..from);
        }
        if let Some(site) = self.binding_site(module, name) {
            let words = format!(
                "`{}` would be bound here, but this line has not run yet",
                table.text(name)
            );
            trail.push(Trail::Site(Site { file: module, index: site }, words));
        }
        trail
    }

    fn is_session(&self, node: NodeId) -> bool {
        matches!(self.simulation.table.node(node).code, Code::Session(_))
    }

    /// Where an import statement of a module binds a name.
    pub(super) fn binding_site(&self, module: NodeId, name: NameId) -> Option<SiteIndex> {
        let table = &self.simulation.table;
        let Code::Session(file) = table.node(module).code else { return None };
        let text = table.text(name);
        let summary = &table.modules[file as usize].summary;
        let binding = summary
            .body
            .bindings
            .iter()
            .find(|(bound, _)| summary.body.names[*bound as usize] == text);
        let imported = || {
            let kinds = summary.imports.iter().filter(|import| import.context.is_none());
            kinds.filter_map(|import| match &import.kind {
                ImportKind::From { names, .. } => {
                    names.iter().find(|name| name.bound_name() == text).map(|name| name.site)
                }
                ImportKind::Module { .. } | ImportKind::Call { .. } => {
                    import.kind.bound_names().any(|name| name == text).then_some(import.site)
                }
            })
        };
        binding.map(|(_, site)| *site).or_else(|| imported().next())
    }

    /// The name of a module that is most like one that it lacks.
    fn nearest(&mut self, module: NodeId, name: &str) -> Option<String> {
        let members = FxHashSet::default();
        let machine = Machine::new(&mut self.simulation.table, &members);
        let space = machine.view(module)?;
        let bound = space.slots.iter().filter(|(_, slot)| slot.presence == Presence::Bound);
        let mut names: Vec<&str> = bound.map(|(name, _)| machine.table.text(*name)).collect();
        names.sort_unstable();
        nearest(name, names.iter().copied()).map(str::to_owned)
    }

    /// The names in the `__all__` of files that are not there when everything has run.
    pub(crate) fn listed(&mut self) -> Vec<NameFailure> {
        let mut found = Vec::new();
        for file in 0..self.simulation.table.session.len() as u32 {
            let Some(known) = self.simulation.table.finals.get(&file).cloned() else { continue };
            let All::Known(names) = &known.space.all else { continue };
            for (name, site) in names {
                let Some(site) = site else { continue };
                let members = FxHashSet::default();
                let mut machine = Machine::new(&mut self.simulation.table, &members);
                if !machine.may_hold(file, *name) {
                    let at = Site { file, index: *site };
                    found.push(self.describe(at, file, *name, Asked::Listed));
                }
            }
        }
        found
    }
}
