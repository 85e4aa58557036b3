//! `cargo xtask new-rule NAME`: the two files of a new rule, and its two lines in the list.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, run, workspace_root};

const CODE: &str = include_str!("../templates/rule.rs.txt");
const PAGE: &str = include_str!("../templates/rule.md");

/// Writes and lists the rule.
pub(crate) fn run_for(name: &str) -> Result<()> {
    check_name(name)?;
    let stem = name.replace('-', "_");
    let source = workspace_root().join("crates/pycheck_rules/src");
    let list = source.join("rules.rs");
    let listed =
        fs::read_to_string(&list).with_context(|| format!("can't read {}", list.display()))?;
    let listed = insert(&listed, &stem)?;
    for (extension, template) in [("rs", CODE), ("md", PAGE)] {
        let file = source.join("rules").join(&stem).with_extension(extension);
        ensure!(!file.exists(), "{} exists already", file.display());
        write(&file, &template.replace("{name}", name).replace("{stem}", &stem))?;
    }
    write(&list, &listed)?;
    run(cargo().args(["fmt", "--package", "pycheck_rules"]))?;
    println!("wrote rules/{stem}.rs and rules/{stem}.md; the page comes first, then the check");
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    if !name.split('-').all(is_word) {
        bail!("`{name}` is no name for a rule: small letters, and one `-` between words");
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

/// The list of rules with one more: a `mod` line and an entry, each at its place in the alphabet.
fn insert(list: &str, stem: &str) -> Result<String> {
    let declared = insert_module(list, stem)?;
    insert_entry(&declared, stem)
}

fn insert_module(list: &str, stem: &str) -> Result<String> {
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    let modules: Vec<(usize, &str)> =
        list.lines().enumerate().filter_map(|(index, line)| Some((index, module(line)?))).collect();
    let Some((last, _)) = modules.last() else { bail!("rules.rs has no line `mod …;`") };
    ensure!(modules.iter().all(|(_, other)| *other != stem), "`{stem}` is listed already");
    let after = modules.iter().find(|(_, other)| *other > stem);
    let at = after.map_or(last + 1, |(index, _)| *index);
    lines.insert(at, format!("mod {stem};"));
    Ok(lines.join("\n") + "\n")
}

/// The stem that a line such as `pub(crate) mod bare_except;` declares.
fn module(line: &str) -> Option<&str> {
    let (before, name) = line.split_once("mod ")?;
    let is_declaration = before.is_empty() || before.starts_with("pub");
    name.strip_suffix(';').filter(|name| is_declaration && *name != "tests")
}

fn insert_entry(list: &str, stem: &str) -> Result<String> {
    let start = list.find("ALL: &[&Rule]").context("rules.rs has no list `ALL: &[&Rule]`")?;
    let open =
        start + list[start..].find("= &[").context("the list does not begin")? + "= &[".len();
    let close = open + list[open..].find(']').context("the list does not end")?;
    let entry = format!("&{stem}::RULE");
    let mut entries: Vec<&str> = list[open..close].split(',').map(str::trim).collect();
    entries.retain(|entry| !entry.is_empty());
    let at = entries.iter().position(|other| kebab(other) > kebab(&entry));
    entries.insert(at.unwrap_or(entries.len()), &entry);
    Ok(format!("{}\n    {},\n{}", &list[..open], entries.join(",\n    "), &list[close..]))
}

fn kebab(entry: &str) -> String {
    entry.split("::").next().unwrap_or(entry).replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::{check_name, insert};

    const LIST: &str = "mod bare_except;
pub(crate) mod syntax_error;

pub static ALL: &[&Rule] = &[&bare_except::RULE, &syntax_error::RULE];

#[cfg(test)]
mod tests {}
";

    #[test]
    fn a_rule_is_listed_at_its_place() {
        let list = insert(LIST, "none_comparison").unwrap();
        assert!(list.starts_with("mod bare_except;\nmod none_comparison;\npub(crate) mod syntax"));
        assert!(list.contains(
            "= &[\n    &bare_except::RULE,\n    &none_comparison::RULE,\n    &syntax_error::RULE,\n];\n"
        ));
        assert!(list.ends_with("mod tests {}\n"));
    }

    #[test]
    fn the_last_in_the_alphabet_comes_last() {
        let list = insert(LIST, "zero").unwrap();
        assert!(list.contains("mod syntax_error;\nmod zero;\n\n"));
        assert!(list.contains("&syntax_error::RULE,\n    &zero::RULE,\n]"));
    }

    #[test]
    fn a_rule_is_not_listed_twice() {
        assert_eq!(
            insert(LIST, "bare_except").unwrap_err().to_string(),
            "`bare_except` is listed already"
        );
    }

    #[test]
    fn names_are_words_with_hyphens() {
        assert!(check_name("bare-except").is_ok());
        for wrong in ["bare_except", "BareExcept", "bare--except", "-bare", ""] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
