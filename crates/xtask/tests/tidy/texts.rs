//! What every text file keeps to, and the files of the house.

use super::assert_none;
use super::files::{TextFile, all, root, text};

/// Where absolute paths of somebody's machine begin.
const MACHINE_FOLDERS: [&str; 3] = ["work", "root", "home"];

#[test]
fn no_line_ends_in_blanks() {
    let mut problems = Vec::new();
    let kept_trim = ["rs", "toml", "md", "yaml", "yml", "json"];
    for file in all().iter().filter(|file| kept_trim.contains(&file.extension())) {
        for (number, line) in file.numbered_lines() {
            if line.ends_with([' ', '\t', '\r']) {
                problems.push(format!("{}:{number}: blanks at the end of the line", file.path));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let mut problems = Vec::new();
    for file in all() {
        for (number, line) in file.numbered_lines() {
            for folder in MACHINE_FOLDERS {
                if has_absolute_path(line, folder) {
                    problems.push(format!("{}:{number}: a path in `/{folder}/`", file.path));
                }
            }
        }
    }
    assert_none(&problems);
}

/// Whether the line has a path that begins with this folder, rather than contains it.
fn has_absolute_path(line: &str, folder: &str) -> bool {
    line.match_indices(&format!("/{folder}/")).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || "_-.~})>*".contains(before))
    })
}

#[test]
fn absolute_paths_are_told_from_relative_ones() {
    let folder = MACHINE_FOLDERS[0];
    assert!(has_absolute_path(&format!("cd /{folder}/main"), folder));
    assert!(has_absolute_path(&format!("\"/{folder}/main\""), folder));
    assert!(!has_absolute_path(&format!("tests/{folder}/main"), folder));
}

#[test]
fn the_changelog_speaks_of_this_version() {
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    let changelog = text("CHANGELOG.md");
    let mut lines = changelog.lines().skip_while(|line| !line.starts_with(&heading)).skip(1);
    assert!(
        lines.any(|line| !line.trim().is_empty() && !line.starts_with("## ")),
        "CHANGELOG.md has no entry under `{heading}`"
    );
}

#[test]
fn the_files_that_people_look_for_are_there() {
    let expected = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        ".pre-commit-hooks.yaml",
        "docs/style.md",
    ];
    let missing: Vec<&str> =
        expected.into_iter().filter(|path| !root().join(path).is_file()).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
fn both_descriptions_of_the_python_package_say_the_same() {
    let project = |path: &str| {
        let text = text(path).replace("../../", "").replace("crates/pycheck/", "");
        let lines = text.lines().filter(|line| !line.starts_with("manifest-path"));
        let skipped = lines.skip_while(|line| *line != "[build-system]");
        skipped.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(project("crates/pycheck/pyproject.toml"), project("pyproject.toml"));
}

#[test]
fn relative_links_lead_somewhere() {
    let mut problems = Vec::new();
    for file in all().iter().filter(|file| is_document(file)) {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for target in links(&file.text) {
            if !folder.join(target).exists() {
                problems.push(format!("{}: no such file: {target}", file.path));
            }
        }
    }
    assert_none(&problems);
}

/// Pages for readers, rather than Markdown that holds tests.
fn is_document(file: &TextFile) -> bool {
    let at_top = !file.path.contains('/');
    file.extension() == "md" && (at_top || file.path.starts_with("docs/"))
}

/// The files that inline links point to, without fragments, and without addresses on the net.
fn links(markdown: &str) -> Vec<&str> {
    let targets = markdown.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .filter_map(|target| target.split('#').next())
        .collect()
}
