//! One project, checked: the files, what is known of each, and the diagnostics.

mod buffers;
pub mod changes;
mod drafts;
pub mod explain;
pub mod graph;
pub mod linking;
mod look;
pub mod lookup;
mod reload;
pub mod renames;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::{ModuleInput, Outside, SearchRoots, link};
use pycheck_model::{Diagnostic, ProgramFinding, PythonVersion};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::analyze::{self, FileRecord, FileSettings, analyze};
use crate::cache::{Cache, CachePlace, Update};
use crate::decode::{DecodeError, decode};
use crate::discover::absolute;
use crate::disk::Disk;
use crate::environment::EnvironmentError;
use crate::git;
use crate::memory::Memory;
use crate::outside::{describe, outside, search_roots};
use crate::publish::{Publication, publish};
use crate::settings::error::SettingsError;
use crate::settings::overrides::Overrides;
use crate::settings::{self, Settings};
use crate::walk::{self, Chosen};

use self::buffers::Buffers;
use self::drafts::Assumed;
use self::linking::LinkState;

/// What is to be checked.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders, relative to the working directory or absolute.
    pub paths: Vec<PathBuf>,
    /// A text to check in place of files, and the name that it would have.
    pub stdin: Option<(PathBuf, Vec<u8>)>,
    /// The folder that paths are relative to; absolute.
    pub working_directory: PathBuf,
    /// What beats the configuration.
    pub overrides: Overrides,
    /// Report what comments suppress as well.
    pub ignore_noqa: bool,
    /// Leave out what the configuration excludes even if it is named itself.
    pub force_exclude: bool,
    /// Look at all files of the project, and report what is found in the named ones.
    pub whole_project: bool,
    /// Find the files and the settings, and check nothing.
    pub only_look: bool,
    /// Where to keep what is known of files from run to run.
    pub cache: Option<CachePlace>,
    /// The session is kept: files may come and go while it is.
    pub is_kept: bool,
}

impl Request {
    /// The paths that are to be checked, which must exist unless they may come later.
    fn absolute_paths(&self) -> Result<Vec<PathBuf>, ProjectError> {
        let here = &self.working_directory;
        let paths: Vec<PathBuf> = self.paths.iter().map(|path| absolute(path, here)).collect();
        for path in paths.iter().filter(|_| !self.is_kept) {
            std::fs::metadata(path).map_err(|error| ProjectError::path(path, &error))?;
        }
        Ok(paths)
    }

    fn choose(&self, paths: &[PathBuf], settings: &Settings) -> Result<Chosen, ProjectError> {
        if self.is_kept && paths.iter().all(|path| !path.exists()) {
            return Ok(Chosen::default());
        }
        walk::choose(paths, settings, self.force_exclude, self.whole_project)
    }
}

/// Why nothing could be checked. The text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The configuration can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The environment that was asked for is none.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// What is to be explained can't be.
    #[error("{0}")]
    Question(String),
    /// A path that was named can't be read.
    #[error("{path}: {reason}")]
    Path {
        /// The path, absolute.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl ProjectError {
    pub(crate) fn path(path: &Path, error: &std::io::Error) -> Self {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            _ => error.to_string(),
        };
        Self::Path { path: path.display().to_string(), reason }
    }
}

/// Hears how far a session has come.
pub trait Progress: Sync {
    /// So many files are to be checked.
    fn found(&self, files: usize);
    /// One more is done.
    fn done_one(&self);
}

/// Figures about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// How many files were checked.
    pub files: usize,
    /// How many import statements they hold.
    pub imports: usize,
    /// The environment that imports were judged by, as the user knows it.
    pub environment: Option<String>,
    /// The version that the files were checked for.
    pub python_version: PythonVersion,
}

/// A project that has been checked.
pub struct Session {
    request: Request,
    /// The files and folders that are checked, absolute.
    paths: Vec<PathBuf>,
    settings: Settings,
    outside: Outside,
    projects: Vec<SearchRoots>,
    /// The folders that the user stands in or has named.
    started: Vec<PathBuf>,
    files: Vec<Arc<PathBuf>>,
    /// The files that are reported on, if those are not all.
    named: Option<FxHashSet<PathBuf>>,
    /// How many folders could not be read.
    unread: usize,
    imports: usize,
    stdin: Option<(Arc<PathBuf>, Vec<u8>)>,
    notes: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// What is known of each file.
    records: Vec<FileRecord>,
    /// What is taken for granted in place of what lies on the disk.
    assumed: Assumed,
    /// What the whole program showed, before levels and places are known.
    found: Vec<ProgramFinding>,
    /// The files that git does not track.
    untracked: FxHashSet<PathBuf>,
    /// What was read of the disk beside the files that are checked.
    memory: Arc<Memory>,
    /// The texts that an editor holds.
    buffers: Buffers,
    /// Whether all files have to be put together again.
    link_state: LinkState,
}

impl Session {
    /// Finds the project of the paths, reads its configuration and checks the files.
    pub fn open(mut request: Request, progress: &dyn Progress) -> Result<Self, ProjectError> {
        let here = &request.working_directory.clone();
        let paths = request.absolute_paths()?;
        let named = |(name, bytes): (PathBuf, _)| (Arc::new(absolute(&name, here)), bytes);
        let stdin = request.stdin.take().map(named);
        let given = stdin.as_ref().map(|(name, _)| &**name);
        let first = given.or(paths.first()).unwrap_or(here);
        let settings = settings::load(first, here, &request.overrides)?;
        let Chosen { files, named, notes: remarks, unread } = match &stdin {
            Some((name, _)) => Chosen::only(name.clone()),
            None => request.choose(&paths, &settings)?,
        };
        let mut notes = [settings.notes.clone(), remarks].concat();
        let outside = outside(&settings, &files, &mut notes)
            .map_err(|error| misnamed(error, &settings, &request.overrides))?;
        let mut session = Self {
            started: started(&paths, here),
            request,
            paths,
            settings,
            outside,
            projects: Vec::new(),
            files,
            named,
            unread,
            imports: 0,
            stdin,
            notes,
            diagnostics: Vec::new(),
            records: Vec::new(),
            assumed: Assumed::default(),
            found: Vec::new(),
            untracked: FxHashSet::default(),
            memory: Arc::default(),
            link_state: LinkState::default(),
            buffers: Buffers::default(),
        };
        session.begin(progress);
        Ok(session)
    }

    /// What comes after the files are known.
    fn begin(&mut self, progress: &dyn Progress) {
        self.find_roots();
        if !self.request.only_look {
            self.check(progress);
        }
    }

    /// Reads and checks the files again.
    pub fn check_again(&mut self, progress: &dyn Progress) {
        self.assumed.texts.clear();
        self.check(progress);
    }

    /// The text that was given in place of files.
    pub fn standard_input(&self) -> Option<&[u8]> {
        self.stdin.as_ref().map(|(_, bytes)| bytes.as_slice())
    }

    /// The three steps: each file alone, all of them together, and what is shown.
    fn check(&mut self, progress: &dyn Progress) {
        let settings = self.file_settings();
        progress.found(self.files.len());
        let cache = self.cache(&settings);
        let one = |path: &Arc<PathBuf>| {
            let record = match &cache {
                Some(cache) => self.cached_record(path, &settings, cache),
                None => (self.record(path, &settings), None),
            };
            progress.done_one();
            record
        };
        let found: Vec<(FileRecord, Option<Update>)> = self.files.par_iter().map(one).collect();
        let (records, updates): (_, Vec<Option<Update>>) = found.into_iter().unzip();
        self.records = records;
        if let Some(cache) = cache {
            cache.save(updates.into_iter().flatten().collect(), &self.files);
        }
        self.untracked = self.untracked();
        self.link_and_publish(&settings);
    }

    /// The second and the third step, with what is known of each file.
    fn link_and_publish(&mut self, settings: &FileSettings) {
        self.link(settings);
        self.publish_all();
    }

    /// Makes all diagnostics anew.
    fn publish_all(&mut self) {
        let mut diagnostics = publish(&self.publication(), &self.found, None);
        if let Some(named) = &self.named {
            diagnostics.retain(|found| named.contains(found.path.as_path()));
        }
        if let Some(baseline) = &self.assumed.baseline {
            diagnostics = self.without(baseline, diagnostics).0;
        }
        self.keep_texts_for(&diagnostics);
        self.diagnostics = diagnostics;
    }

    fn publication(&self) -> Publication<'_> {
        Publication {
            files: &self.files,
            records: &self.records,
            settings: &self.settings,
            version: self.outside.version,
            ignore_suppressions: self.request.ignore_noqa,
            texts: self,
        }
    }

    /// Reads and analyses one file; whatever goes wrong becomes a finding in it.
    fn record(&self, path: &Path, settings: &FileSettings) -> FileRecord {
        analyzed(path, settings, self.decoded(path))
    }

    /// As [`Self::record`], for a file about which an earlier run may have found out all.
    fn cached_record(
        &self,
        path: &Path,
        settings: &FileSettings,
        cache: &Cache,
    ) -> (FileRecord, Option<Update>) {
        if self.held_text(path).is_some() {
            return (self.record(path, settings), None);
        }
        cache.record(path, |content| analyzed(path, settings, content.map(decode)))
    }

    fn cache(&self, settings: &FileSettings) -> Option<Cache> {
        let place = self.request.cache.as_ref().filter(|_| self.stdin.is_none())?;
        Some(Cache::open(place, &self.settings.project_root, settings))
    }

    /// Finds the folders that imports start from.
    fn find_roots(&mut self) {
        let mut folders: Vec<&Path> = self.files.iter().filter_map(|path| path.parent()).collect();
        folders.dedup_by_key(|folder| folder.as_os_str());
        let listings = &self.memory.listings;
        let (projects, notes) = search_roots(&self.settings, &folders, &self.started, listings);
        self.projects = projects;
        self.notes.extend(notes);
        let mut seen = FxHashSet::default();
        self.notes.retain(|note| seen.insert(note.clone()));
    }

    /// Puts all files together, and looks at what comes of it.
    fn link(&mut self, settings: &FileSettings) {
        let modules = self.modules(&self.records);
        let disk =
            Disk::new(settings.target.clone(), &modules, &self.memory).without(&self.untracked);
        let program = link(&modules, &self.projects, &disk, &self.outside);
        self.imports = program.imports;
        self.found = settings.rules.check_program(&program);
        self.link_state.settle();
        self.records.iter_mut().for_each(|record| record.found_sites = None);
    }

    /// The files that git does not track. A text from elsewhere stands for no file.
    fn untracked(&self) -> FxHashSet<PathBuf> {
        if self.stdin.is_some() {
            return FxHashSet::default();
        }
        let index_file = std::env::var_os("GIT_INDEX_FILE");
        git::untracked(&self.settings.project_root, &self.files, index_file.as_deref())
    }

    /// The files as the linker takes them.
    fn modules(&self, records: &[FileRecord]) -> Vec<ModuleInput> {
        let members = self.files.iter().zip(records);
        let module = |(path, record): (&Arc<PathBuf>, &FileRecord)| ModuleInput {
            path: path.clone(),
            summary: record.summary.clone(),
            project: project_of(path, &self.projects),
        };
        members.map(module).collect()
    }

    /// What was found, sorted by path and place. Hints are included.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The same, given away.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    /// The files that were checked.
    pub fn files(&self) -> &[Arc<PathBuf>] {
        &self.files
    }

    /// How many folders could not be read, so that what is in them was not checked.
    pub fn unread_folders(&self) -> usize {
        self.unread
    }

    /// Remarks for the user, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The text of a file as it was analysed, as far as diagnostics point into it: up to a line that
    /// none of them lies behind. `None` when it can't be read.
    pub fn shown_text(&self, path: &Path) -> Option<Arc<str>> {
        let kept = self.index_of(path).and_then(|file| self.records.get(file)?.text.as_deref());
        kept.map(Arc::from).or_else(|| self.text(path))
    }

    /// The whole text of a file, decoded again; `None` when it can't be read.
    pub fn text(&self, path: &Path) -> Option<Arc<str>> {
        let decoded = self.decoded(path).ok()?;
        Some(decoded.unwrap_or_else(|error| error.readable).into())
    }

    /// The text that counts in place of what a file says.
    fn held_text(&self, path: &Path) -> Option<&Arc<str>> {
        self.assumed.texts.get(path).or_else(|| self.buffers.text(path))
    }

    /// What a file says at this moment, as an editor holds it or else as it lies on the disk.
    fn decoded(&self, path: &Path) -> std::io::Result<Result<String, DecodeError>> {
        if let Some(text) = self.held_text(path) {
            return Ok(Ok(text.to_string()));
        }
        Ok(decode(self.bytes(path)?))
    }

    /// Figures about the session.
    pub fn stats(&self) -> Stats {
        Stats {
            files: self.files.len(),
            imports: self.imports,
            environment: self.outside.environment.clone(),
            python_version: self.outside.version,
        }
    }

    /// All that was decided before the first file was read, for a person to read.
    pub fn describe_settings(&self) -> String {
        describe(&self.settings, &self.outside, &self.projects)
    }
}

/// The folders that the user stands in or has named.
fn started(paths: &[PathBuf], here: &Path) -> Vec<PathBuf> {
    let folders = paths.iter().filter(|path| path.is_dir());
    folders.cloned().chain([here.to_owned()]).collect()
}

/// The record of a file; whatever goes wrong becomes a finding in it.
fn analyzed(
    path: &Path,
    settings: &FileSettings,
    content: std::io::Result<Result<String, DecodeError>>,
) -> FileRecord {
    let is_stub = path.extension().is_some_and(|extension| extension == "pyi");
    let analysis = || match content {
        Err(error) => analyze::unreadable(&error),
        Ok(Err(error)) => analyze::undecodable(error),
        Ok(Ok(text)) => analyze(text, is_stub, settings),
    };
    catch_unwind(AssertUnwindSafe(analysis)).unwrap_or_else(|panic| analyze::failed(&*panic))
}

/// The error of an environment that the configuration names, with the place where it does.
fn misnamed(error: EnvironmentError, settings: &Settings, overrides: &Overrides) -> ProjectError {
    let placed = match overrides.python {
        Some(_) => None,
        None => settings::misplaced_python(settings, &error.to_string()),
    };
    placed.map_or_else(|| ProjectError::Environment(error), ProjectError::Settings)
}

/// The innermost project around a file; the first for a file outside of all.
fn project_of(path: &Path, projects: &[SearchRoots]) -> usize {
    if projects.len() == 1 {
        return 0;
    }
    let around =
        projects.iter().enumerate().filter(|(_, project)| path.starts_with(&project.project));
    around
        .max_by_key(|(_, project)| project.project.components().count())
        .map_or(0, |(index, _)| index)
}
