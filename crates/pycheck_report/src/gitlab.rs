//! A report on code quality as GitLab reads it.

use std::io;

use pycheck_model::Level;
use serde_json::json;

use crate::fingerprint::Fingerprints;
use crate::texts::Texts;
use crate::{Request, escaped, paths, place};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let issues = request.diagnostics.iter().map(|diagnostic| {
        let (start, end) = texts.positions(&diagnostic.path, diagnostic.range);
        let path = place::in_repository(&diagnostic.path, request);
        json!({
            "check_name": diagnostic.rule,
            "description": paths::with_help(diagnostic),
            "fingerprint": fingerprints.next(&path, diagnostic),
            "severity": severity(diagnostic.level),
            "location": {
                "path": path,
                "lines": {"begin": start.row, "end": end.row},
                "positions": {
                    "begin": {"line": start.row, "column": start.column},
                    "end": {"line": end.row, "column": end.column},
                },
            },
        })
    });
    escaped::pretty_array(issues, out)
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warn => "minor",
        Level::Info | Level::Off => "info",
    }
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found};
    use serde_json::{Value, json};

    #[test]
    fn an_issue_has_what_gitlab_requires() {
        let fixture = Fixture::new(&[("a.py", "import x\n")]);
        let mut diagnostic = found("a.py", 7..8, "no `x`");
        diagnostic.help = Some("spell it".to_owned());
        let text = fixture.write(Format::Gitlab, &[diagnostic.clone(), diagnostic]);
        let value: Value = serde_json::from_str(&text).unwrap();
        let issues = value.as_array().unwrap();
        let first = &issues[0];
        assert_eq!(first["description"], "no `x`\nhelp: spell it");
        assert_eq!(first["check_name"], "some-rule");
        assert_eq!(first["severity"], "major");
        assert_eq!(first["location"]["path"], "a.py");
        assert_eq!(first["location"]["lines"], json!({"begin": 1, "end": 1}));
        assert_ne!(first["fingerprint"], issues[1]["fingerprint"]);
    }

    #[test]
    fn nothing_found_is_an_empty_array() {
        assert_eq!(Fixture::new(&[]).write(Format::Gitlab, &[]), "[]\n");
    }
}
