//! Offsets and positions: the one place that counts lines and units of characters.

use std::sync::Arc;

use lsp_types::{Position, PositionEncodingKind, Range};
use ruff_source_file::{LineIndex, PositionEncoding};
use ruff_text_size::{TextRange, TextSize};

/// How an editor counts within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The best that both sides know: bytes are what we have.
    pub(crate) fn negotiated(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind| offered.is_some_and(|offered| offered.contains(&kind));
        if offers(PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(PositionEncodingKind::UTF32) && !offers(PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

impl From<Encoding> for PositionEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16 => Self::Utf16,
            Encoding::Utf32 => Self::Utf32,
        }
    }
}

/// A text with its lines.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) content: Arc<str>,
    lines: LineIndex,
    encoding: Encoding,
}

impl Text {
    pub(crate) fn new(content: Arc<str>, encoding: Encoding) -> Self {
        let lines = LineIndex::from_source_text(&content);
        Self { content, lines, encoding }
    }

    /// The place of an offset; one behind the end is at the end.
    pub(crate) fn position(&self, offset: TextSize) -> Position {
        let offset = self.content.floor_char_boundary(usize::from(offset));
        let offset = TextSize::try_from(offset).unwrap_or_default();
        let place = self.lines.source_location(offset, &self.content, self.encoding.into());
        Position::new(
            place.line.to_zero_indexed() as u32,
            place.character_offset.to_zero_indexed() as u32,
        )
    }

    pub(crate) fn range(&self, range: TextRange) -> Range {
        Range::new(self.position(range.start()), self.position(range.end()))
    }

    /// The offset of a place; one behind the end of its line, or of the text, is at that end.
    pub(crate) fn offset(&self, position: Position) -> TextSize {
        let starts = self.lines.line_starts();
        let line = position.line as usize;
        let Some(start) = starts.get(line).copied().map(usize::from) else {
            return TextSize::try_from(self.content.len()).unwrap_or_default();
        };
        let end = starts.get(line + 1).map_or(self.content.len(), |end| usize::from(*end));
        let text = self.content[start..end].trim_end_matches(['\n', '\r']);
        let mut units = 0;
        let before = text.char_indices().find(|(_, character)| {
            units += self.encoding.width(*character);
            units > position.character as usize
        });
        let offset = start + before.map_or(text.len(), |(at, _)| at);
        TextSize::try_from(offset).unwrap_or_default()
    }

    /// The offsets of two places, in order.
    pub(crate) fn text_range(&self, range: Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(start.min(end), start.max(end))
    }
}

#[cfg(test)]
mod tests {
    use lsp_types::{Position, PositionEncodingKind};

    use super::{Encoding, Text};

    const SAMPLE: &str = "x = '😀é'; y\r\nlast";

    #[test]
    fn each_encoding_counts_in_its_own_units() {
        let offset = SAMPLE.find('y').unwrap() as u32;
        for (encoding, units) in
            [(Encoding::Utf8, 14), (Encoding::Utf16, 11), (Encoding::Utf32, 10)]
        {
            let text = Text::new(SAMPLE.into(), encoding);
            assert_eq!(text.position(offset.into()), Position::new(0, units), "{encoding:?}");
            assert_eq!(text.offset(Position::new(0, units)), offset.into(), "{encoding:?}");
        }
    }

    #[test]
    fn places_that_do_not_exist_are_at_the_nearest_end() {
        let text = Text::new(SAMPLE.into(), Encoding::Utf16);
        assert_eq!(text.offset(Position::new(0, 999)), 15.into());
        assert_eq!(text.offset(Position::new(9, 0)), 21.into());
        assert_eq!(text.position(999.into()), Position::new(1, 4));
        // In the middle of a character.
        assert_eq!(text.offset(Position::new(0, 6)), 5.into());
    }

    #[test]
    fn bytes_are_preferred_and_utf16_is_what_nothing_means() {
        let (a, b, c) =
            (PositionEncodingKind::UTF32, PositionEncodingKind::UTF8, PositionEncodingKind::UTF16);
        assert_eq!(Encoding::negotiated(None), Encoding::Utf16);
        assert_eq!(Encoding::negotiated(Some(&[a.clone(), b.clone(), c.clone()])), Encoding::Utf8);
        assert_eq!(Encoding::negotiated(Some(&[a.clone(), c])), Encoding::Utf16);
        assert_eq!(Encoding::negotiated(Some(&[a])), Encoding::Utf32);
    }
}
