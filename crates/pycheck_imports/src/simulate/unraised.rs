//! Imports that raise nothing that anybody sees: they are never reached, or their failure is caught.

use pycheck_model::SiteIndex;
use rustc_hash::FxHashSet;

use super::machine::Machine;
use super::table::NodeId;

type Places = FxHashSet<(NodeId, SiteIndex)>;

/// What one run, or several, have shown of them.
#[derive(Default)]
pub(super) struct Unraised {
    /// Not reached, or caught, in some run.
    quiet: Places,
    /// Raised in the open, or not at all, in some run.
    loud: Places,
}

impl Unraised {
    /// Those that are never seen to fail.
    pub(super) fn places(&self) -> impl Iterator<Item = (NodeId, SiteIndex)> {
        self.quiet.difference(&self.loud).copied()
    }
}

impl Machine<'_, '_> {
    /// Adds what this run has shown, before its findings are taken.
    pub(super) fn note_unraised(&mut self, known: &mut Unraised) {
        let mut quiet = std::mem::take(&mut self.caught);
        quiet.extend(self.blocked.drain());
        known.loud.extend(self.found.iter().map(|failing| (failing.node, failing.site)));
        known.loud.extend(self.tried.difference(&quiet));
        quiet.extend(self.skipped.drain());
        known.quiet.extend(quiet);
        self.tried.clear();
    }
}
