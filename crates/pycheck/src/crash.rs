//! What is said when pycheck itself fails.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use crate::output;

/// What programs of Rust exit with when they fail: neither findings nor a wrong argument.
const STATUS: u8 = 101;

/// Runs something; if it fails, says what to do about it.
pub(crate) fn guarded(args: &[OsString], run: impl FnOnce() -> ExitCode) -> ExitCode {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        output::say(&message(args));
        ExitCode::from(STATUS)
    })
}

fn message(args: &[OsString]) -> String {
    let command: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    format!(
        "error: pycheck {} crashed. This is a mistake of pycheck: please report it, with the lines above, \
         the files that it happened with, and the command:\n  {}\n\
         With RUST_BACKTRACE=1 in the environment it tells more.",
        env!("CARGO_PKG_VERSION"),
        command.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::{STATUS, guarded, message};
    use std::process::ExitCode;

    #[test]
    fn a_crash_is_told_from_findings_and_from_a_wrong_argument() {
        let crashed = guarded(&[], || panic!("for this test"));
        assert_eq!(format!("{crashed:?}"), format!("{:?}", ExitCode::from(STATUS)));
        assert_eq!(
            format!("{:?}", guarded(&[], || ExitCode::SUCCESS)),
            format!("{:?}", ExitCode::SUCCESS)
        );
    }

    #[test]
    fn the_command_is_repeated() {
        let text = message(&["pycheck".into(), "check".into()]);
        assert!(text.contains("\n  pycheck check\n") && text.contains("report"), "{text}");
    }
}
