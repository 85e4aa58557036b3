//! What the full format looks like.

use std::fmt::Write as _;

use pycheck_model::{Edit, Fix, Level, Safety};

use crate::Format;
use crate::testing::{Fixture, found, range, related};

fn full(files: &[(&str, &str)], diagnostic: pycheck_model::Diagnostic) -> String {
    Fixture::new(files).write(Format::Full, &[diagnostic])
}

#[test]
fn the_place_is_underlined() {
    let mut diagnostic = found("pkg/a.py", 17..25, "cannot find module `reqeusts`");
    diagnostic.help = Some("did you mean `requests`?".to_owned());
    let text = full(&[("pkg/a.py", "import os\nimport reqeusts\nx = 1\n")], diagnostic);
    assert_eq!(
        text,
        "\
error[some-rule]: cannot find module `reqeusts`
  --> pkg/a.py:2:8
  |
2 | import reqeusts
  |        ^^^^^^^^
  |
  = help: did you mean `requests`?

"
    );
}

#[test]
fn levels_have_words_and_a_fix_is_mentioned() {
    let mut diagnostic = found("a.py", 5..7, "`==` compares with `None`");
    diagnostic.level = Level::Warn;
    diagnostic.fix = Some(Fix {
        title: "Replace `==` by `is`".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![Edit { range: range(5..7), content: "is".to_owned() }],
    });
    let text = full(&[("a.py", "if x == None: pass")], diagnostic.clone());
    assert!(text.starts_with("warning[some-rule]: `==` compares"), "{text}");
    assert!(text.contains("\n  = help: Replace `==` by `is` (unsafe)\n"), "{text}");
    diagnostic.help = Some("say `is`".to_owned());
    diagnostic.level = Level::Info;
    let text = full(&[("a.py", "if x == None: pass")], diagnostic);
    assert!(text.starts_with("info[some-rule]: "), "{text}");
    assert!(text.contains("= help: say `is`\n") && !text.contains("Replace"), "{text}");
}

#[test]
fn other_places_and_other_files_are_labelled() {
    let mut diagnostic = found("a.py", 14..15, "cannot import name `x`");
    diagnostic.related = vec![
        related("a.py", 16..21, "bound here, too late"),
        related("b.py", 5..6, "`a` is imported here"),
        related("c/__init__.py", 0..0, "not read"),
        related("b.py", 0..0, "the whole file"),
    ];
    let files =
        [("a.py", "from b import x\nx = 1\n"), ("b.py", "\nfrom a import y\n"), ("c.py", "")];
    assert_eq!(
        full(&files, diagnostic),
        "\
error[some-rule]: cannot import name `x`
  --> a.py:1:15
  |
1 | from b import x
  |               ^
2 | x = 1
  | ----- bound here, too late
  |
  --> b.py:2:5
  |
2 | from a import y
  |     - `a` is imported here
  |
  = b.py: the whole file
  = c/__init__.py: not read

"
    );
}

#[test]
fn a_range_over_many_lines_shows_its_first_and_last() {
    let body: String = (2..40).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "    line {line}");
        text
    });
    let source = format!("def f():\n{body}");
    let text = full(&[("a.py", &source)], found("a.py", 0..source.len() as u32, "too long"));
    assert_eq!(
        text,
        "\
error[some-rule]: too long
   --> a.py:1:1
   |
 1 | / def f():
 2 | |     line 2
 3 | |     line 3
 4 | |     line 4
   . |
38 | |     line 38
39 | |     line 39
   | \\-----------^

"
    );
}

#[test]
fn a_very_long_line_is_cut_around_the_place() {
    let long = "é".repeat(500_000);
    let source = format!("x = '{long}'; import nope; y = '{long}'\n");
    let at = source.find("nope").unwrap() as u32;
    let text = full(&[("a.py", &source)], found("a.py", at..at + 4, "no `nope`"));
    assert!(text.len() < 2000, "{}", text.len());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], "  --> a.py:1:500016");
    assert!(lines[3].starts_with("1 | …éé") && lines[3].ends_with("éé…"), "{text}");
    let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
    assert_eq!(column(lines[3], "nope"), column(lines[4], "^^^^"), "{text}");
    let whole = full(&[("a.py", &source)], found("a.py", 0..source.len() as u32, "all"));
    assert!(whole.len() < 2000, "{}", whole.len());
}

#[test]
fn wide_characters_and_tabs_keep_the_caret_in_place() {
    let text = full(&[("a.py", "if x:\n\t漢字 = nope\n")], found("a.py", 16..20, "no `nope`"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], "  --> a.py:2:7");
    assert_eq!(lines[3], "2 |     漢字 = nope");
    assert_eq!(lines[4], "  |            ^^^^", "two characters of double width");
}

#[test]
fn every_kind_of_line_end_is_one() {
    for source in ["x\r\n\r\nbad\r\n", "x\r\rbad\r", "x\n\nbad\n", "\u{feff}x\n\nbad"] {
        let at = source.find("bad").unwrap() as u32;
        let text = full(&[("a.py", source)], found("a.py", at..at + 3, "bad"));
        assert!(text.contains("--> a.py:3:1\n  |\n3 | bad\n  | ^^^\n\n"), "{source:?}: {text}");
    }
}

#[test]
fn a_range_that_ends_with_its_line_stays_on_it() {
    let text = full(&[("a.py", "bad\r\nx\n")], found("a.py", 0..5, "bad"));
    assert!(text.contains("1 | bad\n  | ^^^\n\n"), "{text}");
}

#[test]
fn a_place_at_or_behind_the_end_is_drawn() {
    for (source, at) in [("", 0), ("x = (\n", 6), ("x = (", 5), ("x", 40), ("é", 1)] {
        let text = full(&[("a.py", source)], found("a.py", at..at, "unexpected end"));
        assert!(text.contains("--> a.py:") && text.contains('^'), "{source:?}: {text}");
    }
}

#[test]
fn a_byte_order_mark_takes_no_room() {
    let text = full(&[("a.py", "\u{feff}import nope\n")], found("a.py", 10..14, "no `nope`"));
    assert!(text.contains("--> a.py:1:8\n  |\n1 | import nope\n  |        ^^^^\n"), "{text}");
}

#[test]
fn a_file_without_text_has_a_place_and_no_picture() {
    let mut diagnostic = found("gone.py", 3..9, "cannot be decoded");
    diagnostic.help = Some("declare the encoding".to_owned());
    assert_eq!(
        full(&[], diagnostic),
        "\
error[some-rule]: cannot be decoded
 --> gone.py:1:1
 = help: declare the encoding

"
    );
}

#[test]
fn a_terminal_obeys_nothing_from_a_file() {
    let source = "x = '\x1b[31m' \u{202e}; nope\n";
    let at = source.find("nope").unwrap() as u32;
    let text = full(&[("a.py", source)], found("a.py", at..at + 4, "odd \x1b[2J"));
    assert!(!text.contains(['\x1b', '\u{202e}']), "{text:?}");
    let lines: Vec<&str> = text.lines().collect();
    let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
    assert_eq!(column(lines[3], "nope"), column(lines[4], "^^^^"), "{text}");
}

#[test]
fn colour_is_only_used_when_asked_for() {
    let mut fixture = Fixture::new(&[("a.py", "x\n")]);
    let plain = fixture.write(Format::Full, &[found("a.py", 0..1, "bad")]);
    fixture.color = true;
    let colored = fixture.write(Format::Full, &[found("a.py", 0..1, "bad")]);
    assert!(!plain.contains('\x1b'));
    assert!(colored.contains("\x1b[31merror[some-rule]\x1b[0m"), "{colored:?}");
}

/// Colour takes the way through codespan, which most diagnostics are spared.
#[test]
fn colour_changes_nothing_but_the_colour() {
    let text = "import one\r\nx = 1  # two\ry = (\n    3,  \n)\nimport größe; z = 2\n\tpass\n    ";
    let mut fixture = Fixture::new(&[("a.py", text), ("empty.py", "")]);
    let places = [(43, 50), (7, 10), (18, 19), (12, 13), (25, 31), (49, 55), (60, 64), (2, 2)];
    let mut diagnostics: Vec<_> =
        places.iter().map(|(start, end)| found("a.py", *start..*end, "odd\n  indeed ")).collect();
    diagnostics.push(found("empty.py", 0..0, "odd"));
    diagnostics[1].help = Some("say this,\n\nthen  that ".to_owned());
    let plain = fixture.write(Format::Full, &diagnostics);
    fixture.color = true;
    let coloured = fixture.write(Format::Full, &diagnostics);
    let parts = coloured.split('\u{1b}').enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('m').map_or(part, |(_, rest)| rest),
    });
    let stripped: Vec<String> =
        parts.collect::<String>().lines().map(|line| line.trim_end().to_owned()).collect();
    assert_eq!(plain.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>(), stripped);
}
