//! Which module of a project imports which.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::graph::{Selection, select};
use pycheck_model::{Graph, Statement};
use pycheck_rules::RuleSet;
use pycheck_syntax::Target;
use rayon::prelude::*;
use ruff_source_file::LineIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Progress, ProjectError, Request, Session};
use crate::analyze::FileSettings;
use crate::disk::Disk;
use crate::git::changed_since;

/// The part of a project's graph that is wanted, and how much was looked at.
pub struct Charted {
    /// The graph.
    pub graph: Graph,
    /// Remarks for the user, a line each.
    pub notes: Vec<String>,
    /// How many files were looked at.
    pub files: usize,
}

/// Finds the files that the request names, and which of them imports which. With `since` only what
/// changes since that revision of git can have an effect on is left.
pub fn charted(
    request: Request,
    selection: &Selection,
    since: Option<&str>,
    progress: &dyn Progress,
) -> Result<Charted, ProjectError> {
    let here = request.working_directory.clone();
    let mut selection = selection.clone();
    if let Some(revision) = since {
        selection.changed = Some(changed_since(&here, revision).map_err(ProjectError::Question)?);
    }
    let mut session = Session::open(Request { only_look: true, ..request }, &Silent)?;
    let graph = session.graph(progress, &here);
    let mut graph = select(graph, &selection, &here)
        .map_err(|error| ProjectError::Question(error.to_string()))?;
    session.add_lines(&mut graph);
    Ok(Charted { graph, notes: session.notes, files: session.files.len() })
}

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

impl Session {
    /// The whole graph, without lines.
    fn graph(&mut self, progress: &dyn Progress, here: &Path) -> Graph {
        let target =
            Target { version: self.outside.version, platform: self.outside.platform.clone() };
        let settings = FileSettings {
            target: target.clone(),
            rules: RuleSet::new(|_| false),
            options: self.settings.rule_options.clone(),
        };
        progress.found(self.files.len());
        let record = |path: &Arc<PathBuf>| {
            let record = self.record(path, &settings);
            progress.done_one();
            record
        };
        self.records = self.files.par_iter().map(record).collect();
        let modules = self.modules(&self.records);
        let disk = Disk::new(target, &modules, &self.memory);
        let mut graph =
            pycheck_imports::link::graph::graph(&modules, &self.projects, &disk, &self.outside);
        tell_apart(&mut graph, here);
        graph
    }

    /// Says of each statement on which line it stands.
    fn add_lines(&self, graph: &mut Graph) {
        let mut by_file: FxHashMap<u32, Vec<&mut Statement>> = FxHashMap::default();
        let statements = graph.edges.iter_mut().flat_map(|edge| &mut edge.statements);
        for statement in statements {
            by_file.entry(statement.at.file).or_default().push(statement);
        }
        by_file.into_par_iter().for_each(|(file, statements)| {
            let Some(text) = self.text(&self.files[file as usize]) else { return };
            let index = LineIndex::from_source_text(&text);
            let sites = &self.records[file as usize].sites;
            for statement in statements {
                statement.line = index.line_index(sites.range(statement.at.index).start()).get();
            }
        });
    }
}

/// Names by their paths the modules that have the name of another one.
fn tell_apart(graph: &mut Graph, here: &Path) {
    let mut seen = FxHashSet::default();
    let names = graph.modules.iter().map(|module| module.name.clone());
    let twice: FxHashSet<String> = names.filter(|name| !seen.insert(name.clone())).collect();
    for module in &mut graph.modules {
        if let Some(path) = module.path.as_ref().filter(|_| twice.contains(&module.name)) {
            let shown = path.strip_prefix(here).unwrap_or(path);
            module.name = shown.to_string_lossy().replace('\\', "/");
        }
    }
}
