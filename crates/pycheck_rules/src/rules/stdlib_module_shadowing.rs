//! The rule `stdlib-module-shadowing`; what it is for and its cases are in
//! `stdlib_module_shadowing.md`.

use pycheck_imports::Program;
use pycheck_imports::shadow::{Asked, Need, Shadow, ShadowOutcome, Standing, Victim};
use pycheck_model::{Level, Site, Trail};

use crate::rule::{Check, Group, ProgramFindings, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "stdlib-module-shadowing",
    aliases: &["A005", "shadowed-stdlib-module"],
    group: Group::Imports,
    level: Level::Warn,
    summary: "a file that hides a module of the standard library",
    page: include_str!("stdlib_module_shadowing.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for shadow in &program.shadows {
        let ShadowOutcome::Standard { asked, victim } = &shadow.outcome else { continue };
        let name = &shadow.name;
        let cause = explain(shadow, asked.as_ref(), victim.as_ref());
        let message =
            format!("this hides `{name}` of the standard library ({}){cause}", place(shadow));
        let mut detail = findings
            .report(Site::start_of(shadow.file), message)
            .level(level(shadow, asked.as_ref(), victim.as_ref()))
            .help(Some("give the file another name, also where it is imported".to_owned()));
        if let Some(victim) = victim {
            detail = detail.trail(Trail::Site(victim.at, "this import runs into it".to_owned()));
        }
        if let Some(asked) = asked {
            let message = format!("this import of `{name}` gets the local file");
            detail.trail(Trail::Site(asked.at, message));
        }
    }
}

/// It is worth a warning where something breaks, or gets what it may not have asked for.
fn level(shadow: &Shadow, asked: Option<&Asked>, victim: Option<&Victim>) -> Level {
    let is_asked_for = asked.is_some_and(|asked| !asked.is_meant);
    let is_harm = victim.is_some() || is_asked_for;
    if is_harm && shadow.standing != Standing::Tests { Level::Warn } else { Level::Info }
}

/// When the folder of the file comes before the standard library.
fn place(shadow: &Shadow) -> String {
    match &shadow.standing {
        Standing::Script(script) => {
            format!("when a script in this folder runs, such as `{script}`")
        }
        Standing::WorkingDirectory => "when Python is started in this folder".to_owned(),
        Standing::Declared => "where this folder comes first, as in `PYTHONPATH`".to_owned(),
        Standing::PythonPath => "this folder is in `PYTHONPATH`".to_owned(),
        Standing::Tests => "when pytest runs the tests in this folder".to_owned(),
    }
}

fn explain(shadow: &Shadow, asked: Option<&Asked>, victim: Option<&Victim>) -> String {
    if let Some(victim) = victim {
        return format!(": {}", broken(&shadow.name, victim));
    }
    match asked {
        Some(Asked { missing: Some(missing), .. }) => {
            format!(": `{missing}` of `{}` is asked for, and is not here", shadow.name)
        }
        Some(Asked { at, is_meant: false, .. }) if at.file == shadow.file => {
            format!(": its own import of `{}` gets this file again", shadow.name)
        }
        Some(Asked { is_meant: false, .. }) => {
            format!(": imports of `{}` get this file", shadow.name)
        }
        _ => String::new(),
    }
}

/// What breaks, from the import in the project to the module that misses something.
fn broken(hidden: &str, victim: &Victim) -> String {
    let (last, way) = match victim.chain.split_last() {
        Some((last, way)) => (last.as_str(), way),
        None => (hidden, &[][..]),
    };
    let way: Vec<&str> = way.iter().map(String::as_str).collect();
    let who = match &way[..] {
        [] => format!("`{last}`"),
        way => format!("`{}` imports `{last}`, which", way.join("` imports `")),
    };
    match &victim.need {
        Need::Name(name) => format!("{who} needs `{name}` from it and can't be imported"),
        Need::Submodule(name) => format!("{who} needs `{name}` and can't be imported"),
        Need::Later(name) => format!("functions of `{last}` need `{name}` from it and fail"),
    }
}
