//! `setup.cfg`, `setup.py` and `tox.ini`.

use std::path::Path;

use pycheck_syntax::literals::{Literal, call_keywords};

use super::requirements::{add_file, add_line};
use super::{Declared, ini, read};

/// Adds what the section `options` and its extras name.
pub(super) fn add_setup_cfg(declared: &mut Declared, root: &Path) {
    let entries = ini::entries(&read(&root.join("setup.cfg")).unwrap_or_default());
    for entry in entries {
        let in_options = entry.section == "options"
            && matches!(entry.key.as_str(), "install_requires" | "tests_require");
        if in_options || entry.section == "options.extras_require" {
            declared.found_any = true;
            add_values(declared, root, &entry.lines);
        }
    }
}

/// Adds the dependencies of the environments of `tox.ini`. They alone do not say what a project
/// needs, so that they do not count as a declaration.
pub(super) fn add_tox(declared: &mut Declared, root: &Path) {
    let entries = ini::entries(&read(&root.join("tox.ini")).unwrap_or_default());
    for entry in entries.iter().filter(|entry| entry.key == "deps") {
        // `py310: name` applies to some environments only.
        let requirement = |line: &String| match line.split_once(": ") {
            Some((_, requirement)) => requirement.trim().to_owned(),
            None => line.clone(),
        };
        for line in entry.lines.iter().map(requirement) {
            if let Some(file) = add_line(declared, &line) {
                add_file(declared, &root.join(file));
            }
        }
    }
}

fn add_values(declared: &mut Declared, root: &Path, lines: &[String]) {
    for line in lines {
        match line.strip_prefix("file:") {
            Some(files) => {
                for file in files.split(',') {
                    add_file(declared, &root.join(file.trim()));
                }
            }
            // A single line may hold several, and their markers, whose names do no harm.
            None if lines.len() == 1 => declared.add_all(line.split(';')),
            None => {
                if let Some(file) = add_line(declared, line) {
                    add_file(declared, &root.join(file));
                }
            }
        }
    }
}

/// Adds the arguments of `setup()`, as far as they are literal.
pub(super) fn add_setup_py(declared: &mut Declared, root: &Path) {
    let source = read(&root.join("setup.py")).unwrap_or_default();
    let Some(keywords) = call_keywords(&source, "setup") else { return };
    for name in ["install_requires", "tests_require", "requires"] {
        if let Some(value) = keywords.get(name) {
            declared.found_any = true;
            add_literal(declared, value);
        }
    }
    match keywords.get("extras_require") {
        Some(Literal::Dict(extras)) => {
            for (_, value) in extras {
                add_literal(declared, value);
            }
        }
        Some(_) => declared.incomplete = true,
        None => {}
    }
}

fn add_literal(declared: &mut Declared, value: &Literal) {
    match value {
        Literal::Str(text) => declared.add_all(text.lines()),
        Literal::List(items) | Literal::Tuple(items) => {
            for item in items {
                add_literal(declared, item);
            }
        }
        Literal::None => {}
        _ => declared.incomplete = true,
    }
}
