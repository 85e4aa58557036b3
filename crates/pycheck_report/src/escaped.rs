//! JSON in which nothing is left that a terminal obeys: what JSON itself lets stand is escaped, too.

use std::fmt::Write as _;
use std::io;

use serde::{Serialize, Serializer as _};

use crate::paths;

/// Writes an array over several lines, and ends the last.
pub(crate) fn pretty_array<T: Serialize>(
    items: impl IntoIterator<Item = T>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = Escaping(out);
    serde_json::Serializer::pretty(&mut out).collect_seq(items).map_err(io::Error::from)?;
    io::Write::write_all(&mut out, b"\n")
}

/// Writes a value over several lines, and ends the last.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = Escaping(out);
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    io::Write::write_all(&mut out, b"\n")
}

/// Writes a value on a line of its own.
pub(crate) fn line(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = Escaping(out);
    serde_json::to_writer(&mut out, value).map_err(io::Error::from)?;
    io::Write::write_all(&mut out, b"\n")
}

/// Passes JSON on. Characters outside of ASCII stand in its strings only, where each can be escaped.
struct Escaping<'a>(&'a mut dyn io::Write);

impl io::Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let is_risky = |byte: &u8| !byte.is_ascii() || *byte == 0x7f;
        match str::from_utf8(bytes) {
            Ok(text) if bytes.iter().any(is_risky) => self.0.write_all(escape(text).as_bytes()),
            _ => self.0.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        if !c.is_ascii_control() && paths::is_unprintable(c) || c == '\x7f' {
            // Writing to a string can't fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::{line, pretty_array};

    #[test]
    fn strings_keep_their_value_and_lose_their_power() {
        let text = "größe \x1b[31m \u{9b}31m \u{202e} \x7f \n";
        let mut out = Vec::new();
        line(&text, &mut out).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert_eq!(json, "\"größe \\u001b[31m \\u009b31m \\u202e \\u007f \\n\"\n");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn an_empty_array_is_one() {
        let mut out = Vec::new();
        pretty_array(Vec::<u8>::new(), &mut out).unwrap();
        assert_eq!(out, b"[]\n");
    }
}
