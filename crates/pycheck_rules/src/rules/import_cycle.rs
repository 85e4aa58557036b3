//! The rule `import-cycle`; what it is for and its cases are in `import_cycle.md`.

use pycheck_imports::Program;
use pycheck_imports::cycle::{Cycle, Hop};
use pycheck_model::{Level, Trail};

use crate::rule::{Check, Group, ProgramFindings, Rule};

/// How many modules or places are shown.
const MAX_SHOWN: usize = 8;

pub(crate) static RULE: Rule = Rule {
    name: "import-cycle",
    aliases: &["R0401", "cyclic-import"],
    group: Group::Imports,
    level: Level::Off,
    summary: "modules that import each other, whether or not that fails",
    page: include_str!("import_cycle.md"),
    check: Check::Program(check),
};

fn check(program: &Program, findings: &mut ProgramFindings<'_>) {
    for cycle in &program.cycles {
        let Some((first, others)) = cycle.cuts.split_first() else { continue };
        let mut detail = findings
            .report(first.at, message(cycle))
            .level(Level::Warn)
            .help(Some(help(others.len())));
        for hop in cycle.hops.iter().skip(1).take(MAX_SHOWN) {
            let words = format!("`{}` imports `{}`", hop.from, hop.to);
            detail = detail.trail(Trail::Site(hop.at, words));
        }
        for hop in others.iter().take(MAX_SHOWN) {
            let words = format!("to be moved too: `{}` imports `{}`", hop.from, hop.to);
            detail = detail.trail(Trail::Site(hop.at, words));
        }
    }
}

fn message(cycle: &Cycle) -> String {
    let way = shown(&cycle.hops);
    let more = cycle.size.saturating_sub(cycle.hops.len());
    match more {
        0 => format!("these modules import each other: {way}"),
        _ => format!("{} modules import each other, among them {way}", cycle.size),
    }
}

/// The names on the way around, those in the middle left out if they are many.
fn shown(hops: &[Hop]) -> String {
    let names: Vec<String> = hops.iter().map(|hop| format!("`{}`", hop.from)).collect();
    let back = names.first().cloned().unwrap_or_default();
    if names.len() <= MAX_SHOWN {
        return format!("{} -> {back}", names.join(" -> "));
    }
    let left = names.len() - MAX_SHOWN;
    let (first, last) = (&names[..MAX_SHOWN - 1], &names[names.len() - 1]);
    format!("{} -> {left} more -> {last} -> {back}", first.join(" -> "))
}

fn help(others: usize) -> String {
    let what = match others {
        0 => "this import".to_owned(),
        1 => "this import and one more".to_owned(),
        _ => format!("this import and {others} more"),
    };
    format!(
        "move {what} into the functions that need them, or under `if TYPE_CHECKING:` if only annotations do, and there is no cycle"
    )
}
