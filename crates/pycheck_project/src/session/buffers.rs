//! The texts that an editor holds, which count in place of what lies on the disk.
//!
//! While somebody types, a text often can't be parsed. What was known of the file when it could is
//! kept then, moved to where it stands now: the other files see no module that comes and goes with
//! each key, and the editor does not flash.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Finding, Sites, TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::analyze::{FileRecord, being_edited};

/// The texts that an editor holds.
#[derive(Default)]
pub(super) struct Buffers {
    held: FxHashMap<PathBuf, Buffer>,
}

struct Buffer {
    text: Arc<str>,
    /// The text that was looked at last.
    settled: Option<Arc<str>>,
    /// The last text that could be parsed, and what was known of it.
    parsed: Option<(Arc<str>, FileRecord)>,
}

impl Buffers {
    pub(super) fn text(&self, path: &Path) -> Option<&Arc<str>> {
        self.held.get(path).map(|buffer| &buffer.text)
    }

    /// The files, in no order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.held.keys()
    }

    /// Sets the text of a file. Gives whether the file was not held before.
    pub(super) fn set(&mut self, path: PathBuf, text: Arc<str>) -> bool {
        if let Some(buffer) = self.held.get_mut(&path) {
            buffer.text = text;
            return false;
        }
        self.held.insert(path, Buffer { text, settled: None, parsed: None });
        true
    }

    /// Gives whether the file was held.
    pub(super) fn close(&mut self, path: &Path) -> bool {
        self.held.remove(path).is_some()
    }

    /// The record that counts for a file: the one of its text, unless that can't be parsed and an
    /// earlier one could; and where its parts have gone since it was looked at.
    pub(super) fn settle(&mut self, path: &Path, record: FileRecord) -> (FileRecord, Moved) {
        let Some(buffer) = self.held.get_mut(path) else { return (record, Moved::unknown()) };
        let before = buffer.settled.replace(buffer.text.clone());
        let moved = before.map_or_else(Moved::unknown, |it| Moved::between(&it, &buffer.text));
        if !record.summary.has_syntax_errors {
            buffer.parsed = Some((buffer.text.clone(), record.clone()));
            return (record, moved);
        }
        let record = match &buffer.parsed {
            Some((text, parsed)) => carried(parsed, text, &buffer.text, record),
            None => record,
        };
        (record, moved)
    }
}

/// What was known of a text, beside what is wrong with the text that came of it.
fn carried(parsed: &FileRecord, before: &str, now: &str, broken: FileRecord) -> FileRecord {
    let moved = Moved::between(before, now);
    let sites = moved.sites(&parsed.sites);
    let kept = parsed.findings.iter().filter_map(|finding| moved.finding(finding));
    let findings = broken.findings.into_iter().chain(kept).collect();
    FileRecord { summary: parsed.summary.clone(), sites, findings, ..broken }
}

/// Where the parts of a text are after edits: what is before them stays, what is behind them moves, and
/// of the lines between, those that occur once are found again.
pub(super) struct Moved {
    /// Where the lines that differ begin.
    start: usize,
    /// Where they end in the text before.
    end: usize,
    /// How much longer the text is now.
    growth: isize,
    /// Lines between: where they begin and end in the text before, and how far they have moved.
    lines: Vec<(usize, usize, isize)>,
}

impl Moved {
    /// Nothing is known of the text before.
    fn unknown() -> Self {
        Self { start: 0, end: usize::MAX, growth: 0, lines: Vec::new() }
    }

    /// Where some places are now.
    pub(super) fn sites(&self, sites: &Sites) -> Sites {
        let moved = |range: &TextRange| self.range(*range).unwrap_or_else(being_edited);
        Sites(sites.0.iter().map(moved).collect())
    }

    fn between(before: &str, now: &str) -> Self {
        let (old, new) = (before.as_bytes(), now.as_bytes());
        let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let start = old[..same].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (rest_old, rest_new) = (&old[start..], &new[start..]);
        let tail = rest_old.iter().rev().zip(rest_new.iter().rev());
        let tail = tail.take_while(|(old, new)| old == new).count();
        let end = old.len() - tail;
        let end =
            old[end..].iter().position(|byte| *byte == b'\n').map_or(old.len(), |at| end + at);
        let growth = new.len().wrapping_sub(old.len()).cast_signed();
        let new_end = end.checked_add_signed(growth).unwrap_or(start);
        let found = unique_lines(new, start, new_end);
        let kept = unique_lines(old, start, end);
        let lines = kept.iter().filter_map(|(line, from)| {
            let to = found.get(line)?;
            Some((*from, from + line.len(), to.wrapping_sub(*from).cast_signed()))
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort_unstable();
        Self { start, end, growth, lines }
    }

    fn range(&self, range: TextRange) -> Option<TextRange> {
        if range == being_edited() {
            return None;
        }
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        if end < self.start || (end == self.start && start < end) {
            return Some(range);
        }
        let by = if start >= self.end {
            self.growth
        } else {
            let own = self.lines.iter().find(|line| line.0 <= start && end <= line.1);
            own?.2
        };
        let moved = |offset: usize| TextSize::try_from(offset.checked_add_signed(by)?).ok();
        Some(TextRange::new(moved(start)?, moved(end)?))
    }

    fn finding(&self, finding: &Finding) -> Option<Finding> {
        let related =
            finding.related.iter().map(|(range, text)| Some((self.range(*range)?, text.clone())));
        Some(Finding {
            range: self.range(finding.range)?,
            related: related.collect::<Option<_>>()?,
            suppressible_at: finding.suppressible_at.and_then(|range| self.range(range)),
            fix: None,
            ..finding.clone()
        })
    }
}

/// The lines of a part of a text that occur there once, with where they begin.
fn unique_lines(text: &[u8], start: usize, end: usize) -> FxHashMap<&[u8], usize> {
    let mut lines: FxHashMap<&[u8], Option<usize>> = FxHashMap::default();
    let mut at = start;
    for line in text.get(start..end).unwrap_or_default().split(|byte| *byte == b'\n') {
        lines.entry(line).and_modify(|known| *known = None).or_insert(Some(at));
        at += line.len() + 1;
    }
    lines.into_iter().filter_map(|(line, at)| Some((line, at?))).collect()
}

#[cfg(test)]
mod tests {
    use pycheck_model::TextRange;

    use super::Moved;

    fn moved(before: &str, now: &str, word: &str) -> Option<usize> {
        let start = before.find(word).unwrap() as u32;
        let range = TextRange::new(start.into(), (start + word.len() as u32).into());
        Moved::between(before, now).range(range).map(|range| range.start().into())
    }

    #[test]
    fn what_is_before_stays_what_is_behind_moves_and_the_line_itself_is_gone() {
        let (before, now) = ("one\ntwo\nthree\n", "one\ntwo (\nthree\n");
        assert_eq!(moved(before, now, "one"), Some(0));
        assert_eq!(moved(before, now, "two"), None);
        assert_eq!(moved(before, now, "three"), Some(10));
    }

    #[test]
    fn lines_between_two_edits_are_found_again() {
        let (before, now) = ("one\ntwo\nthree\n", "# new\none\ntwo\nthree (\n");
        assert_eq!(moved(before, now, "two"), Some(10));
        assert_eq!(moved(before, now, "three"), None);
    }

    #[test]
    fn a_text_that_is_wholly_new_keeps_nothing() {
        assert_eq!(moved("one\n", "(", "one"), None);
        assert_eq!(moved("a\nb", "", "b"), None);
    }

    #[test]
    fn repeated_text_is_not_counted_twice() {
        assert_eq!(moved("x\nx\nx\n", "x\nx\nx\nx\n(", "x"), Some(0));
    }
}
