//! Which rules apply: names, codes and groups, as they are selected and ignored.

use std::collections::BTreeSet;

use pycheck_model::{Level, RuleId};
use pycheck_rules::{Group, Rule};

use super::error::Problem;

/// The groups that can be selected, besides `all`.
const GROUPS: [Group; 3] = [Group::Imports, Group::Pitfalls, Group::Files];

/// How narrow a selector is; where two meet, the narrower one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// `all`.
    All,
    /// A group of rules.
    Group,
    /// The name of one rule, or a code that stands for it.
    Rule,
}

/// A word that stands for rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// How narrow it is.
    pub scope: Scope,
    /// The rules it stands for, ascending.
    pub rules: Vec<RuleId>,
}

impl Selector {
    /// Reads a name, a code or a group, ignoring case.
    pub fn parse(text: &str, catalog: &[&Rule]) -> Result<Self, Problem> {
        let is = |name: &str| name.eq_ignore_ascii_case(text.trim());
        let matching = |wanted: &dyn Fn(&Rule) -> bool| ids(catalog, wanted);
        if is("all") {
            return Ok(Self { scope: Scope::All, rules: matching(&|_| true) });
        }
        if let Some(group) = GROUPS.into_iter().find(|group| is(group.as_str())) {
            return Ok(Self { scope: Scope::Group, rules: matching(&|rule| rule.group == group) });
        }
        let rules = matching(&|rule| is(rule.name) || rule.aliases.iter().any(|alias| is(alias)));
        if !rules.is_empty() {
            return Ok(Self { scope: Scope::Rule, rules });
        }
        let rules = matching(&|rule| rule.aliases.iter().any(|alias| begins(alias, text.trim())));
        if rules.is_empty() {
            return Err(unknown_rule(text, catalog));
        }
        Ok(Self { scope: Scope::Group, rules })
    }
}

/// Whether a text is the beginning of a code such as `E711`: all of its letters, and some digits.
fn begins(code: &str, text: &str) -> bool {
    let letters = code.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_code = letters.len() < code.len() && letters.chars().all(|c| c.is_ascii_uppercase());
    is_code && text.starts_with(letters) && code.starts_with(text)
}

fn ids(catalog: &[&Rule], wanted: &dyn Fn(&Rule) -> bool) -> Vec<RuleId> {
    let numbered = catalog.iter().enumerate();
    numbered.filter(|(_, rule)| wanted(rule)).map(|(index, _)| RuleId(index as u16)).collect()
}

fn unknown_rule(text: &str, catalog: &[&Rule]) -> Problem {
    let groups = GROUPS.iter().map(|group| group.as_str()).chain(["all"]);
    let names = catalog.iter().map(|rule| rule.name).chain(groups);
    let aliases = catalog.iter().flat_map(|rule| rule.aliases.iter().copied());
    let problem = Problem::new(format!("unknown rule `{text}`"));
    // Codes are so short that any two are near each other: they only help where no name is near.
    let problem = problem.nearest(text, names);
    match problem.help {
        Some(_) => problem,
        None => problem.nearest(text, aliases.filter(|alias| alias.len() > 5)),
    }
}

/// What one source of settings says about the choice of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Replaces what was chosen before.
    pub select: Option<Vec<Selector>>,
    /// Adds to it.
    pub extend_select: Vec<Selector>,
    /// Takes away from it.
    pub ignore: Vec<Selector>,
}

/// How much each rule weighs, in the order of the list of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLevels(Vec<RuleLevel>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RuleLevel {
    enabled: bool,
    own: Level,
    configured: Option<Level>,
}

impl RuleLevels {
    /// The rules chosen by `layers`, later ones over earlier ones, with the levels set by `levels`.
    pub fn new(catalog: &[&Rule], layers: &[Layer], levels: &[(Selector, Level)]) -> Self {
        let mut enabled: BTreeSet<RuleId> =
            ids(catalog, &|rule| rule.level != Level::Off).into_iter().collect();
        for layer in layers {
            apply(layer, catalog, &mut enabled);
        }
        let level = |(index, rule): (usize, &&Rule)| RuleLevel {
            enabled: enabled.contains(&RuleId(index as u16)),
            // An opt-in rule that was asked for has no level of its own.
            own: if rule.level == Level::Off { Level::Warn } else { rule.level },
            configured: configured(RuleId(index as u16), levels),
        };
        Self(catalog.iter().enumerate().map(level).collect())
    }

    /// Whether the rule applies at all.
    pub fn is_enabled(&self, rule: RuleId) -> bool {
        self.get(rule).is_some_and(|level| level.enabled)
    }

    /// The rules that apply, ascending.
    pub fn enabled(&self) -> impl Iterator<Item = RuleId> + '_ {
        (0..self.0.len()).map(|index| RuleId(index as u16)).filter(|rule| self.is_enabled(*rule))
    }

    /// The level of the rule; [`Level::Off`] for one that does not apply.
    pub fn level(&self, rule: RuleId) -> Level {
        self.level_of(rule, None)
    }

    /// The level of a finding whose rule gave it the level `found`, if any.
    ///
    /// A level that the user has set holds for all findings of the rule but those that are only
    /// hints: these stay hints.
    pub fn level_of(&self, rule: RuleId, found: Option<Level>) -> Level {
        match (self.get(rule), found) {
            (None | Some(RuleLevel { enabled: false, .. }), _) | (_, Some(Level::Off)) => {
                Level::Off
            }
            (Some(_), Some(Level::Info)) => Level::Info,
            (Some(rule), found) => rule.configured.or(found).unwrap_or(rule.own),
        }
    }

    fn get(&self, rule: RuleId) -> Option<&RuleLevel> {
        self.0.get(rule.0 as usize)
    }
}

fn apply(layer: &Layer, catalog: &[&Rule], enabled: &mut BTreeSet<RuleId>) {
    if layer.select.is_some() {
        // That a file can't be read or parsed is no matter of taste: `select` does not hide it.
        enabled.retain(|rule| catalog[rule.0 as usize].group == Group::Files);
    }
    let select = layer.select.iter().flatten();
    for scope in [Scope::All, Scope::Group, Scope::Rule] {
        for selector in select.clone().chain(&layer.extend_select) {
            if selector.scope == scope {
                enabled.extend(&selector.rules);
            }
        }
        for selector in layer.ignore.iter().filter(|selector| selector.scope == scope) {
            enabled.retain(|rule| !selector.rules.contains(rule));
        }
    }
}

/// The level set by the narrowest selector; the last one among equals. `off` is no level to have.
fn configured(rule: RuleId, levels: &[(Selector, Level)]) -> Option<Level> {
    levels
        .iter()
        .filter(|(selector, level)| *level != Level::Off && selector.rules.contains(&rule))
        .max_by_key(|(selector, _)| selector.scope)
        .map(|(_, level)| *level)
}

#[cfg(test)]
mod tests {
    use pycheck_model::{Level, RuleId};
    use pycheck_rules::{Check, Group, Rule};

    use super::{Layer, RuleLevels, Selector};

    static CATALOG: &[&Rule] = &[
        &rule("bare-except", &["E722", "W0702"], Group::Pitfalls, Level::Warn),
        &rule("import-cycle", &["R0401"], Group::Imports, Level::Off),
        &rule("module-not-found", &["import-error", "E0401"], Group::Imports, Level::Error),
        &rule("none-comparison", &["E711"], Group::Pitfalls, Level::Warn),
        &rule("syntax-error", &["E999"], Group::Files, Level::Error),
    ];

    const fn rule(
        name: &'static str,
        aliases: &'static [&'static str],
        group: Group,
        level: Level,
    ) -> Rule {
        Rule { name, aliases, group, level, summary: "", page: "", check: Check::Pipeline }
    }

    fn selectors(text: &str) -> Vec<Selector> {
        text.split_whitespace().map(|word| Selector::parse(word, CATALOG).unwrap()).collect()
    }

    fn layer(select: Option<&str>, extend: &str, ignore: &str) -> Layer {
        Layer {
            select: select.map(selectors),
            extend_select: selectors(extend),
            ignore: selectors(ignore),
        }
    }

    fn enabled(layers: &[Layer]) -> Vec<&'static str> {
        let levels = RuleLevels::new(CATALOG, layers, &[]);
        levels.enabled().map(|rule| CATALOG[rule.0 as usize].name).collect()
    }

    #[test]
    fn without_a_word_the_rules_that_are_on_by_default_apply() {
        let default = ["bare-except", "module-not-found", "none-comparison", "syntax-error"];
        assert_eq!(enabled(&[]), default);
        assert_eq!(enabled(&[Layer::default(), Layer::default()]), default);
    }

    #[test]
    fn names_codes_and_groups_select_in_any_case() {
        for word in ["bare-except", "BARE-EXCEPT", "e722", "W0702"] {
            assert_eq!(enabled(&[layer(Some(word), "", "")]), ["bare-except", "syntax-error"]);
        }
        assert_eq!(
            enabled(&[layer(Some("imports"), "", "files")]),
            ["import-cycle", "module-not-found"]
        );
        assert_eq!(enabled(&[layer(Some("ALL"), "", "")]).len(), CATALOG.len());
    }

    #[test]
    fn the_narrower_selector_wins() {
        let config = layer(Some("pitfalls"), "", "bare-except");
        assert_eq!(enabled(&[config]), ["none-comparison", "syntax-error"]);
        let config = layer(Some("all"), "E722", "pitfalls");
        assert!(enabled(&[config]).contains(&"bare-except"));
        let config = layer(None, "bare-except", "bare-except");
        assert!(!enabled(&[config]).contains(&"bare-except"));
    }

    #[test]
    fn the_command_line_beats_the_configuration() {
        let config = layer(None, "", "pitfalls");
        let select = layer(Some("bare-except"), "", "");
        assert_eq!(enabled(&[config.clone(), select]), ["bare-except", "syntax-error"]);
        let extend = layer(None, "bare-except", "");
        assert_eq!(enabled(&[config, extend]), ["bare-except", "module-not-found", "syntax-error"]);
        let config = layer(Some("bare-except"), "", "");
        assert_eq!(enabled(&[config, layer(None, "", "all")]), [""; 0]);
    }

    #[test]
    fn a_selection_does_not_hide_broken_files() {
        assert_eq!(enabled(&[layer(Some(""), "", "")]), ["syntax-error"]);
        assert_eq!(enabled(&[layer(Some(""), "", "E999")]), [""; 0]);
    }

    #[test]
    fn levels_are_the_rules_own_until_set() {
        let set = |selector: &str, level| (selectors(selector).remove(0), level);
        let levels = [set("bare-except", Level::Error), set("pitfalls", Level::Info)];
        let levels = RuleLevels::new(CATALOG, &[layer(None, "import-cycle", "")], &levels);
        assert_eq!(levels.level(RuleId(0)), Level::Error);
        assert_eq!(levels.level(RuleId(1)), Level::Warn, "an opt-in rule warns when asked for");
        assert_eq!(levels.level(RuleId(3)), Level::Info);
        assert_eq!(levels.level(RuleId(4)), Level::Error);
        assert_eq!(levels.level(RuleId(99)), Level::Off);
    }

    #[test]
    fn a_finding_that_is_only_a_hint_stays_one() {
        let levels = RuleLevels::new(CATALOG, &[], &[]);
        assert_eq!(levels.level_of(RuleId(2), Some(Level::Warn)), Level::Warn);
        let set = [(selectors("module-not-found").remove(0), Level::Error)];
        let levels = RuleLevels::new(CATALOG, &[], &set);
        assert_eq!(levels.level_of(RuleId(2), Some(Level::Warn)), Level::Error);
        assert_eq!(levels.level_of(RuleId(2), Some(Level::Info)), Level::Info);
        assert_eq!(levels.level_of(RuleId(1), Some(Level::Error)), Level::Off);
    }

    #[test]
    fn an_unknown_rule_names_the_nearest() {
        let problem = |word| Selector::parse(word, CATALOG).unwrap_err().to_string();
        assert_eq!(
            problem("bare-excpet"),
            "unknown rule `bare-excpet`; did you mean `bare-except`?"
        );
        assert_eq!(problem("import"), "unknown rule `import`; did you mean `imports`?");
        assert_eq!(
            problem("import-eror"),
            "unknown rule `import-eror`; did you mean `import-error`?"
        );
        assert_eq!(problem("E501"), "unknown rule `E501`");
    }
}
