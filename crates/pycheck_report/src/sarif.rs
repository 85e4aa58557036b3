//! SARIF 2.1.0, which hosts of repositories read to show findings beside the code.

use std::io;
use std::path::Path;

use pycheck_model::{Diagnostic, Fix, Level, Related, TextRange};
use serde_json::{Map, Value, json};

use crate::fingerprint::Fingerprints;
use crate::texts::Texts;
use crate::{Request, RuleFacts, escaped, paths, place};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What stands for the folder of the repository.
const REPOSITORY: &str = "%SRCROOT%";

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let rules = rules(request);
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = request
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let path = place::in_repository(&diagnostic.path, request);
            let fingerprint = fingerprints.next(&path, diagnostic);
            let mut result = result(diagnostic, request, texts);
            result.insert(
                "partialFingerprints".to_owned(),
                json!({
                    "primaryLocationLineHash": format!("{fingerprint}:1"),
                    "pycheck/v1": fingerprint,
                }),
            );
            let index = rules.iter().position(|rule| rule.name == diagnostic.rule);
            result.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
            Value::Object(result)
        })
        .collect();
    let mut driver = json!({
        "name": "pycheck",
        "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<Value>>(),
    });
    if let Some(tool) = request.tool {
        driver["version"] = json!(tool.version);
        driver["semanticVersion"] = json!(tool.version);
    }
    let run = json!({
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    escaped::pretty(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}), out)
}

/// The rules that found something.
fn rules<'a>(request: &Request<'a>) -> Vec<&'a RuleFacts<'a>> {
    let all = request.tool.map(|tool| tool.rules).unwrap_or_default();
    let found = |rule: &&RuleFacts<'_>| request.diagnostics.iter().any(|it| it.rule == rule.name);
    all.iter().filter(found).collect()
}

fn descriptor(rule: &RuleFacts<'_>) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": level(rule.level)},
    })
}

fn result(
    diagnostic: &Diagnostic,
    request: &Request<'_>,
    texts: &mut Texts<'_>,
) -> Map<String, Value> {
    let location = location(&diagnostic.path, diagnostic.range, request, texts);
    let related: Vec<Value> =
        diagnostic.related.iter().map(|it| related_location(it, request, texts)).collect();
    let fixes: Vec<Value> =
        diagnostic.fix.iter().map(|it| fix(it, &diagnostic.path, request, texts)).collect();
    let optional = [("relatedLocations", related), ("fixes", fixes)];
    let optional = optional.into_iter().filter(|(_, list)| !list.is_empty());
    [
        ("ruleId", json!(diagnostic.rule)),
        ("level", json!(level(diagnostic.level))),
        ("message", json!({"text": paths::with_help(diagnostic)})),
        ("locations", json!([{"physicalLocation": location}])),
    ]
    .into_iter()
    .chain(optional.map(|(key, list)| (key, Value::Array(list))))
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn related_location(related: &Related, request: &Request<'_>, texts: &mut Texts<'_>) -> Value {
    let location = location(&related.path, related.range, request, texts);
    json!({"physicalLocation": location, "message": {"text": related.message}})
}

fn fix(fix: &Fix, path: &Path, request: &Request<'_>, texts: &mut Texts<'_>) -> Value {
    let replacement = |edit: &pycheck_model::Edit| {
        let region = region(path, edit.range, texts);
        json!({"deletedRegion": region, "insertedContent": {"text": edit.content}})
    };
    let replacements: Vec<Value> = fix.edits.iter().map(replacement).collect();
    json!({
        "description": {"text": fix.title},
        "artifactChanges": [{
            "artifactLocation": artifact(path, request),
            "replacements": replacements,
        }],
    })
}

fn location(path: &Path, at: TextRange, request: &Request<'_>, texts: &mut Texts<'_>) -> Value {
    json!({"artifactLocation": artifact(path, request), "region": region(path, at, texts)})
}

fn artifact(path: &Path, request: &Request<'_>) -> Value {
    match place::address(path, request) {
        (uri, true) => json!({"uri": uri, "uriBaseId": REPOSITORY}),
        (uri, false) => json!({"uri": uri}),
    }
}

fn region(path: &Path, range: TextRange, texts: &mut Texts<'_>) -> Value {
    let (start, end) = texts.positions(path, range);
    json!({
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Off => "note",
    }
}

#[cfg(test)]
mod tests {
    use crate::Format;
    use crate::testing::{Fixture, found, range, related};
    use pycheck_model::{Edit, Fix, Level, Safety};
    use serde_json::{Value, json};

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_result_names_rule_place_and_fix() {
        let fixture = Fixture::new(&[("a b.py", "import x\n")]);
        let mut diagnostic = found("a b.py", 7..8, "no `x`");
        diagnostic.level = Level::Warn;
        diagnostic.related = vec![related("/else/b.py", 0..0, "here")];
        let edits = vec![Edit { range: range(7..8), content: "y".to_owned() }];
        diagnostic.fix = Some(Fix { title: "Import `y`".to_owned(), safety: Safety::Safe, edits });
        let report = parsed(&fixture.write(Format::Sarif, &[diagnostic]));
        assert_eq!(report["version"], "2.1.0");
        let run = &report["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["rules"][0]["id"], "some-rule");
        assert_eq!(driver["rules"][0]["shortDescription"]["text"], "what it finds");
        let result = &run["results"][0];
        assert_eq!((&result["ruleIndex"], &result["level"]), (&json!(0), &json!("warning")));
        let region = json!({"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 9});
        let artifact = json!({"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"});
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({"artifactLocation": artifact, "region": region})
        );
        let change = &result["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["replacements"][0]["insertedContent"]["text"], "y");
        let elsewhere = &result["relatedLocations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(*elsewhere, json!({"uri": "file:///else/b.py"}));
        let fingerprint = result["partialFingerprints"]["pycheck/v1"].as_str().unwrap();
        assert_eq!(fingerprint.len(), 16);
    }

    #[test]
    fn a_clean_run_has_an_empty_list_of_results() {
        let report = parsed(&Fixture::new(&[]).write(Format::Sarif, &[]));
        assert_eq!(report["runs"][0]["results"], json!([]));
    }
}
