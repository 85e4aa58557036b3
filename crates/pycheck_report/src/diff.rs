//! What a mended file would look like: a unified diff, as `patch` and `git apply -p0` read it.

use std::io;
use std::path::Path;

use codespan_reporting::term::termcolor::{Color, ColorSpec, WriteColor};
use similar::{ChangeTag, TextDiff};

use crate::{paths, style};

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// A file with its text before and after.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The file, absolute.
    pub path: &'a Path,
    /// Its text before.
    pub before: &'a str,
    /// Its text afterwards.
    pub after: &'a str,
}

/// Writes how a text changes; nothing if it does not. The path is shown relative to `base`.
pub fn write_diff(
    change: Change<'_>,
    base: &Path,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut buffer = style::buffer(color);
    let name = paths::shown(change.path, base);
    let diff = TextDiff::from_lines(change.before, change.after);
    let mut hunks = diff.unified_diff();
    let hunks = hunks.context_radius(CONTEXT);
    for (index, hunk) in hunks.iter_hunks().enumerate() {
        if index == 0 {
            colored(&mut buffer, &style::strong(), &format!("--- {name}\n+++ {name}\n"))?;
        }
        colored(&mut buffer, &foreground(Color::Cyan), &format!("{}\n", hunk.header()))?;
        for change in hunk.iter_changes() {
            let line = format!("{}{}", change.tag(), shown(change.value(), color));
            match change.tag() {
                ChangeTag::Delete => colored(&mut buffer, &foreground(Color::Red), &line)?,
                ChangeTag::Insert => colored(&mut buffer, &foreground(Color::Green), &line)?,
                ChangeTag::Equal => io::Write::write_all(&mut buffer, line.as_bytes())?,
            }
            if change.missing_newline() {
                io::Write::write_all(&mut buffer, b"\n\\ No newline at end of file\n")?;
            }
        }
    }
    out.write_all(buffer.as_slice())
}

/// The line as it is for programs, and without what a terminal obeys for people.
fn shown(line: &str, color: bool) -> std::borrow::Cow<'_, str> {
    if color { paths::lines(line) } else { line.into() }
}

fn foreground(color: Color) -> ColorSpec {
    let mut spec = ColorSpec::new();
    spec.set_fg(Some(color));
    spec
}

fn colored(out: &mut impl WriteColor, spec: &ColorSpec, text: &str) -> io::Result<()> {
    out.set_color(spec)?;
    out.write_all(text.as_bytes())?;
    out.reset()
}

#[cfg(test)]
mod tests {
    use super::{Change, write_diff};
    use std::path::Path;

    fn diff(before: &str, after: &str, color: bool) -> String {
        let mut out = Vec::new();
        let change = Change { path: Path::new("/base/a.py"), before, after };
        write_diff(change, Path::new("/base"), color, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_lines_around_a_change_are_shown() {
        assert_eq!(
            diff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n", false),
            "--- a.py\n+++ a.py\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+x\n 6\n"
        );
        assert_eq!(diff("a\n", "a\n", false), "");
    }

    #[test]
    fn line_ends_are_part_of_the_lines() {
        let text = diff("a\r\nb", "x\r\nb", false);
        assert!(text.ends_with("-a\r\n+x\r\n b\n\\ No newline at end of file\n"), "{text:?}");
    }

    #[test]
    fn a_terminal_gets_colour_and_nothing_else_to_obey() {
        let text = diff("'\x1b[2J'\n", "''\n", true);
        assert!(text.contains("\x1b[31m-'\u{fffd}[2J'\n\x1b[0m"), "{text:?}");
    }
}
