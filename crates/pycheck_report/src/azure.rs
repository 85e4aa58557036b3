//! Logging commands of Azure Pipelines: each line becomes an issue of the run.

use std::io;

use pycheck_model::Level;

use crate::texts::Texts;
use crate::{Request, paths, place};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for diagnostic in request.diagnostics {
        let (start, _) = texts.positions(&diagnostic.path, diagnostic.range);
        writeln!(
            out,
            "##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};code={};]{}",
            kind(diagnostic.level),
            escape_property(&place::exact(&diagnostic.path)),
            start.row,
            start.column,
            diagnostic.rule,
            escape(&paths::with_help(diagnostic))
        )?;
    }
    Ok(())
}

/// There are two kinds of issue only.
fn kind(level: Level) -> &'static str {
    if level == Level::Error { "error" } else { "warning" }
}

fn escape(text: &str) -> String {
    let escaped = text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    paths::one_line(&escaped).into_owned()
}

fn escape_property(text: &str) -> String {
    escape(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};
    use pycheck_model::Level;

    #[test]
    fn each_finding_is_a_command() {
        let fixture = Fixture::new(&[("a.py", "import x\n")]);
        let mut warning = found("a;]%\n.py", 0..6, "100%\nsure");
        warning.level = Level::Warn;
        warning.help = Some("look".to_owned());
        let text = fixture.write(Format::Azure, &[found("a.py", 7..8, "no `x`"), warning]);
        assert_eq!(
            text,
            "##vso[task.logissue type=error;sourcepath=/base/a.py;linenumber=1;columnnumber=8;\
             code=some-rule;]no `x`\n\
             ##vso[task.logissue type=warning;sourcepath=/base/a%3B%5D%AZP25%0A.py;linenumber=1;\
             columnnumber=1;code=some-rule;]100%AZP25%0Asure%0Ahelp: look\n"
        );
    }
}
