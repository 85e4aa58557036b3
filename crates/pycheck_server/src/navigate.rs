//! From an import to what it leads to: definitions and links.

use lsp_types::{
    DocumentLink, DocumentLinkParams, GotoDefinitionParams, GotoDefinitionResponse, Location,
};

use crate::convert::Text;
use crate::documents::Documents;
use crate::hover::holds;
use crate::uri;
use crate::worker::Worker;

impl Worker {
    pub(crate) fn definition(
        &self,
        params: &GotoDefinitionParams,
    ) -> Option<GotoDefinitionResponse> {
        let at = &params.text_document_position_params;
        let path = Documents::path(&at.text_document.uri, &self.home());
        let offset = self.documents.get(&path)?.text.offset(at.position);
        let session = self.workspaces.get(&path)?.session.as_ref()?;
        let destinations = session.destinations(&path);
        let found = destinations.iter().find(|it| holds(it.range, offset))?;
        let (target, content, range) = session.place_of(found)?;
        let text = Text::new(content, self.client.encoding);
        let open = self.documents.get(&target).map(|document| document.uri.clone());
        let uri = open.or_else(|| uri::from_path(&target))?;
        Some(GotoDefinitionResponse::Scalar(Location { uri, range: text.range(range) }))
    }

    pub(crate) fn document_links(&self, params: &DocumentLinkParams) -> Vec<DocumentLink> {
        let path = Documents::path(&params.text_document.uri, &self.home());
        let session = self.workspaces.get(&path).and_then(|it| it.session.as_ref());
        let (Some(session), Some(document)) = (session, self.documents.get(&path)) else {
            return Vec::new();
        };
        let modules = session.destinations(&path).into_iter().filter(|it| it.member.is_none());
        let links = modules.filter_map(|found| {
            let file = found.path.filter(|path| path.extension().is_some_and(|it| it == "py"))?;
            let tooltip = Some(file.display().to_string());
            let range = document.text.range(found.range);
            Some(DocumentLink { range, target: uri::from_path(&file), tooltip, data: None })
        });
        links.collect()
    }
}
