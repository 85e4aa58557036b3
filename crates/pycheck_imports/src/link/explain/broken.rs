//! Which modules surely can't be imported: nothing that runs them is offered as working.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::provided::Provided;
use super::super::{Case, Linker};
use crate::failure::{Cause, Certainty};
use crate::reach::{Outcome, certainty};

/// How many modules are looked at before an import counts as one that may not work.
const MOST_MODULES: usize = 5_000;

/// What is known of the modules of the session.
#[derive(Default)]
pub(crate) struct Broken {
    files: OnceCell<FxHashMap<PathBuf, u32>>,
    /// Modules that run nothing that surely fails.
    sound: RefCell<FxHashSet<u32>>,
}

impl Linker<'_> {
    /// Whether importing a file surely fails, for other reasons than what the file `asking` does.
    pub(in crate::link) fn is_broken(&self, target: &Path, asking: u32) -> bool {
        let known = &self.nearest.broken;
        let files = known.files.get_or_init(|| {
            let paths = self.modules.iter().map(|module| module.path.as_path().to_owned());
            paths.zip(0..).collect()
        });
        let mut pending: Vec<u32> = files.get(target).copied().into_iter().collect();
        let mut visited = FxHashSet::default();
        let mut meets_asking = false;
        while let Some(file) = pending.pop() {
            if file == asking {
                meets_asking = true;
            } else if !known.sound.borrow().contains(&file) && visited.insert(file) {
                if visited.len() > MOST_MODULES {
                    return true;
                }
                let Some(run) = self.surely_run(file) else { return true };
                pending.extend(run.iter().filter_map(|path| files.get(path).copied()));
            }
        }
        if !meets_asking {
            known.sound.borrow_mut().extend(visited);
        }
        false
    }

    /// The files that importing a module runs for sure; `None` if it surely fails by itself.
    fn surely_run(&self, file: u32) -> Option<Vec<PathBuf>> {
        let module = &self.modules[file as usize];
        let folder = module.path.parent()?;
        if module.summary.has_syntax_errors {
            return None;
        }
        let place = self.place(folder, module.project);
        let imports = &module.summary.imports;
        let case = |import| Case { module, folder, place: &place, import };
        let causes: Vec<Option<Cause>> =
            imports.iter().map(|import| self.cause(&case(import))).collect();
        let version = self.resolver.outside().version;
        let exception =
            |cause: &Option<Cause>| cause.as_ref().map(|cause| cause.exception(version).0);
        let outcomes: Vec<Outcome> = causes
            .iter()
            .map(|cause| Outcome { exception: exception(cause), is_settled: false })
            .collect();
        let mut run = Vec::new();
        for (import, cause) in imports.iter().zip(&causes) {
            let raised = exception(cause).unwrap_or("ModuleNotFoundError");
            let when = certainty(&module.summary, import, raised, &outcomes);
            if when != Some(Certainty::Certain) {
                continue;
            }
            match cause {
                Some(cause) if self.provided(file, &case(import), cause) == Provided::No => {
                    return None;
                }
                Some(_) => {}
                None => run.extend(self.files_run(module, import, &|_| true)),
            }
        }
        Some(run)
    }
}
