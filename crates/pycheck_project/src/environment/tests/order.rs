//! Which environment is chosen.

use super::super::search;
use super::*;

#[test]
fn nothing_at_all_is_no_error() {
    assert_eq!(Place::new().find(), None);
}

#[test]
fn the_active_environment_goes_before_the_one_in_the_project() {
    let mut place = Place::new();
    let local = place.venv("project/.venv", "3.12");
    let active = place.venv("elsewhere", "3.11");
    assert_eq!(place.find().unwrap().prefix, local);
    place.set("VIRTUAL_ENV", &active);
    let found = place.find().unwrap();
    assert_eq!((found.prefix, found.source.as_str()), (active, "`VIRTUAL_ENV`"));
    assert_eq!(found.version.unwrap().to_string(), "3.11");
}

#[test]
fn a_variable_that_leads_nowhere_is_passed_over() {
    let mut place = Place::new();
    let local = place.venv("project/venv", "3.12");
    place.set("VIRTUAL_ENV", "/nowhere/at/all");
    place.set("CONDA_PREFIX", "");
    let found = place.find().unwrap();
    assert_eq!((found.prefix, found.source.as_str()), (local, "`venv` in the project"));
    assert!(found.stdlib.is_empty(), "its base is gone");
    assert_eq!(found.site_packages.len(), 1);
}

#[test]
fn the_folder_of_another_version_is_left_alone() {
    let place = Place::new();
    let local = place.venv("project/.venv", "3.12");
    fs::create_dir_all(local.join("lib/python3.13/site-packages")).unwrap();
    let found = place.find().unwrap();
    assert_eq!(found.site_packages, [local.join("lib/python3.12/site-packages")]);
}

#[test]
fn uv_and_conda_name_their_folders() {
    let mut place = Place::new();
    let conda = place.install("conda", "3.10");
    place.set("CONDA_PREFIX", &conda);
    assert_eq!(place.find().unwrap().prefix, conda);
    let uv = place.venv("project/build/env", "3.12");
    place.set("UV_PROJECT_ENVIRONMENT", "build/env");
    assert_eq!(place.find().unwrap().prefix, uv);
}

#[test]
fn a_folder_above_the_project_is_never_taken() {
    let place = Place::new();
    place.venv(".venv", "3.12");
    fs::create_dir_all(place.path("project/.venv")).unwrap();
    assert_eq!(place.find(), None);
}

#[test]
fn an_environment_that_extends_another_has_the_packages_of_both() {
    let place = Place::new();
    let below = place.venv("below", "3.12");
    let above = place.venv("project/.venv", "3.12");
    let config = format!("version_info = 3.12.3\nextends-environment = {}\n", below.display());
    place.write("project/.venv/pyvenv.cfg", &config);
    let packages = |prefix: &Path| prefix.join("lib/python3.12/site-packages");
    assert_eq!(place.find().unwrap().site_packages, [packages(&above), packages(&below)]);
}

#[test]
fn python_can_be_given_in_many_ways() {
    let place = Place::new();
    let prefix = place.install("opt", "3.9");
    for given in
        ["", "bin", "bin/python3", "bin/python3.9", "lib/python3.9", "lib/python3.9/site-packages"]
    {
        let found = place.find_with(Some(&prefix.join(given))).unwrap().unwrap();
        assert_eq!(found.prefix, prefix, "{given}");
        assert_eq!(found.version.unwrap().to_string(), "3.9", "{given}");
        assert_eq!(found.stdlib, [prefix.join("lib/python3.9")], "{given}");
    }
    let loose = place.path("loose/site-packages");
    fs::create_dir_all(&loose).unwrap();
    let found = place.find_with(Some(&place.path("loose"))).unwrap().unwrap();
    assert_eq!((found.site_packages, found.version), (vec![loose], None));
}

#[test]
fn what_is_given_and_wrong_is_an_error_with_its_path() {
    let place = Place::new();
    place.venv("project/.venv", "3.12");
    let error = place.find_with(Some(Path::new("nope"))).unwrap_err();
    assert_eq!(error, EnvironmentError::NotFound(place.path("project/nope")));
    let text = place.write("project/setup.cfg", "");
    let error = place.find_with(Some(&text)).unwrap_err();
    assert!(error.to_string().contains("setup.cfg` is neither"), "{error}");
    assert!(place.find_with(Some(&place.path("home"))).is_err());
}

#[test]
fn python3_on_the_path_goes_before_python() {
    let mut place = Place::new();
    let first = place.install("first", "3.8");
    fs::rename(first.join("bin/python3"), first.join("bin/python")).unwrap();
    let second = place.install("second", "3.13t");
    let path = std::env::join_paths([first.join("bin"), second.join("bin")]).unwrap();
    place.set("PATH", path);
    let found = place.find().unwrap();
    assert_eq!((found.prefix, found.source.as_str()), (second, "`python3` on the `PATH`"));
    assert_eq!(found.version.unwrap().to_string(), "3.13");
    assert!(!found.extension_suffixes.contains(&".abi3.so".to_owned()));
}

/// A folder of pyenv with three installed versions, whose stand-ins are on the `PATH`.
fn pyenv() -> Place {
    let mut place = Place::new();
    for version in ["3.9.2", "3.11.4", "3.11.12"] {
        let (minor, _) = version.rsplit_once('.').unwrap();
        place.install(&format!("pyenv/versions/{version}"), minor);
    }
    let shim = place.write("pyenv/shims/python3", "#!/usr/bin/env bash\n");
    place.set("PATH", shim.parent().unwrap());
    place
}

#[test]
fn a_shim_of_pyenv_leads_to_the_version_that_it_would_start() {
    let mut place = pyenv();
    assert_eq!(place.find(), None, "no version is chosen, and the system has no Python");
    place.write("pyenv/version", "3.9.2\n");
    assert_eq!(place.find().unwrap().prefix, place.path("pyenv/versions/3.9.2"));
    place.write("project/.python-version", "# ours\n3.8.1\n3.11\n");
    assert_eq!(place.find().unwrap().prefix, place.path("pyenv/versions/3.11.12"));
    let shim = place.path("pyenv/shims/python3");
    assert_eq!(
        place.find_with(Some(&shim)).unwrap(),
        place
            .find()
            .map(|found| Environment { source: "the `python` setting".to_owned(), ..found })
    );
    place.set("PYENV_VERSION", "python-3.11.4");
    assert_eq!(place.find().unwrap().prefix, place.path("pyenv/versions/3.11.4"));
}

#[test]
fn the_environment_of_a_hook_is_not_the_projects() {
    let mut place = Place::new();
    let hook = place.venv("cache/pre-commit/repo1/py_env-python3.12", "3.12");
    let tool = search::tool_environment(&place.path("project"), &hook.join("bin/pycheck"));
    assert_eq!(tool.as_deref(), Some(hook.as_path()));
    place.set("VIRTUAL_ENV", &hook);
    place.set("PATH", place.install("usr", "3.11").join("bin"));
    let first = |place: &Place| {
        let project = place.path("project");
        let variables = place.variables.clone();
        let variable = move |name: &str| {
            variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let request =
            EnvironmentRequest { python: None, project_root: &project, variable: &variable };
        search::first(&request, tool.as_deref()).map(|(_, layout)| layout.prefix)
    };
    assert_eq!(first(&place), None);
    let local = place.venv("project/.venv", "3.12");
    assert_eq!(first(&place), Some(local));
}
