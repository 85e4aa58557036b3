//! Standard input and output as a channel of messages.
//!
//! Unlike the stock transport this one goes on after a message that is no JSON.

use std::io::{self, BufRead, Read as _, Write};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, unbounded};
use lsp_server::{Connection, Message};

/// How long the last answers may take to be written.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a message that can't be understood is answered with; it has no number to answer to.
const NOT_UNDERSTOOD: &str = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the message is not JSON-RPC"}}"#;

/// A connection with the process that has started this one, and what waits until all is written.
pub fn stdio() -> (Connection, impl FnOnce()) {
    let (incoming, receiver) = unbounded();
    let (sender, outgoing) = unbounded::<Message>();
    let unsent = outgoing.clone();
    thread::spawn(move || read_all(&mut io::stdin().lock(), &incoming));
    thread::spawn(move || {
        for message in outgoing {
            // Locked for one message, so that nothing gets between its parts.
            if message.write(&mut io::stdout().lock()).is_err() {
                break;
            }
        }
    });
    let finish = move || {
        let end = Instant::now() + PATIENCE;
        while !unsent.is_empty() && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
        // What is being written at this moment is written to its end.
        thread::sleep(Duration::from_millis(1));
        drop(io::stdout().lock());
    };
    (Connection { sender, receiver }, finish)
}

/// Reads until the client is gone.
fn read_all(input: &mut dyn BufRead, incoming: &Sender<Message>) {
    loop {
        let Ok(Some(body)) = read_body(input) else { return };
        match serde_json::from_slice::<Message>(&body) {
            Ok(message) => {
                if incoming.send(message).is_err() {
                    return;
                }
            }
            Err(_) => {
                if write_raw(&mut io::stdout().lock(), NOT_UNDERSTOOD).is_err() {
                    return;
                }
            }
        }
    }
}

/// The body of the next message; `None` at the end of the input. Headers that can't be read are passed
/// over.
fn read_body(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(MOST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(line.trim_ascii()).into_owned();
        if line.is_empty() {
            match length.take() {
                Some(length) => return read_exactly(input, length).map(Some),
                None => continue,
            }
        }
        let header = line.split_once(':');
        if let Some((_, value)) = header.filter(|(name, _)| is_length(name)) {
            length = value.trim().parse().ok();
        }
    }
}

/// Longer headers are taken in pieces.
const MOST_HEADER: u64 = 4096;

fn is_length(name: &str) -> bool {
    name.trim().eq_ignore_ascii_case("content-length")
}

/// Memory is taken as the bytes come, whatever the header promises.
fn read_exactly(input: &mut dyn BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    if body.len() as u64 == length { Ok(body) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn write_raw(output: &mut dyn Write, text: &str) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::read_body;

    fn bodies(mut input: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while let Ok(Some(body)) = read_body(&mut input) {
            found.push(String::from_utf8(body).unwrap());
        }
        found
    }

    #[test]
    fn headers_are_read_in_any_case_and_order() {
        let input = b"content-length: 2\r\nContent-Type: x\r\n\r\n{}Content-Length: 1\r\n\r\n1";
        assert_eq!(bodies(input), ["{}", "1"]);
    }

    #[test]
    fn noise_between_messages_is_passed_over() {
        assert_eq!(bodies(b"hello\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies(b"Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["{}"]);
    }

    #[test]
    fn a_message_that_ends_too_early_is_the_end() {
        assert_eq!(bodies(b"Content-Length: 99999999999999\r\n\r\n{}"), [""; 0]);
    }
}
