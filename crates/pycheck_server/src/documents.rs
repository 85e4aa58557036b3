//! The documents that are open, as the editor has them.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};
use rustc_hash::FxHashMap;

use crate::convert::{Encoding, Text};
use crate::uri;

/// One open document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// As the client spells it.
    pub(crate) uri: Uri,
    /// Where it lies, or would lie if it were saved.
    pub(crate) path: PathBuf,
    pub(crate) version: i32,
    pub(crate) text: Text,
}

/// All open documents, by path.
#[derive(Debug)]
pub(crate) struct Documents {
    by_path: FxHashMap<PathBuf, Document>,
    encoding: Encoding,
}

impl Documents {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { by_path: FxHashMap::default(), encoding }
    }

    /// The path of a document; one that lies on no disk gets a name in the folder `untitled`.
    pub(crate) fn path(uri: &Uri, untitled: &std::path::Path) -> PathBuf {
        uri::to_path(uri).unwrap_or_else(|| {
            let is_kept = |c: char| c.is_ascii_alphanumeric();
            let name = uri.as_str().replace(|c| !is_kept(c), "_");
            untitled.join(format!("{name}.py"))
        })
    }

    pub(crate) fn open(&mut self, uri: Uri, path: PathBuf, version: i32, text: &str) -> Arc<str> {
        let content: Arc<str> = text.into();
        let text = Text::new(content.clone(), self.encoding);
        self.by_path.insert(path.clone(), Document { uri, path, version, text });
        content
    }

    pub(crate) fn close(&mut self, path: &std::path::Path) -> Option<Document> {
        self.by_path.remove(path)
    }

    pub(crate) fn get(&self, path: &std::path::Path) -> Option<&Document> {
        self.by_path.get(path)
    }

    /// All of them, sorted by path.
    pub(crate) fn all(&self) -> Vec<&Document> {
        let mut all: Vec<&Document> = self.by_path.values().collect();
        all.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        all
    }

    /// Makes edits in a document, one after the other. Gives the text that comes of it; `None` for a
    /// document that is not open.
    pub(crate) fn edit(
        &mut self,
        path: &std::path::Path,
        version: i32,
        edits: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<Arc<str>> {
        let document = self.by_path.get_mut(path)?;
        document.version = version;
        for edit in edits {
            let content = match edit.range {
                None => edit.text,
                Some(range) => {
                    let range = document.text.text_range(range);
                    let mut content = document.text.content.to_string();
                    content.replace_range(std::ops::Range::<usize>::from(range), &edit.text);
                    content
                }
            };
            document.text = Text::new(content.into(), self.encoding);
        }
        Some(document.text.content.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::str::FromStr as _;

    use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

    use super::Documents;
    use crate::convert::Encoding;

    fn edit(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let range = Range::new(Position::new(start.0, start.1), Position::new(end.0, end.1));
        TextDocumentContentChangeEvent {
            range: Some(range),
            range_length: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_follow_each_other_and_one_that_is_nowhere_is_at_the_end() {
        let mut documents = Documents::new(Encoding::Utf16);
        let uri = Uri::from_str("file:///a.py").unwrap();
        documents.open(uri, PathBuf::from("/a.py"), 1, "one\ntwo\n");
        let edits = vec![
            edit((0, 0), (0, 3), "ONE 😀"),
            edit((0, 6), (0, 6), "!"),
            edit((90, 0), (91, 5), "end"),
        ];
        let text = documents.edit(Path::new("/a.py"), 2, edits);
        assert_eq!(text.as_deref(), Some("ONE 😀!\ntwo\nend"));
        assert_eq!(documents.edit(Path::new("/b.py"), 2, Vec::new()), None);
    }
}
