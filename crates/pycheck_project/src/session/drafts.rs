//! Texts that count in place of what files say, to see what would be found then.

use std::path::PathBuf;
use std::sync::Arc;

use pycheck_model::{Diagnostic, ProgramFinding};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Session;
use crate::analyze::{FileRecord, FileSettings};
use crate::baseline::Baseline;

/// What is taken for granted in place of what lies on the disk.
#[derive(Default)]
pub(super) struct Assumed {
    /// Texts that count in place of what files say.
    pub(super) texts: FxHashMap<PathBuf, Arc<str>>,
    /// What is found and not reported.
    pub(super) baseline: Option<Baseline>,
}

/// What a session knew before some texts were tried.
pub(crate) struct Before {
    files: Vec<(usize, FileRecord, Option<Arc<str>>)>,
    diagnostics: Vec<Diagnostic>,
    found: Vec<ProgramFinding>,
}

impl Session {
    /// Looks at everything as if some files had other texts. Gives what was known before.
    pub(crate) fn try_texts(
        &mut self,
        texts: Vec<(usize, Arc<str>)>,
        settings: &FileSettings,
    ) -> Before {
        let mut held = Vec::new();
        for (file, text) in texts {
            let path = self.files[file].to_path_buf();
            held.push((file, self.assumed.texts.insert(path, text)));
        }
        let analysis = |(file, _): &(usize, _)| self.record(&self.files[*file], settings);
        let records: Vec<FileRecord> = held.par_iter().map(analysis).collect();
        let mut files = Vec::new();
        for ((file, held), record) in held.into_iter().zip(records) {
            files.push((file, std::mem::replace(&mut self.records[file], record), held));
        }
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let found = std::mem::take(&mut self.found);
        self.link_and_publish(settings);
        Before { files, diagnostics, found }
    }

    /// Forgets the texts that were tried.
    pub(crate) fn take_back(&mut self, before: Before) {
        for (file, record, held) in before.files {
            self.records[file] = record;
            let path = &*self.files[file];
            match held {
                Some(text) => self.assumed.texts.insert(path.clone(), text),
                None => self.assumed.texts.remove(path),
            };
        }
        (self.diagnostics, self.found) = (before.diagnostics, before.found);
    }
}
