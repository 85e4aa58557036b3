//! The last line of the text formats: what was found, and in how much.

use std::ffi::OsStr;

use pycheck_model::{Diagnostic, Level, Safety};
use rustc_hash::FxHashSet;

use crate::Counts;

/// `Found 3 errors and 2 warnings in 2 files (checked …).` or `All checks passed! (checked …)`.
pub(crate) fn line(diagnostics: &[Diagnostic], counts: &Counts) -> String {
    let checked = checked(counts);
    if diagnostics.is_empty() {
        return format!("All checks passed! ({checked})");
    }
    let levels = [(Level::Error, "error"), (Level::Warn, "warning"), (Level::Info, "hint")];
    let parts: Vec<String> = levels
        .iter()
        .map(|(level, word)| (diagnostics.iter().filter(|d| d.level == *level).count(), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let files = diagnostics.iter().map(|diagnostic| diagnostic.path.as_os_str());
    let files: FxHashSet<&OsStr> = files.collect();
    let found = format!("Found {} in {} ({checked}).", list(&parts), counted(files.len(), "file"));
    match fixes(diagnostics).filter(|_| counts.mentions_fixes) {
        Some(fixes) => format!("{found}\n{fixes}"),
        None => found,
    }
}

/// `4 can be mended with `--fix`, 2 more with `--fix --unsafe-fixes`.`
fn fixes(diagnostics: &[Diagnostic]) -> Option<String> {
    let count = |safety| {
        let fixes = diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.filter(|fix| fix.safety == safety).count()
    };
    match (count(Safety::Safe), count(Safety::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{} can be mended with `--fix`.", grouped(safe))),
        (0, other) => {
            Some(format!("{} can be mended with `--fix --unsafe-fixes`.", grouped(other)))
        }
        (safe, other) => Some(format!(
            "{} can be mended with `--fix`, {} more with `--fix --unsafe-fixes`.",
            grouped(safe),
            grouped(other)
        )),
    }
}

fn checked(counts: &Counts) -> String {
    let files = counted(counts.files, "file");
    let imports = counted(counts.imports, "import");
    let version = counts.python_version;
    match &counts.environment {
        Some(place) => format!("checked {files}, {imports}; Python {version} from {place}"),
        None => format!("checked {files}, {imports}; Python {version}, no environment found"),
    }
}

fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 file`, `9,400 imports`.
fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {word}{plural}", grouped(count))
}

/// The number with a comma between each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, line};
    use crate::Counts;
    use crate::testing::found;
    use pycheck_model::{Diagnostic, Fix, Level, PythonVersion, Safety};

    fn counts(environment: Option<&str>) -> Counts {
        Counts {
            files: 812,
            imports: 9400,
            environment: environment.map(str::to_owned),
            python_version: PythonVersion { major: 3, minor: 12 },
            mentions_fixes: true,
        }
    }

    #[test]
    fn tells_what_was_found() {
        let error = found("a.py", 0..0, "");
        let mut warning = found("b.py", 0..0, "");
        warning.level = Level::Warn;
        let mut hint = found("b.py", 0..0, "");
        hint.level = Level::Info;
        assert_eq!(
            line(&[error.clone(), error.clone(), warning.clone()], &counts(Some(".venv"))),
            "Found 2 errors and 1 warning in 2 files \
             (checked 812 files, 9,400 imports; Python 3.12 from .venv)."
        );
        assert!(
            line(&[error, warning, hint], &counts(None))
                .starts_with("Found 1 error, 1 warning and 1 hint in 2 files (")
        );
    }

    #[test]
    fn tells_how_many_can_be_mended() {
        let fixable = |safety| {
            let fix = Fix { title: String::new(), safety, edits: Vec::new() };
            Diagnostic { fix: Some(fix), ..found("a.py", 0..0, "") }
        };
        let (safe, other) = (fixable(Safety::Safe), fixable(Safety::Unsafe));
        let last = |all: &[Diagnostic], mentions_fixes| {
            let counts = Counts { mentions_fixes, ..counts(None) };
            line(all, &counts).lines().nth(1).map(str::to_owned)
        };
        assert_eq!(
            last(&[safe.clone(), other.clone(), other.clone()], true).as_deref(),
            Some("1 can be mended with `--fix`, 2 more with `--fix --unsafe-fixes`.")
        );
        assert_eq!(
            last(std::slice::from_ref(&other), true).as_deref(),
            Some("1 can be mended with `--fix --unsafe-fixes`.")
        );
        assert_eq!(
            last(std::slice::from_ref(&safe), true).as_deref(),
            Some("1 can be mended with `--fix`.")
        );
        assert_eq!(last(&[safe], false), None);
    }

    #[test]
    fn tells_that_nothing_was_found() {
        assert_eq!(
            line(&[], &counts(None)),
            "All checks passed! \
             (checked 812 files, 9,400 imports; Python 3.12, no environment found)"
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(["0", "999", "1,000", "1,234,567"].join(" "), {
            [0, 999, 1000, 1_234_567].map(grouped).join(" ")
        });
    }
}
