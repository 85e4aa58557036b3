//! The `pycheck` executable.

use std::process::ExitCode;

/// Many small objects are made and dropped in parallel; the allocator of the system is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pycheck::main(std::env::args_os())
}
