//! What can be done about a diagnostic: the fix that came with it, or a comment that silences it.

use std::path::Path;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Diagnostic, DocumentChanges,
    OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
};
use pycheck_model::{Diagnostic as Found, Edit, Fix, Level, Safety};
use pycheck_project::fix::{Mender, Wanted, ignoring};
use ruff_text_size::TextRange;

use crate::capabilities::FIX_ALL;
use crate::diagnostics::Converter;
use crate::documents::{Document, Documents};
use crate::worker::Worker;

impl Worker {
    pub(crate) fn code_actions(&self, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
        let path = Documents::path(&params.text_document.uri, &self.home());
        let document = self.documents.get(&path);
        let (Some(document), Some(converter)) = (document, self.converter(&path)) else {
            return Vec::new();
        };
        let only = params.context.only.as_deref();
        let wants = |kind: &CodeActionKind| {
            let covers = |asked: &CodeActionKind| {
                let rest = kind.as_str().strip_prefix(asked.as_str());
                rest.is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with('.') || asked.as_str().is_empty()
                })
            };
            only.is_none_or(|only| only.iter().any(covers))
        };
        let mut offer = Offer { document, converter, worker: self, actions: Vec::new() };
        if wants(&CodeActionKind::QUICKFIX) {
            offer.quick_fixes(document.text.text_range(params.range));
        }
        // A source action is only for those who ask for it: it is no answer to one diagnostic.
        if only.is_some() && wants(&FIX_ALL) {
            offer.fix_all(&path);
        }
        offer.actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
    }

    /// Edits of one document, in the form that the client knows.
    pub(crate) fn workspace_edit(
        &self,
        document: &Document,
        edits: Vec<TextEdit>,
    ) -> WorkspaceEdit {
        if !self.client.has_document_changes {
            #[expect(clippy::mutable_key_type, reason = "what is mutable in it is a cache")]
            let changes = [(document.uri.clone(), edits)].into_iter().collect();
            return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
        }
        let text_document = OptionalVersionedTextDocumentIdentifier {
            uri: document.uri.clone(),
            version: Some(document.version),
        };
        let edits = edits.into_iter().map(OneOf::Left).collect();
        let changes = DocumentChanges::Edits(vec![TextDocumentEdit { text_document, edits }]);
        WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
    }
}

/// Actions for one document.
struct Offer<'w> {
    document: &'w Document,
    converter: Converter<'w>,
    worker: &'w Worker,
    actions: Vec<CodeAction>,
}

impl Offer<'_> {
    fn quick_fixes(&mut self, range: TextRange) {
        let session = self.converter.session;
        let touches = |found: &&Found| found.range.intersect(range).is_some();
        let found: Vec<&Found> =
            session.diagnostics_of(&self.document.path).iter().filter(touches).collect();
        for found in &found {
            if let Some(fix) = &found.fix {
                let diagnostic = self.converter.one(found);
                self.fix(fix, diagnostic);
            }
        }
        for found in found {
            let diagnostic = self.converter.one(found);
            self.ignore(found, diagnostic);
        }
    }

    fn fix(&mut self, fix: &Fix, diagnostic: Option<Diagnostic>) {
        let is_preferred = (fix.safety == Safety::Safe).then_some(true);
        self.add(fix.title.clone(), &fix.edits, diagnostic, is_preferred);
    }

    fn ignore(&mut self, found: &Found, diagnostic: Option<Diagnostic>) {
        let version = self.converter.session.stats().python_version;
        let text = &self.document.text.content;
        let edits = ignoring(text, version, &[(found.range, found.rule)]);
        let title = format!("Ignore `{}` on this line", found.rule);
        self.add(title, &edits, diagnostic, None);
    }

    fn add(
        &mut self,
        title: String,
        edits: &[Edit],
        diagnostic: Option<Diagnostic>,
        is_preferred: Option<bool>,
    ) {
        let edits = edits.iter().map(|edit| self.text_edit(edit)).collect();
        self.actions.push(CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
            edit: Some(self.worker.workspace_edit(self.document, edits)),
            is_preferred,
            ..CodeAction::default()
        });
    }

    fn text_edit(&self, edit: &Edit) -> TextEdit {
        TextEdit { range: self.document.text.range(edit.range), new_text: edit.content.clone() }
    }

    /// All safe fixes of the file that can be applied together.
    fn fix_all(&mut self, path: &Path) {
        let session = self.converter.session;
        let wanted = Wanted { safety: Safety::Safe, lowest: Level::Info };
        let text = &self.document.text.content;
        let edits = Mender::new(session, wanted).edits(path, text, session.diagnostics_of(path));
        if edits.is_empty() {
            return;
        }
        let edits = edits.iter().map(|edit| self.text_edit(edit)).collect();
        self.actions.push(CodeAction {
            title: "Fix all that pycheck can fix safely".to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(self.worker.workspace_edit(self.document, edits)),
            ..CodeAction::default()
        });
    }
}
