//! Conversations with the server, through a connection in memory.

mod diagnostics;
mod editing;
mod looking;
mod robust;

use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long an answer may take on a machine that does something else.
const PATIENCE: Duration = Duration::from_secs(20);

/// A scripted editor.
struct Editor {
    folder: TempDir,
    connection: Connection,
    server: Option<JoinHandle<u8>>,
    next_id: i32,
    /// What has come and was not asked for.
    heard: Vec<Notification>,
    /// What the server has asked for, method by method.
    asked: Vec<String>,
    /// What is answered to the question for settings.
    settings: Value,
}

/// What an editor can do that waits for diagnostics.
fn pushing() -> Value {
    json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}})
}

/// What an editor can do that asks for diagnostics.
fn pulling() -> Value {
    json!({
        "textDocument": {"diagnostic": {}, "publishDiagnostics": {"relatedInformation": true}},
        "workspace": {
            "diagnostics": {"refreshSupport": true},
            "workspaceEdit": {"documentChanges": true},
        },
    })
}

impl Editor {
    /// An editor that has opened a folder with these files.
    fn open(files: &[(&str, &str)], capabilities: impl Into<Value>) -> Self {
        let capabilities: Value = capabilities.into();
        Self::with(files, |folder| {
            let folders = json!([{"uri": uri(folder), "name": "folder"}]);
            json!({"capabilities": capabilities, "workspaceFolders": folders})
        })
    }

    /// An editor that says this to the server at first.
    fn with(files: &[(&str, &str)], params: impl Fn(&Path) -> Value) -> Self {
        let mut editor = Self::silent(files);
        let params = params(&editor.path(""));
        editor.request("initialize", params);
        editor.notify("initialized", json!({}));
        editor
    }

    /// An editor that has said nothing yet.
    fn silent(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (connection, server) = Connection::memory();
        let server = Some(std::thread::spawn(move || crate::serve(&server)));
        let editor = Self {
            folder,
            connection,
            server,
            next_id: 1,
            heard: Vec::new(),
            asked: Vec::new(),
            settings: Value::Null,
        };
        editor.write("pyproject.toml", "[project]\nname = \"p\"\nversion = \"1\"\n");
        for (name, text) in files {
            editor.write(name, text);
        }
        editor
    }

    fn path(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().canonicalize().unwrap();
        if name.is_empty() { folder } else { folder.join(name) }
    }

    fn uri(&self, name: &str) -> String {
        uri(&self.path(name))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn notify(&self, method: &str, params: Value) {
        let message = Notification::new(method.to_owned(), params);
        self.connection.sender.send(message.into()).unwrap();
    }

    /// Opens a document as it lies on the disk.
    fn edit_file(&self, name: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        self.edit_text(&self.uri(name), &text);
    }

    fn edit_text(&self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "python", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes the whole text of a document.
    fn change(&self, name: &str, version: i32, text: &str) {
        let document = json!({"uri": self.uri(name), "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.notify("textDocument/didChange", params);
    }

    fn try_request(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.send(method, params);
        self.wait_for(&id)
    }

    fn send(&mut self, method: &str, params: Value) -> RequestId {
        let id = RequestId::from(self.next_id);
        self.next_id += 1;
        let request = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(request.into()).unwrap();
        id
    }

    fn wait_for(&mut self, id: &RequestId) -> Result<Value, i32> {
        loop {
            match self.hear(PATIENCE) {
                Some(Response { id: own, response_result }) if own == *id => {
                    return response_result.map_err(|error| error.code);
                }
                _ => {}
            }
        }
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.try_request(method, params).unwrap()
    }

    /// Takes one message; gives it if it is an answer.
    fn hear(&mut self, patience: Duration) -> Option<Response> {
        match self.connection.receiver.recv_timeout(patience) {
            Ok(Message::Response(response)) => return Some(response),
            Ok(Message::Notification(notification)) => self.heard.push(notification),
            Ok(Message::Request(request)) => self.reply(request),
            Err(error) => panic!("the server says nothing: {error}"),
        }
        None
    }

    fn reply(&mut self, request: Request) {
        let answer = match request.method.as_str() {
            "workspace/configuration" => {
                let items = request.params["items"].as_array().unwrap();
                Value::Array(vec![self.settings.clone(); items.len()])
            }
            _ => Value::Null,
        };
        self.asked.push(request.method);
        self.connection.sender.send(Response::new_ok(request.id, answer).into()).unwrap();
    }

    /// Waits until the diagnostics that were sent last for a document are as wanted.
    fn until(&mut self, name: &str, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(name);
        self.until_uri(&uri, is_wanted)
    }

    fn until_uri(&mut self, uri: &str, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let items = self.last(uri).unwrap_or_default();
            if self.last(uri).is_some() && is_wanted(&items) {
                return items;
            }
            assert!(Instant::now() < end, "never as wanted: {items:#?}");
            self.hear(PATIENCE);
        }
    }

    /// What was sent last for a document.
    fn last(&self, uri: &str) -> Option<Vec<Value>> {
        let sent = self.heard.iter().filter(|it| it.method == "textDocument/publishDiagnostics");
        let mut own = sent.filter(|it| it.params["uri"] == uri);
        own.next_back().map(|it| it.params["diagnostics"].as_array().unwrap().clone())
    }

    /// The diagnostics of a document, asked for.
    fn pull(&mut self, name: &str) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": self.uri(name)}});
        let report = self.request("textDocument/diagnostic", params);
        report["items"].as_array().unwrap().clone()
    }

    /// Leaves as one should, and gives the exit status.
    fn leave(mut self) -> u8 {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }
}

fn uri(path: &Path) -> String {
    crate::uri::from_path(path).unwrap().as_str().to_owned()
}

fn codes(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["code"].as_str().unwrap()).collect()
}

/// An action with this title among those that are offered.
fn titled<'v>(actions: &'v Value, title: &str) -> &'v Value {
    let actions = actions.as_array().unwrap();
    let found = actions.iter().find(|action| action["title"].as_str().unwrap().contains(title));
    found.unwrap_or_else(|| panic!("no `{title}` in {actions:#?}"))
}
