//! What is told of the thing under the cursor: where an import leads and why, what a rule is.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use pycheck_project::Destination;
use ruff_text_size::{TextRange, TextSize};

use crate::documents::Documents;
use crate::worker::Worker;

impl Worker {
    pub(crate) fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let path = Documents::path(&at.text_document.uri, &self.home());
        let document = self.documents.get(&path)?;
        let offset = document.text.offset(at.position);
        let rule = rule_at(&document.text.content, offset);
        let (range, value) = rule.or_else(|| {
            let session = self.workspaces.get(&path)?.session.as_ref()?;
            let destinations = session.destinations(&path);
            let found = destinations.iter().find(|it| holds(it.range, offset))?;
            Some((found.range, told(found, &session.origin(found))))
        })?;
        let contents = MarkupContent { kind: MarkupKind::Markdown, value };
        let range = Some(document.text.range(range));
        Some(Hover { contents: HoverContents::Markup(contents), range })
    }
}

/// Whether a place is at an offset, its end included.
pub(crate) fn holds(range: TextRange, offset: TextSize) -> bool {
    range.contains_inclusive(offset)
}

/// Where an import leads, in a few lines.
fn told(destination: &Destination, origin: &str) -> String {
    let what = if destination.member.is_some() { "name" } else { "module" };
    let mut text = format!("{what} `{}`", destination.name);
    if let Some(path) = &destination.path {
        // Writing to a string can't fail.
        let _ = write!(text, "\n\n`{}`", path.display());
    }
    let _ = write!(text, "\n\n{origin}");
    text
}

/// The page of the rule that a comment names at this place.
fn rule_at(text: &str, offset: TextSize) -> Option<(TextRange, String)> {
    let offset = usize::from(offset);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let comment = text[line_start..offset].find('#')? + line_start;
    let before = text[comment..offset].trim_end_matches(is_part).len() + comment;
    let rest = text[offset..].find(|c| !is_part(c)).map_or(text.len(), |at| offset + at);
    let opening = text[comment..before].to_ascii_lowercase();
    if !(opening.contains("noqa") || opening.contains("pycheck:")) {
        return None;
    }
    let (_, rule) = pycheck_rules::find(&text[before..rest])?;
    let range =
        TextRange::new(u32::try_from(before).ok()?.into(), u32::try_from(rest).ok()?.into());
    Some((range, rule.explanation()))
}

#[cfg(test)]
mod tests {
    use super::rule_at;

    #[test]
    fn a_rule_is_known_by_its_name_and_by_codes_in_comments() {
        let told = |text: &str| {
            let at = text.find('|').unwrap();
            rule_at(&text.replace('|', ""), u32::try_from(at).unwrap().into()).map(|it| it.1)
        };
        assert!(told("x  # pycheck: ignore[bare-|except]").unwrap().contains("bare-except"));
        assert!(told("x  # noqa: E7|22").unwrap().contains("bare-except"));
        assert_eq!(told("bare-|except"), None);
        assert_eq!(told("# about bare-|except"), None);
    }
}
