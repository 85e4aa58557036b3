//! What the resolver is told: the environment and the roots, from the settings and the disk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::{Outside, Root, SearchRoots};
use pycheck_model::PythonVersion;

use crate::declared::{Declared, declared_dependencies};
use crate::environment::{self, Environment, EnvironmentError, EnvironmentRequest};
use crate::memory::Listings;
use crate::roots::{
    DeclaredRoot, built_modules, declared_roots, keeps_path, nested_projects, script_files,
};
use crate::settings::Settings;

/// Finds the environment of the project. Adds a remark when there is none.
pub(crate) fn outside(
    settings: &Settings,
    files: &[Arc<PathBuf>],
    notes: &mut Vec<String>,
) -> Result<Outside, EnvironmentError> {
    let request = EnvironmentRequest {
        python: settings.python.as_deref(),
        project_root: &settings.project_root,
        variable: &|name| std::env::var_os(name),
    };
    let environment = environment::find(&request)?;
    notes.extend(environment::stale_variable(&request));
    let found_version = environment.as_ref().and_then(|environment| environment.version);
    let version = settings.python_version.or(found_version).or(settings.requires_python);
    let version = version.unwrap_or(PythonVersion::NEWEST).clamped();
    let declared =
        if environment.is_none() { declared(settings, files, notes) } else { Declared::default() };
    let environment = environment.unwrap_or_else(|| nothing(version));
    let other = found_version.filter(|found| *found != version);
    let source = match other {
        Some(found) => format!("{}, which has Python {found}", environment.source),
        None => environment.source,
    };
    // Another version's folders would answer wrongly: then the shipped table answers.
    let stdlib = if found_version == Some(version) { environment.stdlib } else { Vec::new() };
    Ok(Outside {
        version,
        platform: settings.python_platform.clone().unwrap_or_else(|| platform().to_owned()),
        allowed: settings.allowed_unresolved_imports.clone(),
        stdlib,
        site_packages: environment.site_packages,
        provided: environment.provided,
        extension_suffixes: environment.extension_suffixes,
        environment: (!source.is_empty()).then_some(source),
        declares_all: declared.is_all(),
        declared: declared.modules.into_iter().collect(),
    })
}

/// What takes the place of an environment where there is none.
fn nothing(version: PythonVersion) -> Environment {
    Environment {
        prefix: PathBuf::new(),
        interpreter: None,
        version: Some(version),
        source: String::new(),
        stdlib: Vec::new(),
        site_packages: Vec::new(),
        provided: BTreeMap::new(),
        extension_suffixes: vec![".abi3.so".to_owned(), ".so".to_owned(), ".pyd".to_owned()],
    }
}

/// What the project and the projects in it declare. Adds a remark on how imports are judged.
fn declared(settings: &Settings, files: &[Arc<PathBuf>], notes: &mut Vec<String>) -> Declared {
    let has_file = |folder: &Path, name: &str| folder.join(name).is_file();
    let folders = files.iter().filter_map(|file| file.parent());
    let mut declared = declared_dependencies(&settings.project_root);
    for project in nested_projects(&settings.project_root, folders, &has_file) {
        declared.extend(declared_dependencies(&project));
    }
    let judge = if declared.found_any { "by the declared dependencies" } else { "as hints only" };
    notes.push(format!(
        "no Python environment was found: imports from outside of the project are judged {judge} \
         (name an environment with --python)"
    ));
    declared
}

/// `sys.platform` of the machine that this runs on.
fn platform() -> &'static str {
    match std::env::consts::OS {
        "windows" => "win32",
        "macos" => "darwin",
        other => other,
    }
}

/// The roots of the project and of the projects in it, the outermost first; and remarks.
///
/// `started` are the folders that the user stands in or has named.
pub(crate) fn search_roots(
    settings: &Settings,
    folders: &[&Path],
    started: &[PathBuf],
    listings: &Listings,
) -> (Vec<SearchRoots>, Vec<String>) {
    let has_file = |folder: &Path, name: &str| {
        listings.of(folder).is_some_and(|listing| listing.has_file(name))
    };
    let nested = nested_projects(&settings.project_root, folders.iter().copied(), &has_file);
    let mut notes = Vec::new();
    let mut projects = Vec::new();
    for project in std::iter::once(settings.project_root.clone()).chain(nested) {
        let (declared, remarks) = declared_roots(&project, settings);
        notes.extend(remarks);
        let is_explicit = project == settings.project_root && !settings.src.is_empty();
        let named =
            declared.into_iter().map(root).filter(|root| is_explicit || root.path != project);
        let declared = named.collect();
        let is_start = |folder: &&PathBuf| {
            **folder != project
                && folder.starts_with(&project)
                && !folder.join("__init__.py").exists()
        };
        let started = started.iter().filter(is_start).cloned().collect();
        let built = built_modules(&project);
        let scripts = script_files(&project);
        let tests_keep_path = keeps_path(&project);
        let guards_are_scripts = settings.rule_options.main_guard_scripts;
        projects.push(SearchRoots {
            built,
            scripts,
            tests_keep_path,
            guards_are_scripts,
            project,
            declared,
            is_explicit,
            extra: python_path(),
            started,
        });
    }
    (projects, notes)
}

fn root(declared: DeclaredRoot) -> Root {
    Root {
        path: declared.path,
        reason: declared.reason,
        prefix: declared.prefix,
        is_guess: declared.is_guess,
    }
}

/// The folders in `PYTHONPATH`, which stand on `sys.path` of every run from here.
fn python_path() -> Vec<PathBuf> {
    let value = std::env::var_os("PYTHONPATH").unwrap_or_default();
    std::env::split_paths(&value).filter(|path| path.is_absolute() && path.is_dir()).collect()
}

/// The settings in words, with the reason for each root and for the environment.
pub(crate) fn describe(settings: &Settings, outside: &Outside, projects: &[SearchRoots]) -> String {
    let shown = |path: &Path| path.display().to_string();
    let mut lines = vec![
        ("project", shown(&settings.project_root)),
        ("configuration", settings.config_file.as_deref().map_or("none".to_owned(), shown)),
        ("python-version", outside.version.to_string()),
        ("platform", outside.platform.clone()),
        ("environment", outside.environment.clone().unwrap_or_else(|| "none".to_owned())),
    ];
    for project in projects {
        let roots = project.declared.iter().map(|root| (shown(&root.path), root.reason.as_str()));
        let own =
            (!project.is_explicit).then(|| (shown(&project.project), "the folder of the project"));
        lines.extend(roots.chain(own).map(|(path, reason)| ("root", format!("{path} ({reason})"))));
    }
    let extra = projects.first().map(|project| project.extra.as_slice()).unwrap_or_default();
    lines.extend(extra.iter().map(|path| ("root", format!("{} (PYTHONPATH)", shown(path)))));
    lines.extend(outside.stdlib.iter().map(|path| ("standard library", shown(path))));
    if outside.stdlib.is_empty() {
        lines.push(("standard library", format!("the table for Python {}", outside.version)));
    }
    lines.extend(outside.site_packages.iter().map(|path| ("site-packages", shown(path))));
    lines.extend(settings.listed.iter().cloned());
    for rule in settings.rules.enabled() {
        let name = pycheck_rules::ALL[rule.0 as usize].name;
        lines.push(("rule", format!("{name} = {}", settings.rules.level(rule))));
    }
    lines.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{name}: {value}");
        text
    })
}
