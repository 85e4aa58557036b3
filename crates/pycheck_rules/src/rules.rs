//! The list of all rules: one line each to declare the file and to put it into the list.

mod bare_except;
mod circular_import_failure;
mod circular_import_fragile;
mod dead_local_module;
mod import_case_mismatch;
mod import_cycle;
mod incompatible_extension_module;
mod installed_module_shadowing;
mod internal_error;
mod invalid_dunder_all;
mod late_binding_closure;
mod mutable_default_argument;
mod none_comparison;
mod redefined_import;
mod relative_import_beyond_top_level;
mod relative_import_in_script;
mod relative_import_no_parent_package;
mod stdlib_module_shadowing;
mod stub_without_runtime_module;
mod syntax_error;
mod unimported_submodule;
mod unreadable_file;
mod unresolved_import;
mod unresolved_import_name;
mod unresolved_module_attribute;
mod untracked_import;
mod unused_suppression;

use pycheck_model::RuleId;

use crate::rule::Rule;

/// All rules, sorted by name. A [`RuleId`] is an index into this list.
pub static ALL: &[&Rule] = &[
    &bare_except::RULE,
    &circular_import_failure::RULE,
    &circular_import_fragile::RULE,
    &dead_local_module::RULE,
    &import_case_mismatch::RULE,
    &import_cycle::RULE,
    &incompatible_extension_module::RULE,
    &installed_module_shadowing::RULE,
    &internal_error::RULE,
    &invalid_dunder_all::RULE,
    &late_binding_closure::RULE,
    &mutable_default_argument::RULE,
    &none_comparison::RULE,
    &redefined_import::RULE,
    &relative_import_beyond_top_level::RULE,
    &relative_import_in_script::RULE,
    &relative_import_no_parent_package::RULE,
    &stdlib_module_shadowing::RULE,
    &stub_without_runtime_module::RULE,
    &syntax_error::RULE,
    &unimported_submodule::RULE,
    &unreadable_file::RULE,
    &unresolved_import::RULE,
    &unresolved_import_name::RULE,
    &unresolved_module_attribute::RULE,
    &untracked_import::RULE,
    &unused_suppression::RULE,
];

/// Found where a file can't be parsed.
pub static SYNTAX_ERROR: &Rule = &syntax_error::RULE;
/// Found where pycheck itself fails on a file.
pub static INTERNAL_ERROR: &Rule = &internal_error::RULE;
/// Found where a file can't be read.
pub static UNREADABLE_FILE: &Rule = &unreadable_file::RULE;
/// Found where a comment of ours suppresses nothing.
pub static UNUSED_SUPPRESSION: &Rule = &unused_suppression::RULE;
/// The rules that find what can be taken away without loss.
pub(crate) static EXCESS: &[&Rule] = &[UNUSED_SUPPRESSION];

/// The id of a rule that is in the list.
///
/// # Panics
///
/// When it is not in the list, which no caller can bring about: all rules are.
pub fn id_of(rule: &'static Rule) -> RuleId {
    let index =
        ALL.iter().position(|listed| std::ptr::eq(*listed, rule)).expect("every rule is listed");
    RuleId(index as u16)
}

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
