//! What a file system notes of a file: where it is as it was, so is the content.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The times of two changes within this can be the same for a file system.
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

/// What a file system notes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// When the content was changed, in nanoseconds since 1970.
    modified: u64,
    /// When anything about it was changed, which cannot be set by hand; 0 where that is not noted.
    changed: u64,
    size: u64,
    inode: u64,
}

impl Stamp {
    /// The stamp of a file as it is now; `None` if it can't be told.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        let modified = nanoseconds(metadata.modified().ok()?)?;
        let (changed, inode) = beyond(&metadata);
        Some(Self { modified, changed, size: metadata.len(), inode })
    }

    /// Whether another change would surely show: the last one is long enough ago. A time in the
    /// future tells nothing.
    pub(super) fn is_settled(&self) -> bool {
        let before = SystemTime::now().checked_sub(COARSEST_CLOCK).and_then(nanoseconds);
        before.is_some_and(|before| self.modified.max(self.changed) < before)
    }
}

#[cfg(unix)]
fn beyond(metadata: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let changed = metadata.ctime().wrapping_mul(1_000_000_000).wrapping_add(metadata.ctime_nsec());
    (changed.cast_unsigned(), metadata.ino())
}

#[cfg(not(unix))]
fn beyond(_: &std::fs::Metadata) -> (u64, u64) {
    (0, 0)
}

fn nanoseconds(time: SystemTime) -> Option<u64> {
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

/// The number of today's day since 1970.
pub(super) fn today() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_secs() / 86_400).unwrap_or_default()
}
