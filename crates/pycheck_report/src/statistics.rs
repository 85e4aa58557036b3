//! How often each rule found something.

use std::collections::BTreeMap;
use std::io;

use pycheck_model::Diagnostic;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    count: usize,
    fixable: bool,
    fixable_count: usize,
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
    fn programs_get_an_array() {
        let mut out = Vec::new();
        write_json(&sample(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let first = serde_json::json!({"code": "some-rule", "name": "some-rule", "count": 11,
                                       "fixable": false, "fixable_count": 0});
        assert_eq!(value[0], first);
        assert_eq!(value[1]["fixable"], true);
    }
}
