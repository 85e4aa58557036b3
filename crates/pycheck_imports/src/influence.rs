//! What other modules of the session do to the imports of a module: a module that edits `sys.path`
//! or installs a finder does so for all that import it first.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pycheck_model::Import;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::ModuleInput;
use crate::runs::runs_on_import;

/// Which modules run after something that changes what imports find.
#[derive(Debug, Default)]
pub(crate) struct Influence {
    /// The names that some module puts into `sys.modules`.
    registered: FxHashSet<String>,
    /// For each module of the session, whether what it imports may come from elsewhere.
    is_touched: Vec<bool>,
}

impl Influence {
    /// `targets` gives the files that an import of a module may run.
    pub(crate) fn of(
        modules: &[ModuleInput],
        mut targets: impl FnMut(&ModuleInput, &Import) -> Vec<PathBuf>,
    ) -> Self {
        let names = modules.iter().flat_map(|module| module.summary.registers.iter().cloned());
        let registered = names.collect();
        let mut is_touched: Vec<bool> = modules.iter().map(redirects).collect();
        if is_touched.contains(&true) {
            spread(&mut is_touched, &importers(modules, &mut targets));
        }
        Self { registered, is_touched }
    }

    /// Whether some module puts a module of this name into `sys.modules`.
    pub(crate) fn is_registered(&self, name: &str) -> bool {
        self.registered.contains(name)
    }

    /// Whether importing the module runs something that changes where modules come from.
    pub(crate) fn touches(&self, file: u32) -> bool {
        self.is_touched.get(file as usize).copied().unwrap_or(false)
    }
}

/// Touches all that import something that is touched.
fn spread(is_touched: &mut [bool], importers: &FxHashMap<usize, Vec<usize>>) {
    let mut pending: Vec<usize> =
        (0..is_touched.len()).filter(|index| is_touched[*index]).collect();
    while let Some(index) = pending.pop() {
        for importer in importers.get(&index).into_iter().flatten() {
            if !std::mem::replace(&mut is_touched[*importer], true) {
                pending.push(*importer);
            }
        }
    }
}

/// `six` installs a finder for its own submodules only, wherever a copy of it lies.
fn redirects(module: &ModuleInput) -> bool {
    let is_six = || module.path.file_stem().is_some_and(|stem| stem == "six");
    module.summary.redirects_imports && !is_six()
}

/// For each module that another one runs when it is imported, by which ones.
fn importers(
    modules: &[ModuleInput],
    targets: &mut impl FnMut(&ModuleInput, &Import) -> Vec<PathBuf>,
) -> FxHashMap<usize, Vec<usize>> {
    let places = modules.iter().enumerate().map(|(index, module)| (module.path.as_path(), index));
    let places: FxHashMap<&Path, usize> = places.collect();
    let mut importers = run_by_place(modules);
    let mut add = |importer: usize, file: &Path| {
        if let Some(index) = places.get(file).filter(|index| **index != importer) {
            importers.entry(*index).or_default().push(importer);
        }
    };
    for (importer, module) in modules.iter().enumerate() {
        let runs = |import: &&Import| runs_on_import(&module.summary, import);
        for import in module.summary.imports.iter().filter(runs) {
            for file in targets(module, import) {
                add(importer, &file);
            }
        }
    }
    importers
}

/// For each file that runs before the files below its folder, those files.
pub(crate) fn run_by_place(modules: &[ModuleInput]) -> FxHashMap<usize, Vec<usize>> {
    let mut first: FxHashMap<&Path, Vec<usize>> = FxHashMap::default();
    for (index, module) in modules.iter().enumerate() {
        let is_first = |name: &OsStr| name == "__init__.py" || name == "conftest.py";
        if let Some(folder) = module.path.parent()
            && module.path.file_name().is_some_and(is_first)
        {
            first.entry(folder).or_default().push(index);
        }
    }
    let around = |folder: &Path| -> Vec<usize> {
        folder.ancestors().filter_map(|ancestor| first.get(ancestor)).flatten().copied().collect()
    };
    let mut known: FxHashMap<&Path, Vec<usize>> = FxHashMap::default();
    let mut run: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (importer, module) in modules.iter().enumerate() {
        let Some(folder) = module.path.parent() else { continue };
        let around = known.entry(folder).or_insert_with(|| around(folder));
        for index in around.iter().filter(|index| **index != importer) {
            run.entry(*index).or_default().push(importer);
        }
    }
    run
}
