//! The settings of a run: the configuration of the project and what the command line says, joined.

pub mod error;
pub mod filter;
pub mod overrides;
pub mod selectors;

use std::path::{Path, PathBuf};

use pycheck_model::{Level, PythonVersion};
use pycheck_rules::RuleOptions;
use toml::de::DeTable;

use crate::discover::project_file::read_text;
use crate::discover::requires_python::requires_python;
use crate::discover::{OWN_FILES, Project, absolute, project, project_without_configuration};
use crate::options::Options;
use crate::roots::expand;
use error::{Misread, Problem, SettingsError, shown};
use filter::{DEFAULT_EXCLUDE, FileFilter, PerFileIgnores};
use overrides::{ConfigArgument, Overrides};
use selectors::{Layer, RuleLevels, Selector};

/// All that a run is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the project, absolute.
    pub project_root: PathBuf,
    /// The folder from which the user reads paths.
    pub working_directory: PathBuf,
    /// The file that configures it.
    pub config_file: Option<PathBuf>,
    /// The import roots that the user names, absolute; those of the command line replace those of
    /// the configuration.
    pub src: Vec<PathBuf>,
    /// Where `src` comes from, for users.
    pub src_reason: &'static str,
    /// The interpreter or environment that the user names, absolute.
    pub python: Option<PathBuf>,
    /// The version that the user names.
    pub python_version: Option<PythonVersion>,
    /// The platform that the user names.
    pub python_platform: Option<String>,
    /// Modules that may be missing.
    pub allowed_unresolved_imports: Vec<String>,
    /// Whether files that git ignores are left out.
    pub respect_gitignore: bool,
    /// The oldest version that the project says it runs on.
    pub requires_python: Option<PythonVersion>,
    /// Which files are checked.
    pub files: FileFilter,
    /// Which rules apply, and how much they weigh.
    pub rules: RuleLevels,
    /// Which rules are left out where.
    pub per_file_ignores: PerFileIgnores,
    /// What single rules are told.
    pub rule_options: RuleOptions,
    /// The other settings in words, with their keys.
    pub listed: Vec<(&'static str, String)>,
    /// Remarks for the user, a line each.
    pub notes: Vec<String>,
}

/// Finds the project of `first_path` and joins its configuration with the command line's.
pub fn load(
    first_path: &Path,
    working_directory: &Path,
    overrides: &Overrides,
) -> Result<Settings, SettingsError> {
    let working_directory = absolute(working_directory, Path::new("/"));
    let project = find_project(first_path, &working_directory, overrides)?;
    let mut options = Options::default();
    if let Some(file) = &project.config_file {
        options = read_extended(file, &working_directory, &mut Vec::new())?;
    }
    for argument in &overrides.config {
        if let ConfigArgument::Inline(text) = argument {
            let inline = read_inline(text)?.relative_to(&working_directory);
            options = options.overridden_by(inline);
        }
    }
    join(project, &options, &working_directory, overrides)
}

/// The project as it is found, or as `--config` and `--isolated` say.
fn find_project(
    first_path: &Path,
    working_directory: &Path,
    overrides: &Overrides,
) -> Result<Project, SettingsError> {
    let given = overrides.config.iter().rev().find_map(|argument| match argument {
        ConfigArgument::File(path) => Some(absolute(path, working_directory)),
        ConfigArgument::Inline(_) => None,
    });
    if given.is_none() && !overrides.isolated {
        return project(first_path, working_directory);
    }
    let folder = given.as_deref().filter(|file| is_config_name(file)).and_then(Path::parent);
    let holds_path = |folder: &&Path| absolute(first_path, working_directory).starts_with(folder);
    let root = match folder.filter(holds_path) {
        Some(folder) => folder.to_path_buf(),
        None => project_without_configuration(first_path, working_directory),
    };
    Ok(Project { root, config_file: given, notes: Vec::new() })
}

/// Whether the file would configure the project that it lies in, if it were found.
fn is_config_name(file: &Path) -> bool {
    is_project_file(file) || OWN_FILES.iter().any(|name| file.ends_with(name))
}

fn is_project_file(file: &Path) -> bool {
    file.ends_with("pyproject.toml")
}

/// What a file says, and what the files say that it adds to. Each is relative to its own folder.
fn read_extended(
    file: &Path,
    working_directory: &Path,
    above: &mut Vec<PathBuf>,
) -> Result<Options, SettingsError> {
    let folder = file.parent().unwrap_or(file);
    let options = read_file(file, working_directory)?.relative_to(folder);
    above.push(file.to_owned());
    let Some(base) = options.extend.clone() else { return Ok(options) };
    if above.contains(&base) {
        let shown = shown(file, working_directory).display().to_string();
        let problem = Problem::new(format!("`extend` leads back to `{}`", base.display()));
        return Err(SettingsError::Argument { argument: shown, problem });
    }
    Ok(read_extended(&base, working_directory, above)?.overridden_by(options))
}

fn read_file(file: &Path, working_directory: &Path) -> Result<Options, SettingsError> {
    let text = read_text(file).map_err(|cause| SettingsError::Unreadable {
        path: shown(file, working_directory).to_path_buf(),
        cause,
    })?;
    read_text_of(&text, file).map_err(|misread| misread.in_file(file, &text, working_directory))
}

fn read_text_of(text: &str, file: &Path) -> Result<Options, Misread> {
    let document = DeTable::parse(text)?;
    if !is_project_file(file) {
        return Options::read(document.get_ref(), "the configuration");
    }
    let tool = document.get_ref().get("tool").and_then(|tool| tool.get_ref().get("pycheck"));
    let Some(ours) = tool else {
        let problem = Problem::new("the file has no `[tool.pycheck]` table");
        return Err(Misread { offset: 0, problem });
    };
    let Some(table) = ours.get_ref().as_table() else {
        let problem = Problem::new("`tool.pycheck` must be a table");
        return Err(Misread { offset: ours.span().start, problem });
    };
    Options::read(table, "`[tool.pycheck]`")
}

fn read_inline(text: &str) -> Result<Options, SettingsError> {
    let read = || Options::read(DeTable::parse(text)?.get_ref(), "`--config`");
    read().map_err(|misread| SettingsError::Argument {
        argument: format!("--config '{text}'"),
        problem: misread.problem,
    })
}

fn join(
    project: Project,
    options: &Options,
    working_directory: &Path,
    overrides: &Overrides,
) -> Result<Settings, SettingsError> {
    let Project { root, config_file, mut notes } = project;
    let (src, src_reason) = import_roots(options, working_directory, overrides);
    notes.extend(src.iter().filter(|path| !path.is_dir()).map(|path| {
        let path = shown(path, working_directory).display();
        format!("{path}: there is no such folder, but {src_reason} names it")
    }));
    let given = overrides.python.as_ref().map(|path| absolute(path, working_directory));
    Ok(Settings {
        src,
        src_reason,
        python: given.or_else(|| options.python.clone()),
        python_version: overrides.python_version.or(options.python_version),
        requires_python: requires_python(&root),
        python_platform: overrides
            .python_platform
            .clone()
            .or_else(|| options.python_platform.clone()),
        allowed_unresolved_imports: options.allowed_unresolved_imports.clone().unwrap_or_default(),
        respect_gitignore: !overrides.ignores_gitignore
            && options.respect_gitignore.unwrap_or(true),
        files: file_filter(&root, options, overrides),
        rules: rule_levels(options, overrides)?,
        per_file_ignores: PerFileIgnores::new(&root, &options.per_file_ignores),
        rule_options: options.rule_options(),
        listed: listed(options),
        notes,
        working_directory: working_directory.to_path_buf(),
        project_root: root,
        config_file,
    })
}

/// Which files are checked, and what single rules are told, for a person to read.
fn listed(options: &Options) -> Vec<(&'static str, String)> {
    let joined = |globs: &Option<Vec<String>>| globs.as_ref().map(|globs| globs.join(", "));
    let exclude = joined(&options.exclude).unwrap_or_else(|| DEFAULT_EXCLUDE.join(", "));
    let mut lines: Vec<(&'static str, String)> = [
        ("include", joined(&options.include)),
        ("exclude", Some(exclude)),
        ("extend-exclude", joined(&options.extend_exclude)),
        ("allowed-unresolved-imports", joined(&options.allowed_unresolved_imports)),
        ("extend-mutable-calls", joined(&options.extend_mutable_calls)),
        ("extend-immutable-calls", joined(&options.extend_immutable_calls)),
        ("immediate-callees", joined(&options.immediate_callees)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?)))
    .collect();
    lines.extend(options.per_file_ignores.iter().map(|(glob, rules)| {
        let names = rules.iter().map(|rule| pycheck_rules::ALL[rule.0 as usize].name);
        ("per-file-ignores", format!("{glob} = {}", names.collect::<Vec<_>>().join(", ")))
    }));
    lines
}

/// The place of the `python` key in the configuration, for what is wrong with its value.
pub(crate) fn misplaced_python(settings: &Settings, problem: &str) -> Option<SettingsError> {
    let file = settings.config_file.as_ref()?;
    let text = read_text(file).ok()?;
    let document = DeTable::parse(&text).ok()?;
    let whole = document.get_ref();
    let table = if is_project_file(file) {
        whole.get("tool")?.get_ref().get("pycheck")?.get_ref().as_table()?
    } else {
        whole
    };
    let offset = table.get("python")?.span().start;
    let misread = Misread { offset, problem: Problem::new(format!("`python`: {problem}")) };
    Some(misread.in_file(file, &text, &settings.working_directory))
}

fn import_roots(
    options: &Options,
    working_directory: &Path,
    overrides: &Overrides,
) -> (Vec<PathBuf>, &'static str) {
    let all = |paths: &[PathBuf]| paths.iter().flat_map(|path| expand(path)).collect();
    if overrides.src.is_empty() {
        return (all(options.src.as_deref().unwrap_or_default()), "`src` in the configuration");
    }
    let given: Vec<_> =
        overrides.src.iter().map(|path| absolute(path, working_directory)).collect();
    (all(&given), "`--src`")
}

fn file_filter(root: &Path, options: &Options, overrides: &Overrides) -> FileFilter {
    let mut exclude: Vec<&str> = match overrides.exclude.as_ref().or(options.exclude.as_ref()) {
        Some(globs) => globs.iter().map(String::as_str).collect(),
        None => DEFAULT_EXCLUDE.to_vec(),
    };
    exclude.extend(options.extend_exclude.iter().flatten().map(String::as_str));
    exclude.extend(overrides.extend_exclude.iter().map(String::as_str));
    FileFilter::new(root, options.include.as_deref(), &exclude)
}

fn rule_levels(options: &Options, overrides: &Overrides) -> Result<RuleLevels, SettingsError> {
    let layers = [configured_layer(options), overrides.layer()?];
    Ok(RuleLevels::new(pycheck_rules::ALL, &layers, &options.rules))
}

/// What the configuration chooses. A level for a single rule switches it on; `off` switches off.
fn configured_layer(options: &Options) -> Layer {
    let mut layer = Layer {
        select: options.select.clone(),
        extend_select: options.extend_select.clone().unwrap_or_default(),
        ignore: options.ignore.clone().unwrap_or_default(),
    };
    for (selector, level) in &options.rules {
        if *level == Level::Off {
            layer.ignore.push(selector.clone());
        } else if selector.scope == selectors::Scope::Rule {
            layer.extend_select.push(Selector::clone(selector));
        }
    }
    layer
}
