//! `cargo xtask ci`: all that must hold before a change lands, in one command on any machine.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run, show};

/// Runs every check, the quickest to fail first, and the tests last so that their counts close the output.
pub(crate) fn run_all() -> Result<()> {
    step("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    step("clippy", || {
        run(cargo()
            .args(["clippy", "--workspace", "--all-targets", "--locked"])
            .args(["--", "--deny", "warnings"]))
    })?;
    step("documentation", || {
        run(cargo()
            .args(["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"])
            .env("RUSTDOCFLAGS", "--deny warnings"))
    })?;
    step("tests", || test(cargo().args(["test", "--workspace", "--no-fail-fast", "--locked"])))
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("=== {name}");
    let start = Instant::now();
    check().with_context(|| format!("the step `{name}` found something"))?;
    println!("=== {name}: passed in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Runs the tests, shows what they print, and closes with the counts over all test programs.
fn test(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("can't start `{shown}`"))?;
    let output = child.stdout.take().expect("standard output is piped");
    let mut counts = Counts::default();
    for line in BufReader::new(output).lines() {
        let line = line.with_context(|| format!("can't read what `{shown}` prints"))?;
        println!("{line}");
        counts.add(&line);
    }
    let status = child.wait().with_context(|| format!("can't wait for `{shown}`"))?;
    println!("{} passed, {} failed, {} ignored", counts.passed, counts.failed, counts.ignored);
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// How the tests went.
#[derive(Default, Debug, PartialEq)]
struct Counts {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Counts {
    /// Adds the counts of a line such as `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        let parts = result.split(['.', ';']).filter_map(|part| part.trim().split_once(' '));
        for (count, what) in parts {
            let Ok(count) = count.parse::<u32>() else { continue };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_test_programs() {
        let mut counts = Counts::default();
        counts.add("running 5 tests");
        counts.add("test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        counts
            .add("test result: FAILED. 2 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out");
        assert_eq!(counts, Counts { passed: 7, failed: 1, ignored: 3 });
    }
}
