//! An editor of one document, as far as the language server can tell.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An editor with the server that it has started.
pub(crate) struct Editor {
    server: Child,
    input: ChildStdin,
    /// What the server sends, with the time when it came.
    messages: Receiver<(Instant, Value)>,
    begin: Instant,
    uri: String,
    text: String,
    version: u32,
}

impl Editor {
    /// Starts the server on a folder.
    pub(crate) fn open(program: &Path, root: &Path) -> Result<Self> {
        let begin = Instant::now();
        let mut command = Command::new(program);
        command.arg("server").current_dir(root).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().context("can't start the server")?;
        let input = server.stdin.take().context("the server has no input")?;
        let output = server.stdout.take().context("the server has no output")?;
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Ok(message) = read(&mut output) {
                if sender.send((Instant::now(), message)).is_err() {
                    return;
                }
            }
        });
        let (uri, text, version) = (String::new(), String::new(), 0);
        let mut editor = Self { server, input, messages, begin, uri, text, version };
        let params = json!({"rootUri": format!("file://{}", root.display()), "capabilities": {}});
        editor.send(&json!({"id": 1, "method": "initialize", "params": params}))?;
        editor.send(&json!({"method": "initialized", "params": {}}))?;
        Ok(editor)
    }

    /// Opens a file; gives how long its diagnostics took, from the start of the server on.
    pub(crate) fn open_file(&mut self, file: &Path) -> Result<Duration> {
        self.text = std::fs::read_to_string(file)?;
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        (self.uri, self.version) = (format!("file://{}", file.display()), 1);
        let document = json!({
            "uri": self.uri, "languageId": "python", "version": 1, "text": self.text,
        });
        self.send(&json!({
            "method": "textDocument/didOpen", "params": {"textDocument": document},
        }))?;
        let shown = self.until(|_| true)?;
        Ok(shown.duration_since(self.begin))
    }

    pub(crate) fn close_file(&mut self) -> Result<()> {
        let params = json!({"textDocument": {"uri": self.uri}});
        self.send(&json!({"method": "textDocument/didClose", "params": params}))
    }

    /// The lines of the document.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.text.lines().map(str::to_owned).collect()
    }

    /// Inserts a line; gives how long it took until diagnostics came for it.
    pub(crate) fn insert(&mut self, line: usize, text: &str) -> Result<Duration> {
        self.change(line, line, text)
    }

    /// Takes a line away.
    pub(crate) fn delete(&mut self, line: usize) -> Result<Duration> {
        self.change(line, line + 1, "")
    }

    fn change(&mut self, start: usize, end: usize, text: &str) -> Result<Duration> {
        self.version += 1;
        let place = |line: usize| json!({"line": line, "character": 0});
        let change = json!({"range": {"start": place(start), "end": place(end)}, "text": text});
        let document = json!({"uri": self.uri, "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": [change]});
        let begin = Instant::now();
        self.send(&json!({"method": "textDocument/didChange", "params": params}))?;
        let shown = self.until(|_| true)?;
        // As fast as one can type.
        std::thread::sleep(Duration::from_millis(20));
        Ok(shown.duration_since(begin))
    }

    /// Waits for diagnostics of the document as it is; gives when they came.
    pub(crate) fn until(&mut self, is_wanted: impl Fn(&str) -> bool) -> Result<Instant> {
        loop {
            let (time, message) = self.messages.recv_timeout(PATIENCE).context("no diagnostics")?;
            let params = &message["params"];
            let is_own = message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == self.uri
                && params["version"] == self.version;
            if is_own && is_wanted(&params["diagnostics"].to_string()) {
                return Ok(time);
            }
        }
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.input.flush()?)
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read(output: &mut impl BufRead) -> Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line)? == 0 {
            bail!("the server has ended");
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}
