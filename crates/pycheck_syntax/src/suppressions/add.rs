//! Writing suppression comments: where one can stand that speaks of a place, and what it says.

use std::collections::BTreeMap;

use pycheck_model::Edit;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{COMMENT, directive, line_start, long_strings};
use crate::ParsedFile;

/// The edits that suppress findings: the rules' names in a comment at the end of the line, or of
/// the lines where no comment can stand in between; what concerns a file as such, above its code.
pub fn ignore_edits(file: &ParsedFile, found: &[(TextRange, &str)]) -> Vec<Edit> {
    let mut by_line: BTreeMap<TextSize, Vec<&str>> = BTreeMap::new();
    let mut of_file: Vec<&str> = Vec::new();
    for (range, rule) in found {
        let is_of_file = *range == TextRange::default();
        let names =
            if is_of_file { &mut of_file } else { by_line.entry(place(file, *range)).or_default() };
        if !names.contains(rule) {
            names.push(rule);
        }
    }
    let edits = by_line.into_iter().map(|(end, rules)| line_edit(file, end, &rules));
    let mut edits: Vec<Edit> = edits.collect();
    if !of_file.is_empty() {
        edits.insert(0, file_edit(file, &of_file));
    }
    edits
}

/// The end of the line at which a comment speaks of a finding.
fn place(file: &ParsedFile, finding: TextRange) -> TextSize {
    let text = file.text();
    let strings = long_strings(file);
    let mut end = line_end(text, finding.start());
    loop {
        let string = strings.iter().find(|range| range.start() < end && range.end() > end);
        let next = match string {
            Some(string) => string.end(),
            None if is_continued(file, end) => end + line_break(text, end),
            None => return end,
        };
        end = line_end(text, next);
    }
}

/// Whether the line that ends here goes on after a backslash.
fn is_continued(file: &ParsedFile, end: TextSize) -> bool {
    let has_next = usize::from(end) < file.text().len();
    file.text()[..usize::from(end)].ends_with('\\')
        && has_next
        && comment_before(file, end).is_none()
}

/// The comment that ends the line that ends here.
fn comment_before(file: &ParsedFile, end: TextSize) -> Option<TextRange> {
    let comments = file.tokens().iter().filter(|token| token.kind().is_comment());
    comments.map(Ranged::range).find(|range| range.end() == end)
}

/// The comment at the end of a line; names are added to one that is there.
fn line_edit(file: &ParsedFile, end: TextSize, rules: &[&str]) -> Edit {
    let names = rules.join(", ");
    let comment = comment_before(file, end).map(|range| (range, file.source(range)));
    if let Some((range, text)) = comment
        && directive(text, "pycheck:", "ignore").is_some()
        && let Some(close) = text.find("ignore[").and_then(|at| Some(at + text[at..].find(']')?))
    {
        let at = range.start() + TextSize::new(close as u32);
        return Edit { range: TextRange::empty(at), content: format!(", {names}") };
    }
    let line = &file.text()[line_start(file.text(), end.into())..usize::from(end)];
    let blanks = line.len() - line.trim_end().len();
    let at = end - TextSize::new(blanks as u32);
    Edit { range: TextRange::new(at, end), content: format!("  {COMMENT}ignore[{names}]") }
}

/// The comment for the whole file, below the lines that must come first.
fn file_edit(file: &ParsedFile, rules: &[&str]) -> Edit {
    let text = file.text();
    let mut at = 0;
    for line in text.split_inclusive('\n').take(2) {
        let is_encoding = line.starts_with('#') && line.contains("coding");
        if !(line.starts_with("#!") || is_encoding) {
            break;
        }
        at += line.len();
    }
    let content = format!("{COMMENT}ignore-file[{}]\n", rules.join(", "));
    Edit { range: TextRange::empty(TextSize::new(at as u32)), content }
}

fn line_end(text: &str, at: TextSize) -> TextSize {
    let from = usize::from(at);
    let length = text[from..].find(['\n', '\r']).unwrap_or(text.len() - from);
    at + TextSize::new(length as u32)
}

fn line_break(text: &str, at: TextSize) -> TextSize {
    TextSize::new(if text[usize::from(at)..].starts_with("\r\n") { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::ignore_edits;
    use crate::{parse, suppressions};
    use pycheck_model::{PythonVersion, TextRange, apply_edits};

    /// The text with comments for what is between `«` and `»`; they must suppress it.
    fn ignored(marked: &str, rule: &str) -> String {
        let start = marked.find('«').unwrap() as u32;
        let end = (marked.find('»').unwrap() - '«'.len_utf8()) as u32;
        let text = marked.replace(['«', '»'], "");
        let range = TextRange::new(start.into(), end.into());
        let file = parse(text.clone(), PythonVersion::NEWEST);
        let after = apply_edits(&text, &ignore_edits(&file, &[(range, rule)])).unwrap();
        let found = suppressions(&parse(after.clone(), PythonVersion::NEWEST));
        assert!(found.suppress(range, |name| name == rule), "{after}");
        after
    }

    #[test]
    fn a_comment_is_written_at_the_end_of_the_line() {
        assert_eq!(ignored("import «a»\nb\n", "x"), "import a  # pycheck: ignore[x]\nb\n");
        assert_eq!(ignored("import «a»  \r\n", "x"), "import a  # pycheck: ignore[x]\r\n");
        assert_eq!(ignored("import «a»", "x"), "import a  # pycheck: ignore[x]");
    }

    #[test]
    fn a_comment_that_is_there_is_kept_and_added_to() {
        assert_eq!(
            ignored("import «a»  # type: ignore\n", "x"),
            "import a  # type: ignore  # pycheck: ignore[x]\n"
        );
        assert_eq!(
            ignored("import «a»  # pycheck: ignore[y] why\n", "x"),
            "import a  # pycheck: ignore[y, x] why\n"
        );
        assert_eq!(
            ignored("import «a»  # noqa: E501\n", "x"),
            "import a  # noqa: E501  # pycheck: ignore[x]\n"
        );
    }

    #[test]
    fn where_no_comment_can_stand_it_stands_below() {
        assert_eq!(
            ignored("f(«a», '''x\ny''')\n", "x"),
            "f(a, '''x\ny''')  # pycheck: ignore[x]\n"
        );
        assert_eq!(
            ignored("if «a» or \\\n        b or \\\n        c:\n    pass\n", "x"),
            "if a or \\\n        b or \\\n        c:  # pycheck: ignore[x]\n    pass\n"
        );
        assert_eq!(
            ignored("f(\n    «a»,\n    b\n)\n", "x"),
            "f(\n    a,  # pycheck: ignore[x]\n    b\n)\n"
        );
        assert_eq!(
            ignored("f'''{«a»}\n{b}\n'''\n", "x"),
            "f'''{a}\n{b}\n'''  # pycheck: ignore[x]\n"
        );
    }

    #[test]
    fn what_concerns_a_file_stands_above_its_code() {
        let edits = |text: &str| {
            let file = parse(text.to_owned(), PythonVersion::NEWEST);
            let found = [(TextRange::default(), "x"), (TextRange::default(), "x")];
            apply_edits(text, &ignore_edits(&file, &found)).unwrap()
        };
        assert_eq!(edits("x = 1\n"), "# pycheck: ignore-file[x]\nx = 1\n");
        assert_eq!(
            edits("#!/bin/python\n# coding: utf-8\nx = 1\n"),
            "#!/bin/python\n# coding: utf-8\n# pycheck: ignore-file[x]\nx = 1\n"
        );
        assert_eq!(edits(""), "# pycheck: ignore-file[x]\n");
    }
}
