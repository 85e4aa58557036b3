//! What is said of hidden modules of the standard library, against CPython.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::BTreeMap;
use std::process::Command;

use pycheck_imports::stdlib;
use pycheck_imports::stdlib::imports::{Broken, Replacement};
use pycheck_test::oracle::{Python, pythons};

/// Imports each module in a process of its own, with the script's folder first on the path, and
/// prints the names of those that raise.
const PROGRAM: &str = "
import os, sys, warnings
warnings.simplefilter('ignore')
devnull = os.open(os.devnull, os.O_WRONLY)
for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        os.dup2(devnull, 2)
        try:
            __import__(name)
        except BaseException:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(name)
";

/// The modules that raise when they are imported beside a file.
fn raising(python: &Python, file: &str, modules: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), "").unwrap();
    std::fs::write(folder.path().join("run_all.py"), PROGRAM).unwrap();
    let script = folder.path().join("run_all.py");
    // Without `site`, so that what is installed beside the interpreter imports nothing first.
    let mut command = Command::new(&python.path);
    command.args(["-E", "-s", "-B", "-S"]).arg(script).args(modules);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_said_to_break_does_break() {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for python in pythons() {
        for hidden in ["random", "queue", "email", "calendar"] {
            let file = format!("{hidden}.py");
            let empty = Replacement { name: hidden, binds: &|_| false, has_submodule: &|_| false };
            let failing = Broken::by(&empty, python.version).failing();
            let raising = raising(&python, &file, &failing);
            let working = failing.iter().filter(|name| !raising.iter().any(|other| other == *name));
            let working: Vec<String> = working.map(|name| (*name).to_owned()).collect();
            if !working.is_empty() {
                wrong.insert(format!("{} with {file}", python.version), working);
            }
        }
    }
    assert!(wrong.is_empty(), "these work: {wrong:#?}");
}

/// Imports each module and prints the names of those that are not the file beside the script, and
/// whether they were loaded before it ran.
const FOUND_ELSEWHERE: &str = "
import sys
loaded = set(sys.modules)
for name in sys.argv[1:]:
    try:
        module = __import__(name)
    except BaseException:
        module = None
    if not hasattr(module, 'FILE_BESIDE_THE_SCRIPT'):
        print(name, name in loaded)
";

/// The modules that are found elsewhere although each has a file beside the script, and whether
/// they were loaded before it ran.
fn found_elsewhere(python: &Python, names: &[&str]) -> BTreeMap<String, bool> {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        std::fs::write(folder.path().join(format!("{name}.py")), "FILE_BESIDE_THE_SCRIPT = True\n")
            .unwrap();
    }
    let script = folder.path().join("the_script_itself.py");
    std::fs::write(&script, FOUND_ELSEWHERE).unwrap();
    let output =
        Command::new(&python.path).args(["-E", "-s", "-B"]).arg(&script).args(names).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let told = text.lines().filter_map(|line| line.split_once(' '));
    told.map(|(name, loaded)| (name.to_owned(), loaded == "True")).collect()
}

#[test]
fn modules_that_no_file_hides_are_those_that_are_said_to_be() {
    for python in pythons() {
        let version = python.version;
        let is_dead = |name: &str| {
            stdlib::is_builtin(name, version)
                || stdlib::is_frozen(name, version)
                || stdlib::is_startup_module(name, version)
        };
        let names: Vec<&str> = stdlib::top_level_names(version)
            .filter(|name| !name.starts_with("__") && !stdlib::is_other_platform(name, version))
            .collect();
        let elsewhere = found_elsewhere(&python, &names);
        let dead: Vec<&str> = names.iter().copied().filter(|name| is_dead(name)).collect();
        let wrong: Vec<&&str> =
            dead.iter().filter(|name| !elsewhere.contains_key(**name)).collect();
        assert!(dead.len() > 40 && wrong.is_empty(), "Python {version} finds files for {wrong:?}");
        // The `.pth` files of an installation may load anything, and serve `distutils`.
        let found = elsewhere.iter().filter(|(name, loaded)| !**loaded && *name != "distutils");
        let hidden: Vec<&String> =
            found.map(|(name, _)| name).filter(|name| !is_dead(name)).collect();
        assert!(hidden.is_empty(), "Python {version} finds no file for {hidden:?}");
    }
}
