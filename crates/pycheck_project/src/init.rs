//! `pycheck init`: a first configuration, made of what was found.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use pycheck_model::Level;
use pycheck_rules::{ALL, Group, Rule};

use crate::session::Session;
use crate::settings::Settings;

/// The name of the file.
const NAME: &str = "pycheck.toml";

/// Why no configuration is written. The text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The project has one.
    #[error("{0} configures pycheck already; it is left as it is")]
    Exists(String),
    /// The file can't be made.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
}

/// Writes a commented configuration into the folder of the project. Nothing is overwritten.
pub fn init(session: &Session) -> Result<PathBuf, InitError> {
    let settings = session.settings();
    if let Some(file) = &settings.config_file {
        return Err(InitError::Exists(file.display().to_string()));
    }
    let path = settings.project_root.join(NAME);
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => InitError::Exists(path.display().to_string()),
        _ => InitError::Io { path: path.display().to_string(), error },
    };
    let mut file = std::fs::File::create_new(&path).map_err(failed)?;
    file.write_all(content(session).as_bytes()).map_err(failed)?;
    Ok(path)
}

/// The configuration: each setting with what was found, to be pinned by taking away a `#`.
fn content(session: &Session) -> String {
    let settings = session.settings();
    let mut text = "# What pycheck found by itself. It needs no configuration: take the `#` from a line to pin\n\
                    # what it says, or to change it.\n"
        .to_owned();
    write_roots(&mut text, session);
    let environment = session.stats().environment;
    let found = match &environment {
        Some(source) => format!("Found: {source}."),
        None => "None was found: imports are judged by the declared dependencies.".to_owned(),
    };
    // Writing to a string can't fail.
    let _ = write!(
        text,
        "\n# The interpreter or environment with the installed packages. {found}\n# python = \".venv\"\n"
    );
    let _ = write!(
        text,
        "\n# The version of Python that the code runs on. {}\n# python-version = \"{}\"\n",
        version_reason(settings),
        session.stats().python_version
    );
    write_rest(&mut text);
    text
}

fn version_reason(settings: &Settings) -> String {
    match settings.requires_python {
        Some(version) => format!("`requires-python` begins with {version}."),
        None => "`requires-python` says nothing.".to_owned(),
    }
}

fn write_roots(text: &mut String, session: &Session) {
    text.push_str("\n# The folders that imports start from.");
    let root = &session.settings().project_root;
    let mut shown = Vec::new();
    for (path, reason) in session.declared_roots() {
        let below = relative(&path, root);
        let _ = write!(text, "\n# Found: `{below}` ({reason}).");
        shown.push(format!("\"{}\"", below.replace('\\', "/")));
    }
    if shown.is_empty() {
        text.push_str(" Found: the folder of the project.");
        shown.push("\".\"".to_owned());
    }
    let _ = writeln!(text, "\n# src = [{}]", shown.join(", "));
}

fn relative(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path).display().to_string();
    if below.is_empty() { ".".to_owned() } else { below }
}

/// What does not depend on the project, with rules as examples.
fn write_rest(text: &mut String) {
    let pitfall = example(|rule| rule.group == Group::Pitfalls);
    let other = example(|rule| rule.group == Group::Pitfalls && rule.name != pitfall);
    let optional = example(|rule| rule.level == Level::Off);
    let _ = write!(
        text,
        r#"
# Files and folders that are left out, beside those that git ignores.
# extend-exclude = ["legacy", "*_pb2.py"]

# Rules that are not wanted, and rules that are off unless asked for. `pycheck rule` lists all.
# ignore = ["{other}"]
# extend-select = ["{optional}"]

# How much a rule weighs: "error", "warn", "info" (shown with --show-info) or "off".
# [rules]
# {pitfall} = "error"

# Rules that are not wanted in some files.
# [per-file-ignores]
# "tests/*" = ["{other}"]
"#
    );
}

fn example(is_one: impl Fn(&Rule) -> bool) -> &'static str {
    ALL.iter().find(|rule| is_one(rule)).map_or("", |rule| rule.name)
}
