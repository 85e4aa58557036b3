//! The import roots that the files of a project declare, one back end after the other.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

use std::path::{Path, PathBuf};

use pycheck_project::roots::{declared_roots, nested_projects};
use pycheck_project::settings::load;
use pycheck_project::settings::overrides::Overrides;
use tempfile::TempDir;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

/// The roots below the project as `folder`, or `folder as prefix`, with the reasons.
fn reasons(folder: &Path, nested: &str) -> Vec<(String, String)> {
    let settings = load(folder, folder, &Overrides::default()).unwrap();
    let (roots, notes) = declared_roots(&folder.join(nested), &settings);
    assert_eq!(notes, [""; 0]);
    let shown = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    let line = |path: &PathBuf, prefix: &str| match prefix {
        "" => shown(path),
        prefix => format!("{} as {prefix}", shown(path)),
    };
    roots.into_iter().map(|root| (line(&root.path, &root.prefix), root.reason)).collect()
}

fn roots(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tree(files);
    reasons(folder.path(), "").into_iter().map(|(root, _)| root).collect()
}

/// The roots of a project with this `pyproject.toml` and Python files in some usual folders.
fn roots_for(pyproject: &str) -> Vec<String> {
    roots(&[
        ("pyproject.toml", pyproject),
        ("python/thing/__init__.py", ""),
        ("code/other/__init__.py", ""),
        ("source/README", ""),
        ("tests/test_thing.py", ""),
    ])
}

#[test]
fn each_back_end_is_read() {
    for (pyproject, expected) in [
        ("[tool.setuptools]\npackage-dir = { \"\" = \"python\" }", &["python", ""][..]),
        (
            "[tool.setuptools]\npackage-dir = { \"thing.extra\" = \"code\" }",
            &["code as thing.extra", ""],
        ),
        (
            "[tool.setuptools.packages.find]\nwhere = [\"python\", \"code\"]",
            &["python", "code", ""],
        ),
        (
            "[tool.poetry]\npackages = [{ include = \"thing\", from = \"python\" }, \
             { include = \"other\", from = \"./code/\" }, { include = \"tests\" }]",
            &["python", "code", ""],
        ),
        (
            "[tool.hatch.build.targets.wheel]\npackages = [\"python/thing\", \"tests\"]",
            &["python", ""],
        ),
        ("[tool.hatch.build.targets.wheel]\nsources = [\"python\"]", &["python", ""]),
        (
            "[tool.hatch.build.targets.wheel.sources]\n\"code/other\" = \"thing/extra\"",
            &["code/other as thing.extra", ""],
        ),
        ("[tool.hatch.build]\ndev-mode-dirs = [\"python\", \".\"]", &["python", ""]),
        ("[tool.pdm.build]\npackage-dir = \"python\"", &["python", ""]),
        ("[tool.uv.build-backend]\nmodule-root = \"python\"", &["python", ""]),
        ("[tool.uv.build-backend]\nmodule-root = \"\"", &[""]),
        ("[tool.maturin]\npython-source = \"python\"", &["python", ""]),
        ("[tool.scikit-build]\nwheel.packages = [\"python/thing\"]", &["python", ""]),
        (
            "[tool.scikit-build.wheel.packages]\n\"thing/extra\" = \"code\"",
            &["code as thing.extra", ""],
        ),
        ("[tool.setuptools]\npackage-dir = { \"\" = \"absent\" }", &[""]),
        ("[tool.setuptools]\npackage-dir = 1\n[tool.poetry]\npackages = \"x\"", &[""]),
        ("", &[""]),
    ] {
        assert_eq!(roots_for(pyproject), expected, "{pyproject}");
    }
}

#[test]
fn back_ends_that_look_find_what_is_there() {
    let flit =
        "[build-system]\nbuild-backend = \"flit_core.buildapi\"\n[project]\nname = \"my-thing\"";
    let folder = tree(&[("pyproject.toml", flit), ("src/my_thing.py", "")]);
    assert_eq!(reasons(folder.path(), "")[0].1, "the module of Flit in `src`");
    let uv = "[build-system]\nbuild-backend = \"uv_build\"";
    let folder = tree(&[("pyproject.toml", uv), ("src/thing.py", "")]);
    assert_eq!(reasons(folder.path(), "")[0].1, "the default `module-root` of uv_build");
    assert_eq!(roots(&[("pyproject.toml", uv), ("thing.py", "")]), [""]);
}

#[test]
fn setuptools_is_read_in_its_older_files() {
    let cfg = "[options]\npackage_dir =\n    =python\npackages = find:\n\
               [options.packages.find]\nwhere = python\n";
    assert_eq!(roots(&[("setup.cfg", cfg), ("python/a.py", "")]), ["python", ""]);
    let py = "from setuptools import setup, find_packages\n\
              setup(package_dir={'': 'python', 'x.y': 'code'}, packages=find_packages('python'))\n";
    assert_eq!(
        roots(&[("setup.py", py), ("python/a.py", ""), ("code/b.py", "")]),
        ["python", "code as x.y", ""]
    );
    let py = "setup(package_dir={'': 'python', 'x': 'python/x'})\n";
    assert_eq!(roots(&[("setup.py", py), ("python/x/__init__.py", "")]), ["python", ""]);
}

#[test]
fn reasons_name_the_table() {
    let pyproject = "[tool.poetry]\npackages = [{ include = \"a\", from = \"python\" }]";
    let folder = tree(&[("pyproject.toml", pyproject), ("python/a.py", ""), ("src/b.py", "")]);
    let expected = [
        ("python", "`[tool.poetry] packages` in pyproject.toml"),
        ("src", "`src` layout"),
        ("", "the folder of the project"),
    ];
    assert_eq!(
        reasons(folder.path(), ""),
        expected.map(|(root, reason)| (root.to_owned(), reason.to_owned()))
    );
}

#[test]
fn a_layout_counts_when_it_holds_modules_and_is_no_package() {
    assert_eq!(roots(&[("src/a.py", ""), ("lib/b/__init__.py", "")]), ["src", "lib", ""]);
    assert_eq!(roots(&[("src/a/b/c.py", "")]), ["src", ""]);
    assert_eq!(roots(&[("src/__init__.py", ""), ("src/a.py", "")]), [""]);
    assert_eq!(roots(&[("src/main.rs", ""), ("lib/x.so", "")]), [""]);
    assert_eq!(roots(&[("lib/python3.12/site.py", ""), ("pyvenv.cfg", "")]), [""]);
    assert_eq!(roots(&[("lib/python3.12/site.py", "")]), [""]);
}

#[test]
fn named_folders_are_the_only_ones() {
    let files = [
        ("pyproject.toml", "[tool.pycheck]\nsrc = [\"code\"]"),
        ("src/a.py", ""),
        ("code/b.py", ""),
    ];
    let folder = tree(&files);
    assert_eq!(
        reasons(folder.path(), ""),
        [("code".to_owned(), "`src` in the configuration".to_owned())]
    );
    let overrides = Overrides { src: vec!["src".into()], ..Overrides::default() };
    let settings = load(folder.path(), folder.path(), &overrides).unwrap();
    let (roots, _) = declared_roots(folder.path(), &settings);
    assert_eq!(roots[0].path, folder.path().join("src"));
    assert_eq!(roots[0].reason, "`--src`");
    assert_eq!(roots.len(), 1);
}

#[test]
fn the_path_of_pytest_counts() {
    for (file, text) in [
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = [\"helpers\", \"app\", \".\"]"),
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = \"helpers absent\""),
        ("pyproject.toml", "[tool.pytest]\npythonpath = [\"helpers\"]"),
        ("pytest.ini", "[pytest]\npythonpath = helpers app\n"),
        ("tox.ini", "[pytest]\npythonpath =\n    helpers\n"),
        ("setup.cfg", "[tool:pytest]\npythonpath = helpers\n"),
    ] {
        let folder = tree(&[(file, text), ("helpers/a.py", ""), ("app/__init__.py", "")]);
        let expected = ("helpers".to_owned(), format!("`pythonpath` of pytest in {file}"));
        assert_eq!(reasons(folder.path(), "")[0], expected, "{text}");
        assert_eq!(reasons(folder.path(), "").len(), 2, "{text}");
    }
}

#[test]
fn a_layout_is_a_guess_unless_the_back_end_says_so() {
    let poetry = "[tool.poetry]\npackages = [{ include = \"a\", from = \"lib\" }]";
    let folder = tree(&[("pyproject.toml", poetry), ("lib/a.py", ""), ("src/b.py", "")]);
    let settings = load(folder.path(), folder.path(), &Overrides::default()).unwrap();
    let (roots, _) = declared_roots(folder.path(), &settings);
    let guesses: Vec<bool> = roots.iter().map(|root| root.is_guess).collect();
    assert_eq!(guesses, [false, true, false]);
}

#[test]
fn nested_projects_have_their_own_roots() {
    let poetry = "[tool.poetry]\npackages = [{ include = \"a\", from = \"python\" }]";
    let folder = tree(&[
        ("pyproject.toml", ""),
        ("packages/a/pyproject.toml", poetry),
        ("packages/a/python/a/__init__.py", ""),
        ("packages/b/setup.cfg", ""),
        ("packages/b/src/b.py", ""),
        ("packages/c/pyproject.toml", "[tool.pycheck]\nsrc = [\"code\"]"),
        ("packages/c/code/c.py", ""),
        ("core/setup.py", ""),
        ("core/__init__.py", ""),
    ]);
    let path = |relative: &str| folder.path().join(relative);
    let folders =
        ["", "packages/a/python/a", "packages/b/src", "packages/c/code", "core"].map(path);
    let nested = nested_projects(
        folder.path(),
        folders.iter().map(PathBuf::as_path),
        &|folder: &Path, name: &str| folder.join(name).is_file(),
    );
    assert_eq!(nested, ["packages/a", "packages/b", "packages/c"].map(path));
    let roots = |nested: &str| -> Vec<String> {
        reasons(folder.path(), nested).into_iter().map(|(root, _)| root).collect()
    };
    assert_eq!(roots("packages/a"), ["packages/a/python", "packages/a"]);
    assert_eq!(roots("packages/b"), ["packages/b/src", "packages/b"]);
    assert_eq!(roots("packages/c"), ["packages/c/code"]);
}

#[test]
fn a_broken_nested_project_costs_a_line() {
    let folder =
        tree(&[("pyproject.toml", ""), ("a/pyproject.toml", "x = \n"), ("a/src/b.py", "")]);
    let settings = load(folder.path(), folder.path(), &Overrides::default()).unwrap();
    let (roots, notes) = declared_roots(&folder.path().join("a"), &settings);
    assert_eq!(roots[0].path, folder.path().join("a/src"));
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    assert!(note.starts_with("a/pyproject.toml:1:"), "{note}");
    assert!(note.ends_with("; the file is passed over"), "{note}");
    assert_eq!(note.lines().count(), 1);
}
