//! How paths and messages are written in the text formats.

use std::borrow::Cow;
use std::path::Path;

use pycheck_model::Diagnostic;

/// The path as it is shown: relative to `base` when it lies below it.
pub(crate) fn shown<'a>(path: &'a Path, base: &Path) -> Cow<'a, str> {
    let shown = path.strip_prefix(base).unwrap_or(path);
    match shown.to_string_lossy() {
        Cow::Borrowed(text) => one_line(text),
        Cow::Owned(text) => Cow::Owned(one_line(&text).into_owned()),
    }
}

/// What happens, and below it what to do.
pub(crate) fn with_help(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// The text on one line, without characters that a terminal obeys instead of showing.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(|c| c == '\n' || is_unprintable(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if c == '\n' { ' ' } else { printable(c) }).collect())
}

/// The text without characters that a terminal obeys, but with its line ends.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(|c| c != '\n' && is_unprintable(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if c == '\n' { c } else { printable(c) }).collect())
}

/// Whether a text is printable ASCII on one line, as most are. Quickly told.
pub(crate) fn is_plain(text: &str) -> bool {
    let is_shown = |all: bool, byte: &u8| all & (b' '..=b'~').contains(byte);
    text.as_bytes().chunks(32).all(|chunk| chunk.iter().fold(true, is_shown))
}

/// The character, or a mark that stands for it if a terminal would obey it.
pub(crate) fn printable(c: char) -> char {
    match c {
        // A page break between functions is a blank, not damage.
        '\x0c' => ' ',
        _ if is_unprintable(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

/// Control characters, and those that turn the direction of writing.
pub(crate) fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{one_line, shown};
    use std::path::Path;

    #[test]
    fn paths_below_the_base_are_relative() {
        let base = Path::new("/code/project");
        assert_eq!(shown(Path::new("/code/project/a/b.py"), base), "a/b.py");
        assert_eq!(shown(Path::new("/code/other/b.py"), base), "/code/other/b.py");
        assert_eq!(shown(Path::new("/code/project-2/b.py"), base), "/code/project-2/b.py");
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(one_line("a\nb\x1b[31m"), "a b\u{fffd}[31m");
        assert_eq!(one_line("naïve 漢字\t"), "naïve 漢字\t");
    }
}
