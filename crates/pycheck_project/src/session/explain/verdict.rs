//! What becomes of an import, in the words of the rules that report it.

use pycheck_imports::{Account, Program};
use pycheck_model::explanation::{Outcome, Place, Spot, Step, Verdict};
use pycheck_model::{ProgramFinding, Trail};
use pycheck_rules::RuleSet;

use super::super::Session;

/// The verdict, and the places that explain it.
pub(super) fn of(
    account: &Account,
    program: &mut Program,
    session: &Session,
) -> (Vec<Step<Place>>, Verdict) {
    let findings = findings(account, program);
    let exception = exception(account, program);
    let text = match (&exception, account.outcome) {
        (Some((class, message)), Outcome::Fails) if account.text.is_empty() => {
            format!("{class}: {message}")
        }
        (Some((class, message)), Outcome::Fails) => {
            format!("{class}: {message} ({})", account.text)
        }
        _ => account.text.clone(),
    };
    let first = findings.first();
    let because = first.map(|finding| reason(finding, exception.as_ref()));
    let help = findings.iter().find_map(|finding| finding.help.clone());
    let at = account.at.clone().filter(|_| account.outcome == Outcome::Resolves);
    let at = at.map(|spot| session.place(spot));
    let mut steps: Vec<Step<Place>> = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        if index > 0 {
            steps.push(Step::new("failure", finding.message.clone()));
        }
        steps.extend(finding.trail.iter().map(|trail| related(trail, session)));
    }
    let exception = exception.filter(|_| account.outcome == Outcome::Fails);
    let path = at.map(|place| place.path);
    let outcome = account.outcome;
    (steps, Verdict { outcome, text, because, help, exception, path })
}

/// What the rules say of the failures of an account, and of nothing else.
fn findings(account: &Account, program: &mut Program) -> Vec<ProgramFinding> {
    program.failures = account.failure.iter().cloned().collect();
    program.name_failures.clone_from(&account.names);
    let failures = program.failures.iter().map(|failure| failure.at);
    let places: Vec<_> = failures.chain(account.names.iter().map(|name| name.at)).collect();
    let mut found = RuleSet::new(|_| true).check_program(program);
    found.retain(|finding| finding.runtime_error.is_some() && places.contains(&finding.at));
    found
}

fn exception(account: &Account, program: &Program) -> Option<(&'static str, String)> {
    let of_module = account.failure.as_ref();
    let of_module = of_module.map(|failure| failure.cause.exception(program.version));
    of_module.or_else(|| account.names.first().map(|name| name.exception(program.version)))
}

/// The message of a finding without the words of CPython, which stand before it.
fn reason(finding: &ProgramFinding, exception: Option<&(&'static str, String)>) -> String {
    let message = finding.message.as_str();
    let words = exception.map_or("", |(_, words)| words.as_str());
    let own = message.strip_prefix(words).and_then(|rest| rest.strip_prefix(": "));
    // The file at the end of CPython's words may be left out.
    let shorter = || words.rsplit_once(" (").map_or("", |(shorter, _)| shorter);
    let own = own.or_else(|| message.strip_prefix(shorter())?.strip_prefix(": "));
    own.unwrap_or(message).to_owned()
}

fn related(trail: &Trail, session: &Session) -> Step<Place> {
    let (spot, text) = match trail {
        Trail::Site(site, text) => (Spot::Site(*site), text),
        Trail::File(path, text) => (Spot::Path(path.clone()), text),
    };
    Step::new("related", text.as_str()).at(Some(session.place(spot)))
}
