//! Real interpreters, where the machine has them, are asked what their own answer is.

use std::process::Command;

use super::*;

const QUESTION: &str = "import sys, os; from importlib import machinery as m; \
    print(sys.prefix); print('.'.join(map(str, sys.version_info[:2]))); \
    print(os.pathsep.join(m.EXTENSION_SUFFIXES)); \
    print(os.pathsep.join(p for p in sys.path[1:] if os.path.isdir(p)))";

/// The interpreters of this machine: those of pyenv, and the first on the `PATH` that is none of
/// its stand-ins.
fn interpreters() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let versions = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let pyenv = versions.map(|entry| entry.path().join("bin/python3"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .filter(|folder| !folder.ends_with("shims"))
        .map(|folder| folder.join("python3"))
        .find(|program| program.is_file());
    pyenv.filter(|program| program.is_file()).chain(on_path).collect()
}

/// Compares what is found for an interpreter with what it says itself.
fn check(place: &Place, program: &Path) {
    let home = place.path("home");
    let output = Command::new(program)
        .args(["-c", QUESTION])
        .env_clear()
        .env("HOME", &home)
        .current_dir(&home)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let [prefix, version, suffixes, path] = text.lines().collect::<Vec<_>>().try_into().unwrap();
    let found = place.find_with(Some(program)).unwrap().unwrap();
    assert_eq!(found.prefix, Path::new(prefix), "{}", program.display());
    assert_eq!(found.version.unwrap().to_string(), version, "{}", program.display());
    assert_eq!(found.extension_suffixes.join(":"), suffixes, "{}", program.display());
    let folders: Vec<PathBuf> = found.stdlib.into_iter().chain(found.site_packages).collect();
    let expected: Vec<PathBuf> = std::env::split_paths(path).collect();
    assert_eq!(folders, expected, "{}", program.display());
}

#[test]
fn installed_interpreters_agree() {
    let place = Place::new();
    for program in interpreters() {
        check(&place, &program);
    }
}

#[test]
fn virtual_environments_agree() {
    for (number, program) in interpreters().iter().enumerate() {
        let place = Place::new();
        for flags in [&["--without-pip"][..], &["--without-pip", "--system-site-packages"]] {
            let prefix = place.path(&format!("env{number}-{}", flags.len()));
            let made = Command::new(program).args(["-m", "venv"]).args(flags).arg(&prefix).status();
            if !made.is_ok_and(|status| status.success()) {
                continue;
            }
            let python = prefix.join("bin/python3");
            check(&place, &python);
            add_packages(&place, &prefix);
            check(&place, &python);
        }
    }
}

/// A folder of the user's packages, and `.pth` files there and in the environment.
fn add_packages(place: &Place, prefix: &Path) {
    let library = fs::read_dir(prefix.join("lib")).unwrap().next().unwrap().unwrap().file_name();
    let library = library.to_str().unwrap();
    let user = format!("home/.local/lib/{library}/site-packages");
    place.write(&format!("{user}/user.pth"), "inner\n../site-packages\n");
    fs::create_dir_all(place.path(&format!("{user}/inner"))).unwrap();
    let site = prefix.join("lib").join(library).join("site-packages");
    fs::create_dir_all(site.join("linked")).unwrap();
    fs::write(site.join("z.pth"), "linked\nabsent\n").unwrap();
}
