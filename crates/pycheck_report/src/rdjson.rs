//! The format of reviewdog, which comments on changes. Its columns count bytes.

use std::io;
use std::path::Path;

use pycheck_model::{Diagnostic, Level, TextRange};
use serde_json::{Value, json};

use crate::texts::Texts;
use crate::{Request, escaped, paths, place};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let found: Vec<Value> =
        request.diagnostics.iter().map(|found| diagnostic(found, request, texts)).collect();
    let result = json!({
        "source": {"name": "pycheck"},
        "severity": "WARNING",
        "diagnostics": found,
    });
    escaped::pretty(&result, out)
}

fn diagnostic(diagnostic: &Diagnostic, request: &Request<'_>, texts: &mut Texts<'_>) -> Value {
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|it| {
            let location = location(&it.path, it.range, request, texts);
            json!({"message": it.message, "location": location})
        })
        .collect();
    // A suggestion is one edit: a fix of several can't be offered in parts.
    let edit = diagnostic.fix.as_ref().filter(|fix| fix.edits.len() == 1).map(|fix| &fix.edits[0]);
    let suggestions: Vec<Value> = edit
        .into_iter()
        .map(|edit| json!({"range": range(&diagnostic.path, edit.range, texts), "text": edit.content}))
        .collect();
    json!({
        "message": paths::with_help(diagnostic),
        "location": location(&diagnostic.path, diagnostic.range, request, texts),
        "severity": severity(diagnostic.level),
        "code": {"value": diagnostic.rule},
        "suggestions": suggestions,
        "relatedLocations": related,
    })
}

fn location(path: &Path, at: TextRange, request: &Request<'_>, texts: &mut Texts<'_>) -> Value {
    json!({"path": place::in_repository(path, request), "range": range(path, at, texts)})
}

fn range(path: &Path, range: TextRange, texts: &mut Texts<'_>) -> Value {
    let (start, end) = texts.byte_positions(path, range);
    json!({
        "start": {"line": start.row, "column": start.column},
        "end": {"line": end.row, "column": end.column},
    })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warn => "WARNING",
        Level::Info | Level::Off => "INFO",
    }
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found, range, related};
    use pycheck_model::{Edit, Fix, Safety};
    use serde_json::{Value, json};

    #[test]
    fn columns_count_bytes_and_a_single_edit_is_a_suggestion() {
        let fixture = Fixture::new(&[("a.py", "größe, x\n")]);
        let mut diagnostic = found("a.py", 9..10, "no `x`");
        let edit = Edit { range: range(9..10), content: "y".to_owned() };
        let fix = Fix { title: String::new(), safety: Safety::Safe, edits: vec![edit.clone()] };
        diagnostic.fix = Some(fix.clone());
        diagnostic.related = vec![related("b.py", 0..0, "here")];
        let mut other = diagnostic.clone();
        other.fix = Some(Fix { edits: vec![edit.clone(), edit], ..fix });
        let text = fixture.write(Format::Rdjson, &[diagnostic, other]);
        let value: Value = serde_json::from_str(&text).unwrap();
        let first = &value["diagnostics"][0];
        let place = json!({"start": {"line": 1, "column": 10}, "end": {"line": 1, "column": 11}});
        assert_eq!(first["location"], json!({"path": "a.py", "range": place}));
        assert_eq!(first["severity"], "ERROR");
        assert_eq!(first["code"], json!({"value": "some-rule"}));
        assert_eq!(first["suggestions"], json!([{"range": place, "text": "y"}]));
        assert_eq!(first["relatedLocations"][0]["location"]["path"], "b.py");
        assert_eq!(value["diagnostics"][1]["suggestions"], json!([]));
    }
}
