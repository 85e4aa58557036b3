//! The texts of the files that are shown, each asked for once, and the places in them.

use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

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

/// A file's text with an index of its lines.
pub(crate) struct Text {
    text: Arc<str>,
    lines: LineIndex,
}

impl Text {
    /// Returns `None` for a text so long that its places can't be counted in 32 bits.
    fn new(text: Arc<str>) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        let lines = LineIndex::from_source_text(&text);
        Some(Self { text, lines })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The row and column of a byte.
    pub(crate) fn position(&self, offset: TextSize) -> Position {
        let at = self.lines.line_column(self.clamp(offset), &self.text);
        Position { row: at.line.get(), column: at.column.get() }
    }

    /// The nearest place at or before `offset` that is in the text and between two characters.
    ///
    /// A text may have changed on disk since its diagnostics were made.
    pub(crate) fn clamp(&self, offset: TextSize) -> TextSize {
        TextSize::new(self.text.floor_char_boundary(offset.to_usize()) as u32)
    }

    /// The index of the line that `offset` is in, from 0.
    pub(crate) fn line_of(&self, offset: TextSize) -> usize {
        self.lines.line_index(self.clamp(offset)).to_zero_indexed()
    }

    /// The bytes of a line without its end and without a byte order mark, if there is such a line.
    pub(crate) fn line_range(&self, line: usize) -> Option<TextRange> {
        if line >= self.lines.line_count() {
            return None;
        }
        let line = ruff_source_file::OneIndexed::from_zero_indexed(line);
        let range = self.lines.line_range(line, &self.text);
        let content = &self.text[range];
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
    known: FxHashMap<PathBuf, Option<Rc<Text>>>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(sources: &'a dyn Sources) -> Self {
        Self { sources, known: FxHashMap::default() }
    }

    pub(crate) fn get(&mut self, path: &Path) -> Option<Rc<Text>> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let text = self.sources.text(path).and_then(Text::new).map(Rc::new);
        self.known.insert(path.to_owned(), text.clone());
        text
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
