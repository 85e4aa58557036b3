//! From the names that editors give to documents to paths, and back.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::Uri;

/// The path of a `file:` document; `None` for one that lies on no disk.
pub(crate) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = if rest.starts_with('/') { rest } else { &rest[rest.find('/')?..] };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let decoded = String::from_utf8(decode(path)).ok()?;
    let bytes = decoded.as_bytes();
    // `/c:/folder` on Windows.
    let has_drive = bytes.len() > 2 && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let path = PathBuf::from(if has_drive && cfg!(windows) { &decoded[1..] } else { &decoded });
    Some(normalized(&path))
}

/// The usual spelling of a file's name.
pub(crate) fn from_path(path: &Path) -> Option<Uri> {
    let text = path.to_str()?.replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            uri.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Uri::from_str(&uri).ok()
}

fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = digits.filter(|_| first == b'%').and_then(|it| u8::from_str_radix(it, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

/// The path without `.`, `..` and a slash at its end.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::str::FromStr as _;

    use lsp_types::Uri;

    use super::{from_path, to_path};

    #[test]
    fn all_spellings_lead_to_the_path() {
        let path = |text| to_path(&Uri::from_str(text).unwrap());
        assert_eq!(path("file:///a/b%2Epy"), Some(PathBuf::from("/a/b.py")));
        assert_eq!(path("file://localhost/a/b.py"), Some(PathBuf::from("/a/b.py")));
        assert_eq!(path("file:///a/%C3%A9/%20x/"), Some(PathBuf::from("/a/é/ x")));
        assert_eq!(path("file:///a/./b/../c.py"), Some(PathBuf::from("/a/c.py")));
        assert_eq!(path("untitled:Untitled-1"), None);
    }

    #[test]
    fn a_path_survives_the_way_there_and_back() {
        for path in ["/a b/c#d?e.py", "/é/100%.py", "/[x]/y"] {
            assert_eq!(to_path(&from_path(Path::new(path)).unwrap()), Some(PathBuf::from(path)));
        }
    }
}
