//! `cargo xtask bench`: pycheck beside ruff and beside its own parser, on pinned packages, as ratios of one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{self, cargo, workspace_root};
use report::Comparison;

pub(crate) mod fetch;
mod measure;
mod report;

/// What to compare, and how often.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many times each command runs on each tree; the medians are compared.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Compare on this tree only; may be given several times.
    #[arg(long = "tree", value_name = "NAME", value_parser = fetch::tree_names())]
    trees: Vec<String>,
    /// Print all that was measured as JSON.
    #[arg(long)]
    json: bool,
}

/// Fetches what is missing, measures and prints; an error if a budget is not kept.
pub(crate) fn run(options: &Options) -> Result<()> {
    let tools = Tools::prepare()?;
    let mut comparisons = Vec::new();
    for tree in fetch::TREES.iter().filter(|tree| options.wants(tree.name)) {
        let folder = fetch::tree(tree)?;
        eprintln!("measuring {} ({} runs)", tree.name, options.runs);
        let [pycheck, ruff, parser] = measure::alternately(
            [tools.pycheck(&folder), tools.ruff(&folder), tools.parser(&folder)],
            options.runs,
        )?;
        let comparison = Comparison { tree: tree.name, pycheck, ruff, parser };
        if !options.json {
            println!("{comparison}");
        }
        comparisons.push(comparison);
    }
    if options.json {
        println!("{}", report::json(&comparisons)?);
    }
    let missed: Vec<String> = comparisons.iter().flat_map(Comparison::missed_budgets).collect();
    if !missed.is_empty() {
        bail!("budgets not kept:\n  {}", missed.join("\n  "));
    }
    Ok(())
}

impl Options {
    fn wants(&self, tree: &str) -> bool {
        self.trees.is_empty() || self.trees.iter().any(|name| name == tree)
    }
}

/// The three programs that are compared.
struct Tools {
    pycheck: PathBuf,
    ruff: PathBuf,
    parser: PathBuf,
}

impl Tools {
    /// Builds ours for release and fetches ruff.
    fn prepare() -> Result<Self> {
        let ruff = fetch::ruff()?;
        process::run(
            cargo()
                .args(["build", "--release", "--package", "pycheck", "--bin", "pycheck"])
                .args(["--package", "xtask", "--example", "parse_only"]),
        )?;
        let release = workspace_root().join("target/release");
        let pycheck = release.join("pycheck");
        Ok(Self { pycheck, ruff, parser: release.join("examples/parse_only") })
    }

    fn pycheck(&self, folder: &Path) -> Command {
        check(&self.pycheck, &["check", "--isolated", "--no-cache"], folder)
    }

    fn ruff(&self, folder: &Path) -> Command {
        let rules = ["--select", "B006,B023,E711,E722"];
        check(&self.ruff, &[&["check", "--isolated", "--no-cache"], &rules[..]].concat(), folder)
    }

    fn parser(&self, folder: &Path) -> Command {
        check(&self.parser, &[], folder)
    }
}

fn check(program: &Path, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).arg(folder);
    command
}
