//! What the command line, or an editor, says about settings.

use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;

use super::error::SettingsError;
use super::selectors::{Layer, Selector};

/// What is said for one run; it beats the configuration.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--select`: replaces the choice of the configuration.
    pub select: Option<Vec<String>>,
    /// `--extend-select`: adds to it.
    pub extend_select: Vec<String>,
    /// `--ignore`: takes away from it.
    pub ignore: Vec<String>,
    /// `--config`, in the order given.
    pub config: Vec<ConfigArgument>,
    /// `--isolated`: no configuration file is looked for.
    pub isolated: bool,
    /// `--src`: import roots, instead of those of the configuration.
    pub src: Vec<PathBuf>,
    /// `--python`: an interpreter or environment.
    pub python: Option<PathBuf>,
    /// `--python-version`.
    pub python_version: Option<PythonVersion>,
    /// `--python-platform`.
    pub python_platform: Option<String>,
    /// `--exclude`: replaces the globs of the configuration.
    pub exclude: Option<Vec<String>>,
    /// `--extend-exclude`: adds to them.
    pub extend_exclude: Vec<String>,
    /// `--no-respect-gitignore`: what git ignores is checked.
    pub ignores_gitignore: bool,
}

/// The value of `--config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigArgument {
    /// A configuration file, instead of the one that would be found.
    File(PathBuf),
    /// `KEY = VALUE` in TOML, over what the file says.
    Inline(String),
}

impl ConfigArgument {
    /// A pair if there is a `=` in the text and no file of that name, else a file.
    pub fn new(text: &str, working_directory: &Path) -> Self {
        if text.contains('=') && !working_directory.join(text).exists() {
            Self::Inline(text.to_owned())
        } else {
            Self::File(PathBuf::from(text))
        }
    }
}

impl Overrides {
    /// The choice of rules.
    pub(super) fn layer(&self) -> Result<Layer, SettingsError> {
        let select = self.select.as_ref().map(|words| parse("--select", words)).transpose()?;
        Ok(Layer {
            select,
            extend_select: parse("--extend-select", &self.extend_select)?,
            ignore: parse("--ignore", &self.ignore)?,
        })
    }
}

fn parse(argument: &str, words: &[String]) -> Result<Vec<Selector>, SettingsError> {
    let selector = |word: &String| {
        Selector::parse(word, pycheck_rules::ALL)
            .map_err(|problem| SettingsError::Argument { argument: argument.to_owned(), problem })
    };
    words.iter().map(selector).collect()
}
