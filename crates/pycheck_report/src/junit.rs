//! A report of tests as `JUnit` writes it: one suite per file, one case per finding.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use pycheck_model::{Diagnostic, Level};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};

use crate::texts::Texts;
use crate::{Request, paths, place};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut writer: Out<'_> = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut files: BTreeMap<&Path, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in request.diagnostics {
        files.entry(diagnostic.path.as_path()).or_default().push(diagnostic);
    }
    let found: Vec<&Diagnostic> = request.diagnostics.iter().collect();
    let report = element("testsuites", &[("name", "pycheck".to_owned())], &found);
    let end = report.to_end().into_owned();
    writer.write_event(Event::Start(report))?;
    if found.is_empty() {
        // Readers take a report without any case for one that was not written.
        write_passed(&mut writer)?;
    }
    for (path, found) in files {
        write_file(path, &found, request, texts, &mut writer)?;
    }
    writer.write_event(Event::End(end))?;
    io::Write::write_all(writer.get_mut(), b"\n")
}

type Out<'a> = Writer<&'a mut dyn io::Write>;

fn write_passed(writer: &mut Out<'_>) -> io::Result<()> {
    let suite = BytesStart::new("testsuite").with_attributes([
        ("name", "pycheck"),
        ("tests", "1"),
        ("failures", "0"),
        ("errors", "0"),
        ("skipped", "0"),
    ]);
    let end = suite.to_end().into_owned();
    writer.write_event(Event::Start(suite))?;
    let case = BytesStart::new("testcase")
        .with_attributes([("name", "nothing found"), ("classname", "pycheck")]);
    writer.write_event(Event::Empty(case))?;
    writer.write_event(Event::End(end))
}

fn write_file(
    path: &Path,
    found: &[&Diagnostic],
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    writer: &mut Out<'_>,
) -> io::Result<()> {
    let name = clean(&place::in_repository(path, request));
    let suite = element("testsuite", &[("name", name.clone())], found);
    let end = suite.to_end().into_owned();
    writer.write_event(Event::Start(suite))?;
    for diagnostic in found {
        write_case(&name, diagnostic, texts, writer)?;
    }
    writer.write_event(Event::End(end))
}

fn write_case(
    file: &str,
    diagnostic: &Diagnostic,
    texts: &mut Texts<'_>,
    writer: &mut Out<'_>,
) -> io::Result<()> {
    let (start, _) = texts.positions(&diagnostic.path, diagnostic.range);
    let (line, column) = (start.row.to_string(), start.column.to_string());
    let case = BytesStart::new("testcase").with_attributes([
        ("name", diagnostic.rule),
        ("classname", file.strip_suffix(".py").unwrap_or(file)),
        ("file", file),
        ("line", &line),
        ("column", &column),
    ]);
    let message = clean(&diagnostic.message);
    let failure = BytesStart::new(if is_failure(diagnostic) { "failure" } else { "system-out" });
    let failure = if is_failure(diagnostic) {
        let level = diagnostic.level.as_str();
        failure.with_attributes([("message", message.as_str()), ("type", level)])
    } else {
        failure
    };
    let text = clean(&paths::with_help(diagnostic));
    let text = format!("{file}:{line}:{column}: {text}");
    let ends = [failure.to_end().into_owned(), case.to_end().into_owned()];
    writer.write_event(Event::Start(case))?;
    writer.write_event(Event::Start(failure))?;
    writer.write_event(Event::Text(BytesText::new(&text)))?;
    ends.into_iter().try_for_each(|end| writer.write_event(Event::End(end)))
}

/// A hint fails nothing.
fn is_failure(diagnostic: &Diagnostic) -> bool {
    diagnostic.level >= Level::Warn
}

/// An element with the counts of what is in it.
fn element<'a>(
    name: &'a str,
    attributes: &[(&str, String)],
    found: &[&Diagnostic],
) -> BytesStart<'a> {
    let failures = found.iter().filter(|diagnostic| is_failure(diagnostic)).count();
    let tests = found.len().max(1);
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, value.as_str()));
    }
    element.push_attribute(("tests", tests.to_string().as_str()));
    element.push_attribute(("failures", failures.to_string().as_str()));
    element.push_attribute(("errors", "0"));
    element
}

/// The text without what XML has no way to write, and without what a terminal obeys.
fn clean(text: &str) -> String {
    paths::lines(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};
    use pycheck_model::Level;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    /// The names of all elements, in order, if the text is well-formed.
    fn elements(text: &str) -> Vec<String> {
        let mut reader = Reader::from_str(text);
        let mut names = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(it) | Event::Empty(it) => {
                    names.push(it.name().as_ref().to_owned());
                }
                Event::Eof => return names,
                _ => {}
            }
        }
    }

    #[test]
    fn a_file_is_a_suite_and_a_finding_a_case() {
        let fixture = Fixture::new(&[("a.py", "import x\n")]);
        let mut hint = found("b.py", 0..0, "a hint");
        hint.level = Level::Info;
        let text = fixture.write(Format::Junit, &[found("a.py", 7..8, "no `<x>` & \"y\""), hint]);
        assert_eq!(
            elements(&text),
            [
                "testsuites",
                "testsuite",
                "testcase",
                "failure",
                "testsuite",
                "testcase",
                "system-out"
            ]
        );
        assert!(text.contains(r#"<testsuites name="pycheck" tests="2" failures="1" errors="0">"#));
        assert!(
            text.contains(r#"message="no `&lt;x&gt;` &amp; &quot;y&quot;" type="error""#),
            "{text}"
        );
        assert!(text.contains("a.py:1:8: no `&lt;x&gt;` &amp; &quot;y&quot;</failure>"), "{text}");
    }

    #[test]
    fn nothing_found_is_one_case_that_passes() {
        let text = Fixture::new(&[]).write(Format::Junit, &[]);
        assert_eq!(elements(&text), ["testsuites", "testsuite", "testcase"]);
        assert!(text.contains(r#"failures="0""#));
    }

    #[test]
    fn what_xml_can_not_write_is_replaced() {
        let odd = found("a\x1b]\x00.py", 0..0, "b\x1b[31m\u{ffff}\u{9b}");
        let text = Fixture::new(&[]).write(Format::Junit, &[odd]);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.contains('\u{ffff}'));
        assert_eq!(elements(&text).len(), 4);
    }
}
