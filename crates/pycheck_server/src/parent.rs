//! Watches the process that has started the server: one that dies may leave its pipe open.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

/// How often the process is looked for.
const INTERVAL: Duration = Duration::from_secs(1);

/// A channel that closes when the process of this number is gone. It never does without a number.
pub(crate) fn watch(process: Option<u32>) -> Receiver<()> {
    let (alive, gone) = bounded(0);
    thread::spawn(move || {
        while process.is_none_or(exists) {
            thread::sleep(INTERVAL);
        }
        drop(alive);
    });
    gone
}

#[cfg(unix)]
fn exists(process: u32) -> bool {
    let number = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    let Some(number) = number else { return true };
    // A process of somebody else may not be asked, but it is there.
    rustix::process::test_kill_process(number) != Err(rustix::io::Errno::SRCH)
}

#[cfg(not(unix))]
fn exists(_process: u32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::exists;

    #[test]
    fn a_process_that_has_ended_is_gone() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        assert!(exists(child.id()));
        child.wait().unwrap();
        assert!(!exists(child.id()));
        assert!(exists(std::process::id()));
    }
}
