//! What running a command costs: processor time, wall time and peak memory, as the system accounts them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::process::show;

/// What one run cost.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// Time on all processors, in the program and in the system on its behalf.
    pub(crate) processor: Duration,
    /// Time from start to end.
    pub(crate) wall: Duration,
    /// The largest resident set, in bytes.
    pub(crate) peak: u64,
}

/// All runs of one command.
pub(crate) struct Measured {
    /// In the order of running.
    pub(crate) runs: Vec<Run>,
}

impl Measured {
    /// The median of one figure over the runs, in seconds.
    pub(crate) fn median(&self, figure: impl Fn(&Run) -> Duration) -> f64 {
        let mut values: Vec<Duration> = self.runs.iter().map(figure).collect();
        values.sort();
        let middle = values.len() / 2;
        let lower = values[(values.len() - 1) / 2];
        (lower + values[middle]).as_secs_f64() / 2.0
    }

    /// The largest peak of memory over the runs, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.runs.iter().map(|run| run.peak).max().unwrap_or(0)
    }
}

/// Runs the commands in turn, `times` times each, after one round that warms the file cache and is not counted.
pub(crate) fn alternately<const N: usize>(
    mut commands: [Command; N],
    times: u16,
) -> Result<[Measured; N]> {
    let mut measured = commands.each_ref().map(|_| Measured { runs: Vec::new() });
    for round in 0..=times {
        for (command, measured) in commands.iter_mut().zip(&mut measured) {
            let run = once(command)?;
            if round > 0 {
                measured.runs.push(run);
            }
        }
    }
    Ok(measured)
}

/// Runs a checker once. To find something (status 1) is success, to be unable to run (any other) is not.
fn once(command: &mut Command) -> Result<Run> {
    let shown = show(command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("can't start `{shown}`"))?;
    let used = child.wait4().with_context(|| format!("can't wait for `{shown}`"))?;
    let wall = start.elapsed();
    if !matches!(used.status.code(), Some(0 | 1)) {
        bail!("`{shown}` could not run ({})", used.status);
    }
    let processor = used.rusage.utime + used.rusage.stime;
    Ok(Run { processor, wall, peak: used.rusage.maxrss })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(milliseconds: &[u64]) -> Measured {
        let run = |&ms: &u64| Run {
            processor: Duration::from_millis(ms),
            wall: Duration::from_millis(2 * ms),
            peak: ms,
        };
        Measured { runs: milliseconds.iter().map(run).collect() }
    }

    fn assert_near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} is not {right}");
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two_middles() {
        assert_near(measured(&[30, 10, 20]).median(|run| run.processor), 0.020);
        assert_near(measured(&[40, 10, 20, 30]).median(|run| run.wall), 0.050);
    }

    #[test]
    fn the_peak_is_the_largest() {
        assert_eq!(measured(&[30, 50, 20]).peak(), 50);
    }

    #[test]
    fn a_busy_child_is_charged_and_a_failing_one_is_an_error() {
        let mut busy = Command::new("sh");
        busy.args(["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 1"]);
        let run = once(&mut busy).unwrap();
        assert!(run.processor > Duration::ZERO && run.peak > 0);

        let mut failing = Command::new("sh");
        failing.args(["-c", "exit 2"]);
        assert!(once(&mut failing).is_err());
    }
}
