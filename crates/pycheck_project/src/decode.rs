//! From the bytes of a source file to its text, as CPython's tokenizer decodes them
//! (language reference, section 2.1.4; PEP 263).

use encoding_rs::Encoding;

/// Why the bytes are no text that Python would read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong, in CPython's words where it has some.
    pub message: String,
    /// The text before the place, as far as it can be read; the finding is put at its end.
    pub readable: String,
}

/// Decodes a source file. A byte order mark is left out.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    if bytes.len() >= u32::MAX as usize {
        return Err(DecodeError::at_start("the file is larger than 4 GiB"));
    }
    let has_mark = bytes.starts_with(BYTE_ORDER_MARK);
    let text = match declared_encoding(&bytes).filter(|name| !is_utf8(name)) {
        Some(name) if has_mark => {
            return Err(DecodeError::at_start(format!("encoding problem: {name} with BOM")));
        }
        Some(name) => decode_as(&name, &bytes)?,
        None => decode_utf8(bytes, has_mark)?,
    };
    match memchr::memchr(0, text.as_bytes()) {
        None => Ok(text),
        Some(at) => Err(DecodeError {
            message: "source code cannot contain null bytes".to_owned(),
            readable: text[..at].to_owned(),
        }),
    }
}

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The bytes of a text in the encoding that a file declares; `None` if that lacks a character.
pub(crate) fn encode_like(text: &str, file: &[u8]) -> Option<Vec<u8>> {
    if file.starts_with(BYTE_ORDER_MARK) {
        return Some([BYTE_ORDER_MARK, text.as_bytes()].concat());
    }
    let Some(name) = declared_encoding(file).filter(|name| !is_utf8(name)) else {
        return Some(text.as_bytes().to_vec());
    };
    let label = normalized(&name);
    let Some(encoding) = known_encoding(&label).filter(|_| !is_latin1(&label)) else {
        // As it was decoded, for what is no name of Latin 1 as well.
        return text.chars().map(|c| u8::try_from(c).ok()).collect();
    };
    let (bytes, _, has_lost) = encoding.encode(text);
    (!has_lost).then(|| bytes.into_owned())
}

impl DecodeError {
    fn at_start(message: impl Into<String>) -> Self {
        Self { message: message.into(), readable: String::new() }
    }
}

fn decode_utf8(mut bytes: Vec<u8>, has_mark: bool) -> Result<String, DecodeError> {
    if has_mark {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let readable = String::from_utf8_lossy(&bytes[..valid]).into_owned();
        let line = readable.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let message = format!(
            "Non-UTF-8 code starting with '\\x{:02x}' on line {line}, but no encoding declared; \
             see PEP 263 for details",
            bytes[valid]
        );
        DecodeError { message, readable }
    })
}

/// The encoding named in a comment on the first line, or on the second below a comment or nothing.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let (first, rest) = split_line(bytes);
    if let Some(name) = encoding_comment(first) {
        return Some(name);
    }
    let first = first.trim_ascii_start();
    let second_counts = first.is_empty() || first.starts_with(b"#");
    if second_counts { encoding_comment(split_line(rest).0) } else { None }
}

/// The first line without its end, and what comes after that.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else {
        return (bytes, &[]);
    };
    let width = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    (&bytes[..end], &bytes[end + width..])
}

/// `coding[:=]\s*([-\w.]+)` in a line that is only a comment.
fn encoding_comment(line: &[u8]) -> Option<String> {
    let mut rest = line.trim_ascii_start().strip_prefix(b"#")?;
    loop {
        let at = rest.windows(6).position(|window| window == b"coding")?;
        rest = &rest[at + 6..];
        let Some(value) = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"=")) else {
            continue;
        };
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let name: Vec<u8> = value.trim_ascii_start().iter().take_while(is_name).copied().collect();
        if !name.is_empty() {
            return String::from_utf8(name).ok();
        }
    }
}

fn normalized(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

fn is_utf8(name: &str) -> bool {
    let name = normalized(name);
    matches!(name.as_str(), "utf-8" | "utf8" | "utf8-sig" | "u8" | "cp65001")
        || name.starts_with("utf-8-")
}

fn decode_as(name: &str, bytes: &[u8]) -> Result<String, DecodeError> {
    let label = normalized(name);
    if is_latin1(&label) {
        return Ok(as_latin1(bytes));
    }
    if matches!(label.as_str(), "ascii" | "us-ascii" | "646") {
        return decode_ascii(name, bytes);
    }
    if let Some(encoding) = known_encoding(&label) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes);
        if malformed {
            let message = format!("(unicode error) '{name}' codec can't decode this file");
            return Err(DecodeError::at_start(message));
        }
        return Ok(text.into_owned());
    }
    if is_other_charmap(&label) {
        // Only characters beyond ASCII differ, and they do not change how the file is structured.
        return Ok(as_latin1(bytes));
    }
    Err(DecodeError::at_start(format!("unknown encoding: {name}")))
}

fn as_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn decode_ascii(name: &str, bytes: &[u8]) -> Result<String, DecodeError> {
    let Some(at) = bytes.iter().position(|byte| !byte.is_ascii()) else {
        return Ok(as_latin1(bytes));
    };
    let byte = bytes[at];
    let message = format!(
        "'{name}' codec can't decode byte 0x{byte:02x} in position {at}: ordinal not in range(128)"
    );
    Err(DecodeError { message, readable: as_latin1(&bytes[..at]) })
}

fn is_latin1(label: &str) -> bool {
    const NAMES: &[&str] =
        &["latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1", "cp819", "8859", "latin"];
    NAMES.contains(&label) || label.starts_with("latin-1-") || label.starts_with("iso-8859-1-")
}

/// The encoding by Python's name for it, where the web's standard knows it under some name.
fn known_encoding(label: &str) -> Option<&'static Encoding> {
    let label = match label {
        "cp932" | "ms932" | "mskanji" | "sjis" | "s-jis" | "shift-jis" | "shiftjis" => "shift_jis",
        "cp949" | "ms949" | "uhc" | "euckr" => "euc-kr",
        "cp936" | "936" | "ms936" | "gb2312" => "gbk",
        "cp950" | "950" => "big5",
        "eucjp" | "ujis" | "u-jis" => "euc-jp",
        "mac-roman" | "macroman" => "macintosh",
        "mac-cyrillic" => "x-mac-cyrillic",
        _ => label,
    };
    let windows = label.strip_prefix("cp").filter(|page| page.starts_with("125"));
    let iso = label.strip_prefix("iso8859-");
    let candidates = [
        Some(label.to_owned()),
        windows.map(|page| format!("windows-{page}")),
        iso.map(|part| format!("iso-8859-{part}")),
    ];
    let encodings = candidates.into_iter().flatten();
    encodings
        .filter_map(|name| Encoding::for_label(name.as_bytes()))
        .find(|encoding| encoding.is_ascii_compatible() || *encoding == encoding_rs::ISO_2022_JP)
}

/// Whether the label is one of [`PAGES`].
fn is_other_charmap(label: &str) -> bool {
    let prefixes = ["cp", "ibm", "mac-"];
    let page = prefixes.iter().find_map(|prefix| label.strip_prefix(prefix)).unwrap_or(label);
    PAGES.contains(&page)
}

/// Code pages that Python has and the web's standard has not.
const PAGES: &[&str] = &[
    "437",
    "720",
    "737",
    "775",
    "850",
    "852",
    "855",
    "856",
    "857",
    "858",
    "860",
    "861",
    "862",
    "863",
    "864",
    "865",
    "869",
    "1006",
    "1125",
    "koi8-t",
    "kz1048",
    "ptcp154",
    "hp-roman8",
    "roman8",
    "tis-620",
    "iso-8859-11",
    "croatian",
    "farsi",
    "greek",
    "iceland",
    "latin2",
    "romanian",
    "turkish",
    "arabic",
    "palmos",
    "johab",
    "big5hkscs",
    "euc-jis-2004",
    "euc-jisx0213",
    "shift-jis-2004",
    "hz",
    "utf-7",
];

#[cfg(test)]
mod tests {
    use super::decode;

    fn message(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).expect_err("the bytes are refused").message
    }

    #[test]
    fn the_declared_encoding_is_honoured() {
        for (cookie, bytes) in [
            ("latin-1", &b"\xe9"[..]),
            ("iso-8859-15", b"\xe9"),
            ("cp1252", b"\xe9"),
            ("windows-1252", b"\xe9"),
            ("utf-8", "é".as_bytes()),
            ("gbk", b"\xa8\xa6"),
            ("mac_roman", b"\x8e"),
        ] {
            let mut source = format!("# -*- coding: {cookie} -*-\nx = '").into_bytes();
            source.extend(bytes);
            source.extend(b"'\n");
            let text = decode(source).expect("the bytes are text");
            assert!(text.ends_with("x = 'é'\n"), "{cookie}: {text}");
        }
    }

    #[test]
    fn the_second_line_counts_only_below_a_comment() {
        let shebang = b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n'\xe9'";
        assert!(decode(shebang.to_vec()).is_ok());
        assert!(decode(b"#!/usr/bin/python\r\n# coding=latin-1\r\n'\xe9'".to_vec()).is_ok());
        assert!(decode(b"x = 1\n# coding: latin-1\n'\xe9'".to_vec()).is_err());
        assert!(decode(b"\n\n# coding: latin-1\n'\xe9'".to_vec()).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_left_out() {
        assert_eq!(decode(b"\xEF\xBB\xBFx = 1".to_vec()).as_deref(), Ok("x = 1"));
        let both = b"\xEF\xBB\xBF# coding: latin-1\n";
        assert_eq!(message(both), "encoding problem: latin-1 with BOM");
    }

    #[test]
    fn what_python_refuses_is_refused_in_its_words() {
        let start = "Non-UTF-8 code starting with '\\xe9' on line 2";
        assert!(message(b"x = 1\n'\xe9'").starts_with(start));
        assert_eq!(message(b"# coding: klingon\n"), "unknown encoding: klingon");
        assert_eq!(message(b"x = 1\0"), "source code cannot contain null bytes");
        assert!(message(b"# coding: ascii\n'\xe9'").contains("ordinal not in range(128)"));
    }
}
