//! Imports that raise nothing that anybody sees: they are never reached, or their failure is caught.

use pycheck_model::{SiteIndex, Step};
use rustc_hash::FxHashSet;

use super::machine::Machine;
use super::table::{NodeId, Target};

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
        self.note_untried(&mut quiet);
        known.quiet.extend(quiet);
        self.tried.clear();
    }

    /// All imports of modules that have run: what was not tried is never reached.
    #[expect(clippy::iter_over_hash_type, reason = "each module is looked at on its own")]
    fn note_untried(&self, quiet: &mut Places) {
        for node in self.live.keys() {
            let Some(targets) = self.table.targets.get(*node as usize) else { continue };
            if !targets.iter().any(|target| matches!(target, Target::Raises(..))) {
                continue;
            }
            let Some(summary) = self.table.summary(*node) else { continue };
            each_import(&summary.body.steps, &mut |import| {
                quiet.insert((*node, summary.imports[import as usize].site));
            });
        }
    }
}

/// All imports in a block, those in blocks within it too.
fn each_import(steps: &[Step], look: &mut dyn FnMut(u32)) {
    for step in steps {
        match step {
            Step::Import(import) => look(*import),
            Step::Branch(arms) => arms.iter().for_each(|arm| each_import(arm, look)),
            Step::Class(body) => each_import(body, look),
            Step::Try(node) => {
                each_import(&node.body, look);
                node.handlers.iter().for_each(|handler| each_import(&handler.body, look));
                each_import(&node.orelse, look);
                each_import(&node.finalbody, look);
            }
            _ => {}
        }
    }
}
