//! The configuration as it is written: every key, its type, and what the user put there.

pub mod read;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pycheck_model::{Level, PythonVersion, RuleId};
use pycheck_rules::RuleOptions;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::discover::absolute;
use crate::settings::error::{Misread, Problem};
use crate::settings::filter::check_glob;
use crate::settings::selectors::Selector;
use read::{boolean, expected, string, strings, table};

/// What a `[tool.pycheck]` table or a `pycheck.toml` says. `None` where a key is not given.
#[derive(Debug, Default)]
pub struct Options {
    /// Folders whose content is importable by name.
    pub src: Option<Vec<PathBuf>>,
    /// An interpreter or environment.
    pub python: Option<PathBuf>,
    /// The version to check for.
    pub python_version: Option<PythonVersion>,
    /// The platform to check for, as `sys.platform` gives it.
    pub python_platform: Option<String>,
    /// A configuration that this one adds to.
    pub extend: Option<PathBuf>,
    /// Modules that may be missing.
    pub allowed_unresolved_imports: Option<Vec<String>>,
    /// Whether files that git ignores are left out.
    pub respect_gitignore: Option<bool>,
    /// Globs of the files to check.
    pub include: Option<Vec<String>>,
    /// Globs of what is left out, instead of the default ones.
    pub exclude: Option<Vec<String>>,
    /// Globs of what is left out as well.
    pub extend_exclude: Option<Vec<String>>,
    /// The rules to apply, instead of the default ones.
    pub select: Option<Vec<Selector>>,
    /// Further rules.
    pub extend_select: Option<Vec<Selector>>,
    /// Rules that are not applied.
    pub ignore: Option<Vec<Selector>>,
    /// Rules and the level that they have.
    pub rules: Vec<(Selector, Level)>,
    /// Globs and the rules that are not applied to the files.
    pub per_file_ignores: Vec<(String, BTreeSet<RuleId>)>,
    /// What single rules want to know.
    pub extend_mutable_calls: Option<Vec<String>>,
    /// What single rules want to know.
    pub extend_immutable_calls: Option<Vec<String>>,
    /// What single rules want to know.
    pub immediate_callees: Option<Vec<String>>,
    /// What single rules want to know.
    pub main_guard_scripts: Option<bool>,
}

/// What is to be said about a key of the configuration, and how it is read.
pub struct OptionInfo {
    /// The key, in kebab-case.
    pub key: &'static str,
    /// The type of its value, in words.
    pub kind: &'static str,
    /// What holds when the key is absent, in words or as TOML.
    pub default: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// A line of TOML that uses it.
    pub example: &'static str,
    read: fn(&mut Options, &Spanned<DeValue<'_>>) -> Result<(), Misread>,
}

/// All keys of the configuration, in the order in which documentation shows them.
pub static ALL: &[OptionInfo] = &[
    OptionInfo {
        key: "src",
        kind: "list of strings",
        default: "found from the build configuration and the layout of the project",
        summary: "Folders whose modules are imported by their bare name. A `*` stands for any \
                  folder. When given, these are the only folders: nothing is guessed.",
        example: r#"src = ["src", "packages/*/src"]"#,
        read: |options, value| plain(value).map(|list| options.src = Some(paths(list))),
    },
    OptionInfo {
        key: "python",
        kind: "string",
        default: "the environment of the project, if one is found",
        summary: "The interpreter or the environment whose packages are installed.",
        example: r#"python = ".venv""#,
        read: |options, value| path(value).map(|found| options.python = Some(found)),
    },
    OptionInfo {
        key: "python-version",
        kind: "string",
        default: "the version of the environment, or the oldest that `requires-python` allows",
        summary: "The version of Python to check for.",
        example: r#"python-version = "3.12""#,
        read: |options, value| version(value).map(|found| options.python_version = Some(found)),
    },
    OptionInfo {
        key: "python-platform",
        kind: "string",
        default: "the platform that pycheck runs on",
        summary: "The platform to check for, as `sys.platform` gives it: `linux`, `darwin`, `win32`.",
        example: r#"python-platform = "linux""#,
        read: |options, value| platform(value).map(|found| options.python_platform = Some(found)),
    },
    OptionInfo {
        key: "extend",
        kind: "string",
        default: "none",
        summary: "A configuration file that this one adds to: what is set here replaces what is set \
                  there, key by key.",
        example: r#"extend = "../pycheck.toml""#,
        read: |options, value| path(value).map(|found| options.extend = Some(found)),
    },
    OptionInfo {
        key: "allowed-unresolved-imports",
        kind: "list of strings",
        default: "[]",
        summary: "Modules that may be missing: nothing is said where an import of one fails. A name \
                  stands for all that is below it, too; a `*` stands for any text.",
        example: r#"allowed-unresolved-imports = ["plugins", "*_pb2"]"#,
        read: |options, value| {
            plain(value).map(|list| options.allowed_unresolved_imports = Some(list))
        },
    },
    OptionInfo {
        key: "respect-gitignore",
        kind: "boolean",
        default: "true",
        summary: "Whether files that `.gitignore` and its kin leave out are left out here.",
        example: "respect-gitignore = false",
        read: |options, value| boolean(value).map(|it| options.respect_gitignore = Some(it)),
    },
    OptionInfo {
        key: "include",
        kind: "list of strings",
        default: r#"["*.py", "*.pyi", "*.pyw"]"#,
        summary: "Globs of the files to check, as in a `.gitignore` in the folder of the project. \
                  A folder stands for the Python files in it.",
        example: r#"include = ["src", "tools/*.py"]"#,
        read: |options, value| globs(value).map(|list| options.include = Some(list)),
    },
    OptionInfo {
        key: "exclude",
        kind: "list of strings",
        default: "version control, environments, caches and built files",
        summary: "Globs of what is left out, instead of the default ones.",
        example: r#"exclude = ["vendor", "*_pb2.py"]"#,
        read: |options, value| globs(value).map(|list| options.exclude = Some(list)),
    },
    OptionInfo {
        key: "extend-exclude",
        kind: "list of strings",
        default: "[]",
        summary: "Globs of what is left out besides `exclude`.",
        example: r#"extend-exclude = ["tests/data"]"#,
        read: |options, value| globs(value).map(|list| options.extend_exclude = Some(list)),
    },
    OptionInfo {
        key: "select",
        kind: "list of strings",
        default: "all rules that are not off by default",
        summary: "The rules to apply: names, codes of other linters, or the groups `imports`, \
                  `pitfalls` and `all`.",
        example: r#"select = ["imports", "bare-except"]"#,
        read: |options, value| selectors(value).map(|list| options.select = Some(list)),
    },
    OptionInfo {
        key: "extend-select",
        kind: "list of strings",
        default: "[]",
        summary: "Rules to apply besides those of `select` or the default ones.",
        example: r#"extend-select = ["imports"]"#,
        read: |options, value| selectors(value).map(|list| options.extend_select = Some(list)),
    },
    OptionInfo {
        key: "ignore",
        kind: "list of strings",
        default: "[]",
        summary: "Rules not to apply. Where `select` and `ignore` meet, the more specific wins: \
                  a rule over a group, a group over `all`.",
        example: r#"ignore = ["bare-except"]"#,
        read: |options, value| selectors(value).map(|list| options.ignore = Some(list)),
    },
    OptionInfo {
        key: "rules",
        kind: "table of levels",
        default: "{}",
        summary: "The level of rules: `error`, `warn`, `info` or `off`. Naming a rule here also \
                  switches it on, or off.",
        example: r#"rules = { bare-except = "error" }"#,
        read: |options, value| levels(value).map(|found| options.rules = found),
    },
    OptionInfo {
        key: "per-file-ignores",
        kind: "table of lists of strings",
        default: "{}",
        summary: "Rules that are not applied to the files that a glob matches; with a `!` before \
                  the glob, to all others.",
        example: r#"per-file-ignores = { "tests/*" = ["pitfalls"] }"#,
        read: |options, value| per_file(value).map(|found| options.per_file_ignores = found),
    },
    OptionInfo {
        key: "extend-mutable-calls",
        kind: "list of strings",
        default: "[]",
        summary: "Further calls whose result is mutable, for `mutable-default-argument`.",
        example: r#"extend-mutable-calls = ["app.tables.Table"]"#,
        read: |options, value| plain(value).map(|list| options.extend_mutable_calls = Some(list)),
    },
    OptionInfo {
        key: "extend-immutable-calls",
        kind: "list of strings",
        default: "[]",
        summary: "Further calls that are fine as the default of an argument, for \
                  `mutable-default-argument`.",
        example: r#"extend-immutable-calls = ["app.deps.Depends"]"#,
        read: |options, value| plain(value).map(|list| options.extend_immutable_calls = Some(list)),
    },
    OptionInfo {
        key: "immediate-callees",
        kind: "list of strings",
        default: "[]",
        summary: "Further functions that call what they are given before they return, for \
                  `late-binding-closure`.",
        example: r#"immediate-callees = ["app.retry.run_now"]"#,
        read: |options, value| plain(value).map(|list| options.immediate_callees = Some(list)),
    },
    OptionInfo {
        key: "main-guard-scripts",
        kind: "boolean",
        default: "false",
        summary: "Whether a file with `if __name__ == \"__main__\":` is one that is started as a \
                  script, for `relative-import-in-script`.",
        example: "main-guard-scripts = true",
        read: |options, value| boolean(value).map(|it| options.main_guard_scripts = Some(it)),
    },
];

impl Options {
    /// Reads a table whose keys are options; `whole` names it in messages.
    pub fn read(table: &DeTable<'_>, whole: &str) -> Result<Self, Misread> {
        let mut options = Self::default();
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let name: &str = key.get_ref();
            let Some(info) = ALL.iter().find(|info| info.key == name) else {
                return Err(unknown_key(name, key.span().start, whole));
            };
            (info.read)(&mut options, value).map_err(|misread| about(&misread, name))?;
        }
        Ok(options)
    }

    /// Paths are meant relative to `base`.
    pub fn relative_to(mut self, base: &Path) -> Self {
        for path in self.src.iter_mut().flatten().chain(&mut self.python).chain(&mut self.extend) {
            *path = absolute(path, base);
        }
        self
    }

    /// What `other` says replaces what is said here; tables are merged.
    pub fn overridden_by(self, other: Self) -> Self {
        Self {
            src: other.src.or(self.src),
            python: other.python.or(self.python),
            python_version: other.python_version.or(self.python_version),
            python_platform: other.python_platform.or(self.python_platform),
            extend: other.extend.or(self.extend),
            allowed_unresolved_imports: other
                .allowed_unresolved_imports
                .or(self.allowed_unresolved_imports),
            respect_gitignore: other.respect_gitignore.or(self.respect_gitignore),
            include: other.include.or(self.include),
            exclude: other.exclude.or(self.exclude),
            extend_exclude: other.extend_exclude.or(self.extend_exclude),
            select: other.select.or(self.select),
            extend_select: other.extend_select.or(self.extend_select),
            ignore: other.ignore.or(self.ignore),
            rules: [self.rules, other.rules].concat(),
            per_file_ignores: [self.per_file_ignores, other.per_file_ignores].concat(),
            extend_mutable_calls: other.extend_mutable_calls.or(self.extend_mutable_calls),
            extend_immutable_calls: other.extend_immutable_calls.or(self.extend_immutable_calls),
            immediate_callees: other.immediate_callees.or(self.immediate_callees),
            main_guard_scripts: other.main_guard_scripts.or(self.main_guard_scripts),
        }
    }

    /// What single rules are told.
    pub fn rule_options(&self) -> RuleOptions {
        RuleOptions {
            extend_mutable_calls: self.extend_mutable_calls.clone().unwrap_or_default(),
            extend_immutable_calls: self.extend_immutable_calls.clone().unwrap_or_default(),
            immediate_callees: self.immediate_callees.clone().unwrap_or_default(),
            main_guard_scripts: self.main_guard_scripts.unwrap_or_default(),
        }
    }
}

fn unknown_key(name: &str, offset: usize, whole: &str) -> Misread {
    let problem = Problem::new(format!("unknown key `{name}` in {whole}"));
    let kebab = name.replace('_', "-");
    let known = || ALL.iter().map(|info| info.key);
    let problem = match known().find(|key| *key == kebab) {
        Some(key) => problem.help(format!("did you mean `{key}`?")),
        None => problem.nearest(name, known()),
    };
    if problem.help.is_some() {
        return Misread { offset, problem };
    }
    let keys: Vec<String> = known().map(|key| format!("`{key}`")).collect();
    Misread { offset, problem: problem.help(format!("the keys are {}", keys.join(", "))) }
}

/// Puts the key before a message about its value, unless the message already names one.
fn about(misread: &Misread, key: &str) -> Misread {
    let Misread { offset, problem } = misread.clone();
    let message = format!("`{key}`: {}", problem.message);
    Misread { offset, problem: Problem { message, ..problem } }
}

fn plain(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Misread> {
    Ok(strings(value)?.into_iter().map(Spanned::into_inner).collect())
}

fn paths(list: Vec<String>) -> Vec<PathBuf> {
    list.into_iter().map(PathBuf::from).collect()
}

fn path(value: &Spanned<DeValue<'_>>) -> Result<PathBuf, Misread> {
    Ok(PathBuf::from(string(value)?.into_inner()))
}

fn globs(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Misread> {
    strings(value)?.iter().map(glob).collect()
}

fn glob(text: &Spanned<String>) -> Result<String, Misread> {
    let offset = text.span().start;
    check_glob(text.get_ref()).map_err(|problem| Misread { offset, problem })?;
    Ok(text.get_ref().clone())
}

fn selectors(value: &Spanned<DeValue<'_>>) -> Result<Vec<Selector>, Misread> {
    strings(value)?.iter().map(selector).collect()
}

fn selector(text: &Spanned<String>) -> Result<Selector, Misread> {
    let offset = text.span().start;
    Selector::parse(text.get_ref(), pycheck_rules::ALL)
        .map_err(|problem| Misread { offset, problem })
}

fn version(value: &Spanned<DeValue<'_>>) -> Result<PythonVersion, Misread> {
    let offset = value.span().start;
    let Some(text) = value.get_ref().as_str() else {
        return Err(expected("a string such as \"3.12\"", value));
    };
    supported_version(text).map_err(|problem| Misread { offset, problem })
}

fn platform(value: &Spanned<DeValue<'_>>) -> Result<String, Misread> {
    let text = string(value)?;
    let offset = text.span().start;
    supported_platform(text.get_ref()).map_err(|problem| Misread { offset, problem })
}

/// Reads a platform that can be checked for, as `sys.platform` gives it.
pub fn supported_platform(text: &str) -> Result<String, Problem> {
    const KNOWN: [&str; 10] = [
        "linux",
        "darwin",
        "win32",
        "cygwin",
        "freebsd",
        "openbsd",
        "netbsd",
        "aix",
        "emscripten",
        "wasi",
    ];
    let meant = match text {
        "windows" => "win32",
        "macos" => "darwin",
        _ => text,
    };
    if KNOWN.contains(&meant.trim_end_matches(|c: char| c.is_ascii_digit())) || meant == "win32" {
        return Ok(meant.to_owned());
    }
    let problem = Problem::new(format!("`{text}` is no platform"));
    let problem = problem.nearest(text, KNOWN);
    Err(match problem.help {
        Some(_) => problem,
        None => problem.help(format!("the platforms are {}", KNOWN.join(", "))),
    })
}

/// Reads a version that can be checked for; the problem says which can.
pub fn supported_version(text: &str) -> Result<PythonVersion, Problem> {
    let found: PythonVersion = text.parse().map_err(Problem::new)?;
    if found.is_supported() {
        return Ok(found);
    }
    let (oldest, newest) = (PythonVersion::OLDEST, PythonVersion::NEWEST);
    let message = format!("Python {found} cannot be checked for");
    Err(Problem::new(message).help(format!("the versions are {oldest} to {newest}")))
}

fn levels(value: &Spanned<DeValue<'_>>) -> Result<Vec<(Selector, Level)>, Misread> {
    table(value, "a table of levels such as `bare-except = \"error\"`")?
        .into_iter()
        .map(|(name, value)| Ok((selector(&name)?, level(value)?)))
        .collect()
}

fn level(value: &Spanned<DeValue<'_>>) -> Result<Level, Misread> {
    let text = string(value)?;
    let offset = text.span().start;
    let known = ["error", "warn", "info", "off"];
    text.get_ref().parse().map_err(|message: String| Misread {
        offset,
        problem: Problem::new(message).nearest(text.get_ref(), known),
    })
}

fn per_file(value: &Spanned<DeValue<'_>>) -> Result<Vec<(String, BTreeSet<RuleId>)>, Misread> {
    table(value, "a table such as `\"tests/*\" = [\"bare-except\"]`")?
        .into_iter()
        .map(|(pattern, value)| {
            let rules = selectors(value)?.into_iter().flat_map(|selector| selector.rules);
            Ok((glob(&pattern)?, rules.collect()))
        })
        .collect()
}
