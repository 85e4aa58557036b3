//! Configuration as users write it: where it is found, what it does, and what is said of mistakes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

use std::path::Path;

use pycheck_model::{Level, PythonVersion, RuleId};
use pycheck_project::settings::overrides::{ConfigArgument, Overrides};
use pycheck_project::settings::{Settings, load};
use tempfile::TempDir;

/// A folder with these files; a name that ends with `/` is an empty folder.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        if name.ends_with('/') {
            std::fs::create_dir_all(path).unwrap();
            continue;
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

fn loaded(folder: &TempDir, first_path: &str) -> Settings {
    load(Path::new(first_path), folder.path(), &Overrides::default()).unwrap()
}

fn error(files: &[(&str, &str)], first_path: &str, overrides: &Overrides) -> String {
    let folder = tree(files);
    load(Path::new(first_path), folder.path(), overrides).unwrap_err().to_string()
}

/// The error that a `pycheck.toml` with this text gives.
fn error_in(text: &str) -> String {
    error(&[("pycheck.toml", text)], ".", &Overrides::default())
}

fn level(settings: &Settings, rule: &str) -> Level {
    let (id, _) = pycheck_rules::find(rule).unwrap();
    settings.rules.level(id)
}

fn id(rule: &str) -> RuleId {
    pycheck_rules::find(rule).unwrap().0
}

/// The project found for `first_path`, relative to the working directory.
fn root_of(folder: &TempDir, first_path: &str) -> String {
    let root = loaded(folder, first_path).project_root;
    root.strip_prefix(folder.path()).unwrap().display().to_string()
}

#[test]
fn every_key_is_read() {
    let folder = tree(&[
        (
            "pyproject.toml",
            r#"
[project]
requires-python = ">=3.9"
[tool.pycheck]
src = ["lib", "packages/*/src"]
python = ".venv"
python-version = "3.12.4"
include = ["lib"]
exclude = ["vendor"]
extend-exclude = ["*_pb2.py"]
select = ["pitfalls"]
extend-select = ["bare-except"]
ignore = ["imports"]
extend-mutable-calls = ["a.b"]
extend-immutable-calls = ["c"]
immediate-callees = ["d"]
main-guard-scripts = true
python-platform = "macos"
allowed-unresolved-imports = ["e.*"]
respect-gitignore = false
[tool.pycheck.rules]
bare-except = "error"
[tool.pycheck.per-file-ignores]
"tests/*" = ["E722"]
"#,
        ),
        ("packages/b/src/", ""),
        ("packages/a/src/", ""),
        ("lib/", ""),
    ]);
    let settings = loaded(&folder, ".");
    let path = |relative: &str| folder.path().join(relative);
    assert_eq!(settings.project_root, folder.path());
    assert_eq!(settings.config_file, Some(path("pyproject.toml")));
    assert_eq!(settings.src, ["lib", "packages/a/src", "packages/b/src"].map(path));
    assert_eq!(settings.python, Some(path(".venv")));
    assert_eq!(settings.python_version, Some(PythonVersion { major: 3, minor: 12 }));
    assert_eq!(settings.requires_python, Some(PythonVersion { major: 3, minor: 9 }));
    assert!(settings.files.is_included(&path("lib/a.py")));
    assert!(!settings.files.is_included(&path("a.py")));
    assert!(settings.files.is_excluded(&path("vendor"), true));
    assert!(settings.files.is_excluded(&path("lib/x_pb2.py"), false));
    assert!(!settings.files.is_excluded(&path("dist"), true), "`exclude` replaces the defaults");
    assert_eq!(level(&settings, "bare-except"), Level::Error);
    assert!(settings.per_file_ignores.ignores(&path("tests/a.py")).contains(&id("bare-except")));
    assert_eq!(settings.rule_options.extend_mutable_calls, ["a.b"]);
    assert_eq!(settings.rule_options.extend_immutable_calls, ["c"]);
    assert_eq!(settings.rule_options.immediate_callees, ["d"]);
    assert!(settings.rule_options.main_guard_scripts);
    assert_eq!(settings.python_platform.as_deref(), Some("darwin"));
    assert_eq!(settings.allowed_unresolved_imports, ["e.*"]);
    assert!(!settings.respect_gitignore);
    assert_eq!(settings.notes, [""; 0]);
}

#[test]
fn the_examples_of_the_documentation_can_be_used() {
    for option in pycheck_project::options::ALL {
        // What an example adds to lies above it.
        let folder = tree(&[("project/pycheck.toml", option.example), ("pycheck.toml", "")]);
        let found = load(Path::new("."), &folder.path().join("project"), &Overrides::default());
        assert!(found.is_ok(), "{}: {}", option.example, found.unwrap_err());
        assert!(option.example.starts_with(option.key), "{}", option.example);
    }
}

#[test]
fn without_configuration_the_defaults_hold() {
    let folder = tree(&[("a.py", "")]);
    let settings = loaded(&folder, ".");
    assert_eq!(settings.config_file, None);
    assert_eq!(level(&settings, "bare-except"), Level::Warn);
    assert!(settings.files.is_excluded(&folder.path().join("node_modules"), true));
    assert_eq!(settings.requires_python, None);
}

#[test]
fn own_files_beat_pyproject() {
    let pyproject = ("pyproject.toml", "[tool.pycheck]\nrules.bare-except = \"info\"");
    let plain = ("pycheck.toml", "rules.bare-except = \"error\"");
    let hidden = (".pycheck.toml", "rules.bare-except = \"off\"");
    assert_eq!(level(&loaded(&tree(&[pyproject]), "."), "bare-except"), Level::Info);
    assert_eq!(level(&loaded(&tree(&[pyproject, plain]), "."), "bare-except"), Level::Error);
    assert_eq!(level(&loaded(&tree(&[pyproject, plain, hidden]), "."), "bare-except"), Level::Off);
}

#[test]
fn the_configuration_is_found_by_walking_up() {
    let folder = tree(&[
        ("pycheck.toml", ""),
        ("a/pyproject.toml", "[tool.black]"),
        ("a/b/c.py", ""),
        ("own/.pycheck.toml", ""),
        ("own/x.py", ""),
    ]);
    assert_eq!(root_of(&folder, "a/b/c.py"), "");
    assert_eq!(root_of(&folder, "own/x.py"), "own");
}

#[test]
fn a_repository_ends_the_search() {
    let folder = tree(&[("pycheck.toml", ""), ("repo/.git/", ""), ("repo/a/b.py", "")]);
    assert_eq!(root_of(&folder, "repo/a/b.py"), "repo");
}

#[test]
fn without_configuration_the_nearest_project_is_taken() {
    for marker in ["pyproject.toml", "setup.py", "setup.cfg", ".git/"] {
        let folder = tree(&[(&format!("outer/{marker}"), ""), ("outer/a/b/c.py", "")]);
        assert_eq!(root_of(&folder, "outer/a/b/c.py"), "outer", "{marker}");
    }
}

#[test]
fn a_part_belongs_to_the_project_of_the_working_directory() {
    let folder = tree(&[("setup.py", ""), ("part/setup.py", ""), ("part/a.py", "")]);
    assert_eq!(root_of(&folder, "part/a.py"), "");
}

#[test]
fn a_member_of_a_workspace_belongs_to_the_workspace() {
    let workspace = "[tool.uv.workspace]\nmembers = [\"packages/*\"]\nexclude = [\"packages/x\"]";
    let folder = tree(&[
        ("w/pyproject.toml", workspace),
        ("w/packages/a/pyproject.toml", ""),
        ("w/packages/x/pyproject.toml", ""),
        ("w/other/pyproject.toml", ""),
    ]);
    assert_eq!(root_of(&folder, "w/packages/a"), "w");
    assert_eq!(root_of(&folder, "w/packages/x"), "w/packages/x");
    assert_eq!(root_of(&folder, "w/other"), "w/other");
}

#[test]
fn without_any_marker_the_root_is_the_folder_or_what_holds_the_package() {
    let folder = tree(&[("p/a/__init__.py", ""), ("p/a/b/__init__.py", ""), ("p/a/b/c.py", "")]);
    assert_eq!(root_of(&folder, "p"), "p");
    assert_eq!(root_of(&folder, "p/a/b/c.py"), "p");
    assert_eq!(root_of(&folder, "p/a/b"), "p");
    assert_eq!(root_of(&folder, "p/../p/./a"), "p");
}

#[test]
fn an_unknown_key_names_its_line_and_the_nearest_key() {
    assert_eq!(
        error(
            &[("pyproject.toml", "[tool.pycheck]\nselect = []\n  exlude = [\"a\"]\n")],
            ".",
            &Overrides::default()
        ),
        "pyproject.toml:3:3: unknown key `exlude` in `[tool.pycheck]`; did you mean `exclude`?"
    );
    assert_eq!(
        error_in("[per_file_ignores]"),
        "pycheck.toml:1:2: unknown key `per_file_ignores` in the configuration; \
         did you mean `per-file-ignores`?"
    );
    let unlike = error_in("line-length = 100");
    assert!(
        unlike.starts_with(
            "pycheck.toml:1:1: unknown key `line-length` in the configuration; the keys are `src`, "
        ),
        "{unlike}"
    );
}

fn assert_errors(cases: &[(&str, &str)]) {
    for (text, message) in cases {
        assert_eq!(error_in(text), format!("pycheck.toml:{message}"), "{text}");
    }
}

#[test]
fn a_wrong_type_says_what_was_expected() {
    assert_errors(&[
        (
            "src = \"src\"",
            "1:7: `src`: expected a list of strings, found a string; write `[\"src\"]`",
        ),
        ("ignore = true", "1:10: `ignore`: expected a list of strings, found a boolean"),
        (
            "select = [\n  \"all\",\n  1]",
            "3:3: `select`: expected a list of strings, found an integer in the list",
        ),
        (
            "python-version = 3.12",
            "1:18: `python-version`: expected a string such as \"3.12\", found a float",
        ),
        (
            "python-version = \"3.4\"",
            "1:18: `python-version`: Python 3.4 cannot be checked for; the versions are 3.8 to 3.15",
        ),
        (
            "python-version = \"new\"",
            "1:18: `python-version`: `new` is not a Python version such as `3.12`",
        ),
        ("python = []", "1:10: `python`: expected a string, found a list"),
        (
            "exclude = [\"ok\", \"[\"]",
            "1:18: `exclude`: `[` is not a glob: unclosed character class; missing ']'",
        ),
    ]);
}

#[test]
fn a_wrong_table_says_what_was_expected() {
    assert_errors(&[
        (
            "rules = [\"bare-except\"]",
            "1:9: `rules`: expected a table of levels such as `bare-except = \"error\"`, found a list",
        ),
        (
            "[rules]\nbare-except = \"eror\"",
            "2:15: `rules`: `eror` is not a level; the levels are `error`, `warn`, `info` and `off`; \
             did you mean `error`?",
        ),
        ("[rules]\nbare-except = 1", "2:15: `rules`: expected a string, found an integer"),
        (
            "[per-file-ignores]\n\"a\" = \"E722\"",
            "2:7: `per-file-ignores`: expected a list of strings, found a string; write `[\"E722\"]`",
        ),
    ]);
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    for (text, place) in [
        ("select = [\"bare-excpt\"]", "1:11: `select`"),
        ("[rules]\nbare-excpt = \"off\"", "2:1: `rules`"),
        ("[per-file-ignores]\na = [\"bare-excpt\"]", "2:6: `per-file-ignores`"),
    ] {
        assert_eq!(
            error_in(text),
            format!("pycheck.toml:{place}: unknown rule `bare-excpt`; did you mean `bare-except`?")
        );
    }
    let overrides = Overrides { ignore: vec!["pitfals".to_owned()], ..Overrides::default() };
    assert_eq!(
        error(&[], ".", &overrides),
        "--ignore: unknown rule `pitfals`; did you mean `pitfalls`?"
    );
}

#[test]
fn a_broken_configuration_is_an_error() {
    for name in ["pycheck.toml", ".pycheck.toml", "pyproject.toml"] {
        let message = error(&[(name, "a = 1\nb = [1\n")], ".", &Overrides::default());
        assert!(message.starts_with(&format!("{name}:2:7: not valid TOML: ")), "{message}");
    }
    let files = [("pycheck.toml", ""), ("a/pyproject.toml", "[tool.pycheck]\nb ="), ("a/b.py", "")];
    let message = error(&files, "a/b.py", &Overrides::default());
    assert!(message.starts_with("a/pyproject.toml:2:4: not valid TOML: "), "{message}");
}

#[test]
fn a_broken_project_file_on_the_way_costs_a_line() {
    let folder = tree(&[("pycheck.toml", ""), ("a/pyproject.toml", "[x"), ("a/b.py", "")]);
    let settings = loaded(&folder, "a/b.py");
    assert_eq!(settings.project_root, folder.path());
    let [note] = settings.notes.as_slice() else { panic!("{:?}", settings.notes) };
    assert!(note.starts_with("a/pyproject.toml:1:3: not valid TOML: "), "{note}");
    assert!(note.ends_with("; the file is passed over"), "{note}");
}

#[test]
fn the_command_line_beats_the_configuration() {
    let folder = tree(&[
        ("pycheck.toml", "ignore = [\"pitfalls\"]\nsrc = [\"a\"]\npython-version = \"3.9\""),
        ("b/", ""),
    ]);
    let overrides = Overrides {
        select: Some(vec!["bare-except".to_owned()]),
        src: vec!["b".into()],
        python_version: Some(PythonVersion::NEWEST),
        python: Some("env".into()),
        ..Overrides::default()
    };
    let settings = load(Path::new("."), folder.path(), &overrides).unwrap();
    assert_eq!(level(&settings, "bare-except"), Level::Warn);
    assert_eq!(settings.src, [folder.path().join("b")]);
    assert_eq!(settings.python_version, Some(PythonVersion::NEWEST));
    assert_eq!(settings.python, Some(folder.path().join("env")));
}

#[test]
fn pairs_on_the_command_line_beat_the_file() {
    let folder = tree(&[("pycheck.toml", "rules.bare-except = \"error\"\nexclude = [\"a\"]")]);
    let config = ["rules.bare-except = \"info\"", "exclude = [\"b\"]"]
        .map(|text| ConfigArgument::new(text, folder.path()));
    let overrides = Overrides { config: config.to_vec(), ..Overrides::default() };
    let settings = load(Path::new("."), folder.path(), &overrides).unwrap();
    assert_eq!(level(&settings, "bare-except"), Level::Info);
    assert!(settings.files.is_excluded(&folder.path().join("b"), true));
    assert!(!settings.files.is_excluded(&folder.path().join("a"), true));
    let config = vec![ConfigArgument::Inline("selct = []".to_owned())];
    let overrides = Overrides { config, ..Overrides::default() };
    assert_eq!(
        load(Path::new("."), folder.path(), &overrides).unwrap_err().to_string(),
        "--config 'selct = []': unknown key `selct` in `--config`; did you mean `select`?"
    );
}

#[test]
fn a_configuration_file_may_be_given() {
    let folder = tree(&[
        ("pyproject.toml", "[tool.pycheck]\nrules.bare-except = \"off\""),
        ("ci/strict.toml", "rules.bare-except = \"error\"\nextend-exclude = [\"ci/x\"]"),
        ("ci/pyproject.toml", "[project]"),
    ]);
    let with = |name: &str| Overrides {
        config: vec![ConfigArgument::new(name, folder.path())],
        ..Overrides::default()
    };
    let settings = load(Path::new("."), folder.path(), &with("ci/strict.toml")).unwrap();
    assert_eq!(settings.project_root, folder.path());
    assert_eq!(level(&settings, "bare-except"), Level::Error);
    assert!(settings.files.is_excluded(&folder.path().join("ci/x"), true));
    let error = load(Path::new("."), folder.path(), &with("ci/pyproject.toml")).unwrap_err();
    assert_eq!(error.to_string(), "ci/pyproject.toml:1:1: the file has no `[tool.pycheck]` table");
    let error = load(Path::new("."), folder.path(), &with("none.toml")).unwrap_err().to_string();
    assert!(error.starts_with("none.toml: cannot be read: "), "{error}");
}

#[test]
fn isolated_leaves_configuration_out() {
    let folder = tree(&[("pyproject.toml", "[tool.pycheck]\nselect = 1")]);
    let overrides = Overrides { isolated: true, ..Overrides::default() };
    let settings = load(Path::new("."), folder.path(), &overrides).unwrap();
    assert_eq!(settings.config_file, None);
    assert_eq!(settings.project_root, folder.path());
}

#[test]
fn a_root_that_is_not_there_costs_a_line() {
    let folder = tree(&[("pycheck.toml", "src = [\"sorce\"]")]);
    assert_eq!(
        loaded(&folder, ".").notes,
        ["sorce: there is no such folder, but `src` in the configuration names it"]
    );
}
