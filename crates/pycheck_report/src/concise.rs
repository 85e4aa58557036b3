//! One line per diagnostic: `path:row:column: level[rule-name] message`.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use pycheck_model::Diagnostic;

use crate::texts::Texts;
use crate::{Request, paths, style};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut buffer = style::buffer(request.color);
    for diagnostic in request.diagnostics {
        write_one(diagnostic, request, texts, &mut buffer)?;
        out.write_all(buffer.as_slice())?;
        buffer.clear();
    }
    Ok(())
}

fn write_one(
    diagnostic: &Diagnostic,
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut impl WriteColor,
) -> io::Result<()> {
    let (start, _) = texts.positions(&diagnostic.path, diagnostic.range);
    out.set_color(&style::strong())?;
    write!(out, "{}", paths::shown(&diagnostic.path, request.base))?;
    out.reset()?;
    write!(out, ":{}:{}: ", start.row, start.column)?;
    out.set_color(&style::level(diagnostic.level))?;
    write!(out, "{}[{}]", diagnostic.level, diagnostic.rule)?;
    out.reset()?;
    writeln!(out, " {}", paths::one_line(&diagnostic.message))
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};
    use pycheck_model::Level;

    #[test]
    fn one_line_per_diagnostic() {
        let fixture = Fixture::new(&[("pkg/a.py", "import os\nimport größe, y\n")]);
        let mut second = found("pkg/a.py", 25..26, "no module\nnamed `y`");
        second.level = Level::Warn;
        let text =
            fixture.write(Format::Concise, &[found("pkg/a.py", 17..24, "no `größe`"), second]);
        assert_eq!(
            text,
            "pkg/a.py:2:8: error[some-rule] no `größe`\n\
             pkg/a.py:2:14: warn[some-rule] no module named `y`\n"
        );
    }

    #[test]
    fn a_file_without_text_is_named_at_its_beginning() {
        let text =
            Fixture::new(&[]).write(Format::Concise, &[found("gone.py", 7..9, "can't be read")]);
        assert_eq!(text, "gone.py:1:1: error[some-rule] can't be read\n");
    }

    #[test]
    fn colour_marks_path_and_rule() {
        let mut fixture = Fixture::new(&[("a.py", "x\n")]);
        fixture.color = true;
        let text = fixture.write(Format::Concise, &[found("a.py", 0..1, "bad")]);
        assert!(text.contains("\u{1b}[31merror[some-rule]\u{1b}[0m bad"), "{text:?}");
    }
}
