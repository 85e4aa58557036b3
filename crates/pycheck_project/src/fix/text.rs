//! From a text and fixes to the text afterwards.

use pycheck_model::{Diagnostic, Edit, apply_edits};

/// The text after the fixes of these diagnostics; `None` when they do not fit it or each other.
pub(super) fn after(text: &str, fixed: &[&Diagnostic]) -> Option<String> {
    let fixes = fixed.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    with_edits(text, fixes.flat_map(|fix| &fix.edits))
}

/// The text after edits, with line ends like its own.
pub(super) fn with_edits<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> Option<String> {
    let edits: Vec<Edit> = edits.map(|edit| with_line_ends_of(text, edit)).collect();
    apply_edits(text, &edits)
}

/// The edit with line ends like those of the lines before it.
fn with_line_ends_of(text: &str, edit: &Edit) -> Edit {
    let content = edit.content.replace("\r\n", "\n").replace('\r', "\n");
    let before = text.get(..usize::from(edit.range.start())).unwrap_or(text);
    let content = match line_end(before).or_else(|| line_end(text)) {
        Some(end) if end != "\n" => content.replace('\n', end),
        _ => content,
    };
    Edit { range: edit.range, content }
}

/// How the last line that ends in the text ends.
fn line_end(text: &str) -> Option<&'static str> {
    let last = text.rfind(['\n', '\r'])?;
    Some(match (&text[..last], text.as_bytes()[last]) {
        (before, b'\n') if before.ends_with('\r') => "\r\n",
        (_, b'\n') => "\n",
        _ => "\r",
    })
}

#[cfg(test)]
mod tests {
    use super::with_line_ends_of;
    use pycheck_model::{Edit, TextRange};

    fn inserted(text: &str, at: u32, content: &str) -> String {
        let edit = Edit { range: TextRange::empty(at.into()), content: content.to_owned() };
        with_line_ends_of(text, &edit).content
    }

    #[test]
    fn new_lines_end_like_those_before_them() {
        assert_eq!(inserted("a\r\nb\r\n", 3, "x\ny\n"), "x\r\ny\r\n");
        assert_eq!(inserted("a\nb\r\n", 2, "x\r\n"), "x\n");
        assert_eq!(inserted("a\rb", 2, "x\n"), "x\r");
        assert_eq!(inserted("a\r\n", 0, "x\n"), "x\r\n", "the first line has none before it");
        assert_eq!(inserted("a", 1, "\nx"), "\nx");
    }
}
