//! What the `toml` blocks of a rule's page set.

use pycheck_model::PythonVersion;
use pycheck_rules::RuleOptions;
use toml::{Table, Value};

/// The target version and the options of rules; later blocks win over earlier ones.
pub(crate) fn read(tomls: &[String]) -> Result<(PythonVersion, RuleOptions), String> {
    let mut version = PythonVersion::NEWEST;
    let mut options = RuleOptions::default();
    for text in tomls {
        let table: Table = text.parse().map_err(|error| format!("{error}"))?;
        read_table(&table, &mut version, &mut options)?;
    }
    Ok((version, options))
}

fn read_table(
    table: &Table,
    version: &mut PythonVersion,
    options: &mut RuleOptions,
) -> Result<(), String> {
    for (key, value) in table {
        match (key.as_str(), value) {
            ("python-version", Value::String(text)) => *version = text.parse()?,
            ("extend-mutable-calls", value) => options.extend_mutable_calls = strings(value)?,
            ("extend-immutable-calls", value) => options.extend_immutable_calls = strings(value)?,
            ("immediate-callees", value) => options.immediate_callees = strings(value)?,
            (_, Value::Table(inner)) => read_table(inner, version, options)?,
            (key, _) => return Err(format!("`{key}` is no setting of a rule's page")),
        }
    }
    Ok(())
}

fn strings(value: &Value) -> Result<Vec<String>, String> {
    let items = value.as_array().ok_or("expected a list of strings")?;
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned).ok_or("expected a string".to_owned()))
        .collect()
}
