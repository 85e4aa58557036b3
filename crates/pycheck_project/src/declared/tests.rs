//! Declarations as projects write them.

use std::fs;

use tempfile::TempDir;

use super::*;

fn declared(files: &[(&str, &str)]) -> Declared {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    declared_dependencies(folder.path())
}

fn names(declared: &Declared) -> Vec<&str> {
    declared.distributions.iter().map(String::as_str).collect()
}

#[test]
fn a_project_that_declares_nothing_is_told_apart_from_one_without_dependencies() {
    assert!(!declared(&[("pyproject.toml", "[tool.pycheck]\n")]).found_any);
    assert!(!declared(&[]).found_any);
    assert!(declared(&[("pyproject.toml", "[project]\nname = 'x'\n")]).found_any);
    let dynamic = "[project]\nname = 'x'\ndynamic = ['dependencies']\n";
    assert!(!declared(&[("pyproject.toml", dynamic)]).found_any);
}

#[test]
fn the_standard_tables_of_pyproject_are_read() {
    let text = r#"
        [build-system]
        requires = ["hatchling"]
        [project]
        name = "mine"
        dependencies = ["Requests[socks] >=2; python_version < '4'", "ruamel.yaml", "a_b @ https://x.y/z"]
        [project.optional-dependencies]
        plot = ["matplotlib~=3.1"]
        [dependency-groups]
        dev = ["pytest", { include-group = "plot" }]
    "#;
    let found = declared(&[("pyproject.toml", text)]);
    assert_eq!(
        names(&found),
        ["a-b", "hatchling", "matplotlib", "pytest", "requests", "ruamel-yaml"]
    );
    assert!(found.found_any && !found.incomplete);
}

#[test]
fn tables_of_tools_are_read() {
    let text = r#"
        [tool.poetry.dependencies]
        python = "^3.9"
        Flask = "*"
        [tool.poetry.group.dev.dependencies]
        black = { version = "1", optional = true }
        [tool.uv]
        dev-dependencies = ["mypy"]
        [tool.pdm.dev-dependencies]
        test = ["hypothesis"]
        [tool.hatch.envs.docs]
        dependencies = ["mkdocs"]
        [tool.setuptools.dynamic]
        dependencies = { file = ["reqs.in"] }
    "#;
    let found = declared(&[("pyproject.toml", text), ("reqs.in", "numpy\n")]);
    assert_eq!(names(&found), ["black", "flask", "hypothesis", "mkdocs", "mypy", "numpy"]);
}

#[test]
fn requirements_files_lead_to_each_other() {
    let found = declared(&[
        (
            "requirements.txt",
            "# all\n-r requirements/base.txt\n--index-url https://x\nrich==1 \\\n  --hash=sha256:0\n",
        ),
        ("requirements/base.txt", "-r ../requirements.txt\nDjango>=4 # why\n-e .\n./local\n"),
        (
            "dev-requirements.txt",
            "-e git+https://x.y/z.git#egg=My_Egg\nhttps://x.y/pkg.whl\nblack@https://x\n",
        ),
        ("notes.txt", "not-a-requirement\n"),
    ]);
    assert_eq!(names(&found), ["black", "django", "my-egg", "rich"]);
}

#[test]
fn setup_files_are_read_as_far_as_they_are_literal() {
    let cfg = "[metadata]\nname = x\n[options]\ninstall_requires =\n    click>=7\n    # no\n    attrs\n\
               [options.extras_require]\ntests = pytest; coverage\n";
    let setup = "from setuptools import setup\nR = ['six']\nsetup(install_requires=R + ['toml'],\n\
                 extras_require={'a': ['b.c>1'], 'd': 'e'})\n";
    let found = declared(&[("setup.cfg", cfg), ("setup.py", setup)]);
    assert_eq!(names(&found), ["attrs", "b-c", "click", "coverage", "e", "pytest", "six", "toml"]);
    assert!(!found.incomplete);
    let computed = declared(&[("setup.py", "setup(install_requires=read('r.txt'))")]);
    assert!(computed.incomplete && computed.distributions.is_empty());
}

#[test]
fn lock_files_and_others_are_read() {
    let found = declared(&[
        ("uv.lock", "version = 1\n[[package]]\nname = \"anyio\"\nversion = \"4\"\n"),
        ("pylock.toml", "[[packages]]\nname = \"idna\"\n"),
        (
            "Pipfile",
            "[requires]\npython_version = '3'\n[packages]\nflask = '*'\n[dev-packages]\ntox = '*'\n",
        ),
        (
            "environment.yml",
            "channels:\n  - defaults\ndependencies:\n  - conda-forge::gdal=3.1\n  - pip:\n    - httpx>1\n",
        ),
        ("tox.ini", "[testenv]\ndeps =\n    py39: mock\n    nose\n"),
    ]);
    assert_eq!(
        names(&found),
        ["anyio", "defaults", "flask", "gdal", "httpx", "idna", "mock", "nose", "pip", "tox"]
    );
}

#[test]
fn a_module_is_declared_by_the_distribution_that_provides_it() {
    let found = declared(&[("requirements.txt", "PyYAML\nSQLAlchemy\ngoogle-cloud-storage\n")]);
    for module in ["yaml", "sqlalchemy", "google"] {
        assert!(is_declared(&found, module), "{module}");
    }
    for module in ["requests", "sql", "cloud", "pyyam"] {
        assert!(!is_declared(&found, module), "{module}");
    }
}

#[test]
fn a_file_that_does_not_parse_declares_nothing() {
    assert_eq!(declared(&[("pyproject.toml", "[project"), ("uv.lock", "\0")]), Declared::default());
}
