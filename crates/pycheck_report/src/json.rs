//! One array of objects: the fields that readers of other linters' JSON know, and our own.

use std::io;
use std::path::Path;

use pycheck_model::{Diagnostic, Fix, Related, RuntimeError, Safety};
use serde::Serialize;

use crate::texts::{Position, Texts};
use crate::{Request, escaped, place};

#[derive(Serialize)]
struct Object<'a> {
    code: &'a str,
    name: &'a str,
    level: &'a str,
    message: &'a str,
    filename: String,
    location: Position,
    end_location: Position,
    fix: Option<FixObject<'a>>,
    url: Option<&'a str>,
    /// The row whose comment can suppress the diagnostic.
    noqa_row: usize,
    /// Always null: there are no notebooks yet.
    cell: Option<usize>,
    related: Vec<RelatedObject<'a>>,
    help: Option<&'a str>,
    runtime_error: Option<ErrorObject<'a>>,
}

#[derive(Serialize)]
struct FixObject<'a> {
    applicability: &'static str,
    message: &'a str,
    edits: Vec<EditObject<'a>>,
}

#[derive(Serialize)]
struct EditObject<'a> {
    content: &'a str,
    location: Position,
    end_location: Position,
}

#[derive(Serialize)]
struct RelatedObject<'a> {
    filename: String,
    location: Position,
    end_location: Position,
    message: &'a str,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    r#type: &'a str,
    message: &'a str,
    modes: &'a [&'static str],
    entry: Option<&'a str>,
}

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let objects = request.diagnostics.iter().map(|diagnostic| object(diagnostic, texts));
    escaped::pretty_array(objects, out)
}

pub(crate) fn write_lines(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut objects = request.diagnostics.iter().map(|diagnostic| object(diagnostic, texts));
    objects.try_for_each(|object| escaped::line(&object, out))
}

fn object<'a>(diagnostic: &'a Diagnostic, texts: &mut Texts<'_>) -> Object<'a> {
    let (location, end_location) = texts.positions(&diagnostic.path, diagnostic.range);
    Object {
        code: diagnostic.rule,
        name: diagnostic.rule,
        level: diagnostic.level.as_str(),
        message: &diagnostic.message,
        filename: place::exact(&diagnostic.path),
        location,
        end_location,
        fix: diagnostic.fix.as_ref().map(|fix| fix_object(fix, &diagnostic.path, texts)),
        url: None,
        noqa_row: location.row,
        cell: None,
        related: diagnostic.related.iter().map(|place| related_object(place, texts)).collect(),
        help: diagnostic.help.as_deref(),
        runtime_error: diagnostic.runtime_error.as_ref().map(error_object),
    }
}

fn fix_object<'a>(fix: &'a Fix, path: &Path, texts: &mut Texts<'_>) -> FixObject<'a> {
    let edits = fix.edits.iter().map(|edit| {
        let (location, end_location) = texts.positions(path, edit.range);
        EditObject { content: &edit.content, location, end_location }
    });
    FixObject {
        applicability: match fix.safety {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        },
        message: &fix.title,
        edits: edits.collect(),
    }
}

fn related_object<'a>(related: &'a Related, texts: &mut Texts<'_>) -> RelatedObject<'a> {
    let (location, end_location) = texts.positions(&related.path, related.range);
    let filename = place::exact(&related.path);
    RelatedObject { filename, location, end_location, message: &related.message }
}

fn error_object(error: &RuntimeError) -> ErrorObject<'_> {
    ErrorObject {
        r#type: error.exception,
        message: &error.message,
        modes: &error.modes,
        entry: error.entry.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found, range, related};
    use pycheck_model::{Edit, Fix, RuntimeError, Safety};
    use serde_json::{Value, json};

    #[test]
    fn nothing_found_is_an_empty_array() {
        assert_eq!(Fixture::new(&[]).write(Format::Json, &[]), "[]\n");
    }

    #[test]
    fn an_object_has_every_field() {
        let fixture = Fixture::new(&[("a.py", "import b\nfrom b import größe, y\n")]);
        let mut diagnostic = found("a.py", 32..33, "no `y`");
        diagnostic.help = Some("spell it".to_owned());
        diagnostic.related = vec![related("b.py", 0..0, "this is `b`")];
        diagnostic.fix = Some(Fix {
            title: "Import `z`".to_owned(),
            safety: Safety::Unsafe,
            edits: vec![Edit { range: range(32..33), content: "z".to_owned() }],
        });
        diagnostic.runtime_error = Some(RuntimeError {
            exception: "ImportError",
            message: "cannot import name 'y' from 'b'".to_owned(),
            modes: vec!["import", "-m"],
            entry: None,
        });
        let text = fixture.write(Format::Json, &[diagnostic]);
        assert!(text.ends_with("]\n"));
        let value: Value = serde_json::from_str(&text).unwrap();
        let start = json!({"row": 2, "column": 22});
        let end = json!({"row": 2, "column": 23});
        let expected = json!([{
            "code": "some-rule", "name": "some-rule", "level": "error", "message": "no `y`",
            "filename": "/base/a.py", "location": start, "end_location": end,
            "fix": {"applicability": "unsafe", "message": "Import `z`",
                    "edits": [{"content": "z", "location": start, "end_location": end}]},
            "url": null, "noqa_row": 2, "cell": null, "help": "spell it",
            "related": [{"filename": "/base/b.py", "location": {"row": 1, "column": 1},
                         "end_location": {"row": 1, "column": 1}, "message": "this is `b`"}],
            "runtime_error": {"type": "ImportError", "message": "cannot import name 'y' from 'b'",
                              "modes": ["import", "-m"], "entry": null},
        }]);
        assert_eq!(value, expected);
    }

    #[test]
    fn each_line_is_an_object() {
        let found = [found("a.py", 0..0, "one\ntwo"), found("b.py", 0..0, "three")];
        let text = Fixture::new(&[]).write(Format::JsonLines, &found);
        let values: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(values[0]["message"], "one\ntwo");
        assert_eq!(values[1]["filename"], "/base/b.py");
        assert_eq!(values.len(), 2);
        assert_eq!(Fixture::new(&[]).write(Format::JsonLines, &[]), "");
    }

    #[test]
    fn what_is_absent_is_null() {
        let text = Fixture::new(&[]).write(Format::Json, &[found("a.py", 3..4, "odd")]);
        let value: Value = serde_json::from_str(&text).unwrap();
        for field in ["fix", "url", "cell", "help", "runtime_error"] {
            assert_eq!(value[0].get(field), Some(&Value::Null), "{field}");
        }
        assert_eq!(value[0]["location"], json!({"row": 1, "column": 1}));
        assert_eq!(value[0]["related"], json!([]));
    }
}
