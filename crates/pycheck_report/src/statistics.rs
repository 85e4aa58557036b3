//! How often each rule found something.

use std::collections::BTreeMap;
use std::io;

use pycheck_model::Diagnostic;
use serde::Serialize;

use crate::paths;

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    count: usize,
    fixable: bool,
    fixable_count: usize,
    /// The modules that are missing, the most frequent first.
    modules: Vec<Module>,
}

/// A missing module, and how often it is asked for.
#[derive(Serialize)]
struct Module {
    name: String,
    count: usize,
}

/// How many missing modules people are shown of a rule.
const MOST_MODULES: usize = 20;

/// The modules that the diagnostics of a rule miss.
fn modules(diagnostics: &[Diagnostic], rule: &str) -> Vec<Module> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|it| it.rule == rule) {
        let Some(error) = &diagnostic.runtime_error else { continue };
        let name = error.message.strip_prefix("No module named '");
        if let Some((name, _)) = name.and_then(|rest| rest.split_once('\'')) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let modules = counts.into_iter().map(|(name, count)| Module { name: name.to_owned(), count });
    let mut modules: Vec<Module> = modules.collect();
    modules.sort_by_key(|module| std::cmp::Reverse(module.count));
    modules
}

/// One row per rule, the most frequent first, then by name.
fn rows(diagnostics: &[Diagnostic]) -> Vec<Row> {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        let (count, fixable) = counts.entry(diagnostic.rule).or_default();
        *count += 1;
        *fixable += usize::from(diagnostic.fix.is_some());
    }
    let mut rows: Vec<Row> = counts
        .into_iter()
        .map(|(rule, (count, fixable_count))| Row {
            code: rule,
            name: rule,
            count,
            fixable: fixable_count == count,
            fixable_count,
            modules: modules(diagnostics, rule),
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

/// The rows as a table for people.
pub(crate) fn write_table(diagnostics: &[Diagnostic], out: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(diagnostics);
    let width = rows.first().map_or(0, |row| row.count.to_string().len());
    for row in &rows {
        writeln!(out, "{:>width$}  {}", row.count, row.name)?;
        let inner = row.modules.first().map_or(0, |module| module.count.to_string().len());
        for module in row.modules.iter().take(MOST_MODULES) {
            let name = paths::one_line(&module.name);
            writeln!(out, "{:width$}  {:>inner$}  {name}", "", module.count)?;
        }
        if let Some(more) = row.modules.len().checked_sub(MOST_MODULES).filter(|more| *more > 0) {
            writeln!(out, "{:width$}  {:inner$}  and {more} more", "", "")?;
        }
    }
    Ok(())
}

/// The rows as an array of objects.
pub(crate) fn write_json(diagnostics: &[Diagnostic], out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &rows(diagnostics)).map_err(io::Error::from)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::{write_json, write_table};
    use crate::testing::found;
    use pycheck_model::{Diagnostic, Fix, Safety};

    fn sample() -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = (0..11).map(|_| found("a.py", 0..0, "")).collect();
        for rule in ["b-rule", "a-rule"] {
            let mut other = found("a.py", 0..0, "");
            other.rule = rule;
            other.fix = Some(Fix { title: String::new(), safety: Safety::Safe, edits: Vec::new() });
            all.push(other);
        }
        all
    }

    #[test]
    fn the_most_frequent_rule_stands_first() {
        let mut out = Vec::new();
        write_table(&sample(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "11  some-rule\n 1  a-rule\n 1  b-rule\n");
    }

    #[test]
    fn missing_modules_are_counted_under_their_rule() {
        let missing = |name: &str| {
            let mut diagnostic = found("a.py", 0..0, "");
            diagnostic.runtime_error = Some(pycheck_model::RuntimeError {
                exception: "ModuleNotFoundError",
                message: format!("No module named '{name}'; 'b' is not a package"),
                modes: Vec::new(),
                entry: None,
            });
            diagnostic
        };
        let mut out = Vec::new();
        write_table(&[missing("a.x"), missing("b"), missing("b")], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "3  some-rule\n   2  b\n   1  a.x\n");
    }

    #[test]
    fn programs_get_an_array() {
        let mut out = Vec::new();
        write_json(&sample(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let first = serde_json::json!({"code": "some-rule", "name": "some-rule", "count": 11,
                                       "fixable": false, "fixable_count": 0, "modules": []});
        assert_eq!(value[0], first);
        assert_eq!(value[1]["fixable"], true);
    }
}
