//! Names the sources that what is kept of a file depends on: a cache of other sources is not used.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The crates whose code decides what is kept of a file.
const CRATES: &[&str] = &["pycheck_model", "pycheck_syntax", "pycheck_rules", "pycheck_project"];

fn main() {
    let mut sources = BTreeMap::new();
    for name in CRATES {
        let folder = Path::new("..").join(name).join("src");
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &mut sources);
    }
    let mut hasher = DefaultHasher::new();
    sources.hash(&mut hasher);
    println!("cargo::rustc-env=PYCHECK_SOURCES={:016x}", hasher.finish());
}

/// The Rust files below a folder with their contents; none if it can't be read.
fn collect(folder: &Path, sources: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let content = std::fs::read(&path).unwrap_or_default();
            sources.insert(path, content);
        }
    }
}
