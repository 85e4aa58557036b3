//! Options about what is kept from run to run.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use pycheck_project::CachePlace;

use super::SETTINGS;

/// Where the folder comes from when no argument names one.
const FOLDER_VARIABLE: &str = "PYCHECK_CACHE_DIR";

/// Where what is known of files is kept from run to run.
#[derive(Debug, Clone, Default, Args)]
pub struct CacheArgs {
    /// Keep what is known of files in this folder, and not in the project's `.pycheck_cache`
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = FOLDER_VARIABLE,
        hide_env_values = true,
        help_heading = SETTINGS
    )]
    pub cache_dir: Option<PathBuf>,
    /// Check all files afresh, and keep nothing
    #[arg(long, help_heading = SETTINGS)]
    pub no_cache: bool,
}

impl CacheArgs {
    /// Where to keep it; `None` for nowhere.
    pub fn place(&self, working_directory: &Path) -> Option<CachePlace> {
        let place = match &self.cache_dir {
            Some(folder) => CachePlace::Folder(working_directory.join(folder)),
            None => CachePlace::Project,
        };
        (!self.no_cache).then_some(place)
    }
}

/// What to remove.
#[derive(Debug, Clone, Default, Args)]
pub struct CleanArgs {
    /// The folder of the project, if not the one around the working directory
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// The folder that was given to `check --cache-dir`
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, env = FOLDER_VARIABLE, hide_env_values = true)]
    pub cache_dir: Option<PathBuf>,
}
