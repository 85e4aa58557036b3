//! The table of all rules, and a page for each.

use std::fmt::Write as _;

use pycheck_rules::{ALL, Rule};

use super::Pages;

const INTRODUCTION: &str = "# Rules

A rule of level `error` finds what raises, or is surely wrong, when it runs; one of level `warn` finds a pitfall, or what fails under some ways of running.
What is of level `info` is shown with `--show-info` only; what is `off` is to be selected first.
Codes that other linters use for the same thing select a rule, and suppress it, as its name does.

| rule | level | group | also known as | what it finds |
|---|---|---|---|---|
";

/// The table and the pages.
pub(crate) fn pages() -> Pages {
    let path = |rule: &Rule| format!("docs/rules/{}.md", rule.name);
    let mut pages: Pages = ALL.iter().map(|rule| (path(rule), pycheck::rule_page(rule))).collect();
    pages.insert("docs/rules.md".to_owned(), table(ALL));
    pages
}

fn table(rules: &[&Rule]) -> String {
    let mut table = INTRODUCTION.to_owned();
    for rule in rules {
        let _ = writeln!(
            table,
            "| [{name}](rules/{name}.md) | {} | {} | {} | {} |",
            rule.level,
            rule.group.as_str(),
            rule.aliases.join(", "),
            rule.summary.replace('|', "\\|"),
            name = rule.name,
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{ALL, pages};

    #[test]
    fn every_rule_has_a_row_that_leads_to_its_page() {
        let pages = pages();
        for rule in ALL {
            let row = format!("| [{0}](rules/{0}.md) |", rule.name);
            assert!(pages["docs/rules.md"].contains(&row), "{row}");
            let page = &pages[&format!("docs/rules/{}.md", rule.name)];
            assert!(page.starts_with(&format!("# {}\n", rule.name)));
        }
    }
}
