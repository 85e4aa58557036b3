//! Writes an index as git has it, so that a case can say which of its files are not tracked.

use std::fs;
use std::io;
use std::path::Path;

/// What git keeps of a file's facts, and the hash of its content: nobody asks for either.
const FACTS: [u8; 40 + 20] = [0; 60];

/// Makes `folder` one that git keeps, with these names in its index.
pub(crate) fn write(folder: &Path, names: &[&str]) -> io::Result<()> {
    let mut bytes = b"DIRC".to_vec();
    bytes.extend(2_u32.to_be_bytes());
    bytes.extend((names.len() as u32).to_be_bytes());
    for name in names {
        let mut entry = FACTS.to_vec();
        entry.extend((name.len() as u16).to_be_bytes());
        entry.extend(name.as_bytes());
        let padded = (entry.len() + 1).next_multiple_of(8);
        entry.resize(padded, 0);
        bytes.extend(entry);
    }
    bytes.extend([0; 20]);
    fs::create_dir_all(folder.join(".git"))?;
    fs::write(folder.join(".git/index"), bytes)
}
