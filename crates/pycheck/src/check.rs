//! `pycheck check`: what is found goes to standard output, all else to standard error.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use pycheck_model::{Diagnostic, Level};
use pycheck_project::Session;
use pycheck_project::baseline::Baseline;
use pycheck_report::{Counts, Format, Request, Sources};

use crate::args::CheckArgs;
use crate::output::{Reader, Stream};
use crate::progress::Bar;
use crate::{Status, color, files, mend, output, run};

/// Checks what the arguments name.
pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<Status> {
    if args.statistics && !args.output_format.is_general() {
        let name = args.output_format.name();
        bail!("statistics can be written as `full`, `concise` or `json`, not as `{name}`");
    }
    let started = Instant::now();
    let base = std::env::current_dir()
        .map_err(|error| anyhow!("the working directory can't be found: {error}"))?;
    let bar = Bar::new(args.quiet == 0);
    let mut session = run::open(args, &base, &bar)?;
    drop(bar);
    if args.show_settings {
        let settings = session.describe_settings();
        let settings = pycheck_report::without_commands(settings.trim_end());
        output::print(|out| writeln!(out, "{settings}"))?;
        return Ok(Status::Clean);
    }
    remark(args, &session, started.elapsed());
    if args.show_files {
        output::print(|out| write_files(&session, &base, out))?;
        return Ok(Status::Clean);
    }
    if args.update_baseline {
        return update_baseline(args, &session, &base);
    }
    leave_out_known(args, &mut session, &base)?;
    if args.fixing.is_wanted() {
        return mend::mend(args, session, &base);
    }
    let status = report(args, &mut session, &base, Stream::Output);
    // The process ends: to give back each of many small blocks of memory would only take time.
    std::mem::forget(session);
    status
}

/// Writes what is found into the baseline.
fn update_baseline(args: &CheckArgs, session: &Session, base: &Path) -> anyhow::Result<Status> {
    let Some(file) = args.baseline.as_ref().map(|file| base.join(file)) else {
        return Ok(Status::Clean);
    };
    let old = if file.exists() { Some(Baseline::read(&file)?) } else { None };
    let baseline = session.baseline(lowest(args), old.as_ref());
    baseline.write(&file)?;
    let count = baseline.len();
    let plural = if count == 1 { "" } else { "s" };
    let file = pycheck_report::shown_path(&file, base);
    output::say(&format!("Wrote {count} finding{plural} to {file}."));
    Ok(Status::Clean)
}

/// Leaves out what the baseline knows.
fn leave_out_known(args: &CheckArgs, session: &mut Session, base: &Path) -> anyhow::Result<()> {
    let Some(file) = &args.baseline else { return Ok(()) };
    let gone = session.leave_out(Baseline::read(&base.join(file))?);
    if gone > 0 && args.quiet == 0 {
        let words = if gone == 1 {
            "1 finding of the baseline is"
        } else {
            &format!("{gone} findings of the baseline are")
        };
        output::say(&format!("note: {words} gone: `--update-baseline` takes out what is gone"));
    }
    Ok(())
}

/// Writes what was found.
pub(crate) fn report(
    args: &CheckArgs,
    session: &mut Session,
    base: &Path,
    stream: Stream,
) -> anyhow::Result<Status> {
    let diagnostics = shown(args, session.take_diagnostics());
    let status = report_shown(args, session, &diagnostics, (base, stream));
    std::mem::forget(diagnostics);
    status
}

fn report_shown(
    args: &CheckArgs,
    session: &Session,
    diagnostics: &[Diagnostic],
    (base, stream): (&Path, Stream),
) -> anyhow::Result<Status> {
    let rules = files::rule_facts();
    let tool = files::tool(&rules, files::repository(base));
    let mut request = Request {
        diagnostics,
        sources: &SessionSources(session),
        base,
        color: false,
        counts: (args.quiet == 0).then(|| counts(args, session)),
        tool: Some(&tool),
    };
    files::write_all(&args.output, &request)?;
    request.color = stream == Stream::Output && color::for_stdout(args.color);
    let format = Format::from(args.output_format);
    let reader = output::print_to(stream, |out| {
        if args.statistics {
            pycheck_report::write_statistics(format, &request, out)
        } else {
            pycheck_report::write(format, &request, out)
        }
    })?;
    let highest = if args.exit_zero_on_warning { Level::Warn } else { Level::Info };
    let is_clean = diagnostics.iter().all(|diagnostic| diagnostic.level <= highest);
    let is_success = is_clean || args.exit_zero || reader == Reader::Gone;
    let is_whole = session.unread_folders() == 0;
    Ok(match is_success {
        _ if !is_whole => Status::Failed,
        true => Status::Clean,
        false => Status::Found,
    })
}

/// What the user wants to see.
fn shown(args: &CheckArgs, mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    all.retain(|diagnostic| diagnostic.level >= lowest(args));
    all
}

/// What weighs less than this is neither shown nor mended.
pub(crate) fn lowest(args: &CheckArgs) -> Level {
    if args.show_info { Level::Info } else { Level::Warn }
}

/// Tells on standard error what is no finding.
fn remark(args: &CheckArgs, session: &Session, duration: Duration) {
    if args.quiet > 0 {
        return;
    }
    for note in session.notes() {
        output::say(&format!("note: {note}"));
    }
    if session.files().is_empty() {
        output::say("warning: no Python files were found");
    }
    if args.verbose > 0 {
        output::say(session.describe_settings().trim_end());
        let threads = rayon::current_num_threads();
        output::say(&format!("took {:.3} s with {threads} threads", duration.as_secs_f64()));
    }
}

fn counts(args: &CheckArgs, session: &Session) -> Counts {
    let stats = session.stats();
    Counts {
        files: stats.files,
        imports: stats.imports,
        environment: stats.environment,
        python_version: stats.python_version,
        // What could be mended now holds not what it promises.
        mentions_fixes: !(args.fixing.is_wanted() && args.fixing.unsafe_fixes),
    }
}

/// One path a line, relative to the working directory when below it.
fn write_files(session: &Session, base: &Path, out: &mut dyn Write) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    for path in session.files() {
        let path = path.strip_prefix(base).unwrap_or(path);
        // Programs need the name as it is.
        if is_terminal {
            writeln!(out, "{}", pycheck_report::without_commands(&path.to_string_lossy()))?;
        } else {
            out.write_all(path.as_os_str().as_encoded_bytes())?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// The texts of the session's files, for the report.
struct SessionSources<'a>(&'a Session);

impl Sources for SessionSources<'_> {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.0.shown_text(path)
    }
}
