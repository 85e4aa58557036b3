//! Edits of one file's text, and fixes made of them.

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

/// Replaces the text in `range` (bytes) by `content`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub content: String,
}

/// Whether a fix keeps what the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Safety {
    /// The program does the same afterwards, but for the mistake.
    Safe,
    /// The program may do something else afterwards; a person should look.
    Unsafe,
}

/// What would mend a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What the fix does, as an instruction: "Replace `==` by `is`".
    pub title: String,
    /// Whether it may be applied without being asked for.
    pub safety: Safety,
    /// The edits, which do not overlap. They are applied together or not at all.
    pub edits: Vec<Edit>,
}

/// The text after the edits, which must lie within it, on character boundaries, without overlap.
///
/// Returns `None` when they do not.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut position = 0;
    for edit in sorted {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        if start < position {
            return None;
        }
        result.push_str(text.get(position..start)?);
        text.get(start..end)?;
        result.push_str(&edit.content);
        position = end;
    }
    result.push_str(text.get(position..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::{Edit, apply_edits};
    use ruff_text_size::{TextRange, TextSize};

    fn edit(start: u32, end: u32, content: &str) -> Edit {
        Edit {
            range: TextRange::new(TextSize::new(start), TextSize::new(end)),
            content: content.to_owned(),
        }
    }

    #[test]
    fn edits_are_applied_in_order_of_place() {
        let edits = [edit(4, 5, "C"), edit(0, 1, "A"), edit(2, 2, "-")];
        assert_eq!(apply_edits("a b c", &edits).as_deref(), Some("A -b C"));
    }

    #[test]
    fn overlapping_or_outlying_edits_are_refused() {
        assert_eq!(apply_edits("abc", &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(apply_edits("abc", &[edit(2, 9, "")]), None);
    }
}
