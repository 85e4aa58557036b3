//! Workflow commands of GitHub Actions: each line becomes an annotation on the changed files.

use std::fmt::Write as _;
use std::io;

use pycheck_model::{Diagnostic, Level};

use crate::texts::Texts;
use crate::{Request, paths, place};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for diagnostic in request.diagnostics {
        let (properties, message) = annotation(diagnostic, request, texts);
        writeln!(out, "::{} {properties}::{message}", command(diagnostic.level))?;
    }
    Ok(())
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Off => "notice",
    }
}

/// The properties and the text of one annotation, escaped.
///
/// GitHub misplaces an annotation that has columns and spans lines, so these have none.
fn annotation(
    diagnostic: &Diagnostic,
    request: &Request<'_>,
    texts: &mut Texts<'_>,
) -> (String, String) {
    let (start, end) = texts.positions(&diagnostic.path, diagnostic.range);
    let mut properties = format!(
        "title={},file={}",
        escape_property(&format!("pycheck ({})", diagnostic.rule)),
        escape_property(&place::exact(&diagnostic.path))
    );
    let mut add = |name: &str, number: usize| {
        let _ = write!(properties, ",{name}={number}");
    };
    add("line", start.row);
    if start.row == end.row {
        add("col", start.column);
    }
    add("endLine", end.row);
    if start.row == end.row {
        add("endColumn", end.column);
    }
    let place = paths::shown(&diagnostic.path, request.base);
    let message = paths::with_help(diagnostic);
    let message = format!("{place}:{}:{}: {}", start.row, start.column, message);
    (properties, escape(&message))
}

fn escape(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    paths::one_line(&escaped).into_owned()
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};
    use pycheck_model::Level;

    #[test]
    fn each_level_is_an_annotation_of_its_kind() {
        let fixture = Fixture::new(&[("a.py", "import x\n")]);
        let mut warning = found("a.py", 0..6, "a pitfall");
        warning.level = Level::Warn;
        let mut info = found("a.py", 0..6, "a hint");
        info.level = Level::Info;
        let text = fixture.write(Format::Github, &[found("a.py", 7..8, "no `x`"), warning, info]);
        assert_eq!(
            text,
            "::error title=pycheck (some-rule),file=/base/a.py,line=1,col=8,endLine=1,endColumn=9\
             ::a.py:1:8: no `x`\n\
             ::warning title=pycheck (some-rule),file=/base/a.py,line=1,col=1,endLine=1,\
             endColumn=7::a.py:1:1: a pitfall\n\
             ::notice title=pycheck (some-rule),file=/base/a.py,line=1,col=1,endLine=1,\
             endColumn=7::a.py:1:1: a hint\n"
        );
    }

    #[test]
    fn a_range_over_several_lines_has_no_columns() {
        let fixture = Fixture::new(&[("a.py", "f(\n  1,\n)\n")]);
        let text = fixture.write(Format::Github, &[found("a.py", 0..9, "odd")]);
        assert_eq!(
            text,
            "::error title=pycheck (some-rule),file=/base/a.py,line=1,endLine=3::a.py:1:1: odd\n"
        );
    }

    #[test]
    fn what_github_would_read_is_escaped() {
        let fixture = Fixture::new(&[]);
        let mut diagnostic = found("a,b:c%.py", 0..0, "100%\r\nsure");
        diagnostic.help = Some("look: here, there".to_owned());
        let text = fixture.write(Format::Github, &[diagnostic]);
        assert_eq!(
            text,
            "::error title=pycheck (some-rule),file=/base/a%2Cb%3Ac%25.py,line=1,col=1,endLine=1,\
             endColumn=1::a,b:c%25.py:1:1: 100%25%0D%0Asure%0Ahelp: look: here, there\n"
        );
    }
}
