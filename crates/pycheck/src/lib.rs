//! The command: arguments, exit status, and what goes to which stream.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

pub mod args;
mod check;
mod clean;
mod color;
mod completions;
mod crash;
mod explain;
mod files;
mod graph;
mod init;
mod mend;
mod output;
mod progress;
mod rule;
mod run;

use crate::args::{Cli, Command};
use crate::output::Reader;
pub use crate::rule::page as rule_page;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Nothing to complain of, or nobody listens any more.
    Clean,
    /// Something was found at level `warn` or `error`, or an editor has left without a word.
    Found,
    /// The run could not be done.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Found => 1,
            Status::Failed => 2,
        })
    }
}

/// Runs the command with these arguments, the name of the program first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    crash::guarded(&args, || main_with(&args))
}

fn main_with(args: &[OsString]) -> ExitCode {
    let parsed =
        command().try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    let status = match parsed {
        Ok(cli) => run(cli),
        Err(error) => print_usage(&error),
    };
    status
        .unwrap_or_else(|error| {
            output::say(&format!("error: {error}"));
            Status::Failed
        })
        .into()
}

/// The definition of all arguments.
pub fn command() -> clap::Command {
    args::without_empty_variables(Cli::command())
}

fn run(cli: Cli) -> anyhow::Result<Status> {
    match cli.command {
        None => check::check(&cli.check),
        Some(Command::Check(args)) => check::check(&args),
        Some(Command::Init(args)) => init::init_project(&args),
        Some(Command::Clean(args)) => clean::clean(&args),
        Some(Command::Explain(args)) => explain::explain(&args),
        Some(Command::Graph(args)) => graph::graph(&args),
        Some(Command::Rule { name }) => rule::rule(name.as_deref()),
        Some(Command::Server(_)) => Ok(server()),
        Some(Command::Completions { shell }) => completions::completions(shell),
    }
}

/// Serves an editor until it leaves.
fn server() -> Status {
    run::prepare_threads(None);
    let (connection, finish) = pycheck_server::stdio();
    let status =
        if pycheck_server::serve(&connection) == 0 { Status::Clean } else { Status::Found };
    finish();
    status
}

/// Prints help or the version to standard output, and complaints about arguments to the other.
fn print_usage(error: &clap::Error) -> anyhow::Result<Status> {
    let status = if error.use_stderr() { Status::Failed } else { Status::Clean };
    match error.print() {
        Err(failure) if !error.use_stderr() => {
            output::reader_after(Err(failure)).map(|_: Reader| status)
        }
        _ => Ok(status),
    }
}
