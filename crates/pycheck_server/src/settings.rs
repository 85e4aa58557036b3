//! What the user sets in the editor.

use std::path::{Path, PathBuf};

use pycheck_project::{ConfigArgument, Overrides};
use serde::Deserialize;
use serde_json::Value;

/// Which files are shown with their diagnostics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DiagnosticMode {
    /// None.
    Off,
    /// Those that are open.
    #[default]
    OpenFiles,
    /// All files of the workspace.
    Workspace,
}

/// What the user sets in the editor. It beats the configuration of the project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    pub(crate) diagnostic_mode: DiagnosticMode,
    /// Hints are shown, too.
    pub(crate) show_info: Option<bool>,
    select: Option<Vec<String>>,
    extend_select: Vec<String>,
    ignore: Vec<String>,
    /// A file, or `KEY = VALUE`.
    config: Vec<String>,
    src: Vec<PathBuf>,
    python: Option<PathBuf>,
    python_version: Option<String>,
}

impl Settings {
    /// Reads what a client sends, bare or within `pycheck` or `settings`. Nothing means the defaults.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let inner = ["pycheck", "settings"].iter().find_map(|key| value.get(key));
        match inner.unwrap_or(value) {
            Value::Object(map) => {
                // What stands there empty is as good as what is left out.
                let is_set = |(_, value): &(&String, &Value)| !value.is_null() && *value != "";
                let set = map.iter().filter(is_set).map(|(key, it)| (key.clone(), it.clone()));
                let set = Value::Object(set.collect());
                serde_json::from_value(set).map_err(|error| error.to_string())
            }
            _ => Ok(Self::default()),
        }
    }

    /// As the command line would say it. Relative paths are those from `folder`.
    pub(crate) fn overrides(&self, folder: &Path) -> Result<Overrides, String> {
        let config = self.config.iter().map(|text| ConfigArgument::new(text, folder));
        let version = self.python_version.as_ref().map(|text| text.parse()).transpose();
        Ok(Overrides {
            select: self.select.clone(),
            extend_select: self.extend_select.clone(),
            ignore: self.ignore.clone(),
            config: config.collect(),
            src: self.src.clone(),
            python: self.python.clone(),
            python_version: version.map_err(|error| format!("`pythonVersion`: {error}"))?,
            ..Overrides::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::{DiagnosticMode, Settings};

    #[test]
    fn settings_may_be_bare_or_within_their_name() {
        let bare =
            json!({"diagnosticMode": "workspace", "python": null, "config": ["src = ['x']"]});
        let settings = Settings::read(&bare).unwrap();
        assert_eq!(settings.diagnostic_mode, DiagnosticMode::Workspace);
        assert_eq!(Settings::read(&json!({"pycheck": bare})).unwrap(), settings);
        assert_eq!(Settings::read(&json!({"settings": bare})).unwrap(), settings);
        assert_eq!(Settings::read(&json!(null)).unwrap(), Settings::default());
    }

    #[test]
    fn what_can_not_be_understood_is_told() {
        let error = Settings::read(&json!({"diagnosticMode": "all"})).unwrap_err();
        assert!(error.contains("openFiles"), "{error}");
        let settings = Settings::read(&json!({"pythonVersion": "two"})).unwrap();
        assert!(settings.overrides(Path::new("/")).unwrap_err().starts_with("`pythonVersion`: "));
    }
}
