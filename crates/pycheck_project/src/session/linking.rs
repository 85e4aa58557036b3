//! Putting all files together beside other work: an editor goes on while that is done.

use std::path::PathBuf;
use std::sync::Arc;

use pycheck_imports::{ModuleInput, Outside, SearchRoots, link};
use pycheck_model::ProgramFinding;
use rustc_hash::FxHashSet;

use super::Session;
use super::changes::{Applied, differing};
use crate::analyze::FileSettings;
use crate::disk::Disk;
use crate::memory::Memory;

/// How often something has changed that all files have to be put together for, and up to which of these
/// changes that was done.
#[derive(Debug, Default)]
pub(super) struct LinkState {
    now: u64,
    done: u64,
}

impl LinkState {
    /// Something has changed.
    pub(super) fn disturb(&mut self) {
        self.now += 1;
    }

    /// All was done.
    pub(super) fn settle(&mut self) {
        self.done = self.now;
    }

    fn is_settled(&self) -> bool {
        self.done == self.now
    }
}

/// All that is needed to put the files together; it can be done in another thread.
pub struct LinkJob {
    revision: u64,
    modules: Vec<ModuleInput>,
    projects: Vec<SearchRoots>,
    outside: Outside,
    memory: Arc<Memory>,
    untracked: FxHashSet<PathBuf>,
    settings: FileSettings,
}

/// What came of it.
pub struct Linked {
    revision: u64,
    imports: usize,
    found: Vec<ProgramFinding>,
}

impl LinkJob {
    /// Does the work.
    pub fn run(self) -> Linked {
        let disk = Disk::new(self.settings.target.clone(), &self.modules, &self.memory);
        let disk = disk.without(&self.untracked);
        let program = link(&self.modules, &self.projects, &disk, &self.outside);
        let found = self.settings.rules.check_program(&program);
        Linked { revision: self.revision, imports: program.imports, found }
    }
}

impl Session {
    /// The work that is left to do before all is shown that is to be shown; none if there is none.
    pub fn link_job(&self) -> Option<LinkJob> {
        (!self.link_state.is_settled()).then(|| LinkJob {
            revision: self.link_state.now,
            modules: self.modules(&self.records),
            projects: self.projects.clone(),
            outside: self.outside.clone(),
            memory: self.memory.clone(),
            untracked: self.untracked.clone(),
            settings: self.file_settings(),
        })
    }

    /// Whether nothing is left to do.
    pub fn is_settled(&self) -> bool {
        self.link_state.is_settled()
    }

    /// Takes what came of the work. Gives whose diagnostics are others now; `None` if what it was
    /// about has changed meanwhile, so that it has to be done again.
    pub fn adopt(&mut self, linked: Linked) -> Option<Applied> {
        if linked.revision != self.link_state.now {
            return None;
        }
        (self.imports, self.found) = (linked.imports, linked.found);
        self.link_state.settle();
        self.records.iter_mut().for_each(|record| record.found_sites = None);
        let before = std::mem::take(&mut self.diagnostics);
        self.publish_all();
        let files = differing(&before, &self.diagnostics);
        Some(Applied { files, is_linked: true, error: None })
    }
}
