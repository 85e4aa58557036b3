//! The JSON schema of the configuration, which editors read to complete and check it.

use pycheck_project::options::{ALL, OptionInfo};
use serde_json::{Map, Value, json};

/// Where it is written.
pub(crate) const PATH: &str = "docs/pycheck.schema.json";

/// The schema, as text.
pub(crate) fn text() -> String {
    format!("{:#}\n", schema())
}

fn schema() -> Value {
    let properties: Map<String, Value> =
        ALL.iter().map(|option| (option.key.to_owned(), property(option))).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "pycheck",
        "description": "What can be set in `pycheck.toml`, and in `[tool.pycheck]` of `pyproject.toml`.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "definitions": {
            "rule": {
                "description": "A rule, a group of rules, or a code that another linter uses.",
                "anyOf": [{"enum": names()}, {"type": "string"}],
            },
            "level": {"enum": ["error", "warn", "info", "off"]},
        },
    })
}

fn names() -> Vec<&'static str> {
    let groups = ["all", "files", "imports", "pitfalls"].into_iter();
    groups.chain(pycheck_rules::ALL.iter().map(|rule| rule.name)).collect()
}

fn property(option: &OptionInfo) -> Value {
    let rule = json!({"$ref": "#/definitions/rule"});
    let rules = json!({"type": "array", "items": rule});
    let mut property = match (option.key, option.kind) {
        ("select" | "extend-select" | "ignore", _) => rules,
        (_, "string") => json!({"type": "string"}),
        (_, "boolean") => json!({"type": "boolean"}),
        (_, "list of strings") => json!({"type": "array", "items": {"type": "string"}}),
        (_, "table of levels") => json!({
            "type": "object",
            "propertyNames": rule,
            "additionalProperties": {"$ref": "#/definitions/level"},
        }),
        (_, "table of lists of strings") => {
            json!({"type": "object", "additionalProperties": rules})
        }
        // A test says that there is no other kind.
        _ => json!({}),
    };
    property["description"] = json!(option.summary);
    property["markdownDescription"] =
        json!(format!("{}\n\n```toml\n{}\n```", option.summary, option.example));
    property
}

#[cfg(test)]
mod tests {
    use super::{ALL, property, schema};
    use serde_json::Value;

    #[test]
    fn every_key_has_a_type_and_its_example_is_of_it() {
        for option in ALL {
            let property = property(option);
            let value: Value = toml::from_str(option.example).unwrap();
            assert!(fits(&value[option.key], &property), "{}: {property}", option.key);
        }
    }

    #[test]
    fn what_is_of_another_type_does_not_fit() {
        let schema = schema();
        let property = |key: &str| &schema["properties"][key];
        assert!(!fits(&"src".into(), property("src")));
        assert!(!fits(&serde_json::json!([1]), property("exclude")));
        assert!(!fits(&serde_json::json!({"bare-except": "fatal"}), property("rules")));
        assert_eq!(schema["additionalProperties"], false);
    }

    /// As much of the standard as the schema uses.
    fn fits(value: &Value, schema: &Value) -> bool {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap();
            return fits(value, &super::schema()["definitions"][name]);
        }
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            return choices.iter().any(|choice| fits(value, choice));
        }
        if let Some(known) = schema.get("enum").and_then(Value::as_array) {
            return known.contains(value);
        }
        match schema["type"].as_str() {
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("array") => {
                let items = value.as_array();
                items.is_some_and(|items| items.iter().all(|it| fits(it, &schema["items"])))
            }
            Some("object") => value.as_object().is_some_and(|entries| {
                entries.values().all(|it| fits(it, &schema["additionalProperties"]))
            }),
            _ => false,
        }
    }
}
