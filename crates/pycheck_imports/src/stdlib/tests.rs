//! The table against facts that every user of Python can look up, and against an interpreter.

use std::process::Command;

use super::*;

fn py(minor: u8) -> PythonVersion {
    PythonVersion { major: 3, minor }
}

#[test]
fn the_table_is_sorted_so_that_a_search_finds_every_row() {
    for row in table::ROWS {
        assert_eq!(super::row(row.name).map(|found| found.name), Some(row.name));
        assert_ne!(row.present, 0, "{}", row.name);
    }
}

#[test]
fn removed_and_added_modules_have_their_versions() {
    for (name, first, last) in [
        ("distutils", 8, 11),
        ("distutils.command.build_ext", 8, 11),
        ("imp", 8, 11),
        ("asyncore", 8, 11),
        ("cgi", 8, 12),
        ("lib2to3", 8, 12),
        ("zoneinfo", 9, 15),
        ("graphlib", 9, 15),
        ("parser", 8, 9),
        ("tomllib", 11, 15),
        ("annotationlib", 14, 15),
        ("compression.zstd", 14, 15),
        ("string.templatelib", 14, 15),
        ("os.path", 8, 15),
        ("typing.io", 8, 12),
    ] {
        assert_eq!(versions(name), Some((py(first), py(last))), "{name}");
        assert!(contains(name, py(first)) && contains(name, py(last)), "{name}");
        assert!(first == 8 || !contains(name, py(first - 1)), "{name}");
        assert!(last == 15 || !contains(name, py(last + 1)), "{name}");
    }
    assert_eq!(versions("requests"), None);
}

#[test]
fn frozen_modules_begin_with_3_11() {
    for name in ["abc", "codecs", "io", "os", "os.path", "site", "importlib.util", "runpy"] {
        assert!(!is_frozen(name, py(10)) && is_frozen(name, py(11)) && is_frozen(name, py(15)));
    }
    assert!(is_frozen("zipimport", py(8)));
    assert!(is_frozen("__phello__.spam", py(8)));
    assert!(!is_frozen("random", py(13)));
    assert!(is_builtin("time", py(8)) && is_builtin("sys", py(15)) && !is_builtin("os", py(13)));
}

#[test]
fn modules_of_other_systems_are_told_apart() {
    for name in ["winreg", "msvcrt", "_winapi", "msilib"] {
        assert!(is_other_platform(name, py(9)) && contains(name, py(9)), "{name}");
    }
    assert!(!is_other_platform("msilib", py(13)));
    assert!(!is_other_platform("posix", py(13)) && !is_other_platform("asyncio", py(13)));
}

#[test]
fn packages_and_test_packages() {
    assert!(is_package("xml.etree", py(9)) && !is_package("os", py(9)));
    assert!(!is_package("pathlib", py(12)) && is_package("pathlib", py(13)));
    assert!(contains("test.support.os_helper", py(12)) && contains("test.test_os", py(12)));
    assert!(!contains("os.nothing", py(12)));
}

#[test]
fn lists_are_of_the_version_asked_for() {
    let names: Vec<&str> = top_level_names(py(12)).collect();
    assert!(names.contains(&"cgi") && !names.contains(&"imp") && !names.contains(&"os.path"));
    assert!(startup_modules(py(11)).any(|name| name == "encodings.utf_8"));
    assert!(is_startup_module("os", py(11)) && !is_startup_module("random", py(11)));
}

/// Asks the `python3` of the machine, where there is one, for its version and its module names.
fn python_says() -> Option<(PythonVersion, Vec<String>)> {
    let code = "import sys; print(*sys.version_info[:2], sep='.'); \
                print(*sorted(getattr(sys, 'stdlib_module_names', ())))";
    let output = Command::new("python3").args(["-c", code]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (version, names) = text.split_once('\n')?;
    let version: PythonVersion = version.parse().ok()?;
    version.is_supported().then(|| (version, names.split_whitespace().map(str::to_owned).collect()))
}

#[test]
fn the_table_has_what_an_interpreter_names() {
    let Some((version, names)) = python_says() else { return };
    let missing: Vec<&String> = names.iter().filter(|name| !contains(name, version)).collect();
    assert!(missing.is_empty(), "{version}: {missing:?}");
}
