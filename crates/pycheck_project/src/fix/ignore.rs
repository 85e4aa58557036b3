//! `--add-ignore`: comments that suppress what is found.

use std::collections::BTreeMap;
use std::sync::Arc;

use pycheck_model::{Diagnostic, Edit, Level, PythonVersion, Safety, TextRange};
use pycheck_syntax::{ignore_edits, parse};
use rayon::prelude::*;

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
    let version = work.mender.settings.target.version;
    let texts: Vec<(usize, String)> = by_file
        .par_iter()
        .filter_map(|(file, diagnostics)| {
            let before = &work.open.get(file)?.before;
            let found: Vec<(TextRange, &str)> =
                diagnostics.iter().map(|diagnostic| (diagnostic.range, diagnostic.rule)).collect();
            let edits = ignoring(before, version, &found);
            Some((*file, with_edits(before, edits.iter())?))
        })
        .collect();
    for (file, after) in &texts {
        if let Some(open) = work.open.get_mut(file) {
            open.applied.extend(by_file[file].iter().map(ignored));
            open.after.clone_from(after);
        }
    }
    let texts: Vec<(usize, Arc<str>)> =
        texts.into_iter().map(|(file, text)| (file, text.into())).collect();
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
