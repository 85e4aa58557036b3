//! Reads the names in git's index, versions 2 to 4, for both lengths of hash.
//!
//! See gitformat-index(5). Nothing in the file is trusted: what does not fit makes all of it unknown.

use rustc_hash::FxHashSet;

/// The lengths of SHA-1 and SHA-256.
const HASH_LENGTHS: [usize; 2] = [20, 32];
/// What the file system said about a file.
const STAT_LENGTH: usize = 40;
/// Where in that the mode is.
const MODE: usize = 24;
/// The kind of file, as part of the mode, of another repository and of a folder that stands for its files.
const FOLDERS: [u32; 2] = [0o160_000, 0o040_000];

/// What an index lists, as far as it concerns Python.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tracked {
    files: FxHashSet<Box<[u8]>>,
    /// Folders without a list of what is in them.
    folders: FxHashSet<Box<[u8]>>,
}

impl Tracked {
    pub(super) fn has(&self, name: &[u8]) -> bool {
        self.files.contains(name)
    }

    pub(super) fn has_folder(&self, name: &[u8]) -> bool {
        self.folders.contains(name)
    }

    pub(super) fn has_in_other_case(&self, name: &[u8]) -> bool {
        self.files.iter().any(|file| file.eq_ignore_ascii_case(name))
    }

    fn add(&mut self, name: &[u8], mode: u32) {
        if FOLDERS.contains(&(mode & 0o170_000)) {
            self.folders.insert(name.strip_suffix(b"/").unwrap_or(name).into());
        } else if [&b".py"[..], b".pyi", b".pyw"].iter().any(|ending| name.ends_with(ending)) {
            self.files.insert(name.into());
        }
    }
}

/// What an index lists; `None` for what is no index, or not all of one.
pub(super) fn tracked(bytes: &[u8]) -> Option<Tracked> {
    HASH_LENGTHS.into_iter().find_map(|hash_length| parse(bytes, hash_length))
}

fn parse(bytes: &[u8], hash_length: usize) -> Option<Tracked> {
    let body = bytes.get(..bytes.len().checked_sub(hash_length)?)?;
    let mut reader = Reader { bytes: body, at: 0 };
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.number()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let count = reader.number()?;
    let mut tracked = Tracked::default();
    let mut name = Vec::new();
    for _ in 0..count {
        let start = reader.at;
        let stat = reader.take(STAT_LENGTH)?;
        let mode = u32::from_be_bytes(stat[MODE..MODE + 4].try_into().ok()?);
        reader.take(hash_length)?;
        let is_extended = reader.take(2)?[0] & 0x40 != 0;
        if is_extended {
            reader.take(2)?;
        }
        if version == 4 {
            let kept = name.len().checked_sub(reader.varint()?)?;
            name.truncate(kept);
        } else {
            name.clear();
        }
        name.extend_from_slice(reader.until_nul()?);
        if version != 4 {
            // The entry ends in one to eight NULs; one has been read.
            let length = reader.at - start;
            reader.take(length.next_multiple_of(8) - length)?;
        }
        tracked.add(&name, mode);
    }
    has_all(&mut reader).then_some(tracked)
}

/// Whether the rest of the index adds no entries. Extensions in small letters must be understood.
fn has_all(reader: &mut Reader<'_>) -> bool {
    while reader.at < reader.bytes.len() {
        let Some(name) = reader.take(4) else { return false };
        if name[0].is_ascii_lowercase() && name != b"sdir" {
            return false;
        }
        let Some(length) = reader.number() else { return false };
        if reader.take(length as usize).is_none() {
            return false;
        }
    }
    true
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of any length, as pack files have it.
    fn varint(&mut self) -> Option<usize> {
        let mut byte = self.take(1)?[0];
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.take(1)?[0];
            value =
                value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        }
        Some(value)
    }

    fn until_nul(&mut self) -> Option<&'b [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let length = memchr::memchr(0, rest)?;
        self.at += length + 1;
        Some(&rest[..length])
    }
}
