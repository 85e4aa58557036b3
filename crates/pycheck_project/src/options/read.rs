//! From TOML values to Rust's, with errors that say what was expected and what was found.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::settings::error::{Misread, Problem};

/// A value in a text, with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

pub(super) fn string(value: &Value<'_>) -> Result<Spanned<String>, Misread> {
    match value.get_ref().as_str() {
        Some(text) => Ok(Spanned::new(value.span(), text.to_owned())),
        None => Err(expected("a string", value)),
    }
}

pub(super) fn strings(value: &Value<'_>) -> Result<Vec<Spanned<String>>, Misread> {
    let Some(list) = value.get_ref().as_array() else {
        let problem = expected("a list of strings", value);
        return Err(match value.get_ref().as_str() {
            Some(text) => with_help(problem, format!("write `[\"{text}\"]`")),
            None => problem,
        });
    };
    list.iter().map(|item| string(item).map_err(|_| unexpected_item(item))).collect()
}

fn unexpected_item(item: &Value<'_>) -> Misread {
    let found = kind(item.get_ref());
    let message = format!("expected a list of strings, found {found} in the list");
    Misread { offset: item.span().start, problem: Problem::new(message) }
}

pub(super) fn boolean(value: &Value<'_>) -> Result<bool, Misread> {
    value.get_ref().as_bool().ok_or_else(|| expected("`true` or `false`", value))
}

/// The entries of a table in the order of the text.
pub(super) fn table<'v, 't>(
    value: &'v Value<'t>,
    what: &str,
) -> Result<Vec<(Spanned<String>, &'v Value<'t>)>, Misread> {
    match value.get_ref().as_table() {
        Some(table) => Ok(in_order(table)),
        None => Err(expected(what, value)),
    }
}

fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(Spanned<String>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Spanned::new(key.span(), key.get_ref().to_string()), value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The error for a value of another type.
pub(super) fn expected(what: &str, value: &Value<'_>) -> Misread {
    let message = format!("expected {what}, found {}", kind(value.get_ref()));
    Misread { offset: value.span().start, problem: Problem::new(message) }
}

fn with_help(misread: Misread, help: String) -> Misread {
    Misread { problem: misread.problem.help(help), ..misread }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
