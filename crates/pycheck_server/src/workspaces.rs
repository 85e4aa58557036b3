//! The sessions: one for each open folder, and for what lies outside of all of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_project::{Applied, Change, LinkJob, Linked, Progress, Request, Session};

use crate::settings::Settings;

/// A folder with its session.
pub(crate) struct Workspace {
    pub(crate) folder: PathBuf,
    /// Made for documents that lie in no folder that is open.
    is_loose: bool,
    pub(crate) settings: Settings,
    pub(crate) session: Option<Session>,
    /// The changes that the session does not know yet.
    pub(crate) pending: Vec<Change>,
    /// Another thread puts the files together.
    is_linking: bool,
    /// Tells this workspace from all others, also from one of the same folder before it.
    pub(crate) number: u64,
}

impl Workspace {
    pub(crate) fn of_folder(folder: PathBuf, settings: Settings, number: u64) -> Self {
        let (session, pending) = (None, Vec::new());
        Self { folder, is_loose: false, settings, session, pending, is_linking: false, number }
    }

    /// Opens the session; gives why it can't be.
    pub(crate) fn open(&mut self) -> Option<String> {
        let paths = if self.is_loose { Vec::new() } else { vec![self.folder.clone()] };
        let overrides = match self.settings.overrides(&self.folder) {
            Ok(overrides) => overrides,
            Err(problem) => return Some(problem),
        };
        let request = Request {
            paths,
            working_directory: self.folder.clone(),
            overrides,
            is_kept: true,
            ..Request::default()
        };
        match Session::open(request, &Silent) {
            Ok(session) => self.session = Some(session),
            Err(error) => {
                self.session = None;
                return Some(error.to_string());
            }
        }
        None
    }

    /// Notes the text of a document.
    pub(crate) fn hold(&mut self, path: PathBuf, text: Arc<str>) {
        if let Some(session) = self.session.as_mut().filter(|_| self.is_loose) {
            session.include(&path);
        }
        self.pending.push(Change::Text(path, text));
    }

    /// Hands the changes to the session.
    pub(crate) fn take(&mut self) -> Applied {
        let changes = std::mem::take(&mut self.pending);
        match &mut self.session {
            Some(session) if !changes.is_empty() => session.take(changes),
            _ => Applied::default(),
        }
    }

    /// The work that is left, unless it is being done.
    pub(crate) fn job(&mut self) -> Option<LinkJob> {
        let job = self.session.as_ref().filter(|_| !self.is_linking)?.link_job()?;
        self.is_linking = true;
        Some(job)
    }

    /// Takes what came of the work.
    pub(crate) fn adopt(&mut self, linked: Option<Linked>) -> Applied {
        self.is_linking = false;
        let adopted = self.session.as_mut().zip(linked);
        adopted.and_then(|(session, linked)| session.adopt(linked)).unwrap_or_default()
    }

    /// Whether all is known that is to be shown.
    pub(crate) fn is_settled(&self) -> bool {
        self.pending.is_empty() && self.session.as_ref().is_none_or(Session::is_settled)
    }
}

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

/// All workspaces. Those of open folders come first.
#[derive(Default)]
pub(crate) struct Workspaces {
    pub(crate) all: Vec<Workspace>,
    /// How many there ever were.
    made: u64,
}

impl Workspaces {
    /// Begins anew with these folders.
    pub(crate) fn reopen(&mut self, folders: &[PathBuf], settings: &Settings) {
        let fresh: Vec<Workspace> =
            folders.iter().map(|folder| self.made(folder.clone(), settings)).collect();
        self.all = fresh;
    }

    fn made(&mut self, folder: PathBuf, settings: &Settings) -> Workspace {
        self.made += 1;
        Workspace::of_folder(folder, settings.clone(), self.made)
    }

    /// The workspace that a file belongs to: the innermost folder around it, or one of its own.
    pub(crate) fn of(&mut self, path: &Path, settings: &Settings) -> &mut Workspace {
        let index = self.index_of(path).unwrap_or_else(|| {
            let folder = path.parent().unwrap_or(path).to_owned();
            let own = self.made(folder, settings);
            self.all.push(Workspace { is_loose: true, ..own });
            self.all.len() - 1
        });
        &mut self.all[index]
    }

    /// The workspace that a file belongs to, if there is one.
    pub(crate) fn get(&self, path: &Path) -> Option<&Workspace> {
        self.index_of(path).map(|index| &self.all[index])
    }

    fn index_of(&self, path: &Path) -> Option<usize> {
        let around = self.all.iter().enumerate().filter(|(_, it)| path.starts_with(&it.folder));
        let is_near = |it: &Workspace| !it.is_loose || path.parent() == Some(&it.folder);
        let depth = |it: &Workspace| it.folder.components().count();
        let around = around.filter(|(_, it)| is_near(it));
        around.max_by_key(|(_, it)| (!it.is_loose, depth(it))).map(|(index, _)| index)
    }
}
