//! The folders that pytest puts on the path for its runs, whichever file configures it.

use toml::Table;

use super::setup_cfg::Ini;

/// The file that sets `pythonpath`, and the folders; `read` gives the text of a file of the
/// project, empty if there is none. The order is the one in which pytest looks for its settings.
pub fn pythonpath(
    pyproject: &Table,
    read: &dyn Fn(&str) -> String,
) -> Option<(&'static str, Vec<String>)> {
    let in_ini = |file: &'static str, section: &str| {
        let ini = Ini::parse(&read(file));
        ini.get(section, "pythonpath").map(|value| (file, words(value)))
    };
    in_ini("pytest.ini", "pytest")
        .or_else(|| in_ini(".pytest.ini", "pytest"))
        .or_else(|| in_pyproject(pyproject).map(|folders| ("pyproject.toml", folders)))
        .or_else(|| in_ini("tox.ini", "pytest"))
        .or_else(|| in_ini("setup.cfg", "tool:pytest"))
}

fn in_pyproject(table: &Table) -> Option<Vec<String>> {
    let pytest = table.get("tool")?.get("pytest")?;
    let options = pytest.get("ini_options").unwrap_or(pytest);
    match options.get("pythonpath")? {
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
