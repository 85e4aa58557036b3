//! `pycheck completions`: a script that completes arguments in a shell.

use clap_complete::Shell;

use crate::Status;
use crate::output;

/// Prints the script for the shell.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<Status> {
    // Made in memory first: the generator panics when it can't write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut crate::command(), "pycheck", &mut script);
    output::print(|out| out.write_all(&script))?;
    Ok(Status::Clean)
}
