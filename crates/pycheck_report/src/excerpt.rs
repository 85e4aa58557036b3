//! The lines of one file that a diagnostic speaks of, cut to a width that can be read.
//!
//! A line of a megabyte must not be printed whole, and a terminal must not obey what stands in a
//! source file. So codespan gets a text of its own, made of the lines it will show, and the places
//! in it.

use std::collections::BTreeMap;
use std::ops::Range;

use pycheck_model::{TextRange, TextSize};

use crate::paths;
use crate::texts::{Position, Text};

/// How many lines of a range over several lines are shown after its first line.
pub(crate) const LINES_AFTER_START: usize = 3;
/// How many lines of such a range are shown before its last line.
pub(crate) const LINES_BEFORE_END: usize = 1;

/// A longer line is cut.
pub(crate) const LONGEST_LINE: usize = 240;
/// How many bytes of a cut line are kept before the place that it is shown for.
const KEPT_BEFORE: usize = 60;
/// How many bytes of a cut line are kept from that place on.
const KEPT_AFTER: usize = 140;
const CUT: char = '…';

/// The shown lines of one file.
#[derive(Default)]
pub(crate) struct Excerpt {
    /// The path as it is shown.
    pub(crate) name: String,
    /// The shown lines, each with a line end.
    pub(crate) shown: String,
    lines: BTreeMap<usize, Line>,
    /// Where the ranges start: in `shown`, and in the file.
    starts: Vec<(usize, Position)>,
}

/// A shown line.
struct Line {
    /// Where it is in the file, after cutting.
    source: TextRange,
    /// Where it is in [`Excerpt::shown`], its line end included.
    shown: Range<usize>,
    /// Where its first character is in [`Excerpt::shown`], after the mark of a cut.
    text_start: usize,
}

impl Excerpt {
    /// Makes the excerpt for `ranges`, and gives the place of each of them in it.
    pub(crate) fn new(
        name: String,
        text: &Text,
        ranges: &[TextRange],
    ) -> (Self, Vec<Range<usize>>) {
        let ranges: Vec<TextRange> = ranges.iter().map(|range| visible(text, *range)).collect();
        let mut excerpt = Self { name, ..Self::default() };
        for (line, focus) in shown_lines(text, &ranges) {
            excerpt.add_line(text, line, focus);
        }
        let places = ranges.iter().map(|range| excerpt.place(text, *range)).collect();
        (excerpt, places)
    }

    fn add_line(&mut self, text: &Text, line: usize, focus: Option<TextSize>) {
        let Some(range) = text.line_range(line) else { return };
        let source = cut(text.as_str(), range, focus);
        let start = self.shown.len();
        if source.start() > range.start() {
            self.shown.push(CUT);
        }
        let text_start = self.shown.len();
        self.shown.extend(text.as_str()[source].chars().map(paths::printable));
        if source.end() < range.end() {
            self.shown.push(CUT);
        }
        self.shown.push('\n');
        self.lines.insert(line, Line { source, shown: start..self.shown.len(), text_start });
    }

    /// Where a range of the file is in the excerpt.
    fn place(&mut self, text: &Text, range: TextRange) -> Range<usize> {
        let start = self.offset(text, range.start());
        self.starts.push((start, text.position(range.start())));
        start..self.offset(text, range.end()).max(start)
    }

    fn offset(&self, text: &Text, offset: TextSize) -> usize {
        let Some(line) = self.lines.get(&text.line_of(offset)) else { return 0 };
        let offset = offset.clamp(line.source.start(), line.source.end());
        let before = &text.as_str()[TextRange::new(line.source.start(), offset)];
        let width: usize = before.chars().map(|c| paths::printable(c).len_utf8()).sum();
        line.text_start + width
    }

    /// The line of the file that is shown at a byte of the excerpt.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        let line = self.lines.iter().rev().find(|(_, line)| line.shown.start <= offset);
        line.map_or(0, |(index, _)| *index)
    }

    /// Where a line of the file is in the excerpt; empty when it is not shown.
    pub(crate) fn line_range(&self, line: usize) -> Range<usize> {
        self.lines.get(&line).map_or(0..0, |line| line.shown.clone())
    }

    /// Where in the file a range starts that starts at a byte of the excerpt.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let start = self.starts.iter().find(|(start, _)| *start == offset);
        start.map_or(Position::START, |(_, position)| *position)
    }
}

/// The part of a range that is worth underlining: in the text, without line ends at its end.
fn visible(text: &Text, range: TextRange) -> TextRange {
    let (start, end) = (text.clamp(range.start()), text.clamp(range.end()));
    let content = &text.as_str()[TextRange::new(start, end)];
    TextRange::at(start, TextSize::of(content.trim_end_matches(['\n', '\r'])))
}

/// The lines to show for the ranges, each with the first place on it that must stay visible.
fn shown_lines(text: &Text, ranges: &[TextRange]) -> BTreeMap<usize, Option<TextSize>> {
    let mut lines = BTreeMap::new();
    for range in ranges {
        let (first, last) = (text.line_of(range.start()), text.line_of(range.end()));
        lines.entry(first).or_insert(None).get_or_insert(range.start());
        let last_of_start = last.min(first + LINES_AFTER_START + 1);
        let first_of_end = first.max(last.saturating_sub(LINES_BEFORE_END + 1));
        for line in (first + 1..=last_of_start).chain(first_of_end..=last) {
            lines.entry(line).or_insert(None);
        }
        if last > first {
            lines.entry(last).or_insert(None).get_or_insert(range.end());
        }
    }
    // A single line between two shown lines is shown too.
    let shown: Vec<usize> = lines.keys().copied().collect();
    for pair in shown.windows(2).filter(|pair| pair[1] - pair[0] == 2) {
        lines.entry(pair[0] + 1).or_insert(None);
    }
    lines
}

/// The part of a line to show: all of it, or what is near `focus` if it is long.
fn cut(text: &str, line: TextRange, focus: Option<TextSize>) -> TextRange {
    if line.len().to_usize() <= LONGEST_LINE {
        return line;
    }
    let focus = focus.unwrap_or(line.start()).to_usize();
    let start = text.floor_char_boundary(focus.saturating_sub(KEPT_BEFORE));
    let end = text.floor_char_boundary(focus + KEPT_AFTER);
    let start = TextSize::new(start as u32).clamp(line.start(), line.end());
    let end = TextSize::new(end as u32).clamp(start, line.end());
    TextRange::new(start, end)
}
