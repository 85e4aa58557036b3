//! `--fix` and `--diff`: findings are mended, in the files or on paper.

use std::collections::BTreeMap;
use std::path::Path;

use pycheck_model::{Diagnostic, Safety};
use pycheck_project::Session;
use pycheck_project::fix::{self, Applied, Failure, Mended, Outcome, Wanted};
use pycheck_report::Change;
use rayon::prelude::*;

use crate::args::CheckArgs;
use crate::output::{self, Stream};
use crate::progress::Bar;
use crate::{Status, check, color, run};

/// Mends what the arguments ask for, and reports the rest.
pub(crate) fn mend(args: &CheckArgs, mut session: Session, base: &Path) -> anyhow::Result<Status> {
    let wanted = Wanted { safety: args.fixing.safety(), lowest: check::lowest(args) };
    let offered = if args.fixing.add_ignore { 0 } else { unsafe_ones(&session, wanted) };
    let Outcome { mended, failures, is_partial } = if args.fixing.add_ignore {
        fix::add_ignores(&mut session, wanted.lowest)
    } else {
        fix::mend(&mut session, wanted)
    };
    if args.fixing.diff {
        return show(args, (&mended, &failures), offered, base);
    }
    if run::reads_standard_input(args) {
        return pass_on(args, session, &mended, base);
    }
    let (done, failures) = write(mended, failures);
    tell(args, done_word(args), &done, base);
    complain(&failures, base);
    if is_partial || !failures.is_empty() {
        session.check_again(&Bar::new(args.quiet == 0));
    }
    let rest = report_rest(args, session, (base, Stream::Output))?;
    Ok(if failures.is_empty() { status(args, rest, &done) } else { Status::Failed })
}

fn done_word(args: &CheckArgs) -> &'static str {
    if args.fixing.add_ignore { "Suppressed" } else { "Fixed" }
}

/// How many more fixes there are that are not safe enough.
fn unsafe_ones(session: &Session, wanted: Wanted) -> usize {
    let all = Wanted { safety: Safety::Unsafe, ..wanted };
    let is_left = |it: &&Diagnostic| all.is_wanted(it) && !wanted.is_wanted(it);
    session.diagnostics().iter().filter(is_left).count()
}

/// Prints what would change.
fn show(
    args: &CheckArgs,
    (mended, failures): (&[Mended], &[Failure]),
    unsafe_ones: usize,
    base: &Path,
) -> anyhow::Result<Status> {
    let color = color::for_stdout(args.color);
    output::print(|out| {
        mended.iter().try_for_each(|file| {
            let change = Change { path: &file.path, before: &file.before, after: &file.after };
            pycheck_report::write_diff(change, base, color, out)
        })
    })?;
    tell(args, if args.fixing.add_ignore { "Would suppress" } else { "Would fix" }, mended, base);
    if args.quiet == 0 && unsafe_ones > 0 {
        let more = counted(unsafe_ones, "more problem");
        output::say(&format!("{more} can be fixed with `--unsafe-fixes`."));
    }
    complain(failures, base);
    Ok(match (failures, mended) {
        ([], []) => Status::Clean,
        ([], _) if args.exit_zero => Status::Clean,
        ([], _) => Status::Found,
        _ => Status::Failed,
    })
}

/// Prints the mended text of standard input, and the report on the other stream.
fn pass_on(
    args: &CheckArgs,
    session: Session,
    mended: &[Mended],
    base: &Path,
) -> anyhow::Result<Status> {
    let content = match mended.first() {
        Some(file) => Some(file.content()?),
        None => None,
    };
    output::print(|out| {
        out.write_all(content.as_deref().or(session.standard_input()).unwrap_or_default())
    })?;
    tell(args, done_word(args), mended, base);
    let rest = report_rest(args, session, (base, Stream::Error))?;
    Ok(status(args, rest, mended))
}

/// Writes the files; gives those that were written, and all that went wrong.
fn write(mended: Vec<Mended>, mut failures: Vec<Failure>) -> (Vec<Mended>, Vec<Failure>) {
    let written: Vec<Result<Mended, Failure>> =
        mended.into_par_iter().map(|file| file.write().map(|()| file)).collect();
    let mut done = Vec::new();
    for file in written {
        match file {
            Ok(file) => done.push(file),
            Err(failure) => failures.push(failure),
        }
    }
    (done, failures)
}

/// Reports what is left, unless nobody wants to know.
fn report_rest(
    args: &CheckArgs,
    mut session: Session,
    (base, stream): (&Path, Stream),
) -> anyhow::Result<Status> {
    if args.fixing.fix_only {
        return Ok(Status::Clean);
    }
    check::report(args, &mut session, base, stream)
}

fn status(args: &CheckArgs, rest: Status, done: &[Mended]) -> Status {
    let counts = args.fixing.exit_non_zero_on_fix && !args.exit_zero && !done.is_empty();
    if counts { Status::Found } else { rest }
}

/// Says how much was done, and with `--show-fixes` what.
fn tell(args: &CheckArgs, verb: &str, mended: &[Mended], base: &Path) {
    let count = mended.iter().map(|file| file.applied.len()).sum();
    if args.quiet > 0 || (count == 0 && !args.fixing.show_fixes && !args.fixing.diff) {
        return;
    }
    let problems = counted(count, "problem");
    let files = counted(mended.len(), "file");
    let ending = if args.fixing.show_fixes && count > 0 { ":" } else { "." };
    output::say(&format!("{verb} {problems} in {files}{ending}"));
    if args.fixing.show_fixes {
        for file in mended {
            list(file, base);
        }
    }
}

/// Lists what was done to a file, the same things together.
fn list(file: &Mended, base: &Path) {
    output::say(&format!("  {}", pycheck_report::shown_path(&file.path, base)));
    let mut counts: BTreeMap<&Applied, usize> = BTreeMap::new();
    for applied in &file.applied {
        *counts.entry(applied).or_default() += 1;
    }
    for (Applied { rule, title }, count) in counts {
        output::say(&format!("    {count} × {rule}: {title}"));
    }
}

fn complain(failures: &[Failure], base: &Path) {
    for Failure { path, error } in failures {
        let path = pycheck_report::shown_path(path, base);
        output::say(&format!("error: {path}: not fixed: {error}"));
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
