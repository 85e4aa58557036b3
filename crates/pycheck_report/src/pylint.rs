//! The form that readers of pylint's and flake8's output know: `path:row: [rule] message`.

use std::io;

use crate::texts::Texts;
use crate::{Request, paths};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for diagnostic in request.diagnostics {
        let (start, _) = texts.positions(&diagnostic.path, diagnostic.range);
        let path = paths::shown(&diagnostic.path, request.base);
        let message = paths::one_line(&diagnostic.message);
        writeln!(out, "{path}:{}: [{}] {message}", start.row, diagnostic.rule)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};

    #[test]
    fn one_line_per_finding() {
        let fixture = Fixture::new(&[("pkg/a.py", "import os\nimport x\n")]);
        let text = fixture.write(Format::Pylint, &[found("pkg/a.py", 17..18, "no\n`x`")]);
        assert_eq!(text, "pkg/a.py:2: [some-rule] no `x`\n");
    }
}
