//! `pycheck server` as editors start it: what goes over its standard input and output.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Server {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pycheck"));
        command.arg("server").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, input, output }
    }

    fn send(&mut self, body: &str) {
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn receive(&mut self) -> String {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the server has ended");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(value) => length = value.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        String::from_utf8(body).unwrap()
    }

    fn initialize(&mut self) {
        let request =
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
        self.send(request);
        assert!(self.receive().contains(r#""name":"pycheck""#));
    }

    fn status(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

#[test]
fn what_clients_add_to_the_command_is_accepted() {
    let mut server = Server::start(&["--stdio", "--clientProcessId=1"]);
    server.initialize();
    server.send(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
    assert_eq!(server.receive(), r#"{"jsonrpc":"2.0","id":2,"result":null}"#);
    server.send(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    assert_eq!(server.status(), Some(0));
}

#[test]
fn a_message_that_is_no_json_is_told_and_no_more() {
    let mut server = Server::start(&[]);
    server.initialize();
    server.send("{not json");
    assert!(server.receive().contains("-32700"));
    server.send(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
    assert!(server.receive().contains(r#""result":null"#));
}

#[test]
fn the_end_of_the_input_is_the_end_of_the_server() {
    let mut server = Server::start(&[]);
    server.initialize();
    server.input = None;
    assert_eq!(server.status(), Some(1));
}

#[test]
fn a_client_that_dies_and_leaves_the_pipe_open_is_noticed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycheck"));
    let mut client = command.arg("--version").stdout(Stdio::null()).spawn().unwrap();
    client.wait().unwrap();
    let mut server = Server::start(&[]);
    let number = client.id();
    server.send(&format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{"processId":{number},"capabilities":{{}}}}}}"#
    ));
    if cfg!(unix) {
        assert_eq!(server.status(), Some(1));
    }
}
