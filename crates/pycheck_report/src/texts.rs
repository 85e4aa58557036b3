//! The texts of the files that are shown, each asked for once, and the places in them.

use std::cell::{Cell, OnceCell};
use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use memchr::memchr2;
use pycheck_model::{TextRange, TextSize};
use ruff_source_file::LineIndex;
use rustc_hash::FxHashMap;

use crate::Sources;

/// A place as people and editors count it: both numbers start at 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Position {
    pub(crate) row: usize,
    pub(crate) column: usize,
}

impl Position {
    /// Where a file begins; stands for every place of a file without a text.
    pub(crate) const START: Self = Self { row: 1, column: 1 };
}

/// A file's text with an index of its lines, made when it is asked for.
pub(crate) struct Text {
    content: Arc<str>,
    lines: OnceCell<LineIndex>,
    /// A line that was asked for: the lines before the next one are counted from there.
    last: Cell<Start>,
}

/// Where a line starts.
#[derive(Clone, Copy)]
struct Start {
    /// Its number, from 1.
    row: usize,
    offset: usize,
}

/// A line without its end.
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) row: usize,
    pub(crate) range: TextRange,
}

impl Text {
    /// Returns `None` for a text so long that its places can't be counted in 32 bits.
    fn new(text: Arc<str>) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        let last = Cell::new(Start { row: 1, offset: 0 });
        Some(Self { content: text, lines: OnceCell::new(), last })
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::from_source_text(&self.content))
    }

    /// The line that `offset` is in, a byte order mark included; `None` if it is not in the text.
    /// Cheap where the places that are asked for come in order, and near the top.
    pub(crate) fn line_at(&self, offset: TextSize) -> Option<Line> {
        let bytes = self.content.as_bytes();
        let offset = offset.to_usize();
        if !self.content.is_char_boundary(offset) {
            return None;
        }
        let mut start = self.last.get();
        if start.offset > offset {
            start = Start { row: 1, offset: 0 };
        }
        while let Some(end) = memchr2(b'\n', b'\r', &bytes[start.offset..offset]) {
            let end = start.offset + end;
            let width = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
            if end + width > offset {
                break;
            }
            start = Start { row: start.row + 1, offset: end + width };
        }
        self.last.set(start);
        let end = memchr2(b'\n', b'\r', &bytes[offset..]).map_or(bytes.len(), |end| offset + end);
        let (start_at, end) = (TextSize::new(start.offset as u32), TextSize::new(end as u32));
        Some(Line { row: start.row, range: TextRange::new(start_at, end) })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.content
    }

    /// The row and column of a byte.
    pub(crate) fn position(&self, offset: TextSize) -> Position {
        let at = self.lines().line_column(self.clamp(offset), &self.content);
        Position { row: at.line.get(), column: at.column.get() }
    }

    /// The row and column of a byte, counting bytes. A byte order mark is no part of the first line.
    fn byte_position(&self, offset: TextSize) -> Position {
        let row = self.line_of(offset);
        let start = self.line_range(row).map(TextRange::start).unwrap_or_default();
        let column = self.clamp(offset).checked_sub(start).unwrap_or_default().to_usize() + 1;
        Position { row: row + 1, column }
    }

    /// The nearest place at or before `offset` that is in the text and between two characters.
    ///
    /// A text may have changed on disk since its diagnostics were made.
    pub(crate) fn clamp(&self, offset: TextSize) -> TextSize {
        TextSize::new(self.content.floor_char_boundary(offset.to_usize()) as u32)
    }

    /// The index of the line that `offset` is in, from 0.
    pub(crate) fn line_of(&self, offset: TextSize) -> usize {
        self.lines().line_index(self.clamp(offset)).to_zero_indexed()
    }

    /// The bytes of a line without its end and without a byte order mark, if there is such a line.
    pub(crate) fn line_range(&self, line: usize) -> Option<TextRange> {
        if line >= self.lines().line_count() {
            return None;
        }
        let line = ruff_source_file::OneIndexed::from_zero_indexed(line);
        let range = self.lines().line_range(line, &self.content);
        let content = &self.content[range];
        let mark = if range.start() == TextSize::new(0) && content.starts_with('\u{feff}') {
            TextSize::of('\u{feff}')
        } else {
            TextSize::new(0)
        };
        let trimmed = content.trim_end_matches(['\n', '\r']);
        let end = range.start() + TextSize::of(trimmed);
        Some(TextRange::new(range.start() + mark, end.max(range.start() + mark)))
    }
}

/// The texts that were asked for so far.
pub(crate) struct Texts<'a> {
    sources: &'a dyn Sources,
    known: FxHashMap<OsString, Option<Rc<Text>>>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(sources: &'a dyn Sources) -> Self {
        Self { sources, known: FxHashMap::default() }
    }

    pub(crate) fn get(&mut self, path: &Path) -> Option<Rc<Text>> {
        if let Some(known) = self.known.get(path.as_os_str()) {
            return known.clone();
        }
        let text = self.sources.text(path).and_then(Text::new).map(Rc::new);
        self.known.insert(path.as_os_str().to_owned(), text.clone());
        text
    }

    /// Where a range starts and ends, in columns that count bytes.
    pub(crate) fn byte_positions(&mut self, path: &Path, range: TextRange) -> (Position, Position) {
        match self.get(path) {
            Some(text) => (text.byte_position(range.start()), text.byte_position(range.end())),
            None => (Position::START, Position::START),
        }
    }

    /// Where a range starts and ends.
    pub(crate) fn positions(&mut self, path: &Path, range: TextRange) -> (Position, Position) {
        match self.get(path) {
            Some(text) => (text.position(range.start()), text.position(range.end())),
            None => (Position::START, Position::START),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Text};
    use pycheck_model::TextSize;

    fn position(text: &str, offset: u32) -> (usize, usize) {
        let Position { row, column } = Text::new(text.into()).unwrap().position(offset.into());
        (row, column)
    }

    #[test]
    fn lines_end_where_python_ends_them() {
        let text = "a\nb\r\nc\rd\x0ce\u{2028}f";
        assert_eq!(position(text, 2), (2, 1));
        assert_eq!(position(text, 5), (3, 1));
        assert_eq!(position(text, 7), (4, 1));
        assert_eq!(position(text, 9), (4, 3), "a form feed ends no line");
        assert_eq!(position(text, 13), (4, 5), "a line separator ends no line");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(position("größe = 1", 8), (1, 7));
        assert_eq!(position("\u{feff}x = 1", 3), (1, 1), "the byte order mark is no column");
        assert_eq!(position("\u{feff}x = 1", 4), (1, 2));
    }

    #[test]
    fn places_outside_the_text_are_moved_into_it() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("ab", 99), (1, 3));
        assert_eq!(position("é", 1), (1, 1));
    }

    #[test]
    fn a_line_is_without_its_end() {
        let text = Text::new("\u{feff}a\r\n\rb".into()).unwrap();
        let line = |index| text.line_range(index).map(|range| &text.as_str()[range]);
        assert_eq!([line(0), line(1), line(2), line(3)], [Some("a"), Some(""), Some("b"), None]);
        assert_eq!(text.line_of(TextSize::new(6)), 1);
    }
}
