//! Which message means what.

use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use lsp_types::{
    ConfigurationItem, ConfigurationParams, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    ExecuteCommandParams, Uri,
};
use pycheck_project::Change;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::capabilities::PRINT_DEBUG;
use crate::documents::Documents;
use crate::uri;
use crate::worker::{Start, Worker};

impl Worker {
    pub(crate) fn notification(&mut self, it: Notification) -> Result<(), serde_json::Error> {
        let params = it.params;
        match it.method.as_str() {
            "initialized" => self.begin(),
            "textDocument/didOpen" => self.did_open(serde_json::from_value(params)?),
            "textDocument/didChange" => self.did_change(serde_json::from_value(params)?),
            "textDocument/didClose" => self.did_close(&serde_json::from_value(params)?),
            "textDocument/didSave" => self.did_save(&serde_json::from_value(params)?),
            "workspace/didChangeWatchedFiles" => self.watched(&serde_json::from_value(params)?),
            "workspace/didChangeWorkspaceFolders" => {
                self.folders_changed(&serde_json::from_value(params)?);
            }
            "workspace/didChangeConfiguration" => {
                self.settings_changed(&serde_json::from_value(params)?);
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn request(&mut self, request: Request) -> Response {
        let (id, params) = (request.id, request.params);
        match request.method.as_str() {
            "textDocument/diagnostic" => respond(id, params, |it| self.document_diagnostics(&it)),
            "workspace/diagnostic" => respond(id, params, |it| self.workspace_diagnostics(&it)),
            "textDocument/codeAction" => respond(id, params, |it| self.code_actions(&it)),
            "textDocument/hover" => respond(id, params, |it| self.hover(&it)),
            "textDocument/definition" => respond(id, params, |it| self.definition(&it)),
            "textDocument/documentLink" => respond(id, params, |it| self.document_links(&it)),
            "textDocument/completion" => respond(id, params, |it| self.completion(&it)),
            "workspace/willRenameFiles" => respond(id, params, |it| self.will_rename(&it)),
            "workspace/executeCommand" => respond(id, params, |it| self.execute(&it)),
            #[cfg(test)]
            "pycheck/panic" => panic!("a request that fails"),
            method => {
                let message = format!("pycheck does not know `{method}`");
                Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
            }
        }
    }

    /// The one command that we know tells all that was decided for each folder.
    fn execute(&self, params: &ExecuteCommandParams) -> Option<String> {
        let sessions = self.workspaces.all.iter().filter_map(|it| it.session.as_ref());
        let settings = sessions.map(pycheck_project::Session::describe_settings);
        (params.command == PRINT_DEBUG).then(|| settings.collect::<Vec<_>>().join("\n"))
    }

    /// The client is ready: it is asked for its settings, if it has some.
    fn begin(&mut self) {
        if self.start != Start::Expected {
            return;
        }
        self.start = Start::Done;
        self.reopen();
        self.ask_for_settings();
    }

    fn ask_for_settings(&mut self) {
        if !self.client.has_configuration {
            return;
        }
        let folders = self.client.folders.clone();
        let item = |uri: Option<Uri>| ConfigurationItem {
            scope_uri: uri,
            section: Some("pycheck".to_owned()),
        };
        let mut items: Vec<_> = folders.iter().map(|it| item(uri::from_path(it))).collect();
        items.push(item(None));
        let id = self.ask("workspace/configuration", ConfigurationParams { items });
        self.expect_settings(id, folders);
    }

    /// The client has answered a question; only settings are of interest.
    pub(crate) fn answered(&mut self, response: Response) {
        let Some(folders) = self.asked.remove(&response.id) else { return };
        let was_started = self.start == Start::Done;
        self.start = Start::Done;
        let Ok(Value::Array(answers)) = response.response_result else { return };
        let is_told = |value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
        if let Some(general) = answers.get(folders.len()).filter(|it| is_told(it)) {
            self.settings = self.read_settings(general);
        }
        let mut is_other = false;
        for (folder, answer) in folders.iter().zip(&answers) {
            let told = is_told(answer).then(|| self.read_settings(answer));
            let settings = told.unwrap_or_else(|| self.settings.clone());
            let own = self.workspaces.all.iter_mut().find(|it| it.folder == *folder);
            let Some(own) = own.filter(|it| it.settings != settings) else { continue };
            own.settings = settings;
            own.session = None;
            is_other = true;
        }
        if is_other && was_started {
            self.refresh();
        }
    }

    fn settings_changed(&mut self, params: &DidChangeConfigurationParams) {
        let told = &params.settings;
        if told.as_object().is_some_and(|map| !map.is_empty()) {
            let settings = self.read_settings(told);
            if settings != self.settings {
                self.settings = settings;
                self.reopen();
                self.refresh();
            }
        }
        self.ask_for_settings();
    }

    fn folders_changed(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let gone: Vec<_> =
            params.event.removed.iter().filter_map(|it| uri::to_path(&it.uri)).collect();
        let come = params.event.added.iter().filter_map(|it| uri::to_path(&it.uri));
        self.client.folders.retain(|folder| !gone.contains(folder));
        self.client.folders.extend(come);
        self.reopen();
        self.ask_for_settings();
        self.refresh();
    }

    fn did_open(&mut self, params: DidOpenTextDocumentParams) {
        if self.start == Start::Expected {
            self.begin();
        }
        let document = params.text_document;
        if document.language_id != "python" && !is_python(&document.uri) {
            return;
        }
        let path = Documents::path(&document.uri, &self.home());
        let text =
            self.documents.open(document.uri, path.clone(), document.version, &document.text);
        self.workspaces.of(&path, &self.settings).hold(path.clone(), text);
        self.touched.insert(path);
    }

    fn did_change(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let path = Documents::path(&document.uri, &self.home());
        let edited = self.documents.edit(&path, document.version, params.content_changes);
        if let Some(text) = edited {
            self.workspaces.of(&path, &self.settings).hold(path.clone(), text);
            self.touched.insert(path);
        }
    }

    fn did_close(&mut self, params: &DidCloseTextDocumentParams) {
        let path = Documents::path(&params.text_document.uri, &self.home());
        let Some(document) = self.documents.close(&path) else { return };
        self.workspaces.of(&path, &self.settings).pending.push(Change::Closed(path));
        self.closed(&document);
    }

    fn did_save(&mut self, params: &DidSaveTextDocumentParams) {
        let path = Documents::path(&params.text_document.uri, &self.home());
        self.note_disk(&[path]);
    }

    fn watched(&mut self, params: &DidChangeWatchedFilesParams) {
        let paths: Vec<_> = params.changes.iter().filter_map(|it| uri::to_path(&it.uri)).collect();
        self.note_disk(&paths);
    }
}

fn is_python(uri: &Uri) -> bool {
    [".py", ".pyi", ".pyw"].iter().any(|ending| uri.as_str().ends_with(ending))
}

/// Answers a request whose parameters can be understood.
fn respond<P: DeserializeOwned, R: Serialize>(
    id: RequestId,
    params: Value,
    answer: impl FnOnce(P) -> R,
) -> Response {
    match serde_json::from_value(params) {
        Ok(params) => Response::new_ok(id, answer(params)),
        Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
