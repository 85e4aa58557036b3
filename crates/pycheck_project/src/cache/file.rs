//! The file in which records are kept: a header, the list of entries, and the records one after
//! another. It is read whole, and replaced whole.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::stamp::Stamp;
use crate::analyze::FileRecord;

/// For how many days records are kept of files that no run has looked at.
pub(super) const DAYS: u32 = 30;
/// The file by which backup programs recognise a folder that can be made anew.
pub(super) const TAG: &str = "CACHEDIR.TAG";
const TAG_CONTENT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # What pycheck knows of files; it can be removed at any time.\n";

const MAGIC: &[u8; 8] = b"pycheck\x01";
const HEADER: usize = 40;

/// What is kept of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The path from the project's folder.
    pub(super) path: String,
    /// Of its content.
    pub(super) hash: u128,
    /// How the file was when that was its content, if a change since would show.
    pub(super) stamp: Option<Stamp>,
    /// The day on which a run has last looked at it.
    pub(super) day: u32,
    /// Where its record begins and ends.
    pub(super) place: (u32, u32),
}

/// All that is kept.
#[derive(Default)]
pub(super) struct Kept {
    entries: Vec<Entry>,
    by_path: FxHashMap<String, usize>,
    content: Vec<u8>,
    /// Where the records begin in the content.
    start: usize,
}

impl Kept {
    /// Reads a file that was written with the same key; `None` for any other.
    pub(super) fn read(file: &Path, key: u128) -> Option<Self> {
        let content = fs::read(file).ok()?;
        let header: &[u8; HEADER] = content.first_chunk()?;
        let number = |range: Range<usize>| header[range].try_into().ok().map(u64::from_le_bytes);
        let is_ours = header[..8] == *MAGIC && header[8..24] == key.to_le_bytes();
        if !is_ours || number(24..32)? != xxh3_64(&content[32..]) {
            return None;
        }
        let length = usize::try_from(number(32..40)?).ok()?;
        let start = HEADER.checked_add(length)?;
        let entries: Vec<Entry> = postcard::from_bytes(content.get(HEADER..start)?).ok()?;
        let paths = entries.iter().enumerate().map(|(index, entry)| (entry.path.clone(), index));
        let by_path = paths.collect();
        Some(Self { entries, by_path, content, start })
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn entry(&self, path: &str) -> Option<&Entry> {
        self.by_path.get(path).map(|index| &self.entries[*index])
    }

    pub(super) fn bytes(&self, entry: &Entry) -> &[u8] {
        let (start, end) =
            (self.start + entry.place.0 as usize, self.start + entry.place.1 as usize);
        self.content.get(start..end).unwrap_or_default()
    }

    pub(super) fn record(&self, entry: &Entry) -> Option<FileRecord> {
        postcard::from_bytes(self.bytes(entry)).ok()
    }

    /// Adds an entry with its record.
    pub(super) fn add(&mut self, entry: Entry, record: &[u8]) {
        let ends = (self.content.len(), self.content.len() + record.len());
        // More than 4 GiB of records are not kept.
        let (Ok(start), Ok(end)) = (u32::try_from(ends.0), u32::try_from(ends.1)) else { return };
        self.content.extend_from_slice(record);
        self.entries.push(Entry { place: (start, end), ..entry });
    }

    /// Puts everything in place of what was there. Another run sees the old file or the new one.
    pub(super) fn write(&self, file: &Path, key: u128) -> io::Result<()> {
        let folder = file.parent().unwrap_or(file);
        let top = folder.parent().unwrap_or(folder);
        // A folder that was there before is not marked, unless it has our own name.
        let is_ours = !top.exists() || top.ends_with(super::FOLDER);
        fs::create_dir_all(folder)?;
        if is_ours {
            mark(top)?;
        }
        let list = postcard::to_stdvec(&self.entries).map_err(io::Error::other)?;
        let mut checked = (list.len() as u64).to_le_bytes().to_vec();
        checked.extend_from_slice(&list);
        checked.extend_from_slice(&self.content);
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        written.write_all(MAGIC)?;
        written.write_all(&key.to_le_bytes())?;
        written.write_all(&xxh3_64(&checked).to_le_bytes())?;
        written.write_all(&checked)?;
        written.persist(file)?;
        drop_old(folder);
        Ok(())
    }
}

/// Removes what was kept for settings that no run has had for long, and what killed runs have left.
fn drop_old(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        age.is_some_and(|age| age.as_secs() / 86_400 > u64::from(DAYS))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_old) {
        // Another run may have removed it.
        let _ = fs::remove_file(entry.path());
    }
}

/// Tells backup programs and git to leave the folder alone.
fn mark(folder: &Path) -> io::Result<()> {
    for (name, content) in [(TAG, TAG_CONTENT), (".gitignore", "*\n")] {
        let file = folder.join(name);
        if !file.exists() {
            fs::write(file, content)?;
        }
    }
    Ok(())
}
