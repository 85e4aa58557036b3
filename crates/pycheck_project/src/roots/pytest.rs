//! The folders that pytest puts on the path for its runs, whichever file configures it.

use toml::Table;

use super::setup_cfg::Ini;

/// The file that sets `pythonpath`, and the folders; `read` gives the text of a file of the
/// project, empty if there is none. The order is the one in which pytest looks for its settings.
pub fn pythonpath(
    pyproject: &Table,
    read: &dyn Fn(&str) -> String,
) -> Option<(&'static str, Vec<String>)> {
    list(pyproject, read, "pythonpath")
}

/// Whether test modules are imported without their folders being put on `sys.path`
/// (`--import-mode=importlib`).
pub fn keeps_path(pyproject: &Table, read: &dyn Fn(&str) -> String) -> bool {
    let options = list(pyproject, read, "addopts").map(|(_, words)| words).unwrap_or_default();
    let is_apart = options.windows(2).any(|pair| pair == ["--import-mode", "importlib"]);
    is_apart || options.iter().any(|word| word == "--import-mode=importlib")
}

/// The file that sets an option, and its words.
fn list(
    pyproject: &Table,
    read: &dyn Fn(&str) -> String,
    key: &str,
) -> Option<(&'static str, Vec<String>)> {
    let in_ini = |file: &'static str, section: &str| {
        let ini = Ini::parse(&read(file));
        ini.get(section, key).map(|value| (file, words(value)))
    };
    in_ini("pytest.ini", "pytest")
        .or_else(|| in_ini(".pytest.ini", "pytest"))
        .or_else(|| in_pyproject(pyproject, key).map(|words| ("pyproject.toml", words)))
        .or_else(|| in_ini("tox.ini", "pytest"))
        .or_else(|| in_ini("setup.cfg", "tool:pytest"))
}

fn in_pyproject(table: &Table, key: &str) -> Option<Vec<String>> {
    let pytest = table.get("tool")?.get("pytest")?;
    let options = pytest.get("ini_options").unwrap_or(pytest);
    match options.get(key)? {
        toml::Value::String(text) => Some(words(text)),
        toml::Value::Array(list) => {
            Some(list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
        }
        _ => None,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
