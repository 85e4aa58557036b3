//! Writing to the two streams, when somebody reads them and when nobody does.

use std::io::{self, BufWriter, Write};

use anyhow::anyhow;

/// Whether standard output is still read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// All that was written went out.
    Listening,
    /// The pipe was closed, as `head` does: no error, but no reason to go on.
    Gone,
}

/// Where a report goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error, where standard output is a text.
    Error,
}

/// Writes to one of the two.
pub(crate) fn print_to(
    stream: Stream,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<Reader> {
    match stream {
        Stream::Output => print(write),
        Stream::Error => {
            let mut out = BufWriter::new(io::stderr().lock());
            reader_after(write(&mut out).and_then(|()| out.flush()))
        }
    }
}

/// Writes to standard output.
pub(crate) fn print(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<Reader> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let result = write(&mut out).and_then(|()| out.flush());
    // What could not be written would be tried again on drop.
    let (mut stdout, _) = out.into_parts();
    reader_after(result.and_then(|()| stdout.flush()))
}

/// What the outcome of writing to standard output means.
pub(crate) fn reader_after(result: io::Result<()>) -> anyhow::Result<Reader> {
    match result {
        Ok(()) => Ok(Reader::Listening),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(anyhow!("the output can't be written: {error}")),
    }
}

/// Writes a line to standard error. That nobody reads it is no reason to fail.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", pycheck_report::without_commands(line));
}
