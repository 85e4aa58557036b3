//! The names that can be written in an import statement.

use lsp_types::{CompletionItem, CompletionItemKind, CompletionList, CompletionParams};

use crate::documents::Documents;
use crate::worker::Worker;

impl Worker {
    pub(crate) fn completion(&self, params: &CompletionParams) -> CompletionList {
        let items = self.candidates(params).unwrap_or_default();
        CompletionList { is_incomplete: false, items }
    }

    fn candidates(&self, params: &CompletionParams) -> Option<Vec<CompletionItem>> {
        let at = &params.text_document_position;
        let path = Documents::path(&at.text_document.uri, &self.home());
        let text = &self.documents.get(&path)?.text;
        let offset = usize::from(text.offset(at.position));
        let before = &text.content[..offset];
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        let asked = Asked::read(line)?;
        let session = self.workspaces.get(&path)?.session.as_ref()?;
        let names = session.importable(&path, asked.level, asked.package, asked.with_names);
        let item = |(label, is_module): (String, bool)| {
            let kind =
                if is_module { CompletionItemKind::MODULE } else { CompletionItemKind::VALUE };
            CompletionItem { label, kind: Some(kind), ..CompletionItem::default() }
        };
        let is_hidden = |name: &str| name.starts_with('_') && !asked.start.starts_with('_');
        Some(names.into_iter().filter(|(name, _)| !is_hidden(name)).map(item).collect())
    }
}

/// What a line that ends at the cursor asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'l> {
    level: u32,
    /// The package, after the dots.
    package: &'l str,
    /// The names of the module are asked for, too.
    with_names: bool,
    /// What is written of the name.
    start: &'l str,
}

impl<'l> Asked<'l> {
    fn read(line: &'l str) -> Option<Self> {
        let line = line.trim_start();
        if let Some(rest) = line.strip_prefix("import ") {
            let last = rest.rsplit(',').next().unwrap_or(rest).trim_start();
            return Self::dotted(last);
        }
        let rest = line.strip_prefix("from ")?.trim_start();
        let Some((module, names)) = rest.split_once(" import") else { return Self::dotted(rest) };
        if !names.starts_with([' ', '(']) {
            return None;
        }
        let (level, package) = leveled(module.trim());
        let start = names.rsplit([',', '(', ' ']).next().unwrap_or_default();
        is_dotted(package).then_some(Self { level, package, with_names: true, start })
    }

    fn dotted(written: &'l str) -> Option<Self> {
        let (level, name) = leveled(written);
        let (package, start) = name.rsplit_once('.').unwrap_or(("", name));
        is_dotted(name).then_some(Self { level, package, with_names: false, start })
    }
}

fn leveled(written: &str) -> (u32, &str) {
    let name = written.trim_start_matches('.');
    ((written.len() - name.len()) as u32, name)
}

fn is_dotted(name: &str) -> bool {
    name.chars().all(|c| c == '.' || c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::Asked;

    fn asked(line: &str) -> Option<(u32, &str, bool, &str)> {
        Asked::read(line).map(|it| (it.level, it.package, it.with_names, it.start))
    }

    #[test]
    fn each_form_of_the_statement_is_understood() {
        assert_eq!(asked("import "), Some((0, "", false, "")));
        assert_eq!(asked("    import os, a.b.c"), Some((0, "a.b", false, "c")));
        assert_eq!(asked("from ..a.b"), Some((2, "a", false, "b")));
        assert_eq!(asked("from . import x, y"), Some((1, "", true, "y")));
        assert_eq!(asked("from a import (b"), Some((0, "a", true, "b")));
        assert_eq!(asked("from a import"), None);
        assert_eq!(asked("import a as b"), None);
        assert_eq!(asked("x = a.b"), None);
    }
}
