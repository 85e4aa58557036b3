//! What ends the names of extension modules that an interpreter loads.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::layout::Layout;

/// The suffixes in the order in which CPython tries them.
///
/// The tag is read off the extension modules of the standard library; where there are none, it is
/// what CPython uses for this version on this system.
pub(super) fn extension_suffixes(layout: &Layout, stdlib: &[PathBuf]) -> Vec<String> {
    let free_threaded = layout.library.as_deref().is_some_and(|name| name.ends_with('t'));
    let pypy = layout.library.as_deref().is_some_and(|name| name.starts_with("pypy"));
    let tag = stdlib.iter().rev().find_map(tag_in).or_else(|| usual_tag(layout, free_threaded));
    let plain = if cfg!(windows) { "pyd" } else { "so" };
    let tagged = tag.filter(|tag| !tag.is_empty()).map(|tag| format!(".{tag}.{plain}"));
    let stable = (!free_threaded && !pypy && !cfg!(windows)).then(|| ".abi3.so".to_owned());
    let bare = (!pypy).then(|| format!(".{plain}"));
    [tagged, stable, bare].into_iter().flatten().collect()
}

/// The tag that most extension modules of a folder carry: `cpython-312-x86_64-linux-gnu`.
fn tag_in(folder: &PathBuf) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(folder).ok()?.filter_map(Result::ok) {
        let name = entry.file_name();
        let tag = name.to_str().and_then(|name| name.strip_suffix(".so")?.split_once('.'));
        if let Some((_, tag)) = tag.filter(|(_, tag)| tag.contains('-')) {
            *counts.entry(tag.to_owned()).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(tag, _)| tag)
}

fn usual_tag(layout: &Layout, free_threaded: bool) -> Option<String> {
    if layout.library.as_deref().is_some_and(|name| name.starts_with("pypy")) {
        return None;
    }
    let version = layout.version()?;
    let thread = if free_threaded { "t" } else { "" };
    let number = format!("{}{}{thread}", version.major, version.minor);
    let machine = std::env::consts::ARCH;
    match std::env::consts::OS {
        "linux" if machine == "x86" => Some(format!("cpython-{number}-i386-linux-gnu")),
        "linux" if machine == "arm" => Some(format!("cpython-{number}-arm-linux-gnueabihf")),
        "linux" => Some(format!("cpython-{number}-{machine}-linux-gnu")),
        "macos" => Some(format!("cpython-{number}-darwin")),
        "windows" if machine == "x86_64" => Some(format!("cp{number}-win_amd64")),
        _ => None,
    }
}
