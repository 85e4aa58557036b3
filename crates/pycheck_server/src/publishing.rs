//! How diagnostics reach the client: sent to one that waits for them, and answered to one that asks.
//! Never both.

use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    PublishDiagnosticsParams, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};
use rustc_hash::{FxHashSet, FxHasher};
use serde_json::Value;

use crate::documents::{Document, Documents};
use crate::settings::DiagnosticMode;
use crate::uri;
use crate::worker::Worker;

impl Worker {
    /// Shows what has become of some files. `touched` are the documents that the client has just
    /// spoken of: it asks for those itself, if it asks.
    pub(crate) fn show(&mut self, files: FxHashSet<PathBuf>, touched: &FxHashSet<PathBuf>) {
        if self.client.pulls {
            if files.iter().any(|file| !touched.contains(file)) {
                self.refresh();
            }
            return;
        }
        let mut all: Vec<PathBuf> = files.into_iter().chain(touched.iter().cloned()).collect();
        all.sort_unstable();
        all.dedup();
        // What is being looked at comes first.
        all.sort_by_key(|path| (!touched.contains(path), self.documents.get(path).is_none()));
        for path in all {
            self.push(&path);
        }
    }

    fn push(&mut self, path: &Path) {
        let (is_shown, document) = (self.is_shown(path), self.documents.get(path));
        let items = if is_shown { self.items(path) } else { Vec::new() };
        let (uri, version) = match document {
            Some(document) => (Some(document.uri.clone()), Some(document.version)),
            None if items.is_empty() && !self.shown_closed.contains(path) => return,
            None => (uri::from_path(path), None),
        };
        if version.is_none() && !items.is_empty() {
            self.shown_closed.insert(path.to_owned());
        } else {
            self.shown_closed.remove(path);
        }
        let Some(uri) = uri else { return };
        let params = PublishDiagnosticsParams { uri, diagnostics: items, version };
        self.notify("textDocument/publishDiagnostics", params);
    }

    /// Whether the diagnostics of a file are wanted.
    fn is_shown(&self, path: &Path) -> bool {
        match self.workspaces.get(path).map(|workspace| workspace.settings.diagnostic_mode) {
            None | Some(DiagnosticMode::Off) => false,
            Some(DiagnosticMode::OpenFiles) => self.documents.get(path).is_some(),
            Some(DiagnosticMode::Workspace) => true,
        }
    }

    fn items(&self, path: &Path) -> Vec<Diagnostic> {
        self.converter(path).map(|mut converter| converter.of_file(path)).unwrap_or_default()
    }

    /// A document was closed: what was shown of it goes, unless the whole workspace is shown.
    pub(crate) fn closed(&mut self, document: &Document) {
        if self.client.pulls {
            return;
        }
        if self.is_shown(&document.path) {
            self.touched.insert(document.path.clone());
            return;
        }
        let (uri, diagnostics) = (document.uri.clone(), Vec::new());
        let params = PublishDiagnosticsParams { uri, diagnostics, version: None };
        self.notify("textDocument/publishDiagnostics", params);
    }

    /// Has a client ask again that asks.
    pub(crate) fn refresh(&mut self) {
        if self.client.pulls {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }

    pub(crate) fn document_diagnostics(
        &self,
        params: &DocumentDiagnosticParams,
    ) -> DocumentDiagnosticReport {
        let path = Documents::path(&params.text_document.uri, &self.home());
        let items = if self.is_shown(&path) { self.items(&path) } else { Vec::new() };
        let result_id = result_id(&items);
        if params.previous_result_id.as_ref() == Some(&result_id) {
            let report = UnchangedDocumentDiagnosticReport { result_id };
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: report,
            })
        } else {
            let report = FullDocumentDiagnosticReport { result_id: Some(result_id), items };
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: report,
            })
        }
    }

    pub(crate) fn workspace_diagnostics(
        &self,
        params: &WorkspaceDiagnosticParams,
    ) -> WorkspaceDiagnosticReport {
        let known = params.previous_result_ids.iter();
        let known = known.filter_map(|it| Some((uri::to_path(&it.uri)?, it.value.as_str())));
        let known: Vec<(PathBuf, &str)> = known.collect();
        let whole = |it: &&crate::workspaces::Workspace| {
            it.settings.diagnostic_mode == DiagnosticMode::Workspace
        };
        let sessions =
            self.workspaces.all.iter().filter(whole).filter_map(|it| it.session.as_ref());
        let found = sessions.flat_map(pycheck_project::Session::diagnostics);
        let found = found.map(|it| it.path.to_path_buf());
        // Files that had something before and have nothing now are told of, too.
        let mut files: Vec<PathBuf> =
            found.chain(known.iter().map(|(path, _)| path.clone())).collect();
        files.sort_unstable();
        files.dedup();
        let report = |path: PathBuf| self.workspace_report(&path, &known);
        WorkspaceDiagnosticReport { items: files.into_iter().filter_map(report).collect() }
    }

    fn workspace_report(
        &self,
        path: &Path,
        known: &[(PathBuf, &str)],
    ) -> Option<WorkspaceDocumentDiagnosticReport> {
        let document = self.documents.get(path);
        let uri = document.map(|it| it.uri.clone()).or_else(|| uri::from_path(path))?;
        let version = document.map(|it| i64::from(it.version));
        let items = if self.is_shown(path) { self.items(path) } else { Vec::new() };
        let id = result_id(&items);
        let is_known = known.iter().any(|(known, value)| known == path && *value == id);
        Some(if is_known {
            let report = UnchangedDocumentDiagnosticReport { result_id: id };
            WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: report,
                },
            )
        } else {
            let report = FullDocumentDiagnosticReport { result_id: Some(id), items };
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version,
                full_document_diagnostic_report: report,
            })
        })
    }
}

/// A word that is the same for the same diagnostics.
fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
