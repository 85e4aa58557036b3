//! `pycheck rule`: the page of a rule, or the list of all rules.

use std::fmt::Write as _;

use anyhow::bail;
use pycheck_model::nearest;
use pycheck_rules::{ALL, Rule};

use crate::Status;
use crate::output;

/// Prints the page of the rule with this name or alias, or one line for each rule.
pub(crate) fn rule(name: Option<&str>) -> anyhow::Result<Status> {
    let text = match name {
        None => list(),
        Some(name) => match pycheck_rules::find(name) {
            Some((_, rule)) => page(rule),
            None => bail!("{}", unknown(name)),
        },
    };
    output::print(|out| out.write_all(text.as_bytes()))?;
    Ok(Status::Clean)
}

fn unknown(name: &str) -> String {
    let names = ALL.iter().flat_map(|rule| rule.aliases.iter().chain([&rule.name])).copied();
    let meant = nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
    let advice = meant.unwrap_or_else(|| "; `pycheck rule` lists all rules".to_owned());
    format!("there is no rule `{name}`{advice}")
}

/// Name, level, group and summary of each rule in columns.
fn list() -> String {
    let width = |column: fn(&Rule) -> &str| ALL.iter().map(|rule| column(rule).len()).max();
    let name_width = width(|rule| rule.name).unwrap_or(0);
    let group_width = width(|rule| rule.group.as_str()).unwrap_or(0);
    let mut text = String::new();
    for rule in ALL {
        let (level, group) = (rule.level.as_str(), rule.group.as_str());
        let _ = writeln!(
            text,
            "{:name_width$}  {level:5}  {group:group_width$}  {}",
            rule.name, rule.summary
        );
    }
    text
}

/// What the page says to users.
pub fn page(rule: &Rule) -> String {
    rule.explanation()
}

#[cfg(test)]
mod tests {
    use super::{list, page, unknown};
    use pycheck_rules::ALL;

    #[test]
    fn each_rule_has_one_line_in_the_list() {
        let list = list();
        assert_eq!(list.lines().count(), ALL.len());
        for rule in ALL {
            assert!(list.contains(&format!("{} ", rule.name)), "{}", rule.name);
        }
    }

    #[test]
    fn no_page_shows_the_cases_that_prove_it() {
        for rule in ALL {
            let page = page(rule);
            assert!(page.starts_with(&format!("# {}\n\nLevel: {}.", rule.name, rule.level)));
            assert!(!page.contains("\n## Cases"), "{}", rule.name);
        }
    }

    #[test]
    fn an_unknown_name_is_compared_with_names_and_aliases() {
        assert_eq!(
            unknown("bare-excpt"),
            "there is no rule `bare-excpt`; did you mean `bare-except`?"
        );
        assert_eq!(
            unknown("zzzzzzzzzzzz"),
            "there is no rule `zzzzzzzzzzzz`; `pycheck rule` lists all rules"
        );
    }
}
