//! `--add-ignore`: comments that suppress what is found.

use std::collections::BTreeMap;
use std::sync::Arc;

use pycheck_model::{Diagnostic, Edit, Level, PythonVersion, Safety, TextRange};
use pycheck_syntax::{ignore_edits, parse};

use super::mend::{Applied, Outcome, Wanted};
use super::text::with_edits;
use super::work::Work;
use crate::session::Session;

/// Writes comments that suppress all that is found at this level or above. Nothing is written to
/// the disk.
///
/// The session then knows what would be found in the new texts.
pub fn add_ignores(session: &mut Session, lowest: Level) -> Outcome {
    let wanted = Wanted { safety: Safety::Safe, lowest };
    let mut work = Work::new(session, wanted);
    let mut by_file: BTreeMap<usize, Vec<Diagnostic>> = BTreeMap::new();
    let shown = work.session.diagnostics().iter().filter(|it| it.level >= lowest);
    for diagnostic in shown {
        if let Some(file) = work.session.index_of(&diagnostic.path) {
            by_file.entry(file).or_default().push(diagnostic.clone());
        }
    }
    work.open_files(by_file.keys().copied());
    let mut texts: Vec<(usize, Arc<str>)> = Vec::new();
    for (file, diagnostics) in by_file {
        let version = work.mender.settings.target.version;
        let Some(open) = work.open.get_mut(&file) else { continue };
        let found: Vec<(TextRange, &str)> =
            diagnostics.iter().map(|diagnostic| (diagnostic.range, diagnostic.rule)).collect();
        let edits = ignore_edits(&parse(open.before.clone(), version), &found);
        let Some(after) = with_edits(&open.before, edits.iter()) else { continue };
        open.applied.extend(diagnostics.iter().map(ignored));
        texts.push((file, after.as_str().into()));
        open.after = after;
    }
    work.session.try_texts(texts, &work.mender.settings);
    work.outcome()
}

/// The edits of a text that suppress findings of these rules at these places.
pub fn ignoring(text: &str, version: PythonVersion, found: &[(TextRange, &str)]) -> Vec<Edit> {
    ignore_edits(&parse(text.to_owned(), version), found)
}

fn ignored(diagnostic: &Diagnostic) -> Applied {
    Applied { rule: diagnostic.rule, title: "suppressed by a comment".to_owned() }
}
