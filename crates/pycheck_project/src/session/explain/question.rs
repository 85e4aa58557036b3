//! What a user asks for: which file and line, or which module.

use std::path::{Path, PathBuf};

use pycheck_imports::Question;
use pycheck_model::{ImportKind, is_identifier};

use super::super::{ProjectError, Session, project_of};
use crate::discover::absolute;
use crate::walk;

/// The target of an inquiry, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Line(PathBuf, usize),
    File(PathBuf),
    Module(String),
}

impl Asked {
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Line(file, _) | Self::File(file) => Some(file),
            Self::Module(_) => None,
        }
    }
}

/// Reads a target. Relative paths are those from `here`.
pub(super) fn ask(target: &str, here: &Path) -> Result<Asked, ProjectError> {
    let path = |text: &str| absolute(Path::new(text), here);
    if path(target).is_file() {
        return Ok(Asked::File(path(target)));
    }
    if let Some((file, line)) = with_line(target) {
        if path(file).is_file() {
            return Ok(Asked::Line(path(file), line));
        }
        return Err(refused(format!("{file}: no such file")));
    }
    if target.split('.').all(is_identifier) {
        return Ok(Asked::Module(target.to_owned()));
    }
    Err(refused(match target {
        _ if path(target).is_dir() => {
            format!("{target} is a folder; name a file, a line of it as FILE:LINE, or a module")
        }
        _ if target.starts_with('.')
            && target.trim_start_matches('.').split('.').all(is_identifier) =>
        {
            format!("where `{target}` leads depends on the file; name its line as FILE:LINE")
        }
        _ => format!("{target}: no such file, and no name of a module"),
    }))
}

fn refused(message: String) -> ProjectError {
    ProjectError::Question(message)
}

/// `FILE:LINE`, or `FILE:LINE:COLUMN` as findings show it.
fn with_line(target: &str) -> Option<(&str, usize)> {
    let (before, last) = target.rsplit_once(':')?;
    let last: usize = last.parse().ok()?;
    if let Some((file, line)) = before.rsplit_once(':')
        && let Ok(line) = line.parse()
    {
        return Some((file, line));
    }
    Some((before, last))
}

impl Session {
    /// The questions that a target stands for.
    pub(super) fn questions(
        &self,
        asked: &Asked,
        first: &Path,
    ) -> Result<Vec<Question>, ProjectError> {
        match asked {
            Asked::Module(name) => {
                let is_file = first.is_file();
                let root = &self.settings.project_root;
                let folder = first.parent().filter(|_| is_file).unwrap_or(root).to_owned();
                let project = project_of(&folder.join("explained.py"), &self.projects);
                Ok(vec![Question::Module { name: name.clone(), folder, project }])
            }
            Asked::Line(path, line) => self.of_line(self.file(path)?, *line),
            Asked::File(path) => {
                let file = self.file(path)?;
                let imports = self.records[file as usize].summary.imports.iter().enumerate();
                let imports = imports.map(|(import, it)| Question::Import {
                    file,
                    import,
                    names: (0..names_of(&it.kind)).collect(),
                });
                Ok(std::iter::once(Question::File { file }).chain(imports).collect())
            }
        }
    }

    /// The number of a file that can be asked about.
    fn file(&self, path: &Path) -> Result<u32, ProjectError> {
        let index = self.files.binary_search_by(|file| walk::compare(file, path));
        let shown = path.strip_prefix(&self.settings.working_directory).unwrap_or(path).display();
        let Ok(index) = index else {
            return Err(refused(format!("{shown}: not a file that can be checked")));
        };
        let record = &self.records[index];
        if record.summary.has_syntax_errors {
            let why = record.findings.first().map_or_else(
                || "a stub never runs, so nothing is imported".to_owned(),
                |finding| format!("its imports can't be told: {}", finding.message),
            );
            return Err(refused(format!("{shown}: {why}")));
        }
        Ok(index as u32)
    }

    /// The imports on a line. On the first line of a statement all its names count, on another one
    /// those that stand there.
    fn of_line(&self, file: u32, line: usize) -> Result<Vec<Question>, ProjectError> {
        let mut questions = Vec::new();
        let mut lines = Vec::new();
        for (import, it) in self.records[file as usize].summary.imports.iter().enumerate() {
            let mut sites = vec![it.site];
            if let ImportKind::From { names, .. } = &it.kind {
                sites.extend(names.iter().map(|name| name.site));
            }
            let at = self.lines(file, &sites);
            let Some((own, names)) = at.split_first() else { continue };
            let on_line = (0..names.len()).filter(|index| *own == line || names[*index] == line);
            let names: Vec<usize> = on_line.collect();
            if *own == line || !names.is_empty() {
                questions.push(Question::Import { file, import, names });
            }
            lines.extend(at);
        }
        if questions.is_empty() {
            return Err(refused(self.no_import(file, line, lines)));
        }
        Ok(questions)
    }

    fn no_import(&self, file: u32, line: usize, mut lines: Vec<usize>) -> String {
        lines.sort_unstable();
        lines.dedup();
        let path = &self.files[file as usize];
        let shown = path.strip_prefix(&self.settings.working_directory).unwrap_or(path).display();
        if lines.is_empty() {
            return format!("{shown} has no imports");
        }
        let lines = ranges(&lines);
        let word = if lines.contains(['-', ',']) { "lines" } else { "line" };
        format!("{shown}:{line} has no import; there are imports on {word} {lines}")
    }
}

fn names_of(kind: &ImportKind) -> usize {
    match kind {
        ImportKind::Module { .. } | ImportKind::Call { .. } => 0,
        ImportKind::From { names, .. } => names.len(),
    }
}

/// Sorted numbers, with those that follow each other drawn together: `1-3, 7`.
fn ranges(lines: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => runs.push((*line, *line)),
        }
    }
    let shown =
        runs.iter().map(
            |(first, last)| {
                if first == last { first.to_string() } else { format!("{first}-{last}") }
            },
        );
    shown.collect::<Vec<String>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Asked, ask, ranges, with_line};

    #[test]
    fn a_line_may_be_followed_by_a_column() {
        assert_eq!(with_line("a.py:3"), Some(("a.py", 3)));
        assert_eq!(with_line("a.py:3:12"), Some(("a.py", 3)));
        assert_eq!(with_line("a.py"), None);
        assert_eq!(with_line("a.py:"), None);
    }

    #[test]
    fn a_name_is_a_file_if_there_is_one_and_else_a_module() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.py"), "").unwrap();
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        let ask = |target| ask(target, folder.path());
        assert_eq!(ask("a.py").unwrap(), Asked::File(folder.path().join("a.py")));
        assert_eq!(ask("a.py:2").unwrap(), Asked::Line(folder.path().join("a.py"), 2));
        assert_eq!(ask("pkg").unwrap(), Asked::Module("pkg".to_owned()));
        assert_eq!(ask("b.py").unwrap(), Asked::Module("b.py".to_owned()));
        assert_eq!(ask("b.py:1").unwrap_err().to_string(), "b.py: no such file");
        assert!(ask("./pkg").unwrap_err().to_string().contains("is a folder"));
        assert!(ask("..x").unwrap_err().to_string().contains("depends on the file"));
    }

    #[test]
    fn lines_that_follow_each_other_are_drawn_together() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
    }
}
