//! The ratios that the bench prints, and the budgets that they must keep.

use std::fmt;

use anyhow::Result;
use serde_json::{Value, json};

use super::measure::{Measured, Run};

/// Processor time at most this part of ruff's.
const OF_RUFF: f64 = 0.80;
/// Processor time at most this multiple of parsing alone.
const OF_PARSER: f64 = 1.5;
/// Peak memory at most this, in MiB.
const PEAK: f64 = 150.0;

/// What was measured on one tree.
pub(crate) struct Comparison {
    /// The tree's name.
    pub(crate) tree: &'static str,
    /// Our command.
    pub(crate) pycheck: Measured,
    /// The linter we compare with.
    pub(crate) ruff: Measured,
    /// Reading and parsing the same files: the floor.
    pub(crate) parser: Measured,
}

impl Comparison {
    fn processor_of(&self, other: &Measured) -> f64 {
        self.pycheck.median(|run| run.processor) / other.median(|run| run.processor)
    }

    fn wall_of(&self, other: &Measured) -> f64 {
        self.pycheck.median(|run| run.wall) / other.median(|run| run.wall)
    }

    fn peak_in_mib(&self) -> f64 {
        mib(self.pycheck.peak())
    }

    /// A sentence for each budget that is not kept.
    pub(crate) fn missed_budgets(&self) -> Vec<String> {
        let figures = [
            ("processor time beside ruff", self.processor_of(&self.ruff), OF_RUFF),
            ("processor time beside the parser", self.processor_of(&self.parser), OF_PARSER),
            ("peak memory in MiB", self.peak_in_mib(), PEAK),
        ];
        let missed = figures.into_iter().filter(|(_, measured, budget)| measured > budget);
        missed
            .map(|(what, measured, budget)| {
                format!("{}: {what} is {measured:.2}, at most {budget:.2}", self.tree)
            })
            .collect()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<14} processor {:.2} of ruff, {:.2} of the parser   wall {:.2} of ruff, {:.2} of the parser   \
             peak {:.0} MiB   (processor: pycheck {:.2} s, ruff {:.2} s, parser {:.2} s)",
            self.tree,
            self.processor_of(&self.ruff),
            self.processor_of(&self.parser),
            self.wall_of(&self.ruff),
            self.wall_of(&self.parser),
            self.peak_in_mib(),
            self.pycheck.median(|run| run.processor),
            self.ruff.median(|run| run.processor),
            self.parser.median(|run| run.processor),
        )
    }
}

/// Everything measured, for programs.
pub(crate) fn json(comparisons: &[Comparison]) -> Result<String> {
    let trees: Vec<Value> = comparisons.iter().map(comparison).collect();
    Ok(serde_json::to_string_pretty(&json!({ "trees": trees }))?)
}

fn comparison(comparison: &Comparison) -> Value {
    json!({
        "tree": comparison.tree,
        "processor_of_ruff": comparison.processor_of(&comparison.ruff),
        "processor_of_parser": comparison.processor_of(&comparison.parser),
        "wall_of_ruff": comparison.wall_of(&comparison.ruff),
        "wall_of_parser": comparison.wall_of(&comparison.parser),
        "peak_mib": comparison.peak_in_mib(),
        "missed_budgets": comparison.missed_budgets(),
        "runs": {
            "pycheck": runs(&comparison.pycheck),
            "ruff": runs(&comparison.ruff),
            "parser": runs(&comparison.parser),
        },
    })
}

fn runs(measured: &Measured) -> Vec<Value> {
    let run = |run: &Run| {
        json!({
            "processor_seconds": run.processor.as_secs_f64(),
            "wall_seconds": run.wall.as_secs_f64(),
            "peak_mib": mib(run.peak),
        })
    };
    measured.runs.iter().map(run).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a peak far below 2^52 bytes")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn measured(processor: u64, peak: u64) -> Measured {
        let processor = Duration::from_millis(processor);
        Measured { runs: vec![Run { processor, wall: processor / 2, peak: peak << 20 }] }
    }

    fn comparison(pycheck: Measured) -> Comparison {
        Comparison { tree: "django", pycheck, ruff: measured(1000, 0), parser: measured(500, 0) }
    }

    #[test]
    fn budgets_at_their_bounds_are_kept() {
        assert_eq!(comparison(measured(750, 150)).missed_budgets(), Vec::<String>::new());
    }

    #[test]
    fn each_budget_that_is_not_kept_is_named() {
        let missed = comparison(measured(900, 151)).missed_budgets();
        assert_eq!(
            missed,
            [
                "django: processor time beside ruff is 0.90, at most 0.80",
                "django: processor time beside the parser is 1.80, at most 1.50",
                "django: peak memory in MiB is 151.00, at most 150.00",
            ]
        );
    }

    #[test]
    fn the_line_begins_with_tree_and_ratios() {
        let line = comparison(measured(550, 93)).to_string();
        assert!(
            line.starts_with(
                "django         processor 0.55 of ruff, 1.10 of the parser   wall 0.55"
            ),
            "{line}"
        );
        assert!(line.contains("peak 93 MiB"), "{line}");
    }
}
