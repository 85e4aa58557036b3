//! Makes trees of packages whose modules import each other, and what is not there.
//!
//! Every module binds `value` first, and a name is imported from a module only where it exists, so
//! that all failures are of the kinds that are predicted: a module that is missing, one that is no
//! package, and relative imports that lead nowhere.

use std::collections::BTreeMap;

use pycheck_test::random::Random;

/// The names of modules and packages in the project.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// The names below the folder that no import can name; others, so that none hides a project's.
const NAMES_BELOW_THE_GAP: [&str; 2] = ["p", "q"];

/// A folder that no import can name.
pub(crate) const GAP: &str = "odd-name";

/// The file that names the roots of every second tree.
pub(crate) const CONFIGURATION: &str = "pycheck.toml";

/// Modules that are elsewhere, or nowhere.
const ELSEWHERE: [&str; 8] = [
    "json",
    "json.decoder",
    "json.nothing",
    "os.path",
    "time.zone",
    "colorsys",
    "not_installed_at_all",
    "xml.dom.minidom.nothing",
];

/// The files of a tree: path to text.
pub(crate) type Files = BTreeMap<String, String>;

/// A tree for a seed.
pub(crate) fn tree(seed: u64) -> Files {
    let mut generator = Generator { random: Random::new(seed), files: Files::new() };
    generator.folder("", &NAMES, 0);
    if generator.random.chance(30) {
        generator.folder(&format!("{GAP}/"), &NAMES_BELOW_THE_GAP, 1);
    }
    let sources: Vec<String> =
        generator.files.keys().filter(|path| path.ends_with(".py")).cloned().collect();
    for path in sources {
        let body = generator.module(&path);
        generator.files.insert(path, body);
    }
    if generator.random.chance(10) {
        let hiding = generator.random.pick(&["colorsys.py", "time.py"]);
        generator.files.insert(hiding.to_owned(), "value = 1\n".to_owned());
    }
    if seed.is_multiple_of(2) {
        let roots = format!("src = [\".\", \"{GAP}\"]\n");
        generator.files.insert(CONFIGURATION.to_owned(), roots);
    }
    generator.files
}

struct Generator {
    random: Random,
    files: Files,
}

impl Generator {
    /// Fills a folder, given as a prefix that is empty or ends in `/`.
    fn folder(&mut self, prefix: &str, names: &[&str], depth: usize) {
        let content = "value = 1\n";
        for name in names {
            if depth < 4 && self.random.chance(40 - 8 * depth) {
                let inner = format!("{prefix}{name}/");
                if self.random.chance(70) {
                    self.files.insert(format!("{inner}__init__.py"), content.to_owned());
                }
                self.folder(&inner, names, depth + 1);
            }
            if self.random.chance(25) {
                let ending = self.random.pick(&["py", "py", "py", "py", "pyc", "pyi"]);
                self.files.insert(format!("{prefix}{name}.{ending}"), content.to_owned());
            }
        }
    }

    fn module(&mut self, path: &str) -> String {
        let mut text =
            "value = 1\nimport sys\nimport contextlib\nfrom typing import TYPE_CHECKING\n"
                .to_owned();
        // What fails in `__init__.py` hides what is below: most of them do nothing.
        if path.ends_with("__init__.py") && self.random.chance(70) {
            return text;
        }
        for _ in 0..=self.random.below(2) {
            for line in self.statement(path, 2) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// A statement as lines, nested at most `depth` deep.
    fn statement(&mut self, path: &str, depth: usize) -> Vec<String> {
        if depth == 0 || self.random.chance(40) {
            return vec![self.import(path)];
        }
        if self.random.chance(50) {
            self.guarded(path, depth)
        } else {
            self.conditional(path, depth)
        }
    }

    fn block(&mut self, path: &str, depth: usize, head: &str) -> Vec<String> {
        let inner = self.statement(path, depth - 1);
        let indented = inner.into_iter().map(|line| format!("    {line}"));
        std::iter::once(head.to_owned()).chain(indented).collect()
    }

    fn conditional(&mut self, path: &str, depth: usize) -> Vec<String> {
        let head = self.random.pick(&[
            "if TYPE_CHECKING:",
            "if not TYPE_CHECKING:",
            "if False:",
            "if sys.version_info < (3, 0):",
            "if sys.version_info >= (3, 4):",
            "if sys.platform == 'win32':",
            "if len(sys.argv) >= 0:",
            "def function():",
            "class Class:",
            "for _ in (1,):",
            "while False:",
            "with contextlib.suppress(ImportError):",
            "with contextlib.suppress(ModuleNotFoundError):",
            "with contextlib.suppress(KeyError):",
        ]);
        let mut lines = self.block(path, depth, head);
        if head.starts_with("if ") && self.random.chance(40) {
            lines.extend(self.block(path, depth, "else:"));
        }
        lines
    }

    /// A `try` statement.
    ///
    /// What stands in handlers and in `else` imports only if what is tried works or fails by
    /// itself: whether it fails because of what it leads to is not followed.
    fn guarded(&mut self, path: &str, depth: usize) -> Vec<String> {
        let has_fallback = self.random.chance(40);
        let mut lines = if has_fallback {
            vec!["try:".to_owned(), format!("    import {}", self.random.pick(&ELSEWHERE))]
        } else {
            self.block(path, depth, "try:")
        };
        let handlers = self.random.below(3);
        for index in 0..handlers {
            let head = if index + 1 == handlers {
                self.random.pick(&[
                    "except ImportError:",
                    "except ModuleNotFoundError:",
                    "except (KeyError, ImportError) as error:",
                    "except Exception:",
                    "except BaseException:",
                    "except KeyError:",
                    "except:",
                ])
            } else {
                // Which of several handlers for the same exception runs is not told apart yet.
                self.random.pick(&["except KeyError:", "except OSError:"])
            };
            if has_fallback && self.random.chance(50) {
                lines.extend(self.block(path, depth, head));
            } else {
                let body = self.random.pick(&["pass", "other = None", "raise"]);
                lines.extend([head.to_owned(), format!("    {body}")]);
            }
        }
        if handlers == 0 {
            lines.extend(["finally:".to_owned(), "    other = None".to_owned()]);
        } else if has_fallback && self.random.chance(30) {
            lines.extend(self.block(path, depth, "else:"));
        }
        lines
    }

    fn import(&mut self, path: &str) -> String {
        match self.random.below(10) {
            0..=2 => self.relative_import(path),
            3 => format!("import {}", self.random.pick(&ELSEWHERE)),
            _ => self.absolute_import(path),
        }
    }

    fn dotted(&mut self, path: &str, longest: usize) -> Vec<String> {
        let below_the_gap = path.starts_with(GAP) && self.random.chance(80);
        let names: &[&str] = if below_the_gap { &NAMES_BELOW_THE_GAP } else { &NAMES };
        (0..=self.random.below(longest)).map(|_| self.random.pick(names).to_owned()).collect()
    }

    fn absolute_import(&mut self, path: &str) -> String {
        let parts = self.dotted(path, 3);
        let in_gap = parts.iter().all(|part| NAMES_BELOW_THE_GAP.contains(&part.as_str()));
        let folder: Vec<String> = if in_gap { vec![GAP.to_owned()] } else { Vec::new() };
        let place: Vec<String> = folder.into_iter().chain(parts.clone()).collect();
        let name = parts.join(".");
        match self.name_in(&place) {
            Some(child) if self.random.chance(50) => format!("from {name} import {child}"),
            _ => format!("import {name}"),
        }
    }

    fn relative_import(&mut self, path: &str) -> String {
        let folder: Vec<String> = path.split('/').map(str::to_owned).collect();
        let folder = &folder[..folder.len() - 1];
        let dots = 1 + self.random.below(4);
        let below = if self.random.chance(60) { self.dotted(path, 2) } else { Vec::new() };
        let statement =
            |child: &str| format!("from {}{} import {child}", ".".repeat(dots), below.join("."));
        let depth = folder.iter().filter(|part| *part != GAP).count();
        if dots > depth {
            // Fails whatever is imported.
            return statement("value");
        }
        let mut place = folder[..folder.len() + 1 - dots].to_vec();
        place.extend(below.iter().cloned());
        match self.name_in(&place) {
            Some(child) => statement(&child),
            None => format!("import {}", self.dotted(path, 2).join(".")),
        }
    }

    /// A name that can be imported from what lies at this place, if that exists at all.
    ///
    /// `None` for a folder without `__init__` in which nothing is sure to be importable.
    fn name_in(&mut self, place: &[String]) -> Option<String> {
        let path = place.join("/");
        if self.is_module(&path) || self.is_regular(&path) {
            return Some("value".to_owned());
        }
        let prefix = format!("{path}/");
        if !self.files.keys().any(|file| file.starts_with(&prefix)) {
            return Some("value".to_owned());
        }
        let names: Vec<&str> = NAMES.iter().chain(&NAMES_BELOW_THE_GAP).copied().collect();
        let exists = |name: &&str| {
            self.is_module(&format!("{prefix}{name}"))
                || self.is_regular(&format!("{prefix}{name}"))
        };
        let children: Vec<&str> = names.into_iter().filter(exists).collect();
        (!children.is_empty()).then(|| self.random.pick(&children).to_owned())
    }

    fn is_module(&self, path: &str) -> bool {
        ["py", "pyc"].iter().any(|ending| self.files.contains_key(&format!("{path}.{ending}")))
    }

    fn is_regular(&self, path: &str) -> bool {
        self.is_module(&format!("{path}/__init__"))
    }
}
