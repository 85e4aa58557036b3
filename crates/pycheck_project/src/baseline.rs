//! The baseline: what was found on the day when somebody began to use pycheck, and is left out of
//! reports since.
//!
//! A finding is known by its file, its rule and the names that it speaks of, and not by its line, so
//! that edits elsewhere in the file do not bring it back.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_model::{Diagnostic, Level, is_identifier};
use rustc_hash::FxHashSet;

use crate::session::Session;

/// The longest piece of code that a finding is known by.
const LONGEST_PIECE: usize = 60;

/// How the file begins.
const HEADER: &str = "# Findings that `pycheck --baseline` leaves out of its reports, by file: how many there are of each.\n# Made by `pycheck --update-baseline`.\n\n";

/// For each file how many findings of each kind are known.
type Known = BTreeMap<String, BTreeMap<String, usize>>;

/// The findings that are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(Known);

/// Why a baseline can't be used. The text is for the user.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct BaselineError {
    path: String,
    reason: String,
}

impl BaselineError {
    fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.display().to_string(), reason: reason.into() }
    }

    fn io(path: &Path, error: &std::io::Error) -> Self {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "there is no such baseline; `--update-baseline` writes one".to_owned()
            }
            _ => error.to_string(),
        };
        Self::new(path, reason)
    }
}

impl Baseline {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| BaselineError::io(path, &error))?;
        toml::from_str(&text).map(Self).map_err(|error| {
            BaselineError::new(path, format!("this is no baseline: {}", error.message()))
        })
    }

    /// Writes a file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let text = toml::to_string(&self.0)
            .map_err(|error| BaselineError::new(path, error.to_string()))?;
        let written = || {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut fresh = builder().tempfile_in(folder.unwrap_or(Path::new(".")))?;
            fresh.write_all(HEADER.as_bytes())?;
            fresh.write_all(text.as_bytes())?;
            fresh.persist(path).map_err(|error| error.error)
        };
        written().map(drop).map_err(|error| BaselineError::io(path, &error))
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What makes a file that everybody may read, as far as the mask of the system lets them.
#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}

impl Session {
    /// All that is found now at this level or above, with what `old` knows of files that were not
    /// checked and are still there.
    pub fn baseline(&self, lowest: Level, old: Option<&Baseline>) -> Baseline {
        let mut known = Known::new();
        for diagnostic in self.diagnostics().iter().filter(|it| it.level >= lowest) {
            let file = known.entry(self.name_of(&diagnostic.path)).or_default();
            *file.entry(self.kind_of(diagnostic)).or_insert(0) += 1;
        }
        let checked: FxHashSet<String> =
            self.files().iter().map(|path| self.name_of(path)).collect();
        let is_there = |name: &str| self.project_root().join(name).exists();
        for (name, kinds) in old.iter().flat_map(|old| &old.0) {
            if !checked.contains(name) && is_there(name) {
                known.insert(name.clone(), kinds.clone());
            }
        }
        Baseline(known)
    }

    /// Leaves out what the baseline knows, from now on. Gives how many of its findings are gone from
    /// the files that were checked.
    pub fn leave_out(&mut self, baseline: Baseline) -> usize {
        let all = self.take_diagnostics();
        let (new, gone) = self.without(&baseline, all);
        self.set_diagnostics(new);
        self.hold(baseline);
        gone
    }

    /// The diagnostics that a baseline does not know, and how many it knows that there are no more.
    pub(crate) fn without(
        &self,
        baseline: &Baseline,
        mut diagnostics: Vec<Diagnostic>,
    ) -> (Vec<Diagnostic>, usize) {
        let mut left: BTreeMap<(String, String), usize> = BTreeMap::new();
        for path in self.files() {
            let name = self.name_of(path);
            for (kind, count) in baseline.0.get(&name).into_iter().flatten() {
                left.insert((name.clone(), kind.clone()), *count);
            }
        }
        diagnostics.retain(|diagnostic| {
            let key = (self.name_of(&diagnostic.path), self.kind_of(diagnostic));
            let known = left.get_mut(&key).filter(|count| **count > 0);
            let is_new = known.is_none();
            if let Some(count) = known {
                *count -= 1;
            }
            is_new
        });
        (diagnostics, left.values().sum())
    }

    /// How a file is called in a baseline: relative to the project.
    fn name_of(&self, path: &Arc<PathBuf>) -> String {
        let shown = path.strip_prefix(self.project_root()).unwrap_or(path);
        shown.to_string_lossy().replace('\\', "/")
    }

    /// The rule, the code that carries the mistake, and the names that the message speaks of.
    fn kind_of(&self, diagnostic: &Diagnostic) -> String {
        let text = self.shown_text(&diagnostic.path).unwrap_or_default();
        let (start, end) = (diagnostic.range.start().into(), diagnostic.range.end().into());
        let code: Vec<&str> = text.get(start..end).unwrap_or_default().split_whitespace().collect();
        let code: String = code.join(" ").chars().take(LONGEST_PIECE).collect();
        let line = line_around(&text, start);
        let mut parts = vec![code];
        for name in names(diagnostic, line) {
            if !parts.iter().any(|part| part == name) {
                parts.push(name.to_owned());
            }
        }
        parts.retain(|part| !part.is_empty());
        format!("{}: {}", diagnostic.rule, parts.join(" "))
    }
}

fn line_around(text: &str, at: usize) -> &str {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = after.find('\n').map_or(text.len(), |newline| at + newline);
    &text[start..end]
}

/// The names that CPython's words speak of, or else those in the message that stand on the line:
/// what else stands there between quotes may be worded otherwise some day.
fn names<'d>(diagnostic: &'d Diagnostic, line: &str) -> Vec<&'d str> {
    if let Some(error) = &diagnostic.runtime_error {
        return quoted(&error.message).filter(|name| !name.contains(['/', '\\'])).collect();
    }
    let is_on_line = |name: &&str| is_identifier(name) && line.contains(name);
    quoted(&diagnostic.message).filter(is_on_line).collect()
}

/// What stands between quotes or backticks.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split(['\'', '`']).skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{line_around, quoted};

    #[test]
    fn what_is_quoted_is_taken_from_a_message() {
        let all = |message| quoted(message).collect::<Vec<_>>();
        assert_eq!(all("cannot import name 'a' from 'b'"), ["a", "b"]);
        assert_eq!(all("`x` is appended to; every call shares this list"), ["x"]);
        assert_eq!(all("this comment suppresses nothing"), [""; 0]);
    }

    #[test]
    fn the_line_is_the_one_that_the_place_is_on() {
        assert_eq!(line_around("a\nbc\nd", 3), "bc");
        assert_eq!(line_around("a", 1), "a");
        assert_eq!(line_around("a", 9), "a");
    }
}
