//! What the client can do, and what we offer it.

use std::path::PathBuf;

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions, ExecuteCommandOptions,
    FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, HoverProviderCapability, InitializeParams, InitializeResult,
    OneOf, SaveOptions, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkDoneProgressOptions, WorkspaceFileOperationsServerCapabilities,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use serde_json::Value;

use crate::convert::Encoding;
use crate::uri;

/// The kind of action that applies all safe fixes of a file.
pub(crate) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.pycheck");

/// The command that tells all that was decided.
pub(crate) const PRINT_DEBUG: &str = "pycheck.printDebugInformation";

/// What the client can do.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) encoding: Encoding,
    /// It asks for diagnostics, and can be told to ask again. One that can't be told would show what
    /// was true once; such a client is sent diagnostics instead.
    pub(crate) pulls: bool,
    pub(crate) shows_related: bool,
    pub(crate) links_codes: bool,
    pub(crate) has_configuration: bool,
    pub(crate) has_document_changes: bool,
    /// The folders that are open.
    pub(crate) folders: Vec<PathBuf>,
}

impl Client {
    /// `raw` is what `params` was read from.
    pub(crate) fn new(params: &InitializeParams, raw: &Value) -> Self {
        let can = &params.capabilities;
        let text = can.text_document.as_ref();
        let workspace = can.workspace.as_ref();
        // The protocol calls it `diagnostics`, and the library of its types `diagnostic`.
        let refreshes = raw.pointer("/capabilities/workspace/diagnostics/refreshSupport");
        let publish = text.and_then(|it| it.publish_diagnostics.as_ref());
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let offered = can.general.as_ref().and_then(|it| it.position_encodings.as_deref());
        Self {
            encoding: Encoding::negotiated(offered),
            pulls: text.is_some_and(|it| it.diagnostic.is_some())
                && refreshes == Some(&Value::Bool(true)),
            shows_related: publish.and_then(|it| it.related_information) == Some(true),
            links_codes: publish.and_then(|it| it.code_description_support) == Some(true),
            has_configuration: workspace.and_then(|it| it.configuration) == Some(true),
            has_document_changes: edits.and_then(|it| it.document_changes) == Some(true),
            folders: folders(params),
        }
    }
}

fn sync() -> TextDocumentSyncOptions {
    TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
        ..TextDocumentSyncOptions::default()
    }
}

fn workspace() -> WorkspaceServerCapabilities {
    let folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(OneOf::Left(true)),
    };
    WorkspaceServerCapabilities { workspace_folders: Some(folders), file_operations: Some(moves()) }
}

/// The moves that we want to hear of before they are made.
fn moves() -> WorkspaceFileOperationsServerCapabilities {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(matches),
            options: None,
        },
    };
    let files = filter("**/*.{py,pyi}", FileOperationPatternKind::File);
    let filters = vec![files, filter("**/*", FileOperationPatternKind::Folder)];
    WorkspaceFileOperationsServerCapabilities {
        will_rename: Some(FileOperationRegistrationOptions { filters }),
        ..WorkspaceFileOperationsServerCapabilities::default()
    }
}

/// The folders that are open, each once; one folder in the words of older clients.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    #[expect(deprecated, reason = "older clients know nothing else")]
    let root = params.root_uri.as_ref();
    let given = params.workspace_folders.as_deref().unwrap_or_default();
    let mut paths: Vec<PathBuf> = given.iter().filter_map(|it| uri::to_path(&it.uri)).collect();
    if paths.is_empty() {
        paths.extend(root.and_then(uri::to_path));
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// What we offer.
pub(crate) fn initialized(client: &Client) -> InitializeResult {
    let pull = DiagnosticOptions {
        identifier: Some("pycheck".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..DiagnosticOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
        ..CodeActionOptions::default()
    };
    let capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync())),
        diagnostic_provider: client.pulls.then_some(DiagnosticServerCapabilities::Options(pull)),
        code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".to_owned(), " ".to_owned()]),
            ..CompletionOptions::default()
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![PRINT_DEBUG.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(workspace()),
        ..ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let server_info = Some(ServerInfo { name: "pycheck".to_owned(), version });
    InitializeResult { capabilities, server_info }
}
