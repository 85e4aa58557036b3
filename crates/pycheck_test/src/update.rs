//! Rewriting the blocks of a page that hold results.

use std::ops::Range;
use std::path::Path;

/// Whether results are to be rewritten instead of compared.
pub fn is_wanted() -> bool {
    std::env::var_os("PYCHECK_UPDATE").is_some_and(|value| value == "1")
}

/// A block's text and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Where the text is in the page, in bytes.
    pub span: Range<usize>,
    /// The new text.
    pub text: String,
}

/// The page's text with the replacements made, which must not overlap.
pub fn apply(text: &str, replacements: &[Replacement]) -> String {
    let mut sorted: Vec<&Replacement> = replacements.iter().collect();
    sorted.sort_by_key(|replacement| replacement.span.start);
    let mut result = String::with_capacity(text.len());
    let mut position = 0;
    for replacement in sorted {
        result.push_str(&text[position..replacement.span.start]);
        result.push_str(&replacement.text);
        position = replacement.span.end;
    }
    result.push_str(&text[position..]);
    result
}

/// Writes the page again if something in it is replaced.
pub fn write(path: &Path, text: &str, replacements: &[Replacement]) -> std::io::Result<()> {
    if replacements.is_empty() {
        return Ok(());
    }
    std::fs::write(path, apply(text, replacements))
}

#[cfg(test)]
mod tests {
    use super::{Replacement, apply};

    #[test]
    fn replacements_are_made_in_order_of_place() {
        let replacements = [
            Replacement { span: 4..5, text: "C".to_owned() },
            Replacement { span: 1..1, text: "-".to_owned() },
        ];
        assert_eq!(apply("a b c", &replacements), "a- b C");
    }
}
