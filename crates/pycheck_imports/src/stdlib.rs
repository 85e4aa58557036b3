//! What the standard library of each version holds, and which of it no local file can hide.
//!
//! Facts of a normal Linux build of CPython. Where an interpreter's own folder is found, that
//! folder is better evidence for what can be imported; built-in and frozen modules are in no folder.

pub mod imports;
mod table;

use pycheck_model::PythonVersion;

/// What is known of one module.
struct Row {
    /// The dotted name.
    name: &'static str,
    /// The versions that have the module.
    present: u8,
    /// The versions where it is a package.
    package: u8,
    /// The versions where it is compiled into the interpreter.
    builtin: u8,
    /// The versions where it is frozen into the interpreter.
    frozen: u8,
    /// The versions where it is imported before any code of a user runs.
    startup: u8,
    flags: u8,
}

impl Row {
    /// It exists on other systems than Linux only.
    const OTHER_PLATFORM: u8 = 1;
    /// A package whose submodules are not in the table.
    const UNLISTED_CONTENT: u8 = 2;

    const fn new(name: &'static str, versions: [u8; 5], flags: u8) -> Self {
        let [present, package, builtin, frozen, startup] = versions;
        Self { name, present, package, builtin, frozen, startup, flags }
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// The bit of `version` in a row's sets.
fn bit(version: PythonVersion) -> u8 {
    1 << (version.clamped().minor - PythonVersion::OLDEST.minor)
}

fn row(dotted: &str) -> Option<&'static Row> {
    let index = table::ROWS.binary_search_by(|row| row.name.cmp(dotted)).ok()?;
    table::ROWS.get(index)
}

/// Whether `import dotted` finds a module of the standard library in `version`, on some system.
///
/// Names that are only in `sys.modules`, such as `os.path`, count. So does everything inside a
/// package of tests, whose content is not listed.
pub fn contains(dotted: &str, version: PythonVersion) -> bool {
    match row(dotted) {
        Some(row) => row.present & bit(version) != 0,
        None => is_inside_unlisted(dotted, version),
    }
}

fn is_inside_unlisted(dotted: &str, version: PythonVersion) -> bool {
    let parents = dotted.match_indices('.').map(|(end, _)| &dotted[..end]);
    parents
        .filter_map(row)
        .any(|row| row.has(Row::UNLISTED_CONTENT) && row.present & bit(version) != 0)
}

/// Whether `dotted` is a package of the standard library in `version`.
pub fn is_package(dotted: &str, version: PythonVersion) -> bool {
    row(dotted).is_some_and(|row| row.package & bit(version) != 0)
}

/// Whether `name` is compiled into the interpreter (`sys.builtin_module_names`): it is found
/// before `sys.path` is looked at.
pub fn is_builtin(name: &str, version: PythonVersion) -> bool {
    row(name).is_some_and(|row| row.builtin & bit(version) != 0)
}

/// Whether `dotted` is frozen into the interpreter: it is found before `sys.path` is looked at.
pub fn is_frozen(dotted: &str, version: PythonVersion) -> bool {
    row(dotted).is_some_and(|row| row.frozen & bit(version) != 0)
}

/// Whether `dotted` is a module of `version` that exists on other systems than Linux only, such as
/// `winreg`.
pub fn is_other_platform(dotted: &str, version: PythonVersion) -> bool {
    row(dotted).is_some_and(|row| row.has(Row::OTHER_PLATFORM) && row.present & bit(version) != 0)
}

/// Whether `dotted` is in `sys.modules` before any code of a user runs, so that a file of this name
/// in the folder of a script is never looked for.
pub fn is_startup_module(dotted: &str, version: PythonVersion) -> bool {
    row(dotted).is_some_and(|row| row.startup & bit(version) != 0)
}

/// The modules for which [`is_startup_module`] holds, in alphabetical order.
pub fn startup_modules(version: PythonVersion) -> impl Iterator<Item = &'static str> {
    let bit = bit(version);
    table::ROWS.iter().filter(move |row| row.startup & bit != 0).map(|row| row.name)
}

/// The top-level modules and packages of `version`, those of other systems included, in
/// alphabetical order.
pub fn top_level_names(version: PythonVersion) -> impl Iterator<Item = &'static str> {
    let bit = bit(version);
    table::ROWS
        .iter()
        .filter(move |row| row.present & bit != 0 && !row.name.contains('.'))
        .map(|row| row.name)
}

/// The first and the last of the supported versions that have `dotted`; `None` when none has.
///
/// `distutils` gives 3.8 and 3.11: it was removed in 3.12.
pub fn versions(dotted: &str) -> Option<(PythonVersion, PythonVersion)> {
    let present = row(dotted)?.present;
    if present == 0 {
        return None;
    }
    let nth = |bit: u32| PythonVersion {
        major: PythonVersion::OLDEST.major,
        minor: PythonVersion::OLDEST.minor + bit as u8,
    };
    Some((nth(present.trailing_zeros()), nth(present.ilog2())))
}

#[cfg(test)]
mod tests;
