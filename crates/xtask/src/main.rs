//! Developer tasks, run as `cargo xtask <task>`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for developers prints")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod bench_server;
mod ci;
mod docs;
mod fuzz_imports;
mod new_rule;
mod process;
mod real_imports;

/// Developer tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check everything that must hold before a change lands: format, clippy, documentation, tests.
    Ci,
    /// Compare pycheck with ruff and with its own parser on pinned packages.
    Bench(bench::Options),
    /// Measure how long an editor waits for the language server in a large workspace.
    BenchServer(bench_server::Options),
    /// Write the pages that are made from the rules, the options and the arguments.
    Docs,
    /// Compare what is predicted for random trees of modules with what CPython does.
    FuzzImports(fuzz_imports::Options),
    /// Compare what is predicted for installed packages with what importing their modules does.
    RealImports(real_imports::Options),
    /// Begin a rule: its code, its page, and its place in the list.
    NewRule {
        /// What it is called, such as `bare-except`.
        name: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.task {
        Task::Ci => ci::run_all(),
        Task::Bench(options) => bench::run(&options),
        Task::BenchServer(options) => bench_server::run(&options),
        Task::Docs => docs::write(),
        Task::FuzzImports(options) => fuzz_imports::run(&options),
        Task::RealImports(options) => real_imports::run(&options),
        Task::NewRule { name } => new_rule::run_for(&name),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
