//! Tells the string literals of Rust source apart from its code and comments.

/// Rust source, split.
#[derive(Debug, Default)]
pub(crate) struct Split {
    /// The contents of string literals, with the line each begins on.
    pub(crate) strings: Vec<(usize, String)>,
    /// Everything else but comments; line breaks are kept, a literal is replaced by `""`.
    pub(crate) code: String,
}

/// Splits the part of a file that is compiled without `cfg(test)`.
///
/// Test modules stand at the end of a file here, so the source ends where the first of them begins.
pub(crate) fn split_untested(source: &str) -> Split {
    split(source.split("#[cfg(test)]").next().unwrap_or(source))
}

/// Splits source.
pub(crate) fn split(source: &str) -> Split {
    let mut split = Split::default();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => split.block_comment(rest),
            '"' => split.string(rest, 1),
            'r' if !ends_with_word(&split.code) => split.raw_string(rest),
            '\'' => split.character(rest),
            _ => split.other(first),
        };
        rest = &rest[used..];
    }
    split
}

fn ends_with_word(code: &str) -> bool {
    code.ends_with(|last: char| last.is_alphanumeric() || last == '_') && !code.ends_with('b')
}

impl Split {
    fn other(&mut self, character: char) -> usize {
        self.code.push(character);
        character.len_utf8()
    }

    fn block_comment(&mut self, rest: &str) -> usize {
        let used = rest.find("*/").map_or(rest.len(), |end| end + 2);
        self.keep_line_breaks(&rest[..used]);
        used
    }

    /// A string whose content begins at `start`; returns where it ends, quote included.
    fn string(&mut self, rest: &str, start: usize) -> usize {
        let mut escaped = false;
        let end = rest[start..].find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        });
        self.take_literal(rest, start, end.map_or(rest.len(), |end| start + end), 1)
    }

    fn raw_string(&mut self, rest: &str) -> usize {
        let hashes = rest[1..].chars().take_while(|&character| character == '#').count();
        let start = 1 + hashes + 1;
        if !rest[1 + hashes..].starts_with('"') {
            return self.other('r');
        }
        let close = format!("\"{}", "#".repeat(hashes));
        let end = rest[start..].find(&close).map_or(rest.len(), |end| start + end);
        self.take_literal(rest, start, end, close.len())
    }

    fn take_literal(&mut self, rest: &str, start: usize, end: usize, close: usize) -> usize {
        let line = self.code.matches('\n').count() + 1;
        self.strings.push((line, rest[start..end].to_owned()));
        self.code.push_str("\"\"");
        self.keep_line_breaks(&rest[start..end]);
        (end + close).min(rest.len())
    }

    /// A character literal, or else the apostrophe of a lifetime.
    fn character(&mut self, rest: &str) -> usize {
        let mut inner = rest[1..].char_indices();
        let end = match inner.next() {
            Some((_, '\\')) => rest[3..].find('\'').map(|end| 3 + end + 1),
            _ => inner.next().filter(|(_, next)| *next == '\'').map(|(end, _)| end + 2),
        };
        let used = end.unwrap_or(1);
        self.code.push_str(&rest[..used]);
        used
    }

    fn keep_line_breaks(&mut self, text: &str) {
        self.code.extend(text.chars().filter(|&character| character == '\n'));
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn strings_are_found_where_they_begin() {
        let split = split(
            "let a = \"one\";\nlet b = r#\"tw\"o\"#; // \"no\"\n/* \"no\" */ f(b\"x\\\"y\")\n",
        );
        let strings: Vec<_> =
            split.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(strings, [(1, "one"), (2, "tw\"o"), (3, "x\\\"y")]);
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_nothing() {
        let split = split("fn f<'a>(x: &'a str) { g('\"', '\\'', '\\\\', 'é', \"s\") }");
        assert_eq!(split.strings, [(1, "s".to_owned())]);
        assert!(split.code.ends_with(", \"\") }"), "{}", split.code);
    }

    #[test]
    fn comments_are_no_code() {
        let split = split("a(); // todo\n/* gone */ b();\n");
        assert_eq!(split.code, "a(); \n b();\n");
    }
}
