//! From what would mend a finding about the program to edits of the file that it is in.

use pycheck_model::{Change, Edit, Fix, Remedy};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Alias, Stmt, StmtImport};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::ParsedFile;
use crate::bindings::{Bindings, ImportStatement, Symbol};
use crate::nodes::line_indent;

/// The fix that does what the remedy says, for what stands at `site`; `None` where the statement is
/// written in a way that does not allow it.
pub fn remedy_fix(file: &ParsedFile, site: TextRange, remedy: &Remedy) -> Option<Fix> {
    let looked = Looked { file, bindings: Bindings::new(file) };
    let old = file.source(site);
    let (title, edits) = match &remedy.change {
        Change::Module(name) => {
            (format!("Replace `{old}` by `{name}`"), looked.other_module(site, name)?)
        }
        Change::Package(package) => {
            (format!("Import `{old}` from `{package}`"), looked.package_import(site, package)?)
        }
        Change::Name(name) => {
            (format!("Replace `{old}` by `{name}`"), looked.other_name(site, name)?)
        }
        Change::Import(module) => {
            (format!("Add `import {module}`"), looked.added_import(site, module)?)
        }
        Change::Later => return None,
    };
    Some(Fix { title, safety: remedy.safety, edits })
}

/// A file and its names.
struct Looked<'a> {
    file: &'a ParsedFile,
    bindings: Bindings<'a>,
}

impl<'a> Looked<'a> {
    /// Another module in the place of the one at `site`, and where that changes the name that is
    /// bound, in all places that use it.
    fn other_module(&self, site: TextRange, module: &str) -> Option<Vec<Edit>> {
        match self.statement_at(site)? {
            ImportStatement::From(_) => Some(vec![self.replacement(site, module)]),
            ImportStatement::Import(node) => {
                let alias = node.names.iter().find(|alias| alias.name.range() == site)?;
                let mut edits = vec![self.replacement(site, module)];
                if alias.asname.is_none() {
                    edits.extend(self.renamed_uses(alias, module)?);
                }
                Some(edits)
            }
        }
    }

    /// `import m` as `from package import m`, where the statement imports nothing else.
    fn package_import(&self, site: TextRange, package: &str) -> Option<Vec<Edit>> {
        let ImportStatement::Import(StmtImport { names, range, .. }) = self.statement_at(site)?
        else {
            return None;
        };
        let [only] = &names[..] else { return None };
        let before = TextRange::new(range.start(), only.start());
        Some(vec![Edit { range: before, content: format!("from {package} import ") }])
    }

    /// Another name in the place of the one at `site`, and in all places that use it.
    fn other_name(&self, site: TextRange, name: &str) -> Option<Vec<Edit>> {
        let ImportStatement::From(node) = self.statement_at(site)? else { return None };
        let alias = node.names.iter().find(|alias| alias.name.range() == site)?;
        let mut edits = vec![Edit { range: site, content: name.to_owned() }];
        if alias.asname.is_none() {
            edits.extend(self.renamed_uses(alias, name)?);
        }
        Some(edits)
    }

    /// The import of a module below the last import statement that stands above `site`, at the top
    /// level of the file.
    fn added_import(&self, site: TextRange, module: &str) -> Option<Vec<Edit>> {
        let is_import = |stmt: &&Stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_));
        let above = self.file.body().iter().take_while(|stmt| stmt.end() <= site.start());
        let anchor = above.filter(is_import).last()?;
        let indent = line_indent(self.file.text(), anchor.start())?;
        let mut after = self.file.tokens().after(anchor.end()).iter();
        let next = after.find(|token| token.kind() != TokenKind::Comment);
        let at = match next {
            Some(token) if token.kind() == TokenKind::Newline => token.start(),
            Some(_) => return None,
            None => self.file.text().text_len(),
        };
        let content = format!("\n{indent}import {module}");
        Some(vec![Edit { range: TextRange::empty(at), content }])
    }

    fn statement_at(&self, site: TextRange) -> Option<ImportStatement<'a>> {
        let range = |statement: &ImportStatement<'_>| match statement {
            ImportStatement::Import(node) => node.range,
            ImportStatement::From(node) => node.range,
        };
        let mut all = self.bindings.imports().iter();
        all.find(|statement| range(statement).contains_range(site)).copied()
    }

    /// The new name of a module, apart from the words around it: `from..import x` is Python.
    fn replacement(&self, site: TextRange, module: &str) -> Edit {
        let (before, after) = self.file.text().split_at(usize::from(site.start()));
        let after = &after[usize::from(site.len())..];
        let left = if before.ends_with(|c: char| c.is_alphanumeric()) { " " } else { "" };
        let right = if after.starts_with(|c: char| c.is_alphanumeric()) { " " } else { "" };
        Edit { range: site, content: format!("{left}{module}{right}") }
    }

    /// The edits of all places that use what an import binds, when it gets another name; `None` when
    /// they can't be told, or when the new name means something already.
    fn renamed_uses(&self, alias: &Alias, new: &str) -> Option<Vec<Edit>> {
        let old = alias.name.as_str();
        let symbol = self.bindings.symbol(self.bindings.symbol_at(alias.name.start())?);
        let (old_first, new_first) = (first_part(old), first_part(new));
        let is_taken = || self.bindings.symbols().any(|(_, symbol)| symbol.name == new_first);
        let is_other = old_first != new_first;
        if is_other && (symbol.bindings.len() != 1 || is_taken() || self.is_quoted(old_first)) {
            return None;
        }
        Some(self.edited_uses(symbol, old, new))
    }

    fn edited_uses(&self, symbol: &Symbol<'_>, old: &str, new: &str) -> Vec<Edit> {
        let text = self.file.text();
        let edit = |start: TextSize| {
            let whole = text[usize::from(start)..].strip_prefix(old);
            let is_whole = whole.is_some_and(|rest| !rest.starts_with(is_name_part));
            let (old, new) = if is_whole { (old, new) } else { (first_part(old), first_part(new)) };
            let range = TextRange::at(start, old.text_len());
            Edit { range, content: new.to_owned() }
        };
        let edits = symbol.references.iter().map(|reference| edit(reference.range.start()));
        edits.filter(|edit| self.file.source(edit.range) != edit.content).collect()
    }

    /// Whether a string could be an annotation that speaks of the name, or `__all__` lists it.
    fn is_quoted(&self, name: &str) -> bool {
        let mut strings =
            self.file.tokens().iter().filter(|token| token.kind() == TokenKind::String);
        strings.any(|token| {
            let text = self.file.source(token.range());
            !text.contains(char::is_whitespace) && has_word(text, name)
        })
    }
}

fn first_part(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_name_part) && !text[at + word.len()..].starts_with(is_name_part)
    })
}

#[cfg(test)]
mod tests {
    use super::remedy_fix;
    use crate::parse;
    use pycheck_model::{Change, PythonVersion, Remedy, TextRange, apply_edits};

    /// The text after the change of what stands between `«` and `»`.
    fn changed(marked: &str, change: Change) -> Option<String> {
        let (start, end) = (marked.find('«')?, marked.find('»')? - '«'.len_utf8());
        let text = marked.replace(['«', '»'], "");
        let file = parse(text.clone(), PythonVersion::NEWEST);
        let site = TextRange::new((start as u32).into(), (end as u32).into());
        let fix = remedy_fix(&file, site, &Remedy::likely(change))?;
        apply_edits(&text, &fix.edits)
    }

    fn module(marked: &str, name: &str) -> Option<String> {
        changed(marked, Change::Module(name.to_owned()))
    }

    #[test]
    fn the_module_of_a_from_import_is_replaced() {
        assert_eq!(module("from «...a» import b\n", "..a").unwrap(), "from ..a import b\n");
        assert_eq!(module("from«..»import b\n", "p.q").unwrap(), "from p.q import b\n");
        assert_eq!(
            module("from «....a» import (  # why\n    b,\n)\n", ".a").unwrap(),
            "from .a import (  # why\n    b,\n)\n"
        );
    }

    #[test]
    fn a_module_that_gets_another_name_gets_it_everywhere() {
        assert_eq!(
            module("import «reqeusts»\nreqeusts.get(reqeusts)\n", "requests").unwrap(),
            "import requests\nrequests.get(requests)\n"
        );
        assert_eq!(
            module("import «os.pth»\nos.pth.join(os.sep)\n", "os.path").unwrap(),
            "import os.path\nos.path.join(os.sep)\n"
        );
        assert_eq!(
            module("import «nupmy» as np\nnp.x\n", "numpy").unwrap(),
            "import numpy as np\nnp.x\n"
        );
    }

    #[test]
    fn a_name_that_is_taken_or_quoted_is_not_given() {
        assert_eq!(module("requests = 1\nimport «reqeusts»\n", "requests"), None);
        assert_eq!(module("import «a»\ndef f(x: 'a.B'): ...\n", "b"), None);
        assert_eq!(module("import «a»\n__all__ = ['a']\n", "b"), None);
        assert!(module("import «a»\nprint('this is a test')\n", "b").is_some());
        assert_eq!(module("import «a»\nimport a\n", "b"), None);
    }

    #[test]
    fn a_name_is_replaced_with_its_uses() {
        let name = |marked| changed(marked, Change::Name("helper".to_owned()));
        assert_eq!(
            name("from m import x, «helpr»\nhelpr(x)\n").unwrap(),
            "from m import x, helper\nhelper(x)\n"
        );
        assert_eq!(
            name("from m import «helpr» as h\nh()\n").unwrap(),
            "from m import helper as h\nh()\n"
        );
        assert_eq!(name("from m import «helpr», helper\n"), None);
    }

    #[test]
    fn a_module_is_taken_from_its_package() {
        let package = |marked| changed(marked, Change::Package("p.q".to_owned()));
        assert_eq!(package("import «m»  # x\n").unwrap(), "from p.q import m  # x\n");
        assert_eq!(package("if x: import «m» as n\n").unwrap(), "if x: from p.q import m as n\n");
        assert_eq!(package("import «m», n\n"), None);
    }

    #[test]
    fn an_import_is_added_below_those_above() {
        let import = |marked| changed(marked, Change::Import("p.q".to_owned()));
        assert_eq!(
            import("import p  # x\nfrom a import (\n    b\n)\np.«q»\nimport c\n").unwrap(),
            "import p  # x\nfrom a import (\n    b\n)\nimport p.q\np.«q»\nimport c\n"
                .replace(['«', '»'], "")
        );
        assert_eq!(import("import p; p.«q»\n"), None);
        assert_eq!(import("if x:\n    import p\np.«q»\n"), None);
    }
}
