//! How paths are written for programs: whole, relative to the repository, or as an address.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::Request;

/// What can't stand in the path of an address.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The path as it is. Bytes that are no text are written as `%` and two digits.
pub(crate) fn exact(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(percent_encoding::percent_encode_byte(*byte));
        }
    }
    text
}

/// The path as the host of a repository knows it, with `/` between its parts; whole if it lies elsewhere.
pub(crate) fn in_repository(path: &Path, request: &Request<'_>) -> String {
    let text = exact(path.strip_prefix(repository(request)).unwrap_or(path));
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// The folder that hosts take paths relative to.
pub(crate) fn repository<'a>(request: &Request<'a>) -> &'a Path {
    request.tool.map_or(request.base, |tool| tool.repository)
}

/// The address of a file: relative to the repository if it lies there, which the second value says.
pub(crate) fn address(path: &Path, request: &Request<'_>) -> (String, bool) {
    let encoded = |path: &Path| {
        let bytes = path.as_os_str().as_encoded_bytes();
        let text = percent_encode(bytes, NOT_IN_PATHS).to_string();
        if cfg!(windows) { text.replace("%5C", "/") } else { text }
    };
    match path.strip_prefix(repository(request)) {
        Ok(below) => (encoded(below), true),
        Err(_) => {
            (format!("file://{}{}", if cfg!(windows) { "/" } else { "" }, encoded(path)), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{address, exact, in_repository};
    use crate::testing::{Fixture, request};
    use std::path::Path;

    #[test]
    fn addresses_are_relative_and_encoded() {
        let fixture = Fixture::new(&[]);
        let request = request(&fixture, &[]);
        let of = |path: &str| address(Path::new(path), &request);
        assert_eq!(of("/base/a b/größe#1.py"), ("a%20b/gr%C3%B6%C3%9Fe%231.py".to_owned(), true));
        assert_eq!(of("/else/a%.py"), ("file:///else/a%25.py".to_owned(), false));
        assert_eq!(in_repository(Path::new("/base/a b.py"), &request), "a b.py");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_kept() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let fixture = Fixture::new(&[]);
        let request = request(&fixture, &[]);
        let path = Path::new(OsStr::from_bytes(b"/base/b\xff\n.py"));
        assert_eq!(exact(path), "/base/b%FF\n.py");
        assert_eq!(address(path, &request).0, "b%FF%0A.py");
    }
}
