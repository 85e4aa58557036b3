//! Which files are checked, and which rules are left out where: globs as in a `.gitignore`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use pycheck_model::RuleId;

use super::error::Problem;

/// What is left out unless the configuration says otherwise: what people who use other linters
/// of Python expect.
pub const DEFAULT_EXCLUDE: &[&str] = &[
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pycheck_cache",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
];

/// What is checked unless the configuration says otherwise.
pub const DEFAULT_INCLUDE: &[&str] = &["*.py", "*.pyi", "*.pyw"];

/// Whether [`DEFAULT_INCLUDE`] names the file.
fn is_python(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().as_encoded_bytes();
    DEFAULT_INCLUDE.iter().any(|glob| name.ends_with(&glob.as_bytes()[1..]))
}

/// Whether the folder is a virtual environment, whatever its name.
pub fn is_environment(folder: &Path) -> bool {
    folder.join("pyvenv.cfg").is_file()
}

/// A list of globs below a folder.
#[derive(Debug, Clone)]
struct Globs {
    root: PathBuf,
    matcher: Gitignore,
}

impl Globs {
    fn new<'g>(root: &Path, globs: impl IntoIterator<Item = &'g str>) -> Self {
        let mut builder = GitignoreBuilder::new(root);
        for glob in globs {
            // A glob that can't be read was refused when the configuration was read.
            let _ = builder.add_line(None, &anchored(glob, root));
        }
        let matcher = builder.build().unwrap_or_else(|_| Gitignore::empty());
        Self { root: root.to_path_buf(), matcher }
    }

    /// Whether a glob matches the path itself.
    fn matches(&self, path: &Path, is_dir: bool) -> bool {
        self.matcher.matched(path, is_dir).is_ignore()
    }

    /// Whether a glob matches a folder between the root and the path.
    fn matches_folder_of(&self, path: &Path) -> bool {
        let below = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.root && folder.starts_with(&self.root));
        // From the top, as git reads its rules: what is in an excluded folder can't come back.
        below.collect::<Vec<_>>().into_iter().rev().any(|folder| self.matches(folder, true))
    }
}

/// The glob as `.gitignore` would have it: `./a` and absolute paths become `/a`.
fn anchored(glob: &str, root: &Path) -> String {
    let below_root = Path::new(glob).strip_prefix(root).ok().and_then(Path::to_str);
    match (glob.strip_prefix("./"), below_root) {
        (Some(rest), _) | (None, Some(rest)) if !rest.is_empty() => format!("/{rest}"),
        _ => glob.to_owned(),
    }
}

/// Refuses a glob that can't be read.
pub fn check_glob(glob: &str) -> Result<(), Problem> {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    match builder.add_line(None, glob) {
        Ok(_) => Ok(()),
        Err(ignore::Error::Glob { err, .. }) => {
            Err(Problem::new(format!("`{glob}` is not a glob: {err}")))
        }
        Err(error) => Err(Problem::new(format!("`{glob}` is not a glob: {error}"))),
    }
}

/// Which files of a project are checked.
#[derive(Debug, Clone)]
pub struct FileFilter {
    /// `None` for [`DEFAULT_INCLUDE`].
    include: Option<Globs>,
    exclude: Globs,
}

impl FileFilter {
    /// The filter with these globs, relative to `root`.
    pub fn new(root: &Path, include: Option<&[String]>, exclude: &[&str]) -> Self {
        let include = include.map(|globs| Globs::new(root, globs.iter().map(String::as_str)));
        Self { include, exclude: Globs::new(root, exclude.iter().copied()) }
    }

    /// Whether the path, or a folder of the project around it, is excluded.
    pub fn is_excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.exclude.matches_folder_of(path) || self.exclude.matches(path, is_dir)
    }

    /// Whether the path itself is excluded: enough for a walk that does not enter excluded folders.
    pub fn is_entry_excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.exclude.matches(path, is_dir)
    }

    /// Whether the file is one to check: it is named by `include`, or it is a Python file in a
    /// folder named there.
    pub fn is_included(&self, file: &Path) -> bool {
        let Some(include) = &self.include else { return is_python(file) };
        include.matches(file, false) || (is_python(file) && include.matches_folder_of(file))
    }
}

/// Which rules are left out in which files.
#[derive(Debug, Clone, Default)]
pub struct PerFileIgnores(Vec<(FilePattern, BTreeSet<RuleId>)>);

#[derive(Debug, Clone)]
struct FilePattern {
    globs: Globs,
    negated: bool,
}

impl PerFileIgnores {
    /// Globs relative to `root` with their rules. A glob that begins with `!` means all other files.
    pub fn new(root: &Path, entries: &[(String, BTreeSet<RuleId>)]) -> Self {
        let pattern = |glob: &String| {
            let (negated, glob) = match glob.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, glob.as_str()),
            };
            FilePattern { globs: Globs::new(root, [glob]), negated }
        };
        Self(entries.iter().map(|(glob, rules)| (pattern(glob), rules.clone())).collect())
    }

    /// The rules that are left out in this file.
    pub fn ignores(&self, file: &Path) -> BTreeSet<RuleId> {
        let applies = |pattern: &FilePattern| {
            let globs = &pattern.globs;
            (globs.matches(file, false) || globs.matches_folder_of(file)) != pattern.negated
        };
        let applying = self.0.iter().filter(|(pattern, _)| applies(pattern));
        applying.flat_map(|(_, rules)| rules.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pycheck_model::RuleId;

    use super::{DEFAULT_EXCLUDE, FileFilter, PerFileIgnores, check_glob};

    fn excludes(globs: &[&str], path: &str) -> bool {
        FileFilter::new(Path::new("/p"), None, globs).is_excluded(Path::new(path), false)
    }

    fn includes(globs: &[&str], path: &str) -> bool {
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        FileFilter::new(Path::new("/p"), Some(&globs), &[]).is_included(Path::new(path))
    }

    #[test]
    fn a_name_excludes_at_any_depth_and_a_path_from_the_top() {
        assert!(excludes(&["vendor"], "/p/a/vendor/b.py"));
        assert!(excludes(&["tests/data"], "/p/tests/data/b.py"));
        assert!(!excludes(&["tests/data"], "/p/a/tests/data/b.py"));
        assert!(excludes(&["./build"], "/p/build/b.py"));
        assert!(!excludes(&["./build"], "/p/a/build/b.py"));
        assert!(excludes(&["/p/build"], "/p/build/b.py"));
        assert!(excludes(&["*_pb2.py"], "/p/a/x_pb2.py"));
        assert!(!excludes(&["*_pb2.py", "!keep_pb2.py"], "/p/a/keep_pb2.py"));
    }

    #[test]
    fn folders_above_the_project_do_not_count() {
        let filter = FileFilter::new(Path::new("/p/dist/app"), None, DEFAULT_EXCLUDE);
        assert!(!filter.is_excluded(Path::new("/p/dist/app/a.py"), false));
        assert!(filter.is_excluded(Path::new("/p/dist/app/dist/a.py"), false));
        assert!(filter.is_excluded(Path::new("/p/dist/app/.venv"), true));
    }

    #[test]
    fn a_folder_includes_the_python_files_in_it() {
        assert!(includes(&["src"], "/p/src/a/b.py"));
        assert!(!includes(&["src"], "/p/src/a/b.txt"));
        assert!(!includes(&["src"], "/p/tools/b.py"));
        assert!(includes(&["tools/*.script"], "/p/tools/b.script"));
        assert!(FileFilter::new(Path::new("/p"), None, &[]).is_included(Path::new("/p/a.pyi")));
        assert!(!FileFilter::new(Path::new("/p"), None, &[]).is_included(Path::new("/p/a.txt")));
    }

    #[test]
    fn rules_are_left_out_by_file() {
        let entries = [
            ("tests/*".to_owned(), [RuleId(1)].into()),
            ("__init__.py".to_owned(), [RuleId(2)].into()),
            ("!src".to_owned(), [RuleId(3)].into()),
        ];
        let ignores = PerFileIgnores::new(Path::new("/p"), &entries);
        let rules = |path: &str| -> Vec<u16> {
            ignores.ignores(Path::new(path)).into_iter().map(|rule| rule.0).collect()
        };
        assert_eq!(rules("/p/tests/unit/__init__.py"), [1, 2, 3]);
        assert_eq!(rules("/p/src/a.py"), [0; 0]);
        assert_eq!(rules("/p/src/__init__.py"), [2]);
    }

    #[test]
    fn a_broken_glob_is_refused() {
        assert!(check_glob("src/**").is_ok());
        let problem = check_glob("src/[a").unwrap_err();
        assert!(problem.message.starts_with("`src/[a` is not a glob: "), "{problem}");
    }
}
