//! The floor of `cargo xtask bench`: walks a folder, reads and parses its Python files on all cores, and does no more.

#![expect(clippy::print_stdout, reason = "a program that tells how much it parsed")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::{env, fs};

use ignore::{DirEntry, WalkBuilder, WalkState};
use mimalloc::MiMalloc;
use rayon::prelude::*;
use ruff_python_ast::PySourceType;
use ruff_python_parser::parse_unchecked_source;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        println!("usage: parse_only FOLDER");
        return ExitCode::from(2);
    };
    let files = python_files(Path::new(&folder));
    let bytes: usize = files.par_iter().map(|file| parse(file)).sum();
    println!("parsed {} files, {bytes} bytes", files.len());
    ExitCode::SUCCESS
}

/// Reads and parses one file, drops its tree, and returns the file's size.
fn parse(file: &Path) -> usize {
    let Ok(bytes) = fs::read(file) else { return 0 };
    let text = String::from_utf8_lossy(&bytes);
    let is_stub = file.extension().is_some_and(|extension| extension == "pyi");
    let source_type = if is_stub { PySourceType::Stub } else { PySourceType::Python };
    std::hint::black_box(parse_unchecked_source(&text, source_type));
    text.len()
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let (sender, receiver) = mpsc::channel();
    WalkBuilder::new(folder).build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            if let Some(path) = entry.ok().and_then(python_file) {
                sender.send(path).expect("the receiver lives until the walk is over");
            }
            WalkState::Continue
        })
    });
    drop(sender);
    let mut files: Vec<PathBuf> = receiver.into_iter().collect();
    files.sort();
    files
}

fn python_file(entry: DirEntry) -> Option<PathBuf> {
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    let is_python =
        entry.path().extension().is_some_and(|extension| extension == "py" || extension == "pyi");
    (is_file && is_python).then(|| entry.into_path())
}
