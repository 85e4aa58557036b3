//! Checks the page of a rule about nodes: its blocks hold what the rule finds and what its fixes do.

use pycheck_model::{Edit, Finding, Level, PythonVersion, RuleId, apply_edits};
use pycheck_rules::{ALL, Rule, RuleOptions, RuleSet, check_file};
use pycheck_syntax::parse;

use crate::expect::{self, Found};
use crate::outcome::{Outcome, indented, listed};
use crate::page::{Block, Case, Page};
use crate::update::Replacement;
use crate::{diff, settings};

/// How often fixes are applied before they count as never ending.
const ROUNDS: usize = 10;

/// Checks every `python` block of the page with the one rule, at all of its levels.
pub fn check(page: &Page, id: RuleId, update: bool) -> Outcome {
    let mut checker =
        Checker { page, id, rule: ALL[id.0 as usize], update, outcome: Outcome::default() };
    for case in &page.cases {
        checker.case(case);
    }
    checker.outcome
}

struct Checker<'a> {
    page: &'a Page,
    id: RuleId,
    rule: &'static Rule,
    update: bool,
    outcome: Outcome,
}

/// How a block is checked.
struct Setup {
    version: PythonVersion,
    options: RuleOptions,
    rules: RuleSet,
}

impl Checker<'_> {
    fn case(&mut self, case: &Case) {
        let mut tomls = case.inherited.clone();
        for (index, block) in case.blocks.iter().enumerate() {
            match block.kind.as_str() {
                "toml" => tomls.push(block.text.clone()),
                "python" => {
                    let diff = case.blocks.get(index + 1).filter(|next| next.kind == "diff");
                    match self.setup(&tomls) {
                        Ok(setup) => self.block(case, block, diff, &setup),
                        Err(message) => self.fail(case, block.line, &message),
                    }
                }
                _ => {}
            }
        }
    }

    fn setup(&self, tomls: &[String]) -> Result<Setup, String> {
        let id = self.id;
        let (version, options) = settings::read(tomls)?;
        Ok(Setup { version, options, rules: RuleSet::new(|other| other == id) })
    }

    fn block(&mut self, case: &Case, block: &Block, diff: Option<&Block>, setup: &Setup) {
        let (text, markers) = expect::markers(&block.text);
        let findings = match findings(&text, setup) {
            Ok(findings) => findings,
            Err(message) => return self.fail(case, block.line, &message),
        };
        let found: Vec<Found> = findings.iter().map(|finding| self.found(finding, &text)).collect();
        for mismatch in expect::compare(&markers, &found, Some(self.rule.name)) {
            let message = format!(
                "\n    expected: {}\n    found:    {}",
                listed(&mismatch.expected),
                listed(&mismatch.found)
            );
            self.fail(case, block.line + mismatch.line - 1, &message);
        }
        match apply_fixes(&text, &findings, setup) {
            Ok(fixed) => self.compare_fixed(case, diff, &text, &fixed),
            Err(message) => self.fail(case, block.line, &message),
        }
    }

    fn found(&self, finding: &Finding, text: &str) -> Found {
        // A rule that is off unless asked for weighs as a warning once it is on.
        let level = finding.level.unwrap_or(self.rule.level);
        Found {
            line: text[..usize::from(finding.range.start())].matches('\n').count() + 1,
            level: if level == Level::Off { Level::Warn } else { level },
            rule: ALL[finding.rule.0 as usize].name.to_owned(),
            message: finding.message.clone(),
        }
    }

    fn compare_fixed(&mut self, case: &Case, diff: Option<&Block>, text: &str, fixed: &str) {
        let Some(block) = diff else { return };
        let expected = diff::lines(text, fixed);
        if expected == block.text {
            return;
        }
        if self.update {
            self.outcome
                .replacements
                .push(Replacement { span: block.span.clone(), text: expected });
        } else {
            let message = format!(
                "the fixes do something else\n    expected:\n{}    found:\n{}",
                indented(&block.text),
                indented(&expected)
            );
            self.fail(case, block.line, &message);
        }
    }

    fn fail(&mut self, case: &Case, line: usize, message: &str) {
        self.outcome.fail(self.page, case, line, message);
    }
}

fn findings(text: &str, setup: &Setup) -> Result<Vec<Finding>, String> {
    let file = parse(text.to_owned(), setup.version);
    if let Some(error) = file.errors().first() {
        return Err(format!("does not parse: {}\n{}", error.message, indented(text)));
    }
    check_file(&file, &setup.rules, &setup.options)
        .map_err(|_| "the block is nested too deeply".to_owned())
}

/// Applies all fixes until there are none; what they mended must be gone.
fn apply_fixes(text: &str, first: &[Finding], setup: &Setup) -> Result<String, String> {
    let mut text = text.to_owned();
    let mut current = first.to_vec();
    for _ in 0..ROUNDS {
        let edits = edits_of_one_round(&current);
        if edits.is_empty() {
            let unfixable = first.iter().filter(|finding| finding.fix.is_none()).count();
            return if current.len() > unfixable {
                Err(format!("a fix leaves its finding, or makes another:\n{}", indented(&text)))
            } else {
                Ok(text)
            };
        }
        text = apply_edits(&text, &edits).ok_or("the edits of a fix overlap or lie outside")?;
        current = findings(&text, setup).map_err(|error| format!("after a fix, {error}"))?;
    }
    Err(format!("fixes are still offered after {ROUNDS} rounds:\n{}", indented(&text)))
}

/// The edits of all fixes that do not overlap with an earlier one.
fn edits_of_one_round(findings: &[Finding]) -> Vec<Edit> {
    let mut chosen: Vec<Edit> = Vec::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let is_free = |edit: &Edit| {
            chosen.iter().all(|other| {
                edit.range.end() < other.range.start() || other.range.end() < edit.range.start()
            })
        };
        if fix.edits.iter().all(is_free) {
            chosen.extend(fix.edits.iter().cloned());
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::page::parse;
    use crate::update::apply;

    const PAGE: &str = "# none-comparison\n\n## Cases\n\n### One\n\n```python\nx = f()\nif x == None:  # MARK\n    pass\n```\n\n```diff\n```\n";

    fn failures(rule: &str, text: &str) -> Vec<String> {
        let (id, _) = pycheck_rules::find(rule).unwrap();
        check(&parse("page.md", text), id, false).failures
    }

    #[test]
    fn a_marker_that_nothing_meets_fails_with_its_place() {
        let text = PAGE.replace("MARK", "error").replace("```diff\n```\n", "");
        let failures = failures("none-comparison", &text);
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0]
                .starts_with("page.md:9: Cases › One: \n    expected: error[none-comparison]")
        );
        assert!(failures[0].contains("found:    warn[none-comparison] "));
    }

    #[test]
    fn a_finding_without_a_marker_fails() {
        let text = PAGE.replace("  # MARK", "").replace("```diff\n```\n", "");
        assert_eq!(failures("none-comparison", &text).len(), 1);
        assert_eq!(failures("bare-except", &text), [""; 0]);
    }

    #[test]
    fn a_block_that_does_not_parse_fails() {
        let failures = failures("bare-except", "## A\n\n```python\nif\n```\n");
        assert!(failures[0].starts_with("page.md:4: A: does not parse"), "{failures:?}");
    }

    #[test]
    fn the_result_of_fixes_is_compared_and_rewritten() {
        let text = PAGE.replace("MARK", "warn");
        assert!(failures("none-comparison", &text)[0].contains("the fixes do something else"));
        let (id, _) = pycheck_rules::find("none-comparison").unwrap();
        let outcome = check(&parse("page.md", &text), id, true);
        assert_eq!(outcome.failures, [""; 0]);
        let rewritten = apply(&text, &outcome.replacements);
        assert!(
            rewritten
                .ends_with("```diff\n x = f()\n-if x == None:\n+if x is None:\n     pass\n```\n")
        );
        assert_eq!(failures("none-comparison", &rewritten), [""; 0]);
    }
}
