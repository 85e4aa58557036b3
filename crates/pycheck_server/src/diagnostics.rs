//! What was found, in the words of the protocol.

use std::path::Path;
use std::sync::Arc;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Uri,
};
use pycheck_model::{Diagnostic as Found, Level, Related};
use pycheck_project::Session;
use rustc_hash::FxHashMap;

use crate::capabilities::Client;
use crate::convert::Text;
use crate::documents::Documents;
use crate::uri;

/// Makes the diagnostics of a session's files.
pub(crate) struct Converter<'w> {
    pub(crate) session: &'w Session,
    pub(crate) documents: &'w Documents,
    pub(crate) client: &'w Client,
    pub(crate) shows_info: bool,
    /// The texts of other files that diagnostics point into.
    texts: FxHashMap<Arc<Path>, Option<Text>>,
    /// The pages of rules.
    pages: FxHashMap<&'static str, Option<Uri>>,
}

impl<'w> Converter<'w> {
    pub(crate) fn new(
        session: &'w Session,
        documents: &'w Documents,
        client: &'w Client,
        shows_info: bool,
    ) -> Self {
        Self {
            session,
            documents,
            client,
            shows_info,
            texts: FxHashMap::default(),
            pages: FxHashMap::default(),
        }
    }

    /// All diagnostics of a file.
    pub(crate) fn of_file(&mut self, path: &Path) -> Vec<Diagnostic> {
        let shown = |found: &&Found| self.shows_info || found.level > Level::Info;
        let found: Vec<&Found> = self.session.diagnostics_of(path).iter().filter(shown).collect();
        found.into_iter().filter_map(|found| self.one(found)).collect()
    }

    /// One diagnostic; `None` if its file can't be read any more.
    pub(crate) fn one(&mut self, found: &Found) -> Option<Diagnostic> {
        let range = self.text(&found.path)?.range(found.range);
        let related: Vec<_> = if self.client.shows_related {
            found.related.iter().filter_map(|related| self.related(related)).collect()
        } else {
            Vec::new()
        };
        let message = match &found.help {
            Some(help) => format!("{}\n{help}", found.message),
            None => found.message.clone(),
        };
        Some(Diagnostic {
            range,
            severity: Some(severity(found.level)),
            code: Some(NumberOrString::String(found.rule.to_owned())),
            code_description: self.page(found.rule),
            tags: is_excess(found.rule).then(|| vec![DiagnosticTag::UNNECESSARY]),
            source: Some("pycheck".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        })
    }

    /// Where the page of a rule is.
    fn page(&mut self, rule: &'static str) -> Option<CodeDescription> {
        if !self.client.links_codes {
            return None;
        }
        let find = || {
            let (_, rule) = pycheck_rules::find(rule)?;
            uri::from_path(&pycheck_project::rule_page(rule)?)
        };
        let known = self.pages.entry(rule).or_insert_with(find);
        known.clone().map(|href| CodeDescription { href })
    }

    fn related(&mut self, related: &Related) -> Option<DiagnosticRelatedInformation> {
        let range = self.text(&related.path)?.range(related.range);
        let location = Location { uri: self.uri(&related.path)?, range };
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    }

    /// The name of a file, in the client's spelling if it is open.
    pub(crate) fn uri(&self, path: &Path) -> Option<Uri> {
        let open = self.documents.get(path).map(|document| document.uri.clone());
        open.or_else(|| uri::from_path(path))
    }

    fn text(&mut self, path: &Path) -> Option<&Text> {
        if let Some(document) = self.documents.get(path) {
            return Some(&document.text);
        }
        let (session, encoding) = (self.session, self.client.encoding);
        let read = || session.shown_text(path).map(|content| Text::new(content, encoding));
        self.texts.entry(path.into()).or_insert_with(read).as_ref()
    }
}

/// Whether a rule is about something that can go.
fn is_excess(rule: &str) -> bool {
    pycheck_rules::find(rule).is_some_and(|(_, rule)| rule.is_about_excess())
}

/// Hints are shown as such, so that they do not look like problems.
fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::ERROR,
        Level::Warn => DiagnosticSeverity::WARNING,
        Level::Info | Level::Off => DiagnosticSeverity::HINT,
    }
}
