//! The folders that code puts on `sys.path` before an import runs.

use std::path::{Path, PathBuf};

use pycheck_model::{ContextKind, Folder, FolderBase, PathEdit};
use rustc_hash::FxHashMap;

use super::{Case, Linker, ModuleInput};
use crate::failure::{Cause, Missing};
use crate::influence::run_by_place;
use crate::resolve::Resolution;
use crate::runs::runs_on_import;

/// More folders than these are not kept for one module.
const MOST_FOLDERS: usize = 64;

/// A folder that stands on `sys.path` when an import of a module runs.
#[derive(Debug, Clone)]
struct Added {
    root: PathBuf,
    /// The first import that it holds for.
    from: u32,
    /// Importing the module puts it there.
    is_on_import: bool,
    /// Which folder it is, or what lies in it, may differ from run to run: what is missing may be there.
    leaves_doubt: bool,
}

/// What is on `sys.path` beside the roots, for each file of the session.
#[derive(Debug, Default)]
pub(super) struct PathEdits {
    by_file: Vec<Vec<Added>>,
}

/// What the folders that code adds make of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OnAdded {
    /// One of them has it.
    Found,
    /// None has it, but which folders they are is not known for sure.
    Unsure,
    /// None has it; why, if they have the first part of its name.
    Missing(Option<Cause>),
    /// One has it that comes onto the path after the import only.
    Late(PathBuf),
}

impl Linker<'_> {
    /// Whether an import is found in a folder that code puts on `sys.path`.
    pub(super) fn on_added(&self, file: u32, case: &Case<'_>) -> OnAdded {
        let edits = self.path_edits.get_or_init(|| self.collect_path_edits());
        let added = edits.by_file.get(file as usize).map(Vec::as_slice).unwrap_or_default();
        let Some(name) = case.import.kind.absolute_name().filter(|_| !added.is_empty()) else {
            return OnAdded::Missing(None);
        };
        let position = position(case);
        let (before, after): (Vec<&Added>, Vec<&Added>) =
            added.iter().partition(|it| it.from <= position);
        let found = self.resolve_on(name, case, &before);
        if is_found(&found) {
            return OnAdded::Found;
        }
        let late = after.iter().find(|it| is_found(&self.resolve_on(name, case, &[it])));
        match late {
            Some(late) => OnAdded::Late(late.root.clone()),
            None if before.iter().any(|it| it.leaves_doubt) => OnAdded::Unsure,
            None => OnAdded::Missing(self.failed(name, &found).filter(has_first_part)),
        }
    }

    /// The cause, knowing which folders code puts on `sys.path`, and when.
    pub(super) fn with_added(&self, file: u32, case: &Case<'_>, cause: Cause) -> Cause {
        if !matches!(cause, Cause::NotFound { .. } | Cause::NotAPackage { .. }) {
            return cause;
        }
        match self.on_added(file, case) {
            OnAdded::Missing(Some(other)) => other,
            OnAdded::Late(folder) => cause.too_late(folder),
            _ => cause,
        }
    }

    fn resolve_on(&self, name: &str, case: &Case<'_>, first: &[&Added]) -> Resolution {
        let first = first.iter().map(|it| it.root.clone());
        let others = self.resolver.roots(case.place.certain);
        self.resolver
            .resolve(name, self.resolver.search_path(first.chain(others.iter().cloned()).collect()))
    }

    fn collect_path_edits(&self) -> PathEdits {
        let own = |module: &ModuleInput| {
            let edits = module.summary.path_edits.iter();
            edits.filter_map(|edit| self.added(module, edit)).collect()
        };
        let own: Vec<Vec<Added>> = self.modules.iter().map(own).collect();
        if own.iter().all(Vec::is_empty) {
            return PathEdits { by_file: own };
        }
        let runs = self.runs();
        let made = made(&own, &runs);
        PathEdits { by_file: given(made, &runs) }
    }

    /// A folder on disk.
    fn added(&self, module: &ModuleInput, edit: &PathEdit) -> Option<Added> {
        let project = &self.projects[module.project].project;
        let root = place(&edit.folder, &module.path, project)?;
        let is_there =
            self.resolver.folders().list(&root).is_some_and(|it| !it.entries().is_empty());
        let leaves_doubt = edit.folder.base != FolderBase::File || !is_there;
        Some(Added { root, from: edit.before, is_on_import: edit.is_on_import, leaves_doubt })
    }

    /// For each file, the files that its imports run; those that run before it come with no import.
    fn runs(&self) -> Vec<Vec<(Option<u32>, usize)>> {
        let places: FxHashMap<&Path, usize> = self
            .modules
            .iter()
            .enumerate()
            .map(|(index, module)| (module.path.as_path(), index))
            .collect();
        let last_parts = self.last_parts();
        let is_meant = |part: &str| last_parts.contains(part);
        let mut runs: Vec<Vec<(Option<u32>, usize)>> = vec![Vec::new(); self.modules.len()];
        let before = run_by_place(self.modules);
        let mut first: Vec<usize> = before.keys().copied().collect();
        first.sort_unstable();
        for index in first {
            before[&index].iter().for_each(|later| runs[*later].push((None, index)));
        }
        for (importer, module) in self.modules.iter().enumerate() {
            for (index, import) in module.summary.imports.iter().enumerate() {
                if !runs_on_import(&module.summary, import) {
                    continue;
                }
                for file in self.files_run(module, import, &is_meant) {
                    let target = places.get(file.as_path()).filter(|it| **it != importer);
                    runs[importer].extend(target.map(|it| (Some(index as u32), *it)));
                }
            }
        }
        runs
    }
}

fn is_found(resolution: &Resolution) -> bool {
    matches!(resolution, Resolution::Found(_) | Resolution::Open)
}

/// Whether there is a module by the first part of the name.
fn has_first_part(cause: &Cause) -> bool {
    matches!(cause, Cause::NotAPackage { .. } | Cause::NotFound { reason: Missing::Submodule, .. })
}

/// Adds what the modules do that a module imports, from the next import on.
fn made(own: &[Vec<Added>], runs: &[Vec<(Option<u32>, usize)>]) -> Vec<Vec<Added>> {
    let mut importers: Vec<Vec<(usize, u32)>> = vec![Vec::new(); own.len()];
    for (importer, targets) in runs.iter().enumerate() {
        for (import, target) in targets {
            importers[*target].push((importer, import.map_or(0, |import| import + 1)));
        }
    }
    let mut made = own.to_vec();
    let mut pending: Vec<usize> = (0..own.len()).filter(|it| !own[*it].is_empty()).collect();
    while let Some(file) = pending.pop() {
        let known = made[file].clone();
        for (importer, from) in &importers[file] {
            // A function that nobody is seen to call may put it there, and mostly does not.
            let news = known.iter().map(|it| Added {
                from: *from,
                leaves_doubt: it.leaves_doubt && it.is_on_import,
                ..it.clone()
            });
            if add_all(&mut made[*importer], news) {
                pending.push(*importer);
            }
        }
    }
    made
}

/// Adds what has been done when a module is imported by another. It may be imported otherwise, too:
/// what is found in these folders counts, and nothing is expected of them.
fn given(made: Vec<Vec<Added>>, runs: &[Vec<(Option<u32>, usize)>]) -> Vec<Vec<Added>> {
    let mut given = made;
    let mut pending: Vec<usize> = (0..given.len()).filter(|it| !given[*it].is_empty()).collect();
    while let Some(file) = pending.pop() {
        let known = given[file].clone();
        for (import, target) in &runs[file] {
            let Some(import) = import else { continue };
            let valid = known.iter().filter(|it| it.from <= *import);
            let news = valid.map(|it| Added { from: 0, leaves_doubt: false, ..it.clone() });
            if add_all(&mut given[*target], news) {
                pending.push(*target);
            }
        }
    }
    given
}

/// Adds folders that are not known yet, or not for so many imports.
fn add_all(known: &mut Vec<Added>, news: impl Iterator<Item = Added>) -> bool {
    let mut is_changed = false;
    for new in news {
        match known.iter().position(|it| it.root == new.root) {
            Some(old) if known[old].from <= new.from => continue,
            Some(old) => known[old].from = new.from,
            None if known.len() >= MOST_FOLDERS => continue,
            None => known.push(new),
        }
        is_changed = true;
    }
    is_changed
}

/// The number of an import among those of its module; a function may be called after all of them.
fn position(case: &Case<'_>) -> u32 {
    let summary = &case.module.summary;
    let mut context = case.import.context;
    while let Some(index) = context {
        let here = &summary.contexts[index as usize];
        if here.kind == ContextKind::Function {
            return u32::MAX;
        }
        context = here.parent;
    }
    let index = summary.imports.iter().position(|import| std::ptr::eq(import, case.import));
    index.map_or(u32::MAX, |index| index as u32)
}

/// The folder that a file's code names.
fn place(folder: &Folder, file: &Path, project: &Path) -> Option<PathBuf> {
    let base = match folder.base {
        FolderBase::File => file,
        FolderBase::Start => project,
        FolderBase::Root => Path::new("/"),
    };
    let base = base.ancestors().nth(folder.up as usize)?;
    Some(if folder.below.is_empty() { base.to_owned() } else { base.join(&folder.below) })
}
