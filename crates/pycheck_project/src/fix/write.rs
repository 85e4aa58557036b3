//! Putting a new content in the place of a file's old one, whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Why a file was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else has changed it.
    #[error("the file has changed since it was read")]
    Changed,
    /// It must not be written.
    #[error("the file is read-only")]
    ReadOnly,
    /// Its encoding lacks a character.
    #[error("the new text can't be written in the encoding of the file")]
    Encoding,
    /// Something went wrong, and the old content is kept in a file beside it.
    #[error("{error}; the old content is in {copy}")]
    HalfWritten {
        /// What went wrong.
        error: io::Error,
        /// Where the old content is.
        copy: String,
    },
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Writes `new` to a file that still has the content `old`.
///
/// What a link points to is written, and the link stays. The file keeps its mode and its owner.
pub(super) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    check_unchanged(&target, old)?;
    check_writable(&target, &metadata)?;
    // What several names share must stay one file.
    if links(&metadata) > 1 {
        return write_in_place(&target, old, new);
    }
    let Some(fresh) = fresh_file(&target, &metadata, new)? else {
        return write_in_place(&target, old, new);
    };
    check_unchanged(&target, old)?;
    fresh.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

fn check_unchanged(target: &Path, old: &[u8]) -> Result<(), WriteError> {
    if fs::read(target)? == old { Ok(()) } else { Err(WriteError::Changed) }
}

/// A file that nobody may write is left alone also where the user could replace it.
fn check_writable(target: &Path, metadata: &Metadata) -> Result<(), WriteError> {
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    match OpenOptions::new().write(true).open(target) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(WriteError::ReadOnly),
        result => result.map(drop).map_err(WriteError::from),
    }
}

fn beside(target: &Path) -> (PathBuf, String) {
    let folder = target.parent().unwrap_or(Path::new("/")).to_owned();
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    (folder, format!(".{name}."))
}

/// The new content in a file beside the old one; `None` when it can't be given to the same owner.
fn fresh_file(target: &Path, old: &Metadata, new: &[u8]) -> io::Result<Option<NamedTempFile>> {
    let (folder, prefix) = beside(target);
    let mut fresh =
        tempfile::Builder::new().prefix(&prefix).suffix(".pycheck").tempfile_in(folder)?;
    fresh.write_all(new)?;
    if !give_to_owner(fresh.as_file(), old) {
        return Ok(None);
    }
    fresh.as_file().set_permissions(old.permissions())?;
    fresh.as_file().sync_all()?;
    Ok(Some(fresh))
}

/// Writes into the file itself, with a copy beside it for as long as that takes.
fn write_in_place(target: &Path, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
    let (folder, prefix) = beside(target);
    let mut copy =
        tempfile::Builder::new().prefix(&prefix).suffix(".pycheck-old").tempfile_in(folder)?;
    copy.write_all(old)?;
    copy.as_file().sync_all()?;
    let mut file = OpenOptions::new().write(true).open(target)?;
    overwrite(&mut file, new).map_err(|error| {
        let copy = match copy.keep() {
            Ok((_, path)) => path.display().to_string(),
            Err(error) => error.to_string(),
        };
        WriteError::HalfWritten { error, copy }
    })
}

fn overwrite(file: &mut File, content: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

/// Whether the file now has the owner that the other one has.
#[cfg(unix)]
fn give_to_owner(file: &File, like: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let Ok(own) = file.metadata() else { return false };
    let is_same = own.uid() == like.uid() && own.gid() == like.gid();
    is_same || std::os::unix::fs::fchown(file, Some(like.uid()), Some(like.gid())).is_ok()
}

#[cfg(not(unix))]
fn give_to_owner(_: &File, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::{WriteError, replace};
    use std::fs;

    fn names(folder: &std::path::Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_has_changed_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.py");
        fs::write(&file, "new").unwrap();
        assert!(matches!(replace(&file, b"old", b"x"), Err(WriteError::Changed)));
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.py"]);
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.py");
        fs::write(&file, "old").unwrap();
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&file, permissions).unwrap();
        assert!(matches!(replace(&file, b"old", b"x"), Err(WriteError::ReadOnly)));
        assert_eq!(fs::read(&file).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_links_stay() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.py"), "old").unwrap();
        fs::set_permissions(at("a.py"), fs::Permissions::from_mode(0o754)).unwrap();
        symlink("a.py", at("link.py")).unwrap();
        replace(&at("link.py"), b"old", b"new").unwrap();
        assert!(at("link.py").is_symlink());
        assert_eq!(fs::read(at("a.py")).unwrap(), b"new");
        assert_eq!(fs::metadata(at("a.py")).unwrap().mode() & 0o777, 0o754);

        fs::hard_link(at("a.py"), at("hard.py")).unwrap();
        replace(&at("hard.py"), b"new", b"x").unwrap();
        assert_eq!(fs::read(at("a.py")).unwrap(), b"x");
        assert_eq!(fs::metadata(at("a.py")).unwrap().nlink(), 2);
        assert_eq!(names(folder.path()), ["a.py", "hard.py", "link.py"]);
    }
}
