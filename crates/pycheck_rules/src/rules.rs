//! The list of all rules: one line each to declare the file and to put it into the list.

mod bare_except;

use pycheck_model::RuleId;

use crate::rule::Rule;

/// All rules, sorted by name. A [`RuleId`] is an index into this list.
pub static ALL: &[&Rule] = &[&bare_except::RULE];

/// The rule with this name or alias, ignoring case.
pub fn find(name: &str) -> Option<(RuleId, &'static Rule)> {
    let is_called = |rule: &Rule| {
        rule.name.eq_ignore_ascii_case(name)
            || rule.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    };
    let index = ALL.iter().position(|rule| is_called(rule))?;
    Some((RuleId(index as u16), ALL[index]))
}

#[cfg(test)]
mod tests {
    use super::{ALL, find};

    #[test]
    fn names_are_sorted_unique_and_kebab_case() {
        let names: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn no_alias_means_two_rules() {
        for rule in ALL {
            for alias in rule.aliases {
                assert_eq!(find(alias).map(|(_, found)| found.name), Some(rule.name), "{alias}");
            }
        }
    }
}
