//! Moving files and folders: the imports that have to follow.

use lsp_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, RenameFilesParams,
    TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use pycheck_project::Moved;
use std::str::FromStr as _;

use crate::convert::Text;
use crate::uri;
use crate::worker::Worker;

impl Worker {
    pub(crate) fn will_rename(&self, params: &RenameFilesParams) -> Option<WorkspaceEdit> {
        let path = |text: &str| Uri::from_str(text).ok().as_ref().and_then(uri::to_path);
        let moves = params.files.iter().filter_map(|file| {
            Some(Moved { from: path(&file.old_uri)?, to: path(&file.new_uri)? })
        });
        let moves: Vec<Moved> = moves.collect();
        let sessions = self.workspaces.all.iter().filter_map(|it| it.session.as_ref());
        let mut edits: Vec<TextDocumentEdit> = Vec::new();
        for session in sessions {
            for (path, found) in session.edits_for_moves(&moves) {
                let document = self.documents.get(&path);
                let read = || Some(Text::new(session.text(&path)?, self.client.encoding));
                let text = document.map(|it| it.text.clone()).or_else(read)?;
                let uri = document.map(|it| it.uri.clone()).or_else(|| uri::from_path(&path))?;
                let version = document.map(|it| it.version);
                let edit = |edit: pycheck_model::Edit| {
                    let range = text.range(edit.range);
                    OneOf::Left(TextEdit { range, new_text: edit.content })
                };
                edits.push(TextDocumentEdit {
                    text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
                    edits: found.into_iter().map(edit).collect(),
                });
            }
        }
        (!edits.is_empty()).then(|| self.in_known_form(edits))
    }

    fn in_known_form(&self, edits: Vec<TextDocumentEdit>) -> WorkspaceEdit {
        if self.client.has_document_changes {
            let changes = Some(DocumentChanges::Edits(edits));
            return WorkspaceEdit { document_changes: changes, ..WorkspaceEdit::default() };
        }
        let plain = |edit: OneOf<TextEdit, lsp_types::AnnotatedTextEdit>| match edit {
            OneOf::Left(edit) => edit,
            OneOf::Right(annotated) => annotated.text_edit,
        };
        #[expect(clippy::mutable_key_type, reason = "what is mutable in it is a cache")]
        let changes = edits
            .into_iter()
            .map(|it| (it.text_document.uri, it.edits.into_iter().map(plain).collect()))
            .collect();
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }
}
