//! Options that stand for settings, wherever imports are resolved.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueHint};
use pycheck_model::PythonVersion;
use pycheck_project::options::supported_platform;
use pycheck_project::{ConfigArgument, Overrides};

use super::SETTINGS;

/// What beats the configuration files.
#[derive(Debug, Clone, Default, Args)]
pub struct SettingsArgs {
    /// A configuration file, or a setting as `KEY = VALUE` in TOML; may be repeated
    #[arg(long, value_name = "FILE|SETTING", help_heading = SETTINGS)]
    pub config: Vec<String>,
    /// Ignore all configuration files
    #[arg(long, help_heading = SETTINGS)]
    pub isolated: bool,
    /// A folder that imports start from; may be repeated
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = SETTINGS)]
    pub src: Vec<PathBuf>,
    /// The interpreter or virtual environment with the installed packages
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = SETTINGS)]
    pub python: Option<PathBuf>,
    /// The version of Python that the code will run on, such as 3.12
    #[arg(long, value_name = "VERSION", value_parser = python_version, help_heading = SETTINGS)]
    pub python_version: Option<PythonVersion>,
    /// The platform that the code will run on: linux, darwin or win32
    #[arg(long, value_name = "PLATFORM", value_parser = python_platform, help_heading = SETTINGS)]
    pub python_platform: Option<String>,
}

impl SettingsArgs {
    /// The same for a session; paths are relative to the working directory.
    pub(crate) fn overrides(&self, working_directory: &Path) -> Overrides {
        let config = self.config.iter().map(|text| ConfigArgument::new(text, working_directory));
        Overrides {
            config: config.collect(),
            isolated: self.isolated,
            src: self.src.clone(),
            python: self.python.clone(),
            python_version: self.python_version,
            python_platform: self.python_platform.clone(),
            ..Overrides::default()
        }
    }
}

fn python_platform(text: &str) -> Result<String, String> {
    supported_platform(text).map_err(|problem| match problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message,
    })
}

fn python_version(text: &str) -> Result<PythonVersion, String> {
    let version = PythonVersion::from_str(text)?;
    if version.is_supported() {
        return Ok(version);
    }
    let (oldest, newest) = (PythonVersion::OLDEST, PythonVersion::NEWEST);
    Err(format!("Python {version} is not known; the known versions are {oldest} to {newest}"))
}

#[cfg(test)]
mod tests {
    use super::python_version;

    #[test]
    fn a_version_must_be_a_known_one() {
        assert!(python_version("3.12").is_ok());
        assert_eq!(
            python_version("2.7").unwrap_err(),
            "Python 2.7 is not known; the known versions are 3.8 to 3.15"
        );
        assert!(python_version("new").unwrap_err().contains("such as `3.12`"));
    }
}
