//! The oldest Python that a project says it runs on.

use std::path::Path;

use pycheck_model::PythonVersion;

use super::project_file::{ProjectFile, read_text};
use crate::roots::{setup_cfg, setup_py};

/// The oldest minor version that the project allows: `requires-python`, Poetry's `python`, or
/// setuptools' `python_requires`; raised or lowered to one that can be checked for.
pub fn requires_python(project_root: &Path) -> Option<PythonVersion> {
    let from_pyproject = ProjectFile::read(&project_root.join("pyproject.toml"))
        .table()
        .and_then(|table| in_pyproject(&table));
    let text = from_pyproject
        .or_else(|| setup_cfg::python_requires(&read_text(&project_root.join("setup.cfg")).ok()?))
        .or_else(|| setup_py::python_requires(&read_text(&project_root.join("setup.py")).ok()?))?;
    lower_bound(&text).map(PythonVersion::clamped)
}

fn in_pyproject(table: &toml::Table) -> Option<String> {
    let at = |keys: &[&str]| {
        let mut value = table.get(keys[0]);
        for key in &keys[1..] {
            value = value.and_then(|value| value.get(key));
        }
        value.and_then(toml::Value::as_str).map(ToOwned::to_owned)
    };
    at(&["project", "requires-python"])
        .or_else(|| at(&["tool", "poetry", "dependencies", "python"]))
        .or_else(|| at(&["tool", "flit", "metadata", "requires-python"]))
}

/// The oldest minor version that fulfils a requirement such as `>=3.9,<4`, `^3.8` or `~=3.10.2`.
///
/// Alternatives (`^3.8 || ^3.10`) give the oldest of all; a requirement without a lower bound
/// gives nothing.
fn lower_bound(requirement: &str) -> Option<PythonVersion> {
    let alternatives: Option<Vec<PythonVersion>> =
        requirement.split('|').filter(|part| !part.trim().is_empty()).map(all_of).collect();
    alternatives?.into_iter().min()
}

fn all_of(requirement: &str) -> Option<PythonVersion> {
    // Poetry allows blanks instead of commas, and blanks after an operator.
    let normal = requirement.replace([',', ';'], " ");
    let mut bounds = Vec::new();
    let mut operator = String::new();
    for word in normal.split_whitespace() {
        operator.extend(word.chars().take_while(|c| "<>=!~^".contains(*c)));
        let version = word.trim_start_matches(['<', '>', '=', '!', '~', '^']);
        if !version.is_empty() {
            bounds.extend(bound(&operator, version));
            operator.clear();
        }
    }
    bounds.into_iter().max()
}

/// The lower bound that one specifier sets.
fn bound(operator: &str, version: &str) -> Option<PythonVersion> {
    if operator.starts_with(['<', '!']) {
        return None;
    }
    let mut parts = version.trim_start_matches('v').split('.').map(digits);
    let major = parts.next()??;
    let minor = parts.next().flatten().unwrap_or(0);
    Some(PythonVersion { major, minor })
}

/// The number at the start: `10` of `10rc1`, nothing of `*`.
fn digits(part: &str) -> Option<u8> {
    let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    part[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::lower_bound;

    #[test]
    fn the_lower_bound_is_the_oldest_version_that_fits() {
        for (requirement, oldest) in [
            (">=3.9", Some("3.9")),
            (">= 3.9", Some("3.9")),
            (">=3.8.1,<4", Some("3.8")),
            ("<4,>=3.10", Some("3.10")),
            ("!=3.9.7, >=3.9", Some("3.9")),
            ("~=3.10", Some("3.10")),
            ("==3.11.*", Some("3.11")),
            ("^3.8", Some("3.8")),
            ("~3.9.2", Some("3.9")),
            ("3.12", Some("3.12")),
            (">3.8", Some("3.8")),
            (">=3", Some("3.0")),
            (">=3.13rc1", Some("3.13")),
            ("^3.10 || ^3.8", Some("3.8")),
            (">=3.8 <3.12", Some("3.8")),
            ("===3.9.0", Some("3.9")),
            ("<3.12", None),
            ("*", None),
            ("", None),
            ("whatever", None),
        ] {
            let found = lower_bound(requirement).map(|version| version.to_string());
            assert_eq!(found.as_deref(), oldest, "{requirement}");
        }
    }
}
