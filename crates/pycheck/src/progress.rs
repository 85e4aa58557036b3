//! The progress bar, on runs that take long enough for a person to wonder.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pycheck_project::Progress;

/// A shorter run shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar on standard error that stays hidden at first.
pub(crate) struct Bar {
    drawn: ProgressBar,
    started: Instant,
    /// Whether the bar may be shown and is not shown yet.
    waits: AtomicBool,
}

impl Bar {
    /// A bar that is shown after a while if `wanted` and if a person is looking.
    pub(crate) fn new(wanted: bool) -> Self {
        let style =
            ProgressStyle::with_template("Checking {wide_bar} {human_pos}/{human_len} files")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self {
            drawn: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
                .with_style(style),
            started: Instant::now(),
            waits: AtomicBool::new(wanted && std::io::stderr().is_terminal()),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.drawn.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, files: usize) {
        self.drawn.set_length(files as u64);
    }

    fn done_one(&self) {
        self.drawn.inc(1);
        let is_due = self.waits.load(Ordering::Relaxed) && self.started.elapsed() >= PATIENCE;
        if is_due && self.waits.swap(false, Ordering::Relaxed) {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
