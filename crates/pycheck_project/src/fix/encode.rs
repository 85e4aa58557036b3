//! From a text back to bytes, as the file had them.

use crate::decode::{decode, encode_like};

/// The bytes of a text in the encoding of the file `like`, with its byte order mark if it has one.
///
/// `None` when the text can't be written in it, so that Python would read something else.
pub(super) fn encode(text: &str, like: &[u8]) -> Option<Vec<u8>> {
    let bytes = encode_like(text, like)?;
    let is_read_back = decode(bytes.clone()).is_ok_and(|read| read == text);
    is_read_back.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::encode;
    use crate::decode::decode;

    #[test]
    fn what_is_decoded_is_encoded_as_it_was() {
        for bytes in [
            &b"x = '\xc3\xa9'\r\n"[..],
            b"\xEF\xBB\xBFx = '\xc3\xa9'\r",
            b"# coding: latin-1\nx = '\xe9\x80'\n",
            b"# coding: cp1252\nx = '\x80'\n",
            b"# coding: cp437\nx = '\x82'\n",
            b"#!/bin/sh\n# -*- coding: gbk -*-\nx = '\xa8\xa6'\n",
            b"# coding: ascii\nx = 1",
        ] {
            let text = decode(bytes.to_vec()).unwrap();
            assert_eq!(encode(&text, bytes).as_deref(), Some(bytes), "{text}");
        }
    }

    #[test]
    fn what_the_encoding_has_not_is_refused() {
        let file = b"# coding: latin-1\n";
        assert_eq!(encode("# coding: latin-1\nx = '\u{20ac}'\n", file), None);
        assert_eq!(encode("# coding: ascii\n'\u{e9}'", b"# coding: ascii\n"), None);
    }
}
