//! `cargo xtask fuzz-imports`: random trees of modules, and whether CPython does what is predicted for them.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use pycheck_test::oracle::{Python, pythons};
use pycheck_test::trees::{self, Features};

/// Which trees to try.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many trees to make.
    #[arg(long, default_value_t = 2000)]
    count: u64,
    /// The seed of the first tree; the next one has the next seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What may occur: `proved` holds in the tests, `plain` is all that can be known,
    /// `all` adds what only the interpreter knows, where false alarms alone count.
    #[arg(long, default_value = "plain")]
    features: Features,
    /// The interpreter that decides; without it all that are found take turns.
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// How many of the failing trees to shrink and show.
    #[arg(long, default_value_t = 3)]
    show: usize,
}

/// Tries the trees and prints what was found; an error if there are contradictions.
pub(crate) fn run(options: &Options) -> Result<()> {
    let pythons = match &options.python {
        Some(path) => vec![Python::at(path).ok_or_else(|| {
            anyhow!("{} is no Python whose version is supported", path.display())
        })?],
        None => pythons(),
    };
    let trees = trees::Options {
        count: options.count,
        seed: options.seed,
        features: options.features.clone(),
        pythons,
        shown: options.show,
    };
    let report = trees::run(&trees).map_err(|error| anyhow!(error))?;
    println!("{}", report.text());
    if !report.wrong.is_empty() {
        bail!("{} of {} trees contradict CPython", report.wrong.len(), options.count);
    }
    Ok(())
}
