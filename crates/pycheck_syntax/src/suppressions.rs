//! Comments that suppress findings: `# noqa`, `# pycheck: ignore[…]`, `# pycheck: ignore-file`.

mod add;

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged as _, TextLen as _, TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::ParsedFile;

pub use self::add::ignore_edits;

/// How a comment of ours begins.
const COMMENT: &str = "# pycheck: ";

/// The suppression comments of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressions {
    /// Comments that speak of the lines of their statement's part, in source order.
    pub lines: Vec<Suppression>,
    /// Comments that speak of the whole file.
    pub file: Vec<Suppression>,
}

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// The text that it speaks of: its line, or all lines of the string or continuation it ends.
    pub covers: TextRange,
    /// What it suppresses.
    pub scope: Scope,
    /// Where it stands, if it is written for us and not for other linters as well.
    pub own: Option<TextRange>,
}

impl Suppression {
    /// Whether it speaks of a place.
    pub fn speaks_of(&self, place: TextSize) -> bool {
        self.covers.contains_inclusive(place)
    }
}

/// What a comment suppresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Everything.
    All,
    /// These rule names and codes, as written.
    Rules(Vec<String>),
}

impl Scope {
    /// Whether a rule with one of these names is suppressed.
    pub fn covers(&self, is_called: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::Rules(names) => names.iter().any(|name| is_called(name)),
        }
    }
}

impl Suppressions {
    /// Whether a finding at `range` of a rule that `is_called` recognises is suppressed.
    pub fn suppress(&self, range: TextRange, is_called: impl Fn(&str) -> bool) -> bool {
        let on_line = |line: &&Suppression| line.speaks_of(range.start());
        self.file.iter().any(|all| all.scope.covers(&is_called))
            || self.lines.iter().filter(on_line).any(|line| line.scope.covers(&is_called))
    }

    /// The comments that are written for us.
    pub fn own(&self) -> impl Iterator<Item = &Suppression> {
        self.file.iter().chain(&self.lines).filter(|comment| comment.own.is_some())
    }
}

/// Finds the suppression comments of a file.
pub fn suppressions(file: &ParsedFile) -> Suppressions {
    let mut found = Suppressions::default();
    let text = file.text();
    if !file.words().suppression {
        return found;
    }
    for token in file.tokens().iter().filter(|token| token.kind().is_comment()) {
        let range = token.range();
        let comment = &text[range];
        let own = Some(own_part(range, comment));
        if let Some(scope) = directive(comment, "pycheck:", "ignore-file") {
            let covers = TextRange::up_to(text.text_len());
            found.file.push(Suppression { covers, scope, own });
        } else if let Some(scope) = directive(comment, "pycheck:", "ignore") {
            let covers = logical_part(file, range.start());
            found.lines.push(Suppression { covers, scope, own });
        } else if let Some(scope) = noqa(comment) {
            let covers = logical_part(file, range.start());
            found.lines.push(Suppression { covers, scope, own: None });
        }
    }
    found
}

/// The part of a comment that is written for us, with its reason: from the `#` before our name to
/// the next one, or to the end.
fn own_part(range: TextRange, comment: &str) -> TextRange {
    let name = comment.find("pycheck:").unwrap_or(0);
    let start = comment[..name].rfind('#').unwrap_or(0);
    let rest = &comment[name..];
    let end = rest.find('#').map_or(comment.len(), |at| name + rest[..at].trim_end().len());
    let at = |offset: usize| range.start() + TextSize::new(offset as u32);
    TextRange::new(at(start), at(end))
}

/// `# pycheck: ignore[a, b]`, or without the brackets everything. `ignore` is no `ignore-file`.
fn directive(comment: &str, tool: &str, verb: &str) -> Option<Scope> {
    let rest = comment.split_once(tool)?.1.trim_start().strip_prefix(verb)?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
        return None;
    }
    let Some(list) = rest.trim_start().strip_prefix('[') else { return Some(Scope::All) };
    let names = list.split_once(']').map_or(list, |(names, _)| names);
    Some(Scope::Rules(split_names(names)))
}

/// `# noqa`, `# noqa: A, B`, `# NOQA:A B`.
fn noqa(comment: &str) -> Option<Scope> {
    let lower = comment.to_ascii_lowercase();
    let at = lower.find("noqa")?;
    let before = lower[..at].trim_end();
    if !before.ends_with('#') {
        return None;
    }
    let rest = comment[at + "noqa".len()..].trim_start();
    let Some(codes) = rest.strip_prefix(':') else {
        return (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some(Scope::All);
    };
    let codes = codes.split('#').next().unwrap_or_default();
    let names: Vec<String> =
        split_names(codes).into_iter().take_while(|name| is_code(name)).collect();
    Some(if names.is_empty() { Scope::All } else { Scope::Rules(names) })
}

/// A code such as `E722`, or a kebab-case rule name; prose after the codes is neither.
fn is_code(word: &str) -> bool {
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    (has_digit && word.starts_with(|c: char| c.is_ascii_alphabetic())) || word.contains('-')
}

fn split_names(text: &str) -> Vec<String> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The lines that a comment at `at` speaks of: its own, and upwards through a triple-quoted string
/// or a backslash continuation that ends on it, where no comment could have stood.
fn logical_part(file: &ParsedFile, at: TextSize) -> TextRange {
    let text = file.text();
    let mut start = line_start(text, usize::from(at));
    for range in long_strings(file).into_iter().rev().filter(|range| range.start() < at) {
        if usize::from(range.start()) < start && usize::from(range.end()) > start {
            start = line_start(text, usize::from(range.start()));
        }
    }
    while start > 1 && text[..start].trim_end_matches(['\n', '\r']).ends_with('\\') {
        start = line_start(text, text[..start].trim_end_matches(['\n', '\r']).len());
    }
    let end = text[usize::from(at)..]
        .find(['\n', '\r'])
        .map_or(text.len(), |length| usize::from(at) + length);
    TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32))
}

/// The strings that go over several lines, in the order in which they end.
fn long_strings(file: &ParsedFile) -> Vec<TextRange> {
    let mut open = Vec::new();
    let mut strings = Vec::new();
    for token in file.tokens() {
        match token.kind() {
            TokenKind::String => strings.push(token.range()),
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(token.start()),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                strings.extend(open.pop().map(|start| TextRange::new(start, token.end())));
            }
            _ => {}
        }
    }
    strings.retain(|range| file.source(*range).contains(['\n', '\r']));
    strings
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use super::{Scope, suppressions};
    use crate::parse;
    use pycheck_model::PythonVersion;

    fn scopes(text: &str) -> Vec<Scope> {
        let found = suppressions(&parse(text.to_owned(), PythonVersion::NEWEST));
        found.lines.into_iter().map(|line| line.scope).collect()
    }

    fn rules(names: &[&str]) -> Scope {
        Scope::Rules(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn the_forms_that_are_in_use() {
        assert_eq!(scopes("x = 1  # noqa\n"), [Scope::All]);
        assert_eq!(scopes("x = 1  # NOQA:E722,B006\n"), [rules(&["E722", "B006"])]);
        assert_eq!(scopes("x = 1  # noqa: E722 because it ends here\n"), [rules(&["E722"])]);
        assert_eq!(scopes("x = 1  # noqa: bare-except\n"), [rules(&["bare-except"])]);
        assert_eq!(
            scopes("x = 1  # pycheck: ignore[bare-except, E711]\n"),
            [rules(&["bare-except", "E711"])]
        );
        assert_eq!(scopes("x = 1  # pycheck: ignore\n"), [Scope::All]);
        assert_eq!(scopes("x = 1  # noqa-like words\n"), [Scope::All]);
        assert_eq!(scopes("x = '# noqa'\n"), []);
        assert_eq!(scopes("x = 1  # no noqa here\n"), []);
    }

    #[test]
    fn our_part_of_a_comment_is_told_from_that_of_others() {
        let own = |text: &str| {
            let found = suppressions(&parse(text.to_owned(), PythonVersion::NEWEST));
            found.own().map(|comment| text[comment.own.unwrap()].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(own("x  # pycheck: ignore[a] why\n"), ["# pycheck: ignore[a] why"]);
        assert_eq!(own("x  # type: ignore # pycheck: ignore # b\n"), ["# pycheck: ignore"]);
        assert_eq!(own("x  # noqa: bare-except\n"), [""; 0]);
    }

    #[test]
    fn a_whole_file_can_be_left_out() {
        let found = suppressions(&parse(
            "# pycheck: ignore-file[E711]\n".to_owned(),
            PythonVersion::NEWEST,
        ));
        assert_eq!((found.file[0].scope.clone(), found.lines), (rules(&["E711"]), vec![]));
    }

    #[test]
    fn a_comment_after_a_long_string_covers_its_first_line() {
        let text = "x = '''a\nb\n'''  # noqa\ny = 1\n";
        let found = suppressions(&parse(text.to_owned(), PythonVersion::NEWEST));
        assert_eq!(&text[found.lines[0].covers], "x = '''a\nb\n'''  # noqa");
    }
}
