//! A session whose settings or environment have changed: what still holds is kept.

use std::sync::Arc;

use super::changes::Work;
use super::{ProjectError, Session, misnamed};
use crate::outside::outside;
use crate::settings;

impl Session {
    /// Reads settings and environment again. On an error everything is as it was.
    pub(super) fn reload(&mut self, work: &mut Work) -> Result<(), ProjectError> {
        let before = self.file_settings();
        let here = &self.request.working_directory;
        let first = self.paths.first().unwrap_or(here);
        let settings = settings::load(first, here, &self.request.overrides)?;
        let mut notes = settings.notes.clone();
        let outside = outside(&settings, &self.files, &mut notes)
            .map_err(|error| misnamed(error, &settings, &self.request.overrides))?;
        (self.settings, self.outside, self.notes) = (settings, outside, notes);
        self.memory = Arc::new(self.memory.forgotten());
        if self.file_settings() != before {
            // What was found in each file depends on them.
            self.files.clear();
            self.records.clear();
        }
        work.walk = true;
        self.find_roots();
        Ok(())
    }
}
