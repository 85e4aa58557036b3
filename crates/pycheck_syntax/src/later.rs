//! For an import that comes too early: the ways to have the name only when it is used.

use pycheck_model::{Edit, Fix, PythonVersion, Safety};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Alias, AnyParameterRef, Expr, Parameters, Stmt, StmtFunctionDef, StmtImportFrom,
};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::ParsedFile;
use crate::bindings::{Bindings, Reference, ScopeKind, Symbol};
use crate::nodes::{is_string_statement, line_indent};

/// In more functions than this the module is imported rather than the name.
const MAX_FUNCTIONS: usize = 3;

/// Fixes of the import of the name at `site`, the plainest first: for type checkers only, in the
/// functions that use it, or its module in its place. None where the name is used at once.
pub fn later_fixes(file: &ParsedFile, site: TextRange) -> Vec<Fix> {
    let bindings = Bindings::new(file);
    let Some(early) = Early::find(file, &bindings, site) else { return Vec::new() };
    let places = early.places();
    let Places { functions, is_annotated, is_at_once: false, .. } = &places else {
        return Vec::new();
    };
    let in_functions = || early.in_functions(functions, *is_annotated);
    let module = || early.through_module();
    let candidates = match functions.len() {
        _ if places.is_in_lambda => vec![module()],
        0 if *is_annotated => vec![early.for_type_checkers()],
        // Nothing here uses it: it may be there for others.
        0 => Vec::new(),
        1..=MAX_FUNCTIONS => vec![in_functions(), module()],
        _ => vec![module(), in_functions()],
    };
    candidates.into_iter().flatten().collect()
}

/// A `from` import at the top level of a file, one name of which comes too early.
struct Early<'a> {
    file: &'a ParsedFile,
    bindings: &'a Bindings<'a>,
    statement: &'a StmtImportFrom,
    alias: &'a Alias,
    symbol: &'a Symbol<'a>,
}

/// Where a name is used.
#[derive(Default)]
struct Places<'a> {
    /// The outermost functions that use it.
    functions: Vec<&'a StmtFunctionDef>,
    is_in_lambda: bool,
    /// In annotations that are not evaluated.
    is_annotated: bool,
    /// When the module runs.
    is_at_once: bool,
}

impl<'a> Early<'a> {
    fn find(file: &'a ParsedFile, bindings: &'a Bindings<'a>, site: TextRange) -> Option<Self> {
        let statements = file.body().iter().filter_map(Stmt::as_import_from_stmt);
        let statement = statements.clone().find(|stmt| stmt.range().contains_range(site))?;
        let alias = statement.names.iter().find(|alias| alias.name.range() == site)?;
        let bound = alias.asname.as_ref().unwrap_or(&alias.name);
        let places = [bound.start(), alias.start()];
        let symbol = places.into_iter().find_map(|place| bindings.symbol_at(place))?;
        let symbol = bindings.symbol(symbol);
        let is_only = symbol.bindings.len() == 1 && symbol.scope == Bindings::MODULE;
        is_only.then_some(Self { file, bindings, statement, alias, symbol })
    }

    fn places(&self) -> Places<'a> {
        let mut annotations = Annotations::default();
        annotations.visit_body(self.file.body());
        let is_deferred = self.defers_annotations();
        let mut places = Places::default();
        for reference in &self.symbol.references {
            let is_annotation =
                annotations.0.iter().any(|range| range.contains_range(reference.range));
            if is_annotation && is_deferred {
                places.is_annotated = true;
                continue;
            }
            match self.outermost(reference) {
                Some(ScopeKind::Function(def)) if !is_annotation || is_in_body(def, reference) => {
                    if !places.functions.iter().any(|known| known.range == def.range) {
                        places.functions.push(def);
                    }
                }
                Some(ScopeKind::Lambda(_)) => places.is_in_lambda = true,
                _ => places.is_at_once = true,
            }
        }
        places
    }

    /// The outermost function or lambda around a use.
    fn outermost(&self, reference: &Reference) -> Option<ScopeKind<'a>> {
        let mut found = None;
        let mut current = Some(reference.within);
        while let Some(id) = current {
            let scope = self.bindings.scope(id);
            if matches!(scope.kind, ScopeKind::Function(_) | ScopeKind::Lambda(_)) {
                found = Some(scope.kind);
            }
            current = scope.parent;
        }
        found
    }

    /// Whether annotations are not evaluated when a function is made.
    fn defers_annotations(&self) -> bool {
        let is_future = |stmt: &Stmt| {
            stmt.as_import_from_stmt().is_some_and(|node| {
                node.module.as_deref() == Some("__future__")
                    && node.names.iter().any(|alias| &alias.name == "annotations")
            })
        };
        self.file.version() >= PythonVersion { major: 3, minor: 14 }
            || self.file.body().iter().any(is_future)
    }

    fn module(&self) -> String {
        let name = self.statement.module.as_deref().unwrap_or_default();
        ".".repeat(self.statement.level as usize) + name
    }

    /// The import of this name alone.
    fn alone(&self) -> String {
        format!("from {} import {}", self.module(), self.file.source(self.alias))
    }

    fn name(&self) -> &str {
        self.symbol.name
    }

    fn for_type_checkers(&self) -> Option<Fix> {
        let mut edits = vec![self.without()?];
        edits.push(self.type_checking_block()?);
        let title = format!("Import `{}` for type checkers only", self.name());
        Some(Fix { title, safety: Safety::Unsafe, edits })
    }

    fn in_functions(&self, functions: &[&StmtFunctionDef], is_annotated: bool) -> Option<Fix> {
        let mut edits = vec![self.without()?];
        for def in functions {
            edits.push(self.at_start_of(def)?);
        }
        if is_annotated {
            edits.push(self.type_checking_block()?);
        }
        let place = if functions.len() == 1 {
            "the function that uses it"
        } else {
            "the functions that use it"
        };
        let title = format!("Import `{}` in {place}", self.name());
        Some(Fix { title, safety: Safety::Unsafe, edits })
    }

    /// `from a.b import x` as `from a import b`, and `x` as `b.x`.
    fn through_module(&self) -> Option<Fix> {
        let module = self.statement.module.as_deref()?;
        let (package, last) = module.rsplit_once('.').unwrap_or(("", module));
        if self.bindings.symbols().any(|(_, symbol)| symbol.name == last) {
            return None;
        }
        let dots = ".".repeat(self.statement.level as usize);
        let import = match (dots.as_str(), package) {
            ("", "") => format!("import {last}"),
            (dots, package) => format!("from {dots}{package} import {last}"),
        };
        let attribute = format!("{last}.{}", self.alias.name);
        let uses = self.symbol.references.iter();
        let uses = uses.map(|it| Edit { range: it.range, content: attribute.clone() });
        let first = if let [_] = &self.statement.names[..] {
            vec![Edit { range: self.statement.range, content: import.clone() }]
        } else {
            let at = TextRange::empty(self.statement.end());
            vec![self.without()?, Edit { range: at, content: format!("\n{import}") }]
        };
        let title = format!("Import `{last}` in place of `{}`", self.name());
        let edits = first.into_iter().chain(uses).collect();
        self.stands_alone().then_some(Fix { title, safety: Safety::Unsafe, edits })
    }

    /// Whether no other statement stands on the lines of the import.
    fn stands_alone(&self) -> bool {
        let text = self.file.text();
        let rest = &text[usize::from(self.statement.end())..];
        let line = rest.split(['\n', '\r']).next().unwrap_or_default().trim();
        line_indent(text, self.statement.start()).is_some()
            && (line.is_empty() || line.starts_with('#'))
    }

    /// The statement without the name, or nothing in the place of its lines.
    fn without(&self) -> Option<Edit> {
        let names = &self.statement.names;
        let index = names.iter().position(|alias| alias.range == self.alias.range)?;
        let range = if names.len() == 1 {
            if !self.stands_alone() {
                return None;
            }
            self.lines_of(self.statement.range)
        } else if let Some(next) = names.get(index + 1) {
            TextRange::new(self.alias.start(), next.start())
        } else {
            TextRange::new(names[index - 1].end(), self.alias.end())
        };
        let has_comment = names.len() > 1 && self.file.source(range).contains('#');
        (!has_comment).then(|| Edit { range, content: String::new() })
    }

    /// Whole lines, with the end of the last.
    fn lines_of(&self, range: TextRange) -> TextRange {
        let text = self.file.text();
        let start = text[..usize::from(range.start())].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let rest = &text[usize::from(range.end())..];
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        TextRange::new(TextSize::new(start as u32), range.end() + TextSize::new(end as u32))
    }

    /// The import above the first statement of a function, below its docstring.
    fn at_start_of(&self, def: &StmtFunctionDef) -> Option<Edit> {
        let is_docstring =
            |(index, stmt): &(usize, &Stmt)| *index == 0 && is_string_statement(stmt);
        let mut body = def.body.iter().enumerate();
        let (_, first) = body.find(|it| !is_docstring(it))?;
        if let Some(edit) = self.added_to(first) {
            return Some(edit);
        }
        let decorators = match first {
            Stmt::FunctionDef(node) => node.decorator_list.first(),
            Stmt::ClassDef(node) => node.decorator_list.first(),
            _ => None,
        };
        let start = decorators.map_or(first.start(), Ranged::start);
        let indent = line_indent(self.file.text(), start)?;
        let at = TextRange::empty(start - indent.text_len());
        Some(Edit { range: at, content: format!("{indent}{}\n", self.alone()) })
    }

    /// The name in an import of the same module that stands there already.
    fn added_to(&self, stmt: &Stmt) -> Option<Edit> {
        let node = stmt.as_import_from_stmt()?;
        let name =
            |node: &StmtImportFrom| (node.level, node.module.as_ref().map(ToString::to_string));
        let is_same = name(node) == name(self.statement);
        let last = node.names.last().filter(|last| is_same && &last.name != "*")?;
        let content = format!(", {}", self.file.source(self.alias));
        Some(Edit { range: TextRange::empty(last.end()), content })
    }

    /// `if TYPE_CHECKING:` with the import, below the imports; or the import in such a block.
    fn type_checking_block(&self) -> Option<Edit> {
        let is_checking = |stmt: &&Stmt| {
            stmt.as_if_stmt().is_some_and(|node| match &*node.test {
                Expr::Name(name) => &name.id == "TYPE_CHECKING",
                Expr::Attribute(attribute) => &attribute.attr == "TYPE_CHECKING",
                _ => false,
            })
        };
        if let Some(Stmt::If(block)) = self.file.body().iter().find(is_checking) {
            let first = block.body.first()?;
            let indent = line_indent(self.file.text(), first.start())?;
            let at = TextRange::empty(first.start() - indent.text_len());
            return Some(Edit { range: at, content: format!("{indent}{}\n", self.alone()) });
        }
        let is_import = |stmt: &&Stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_));
        let mut below =
            self.file.body().iter().skip_while(|it| it.start() < self.statement.start());
        let last = below.by_ref().take_while(is_import).last()?;
        let is_known = self.bindings.symbols().any(|(_, symbol)| symbol.name == "TYPE_CHECKING");
        let import = if is_known { "" } else { "from typing import TYPE_CHECKING\n" };
        let at = self.lines_of(last.range()).end();
        let content = format!("{import}\nif TYPE_CHECKING:\n    {}\n", self.alone());
        Some(Edit { range: TextRange::empty(at), content })
    }
}

/// Whether a use stands in the body of a function, and not in its parameters.
fn is_in_body(def: &StmtFunctionDef, reference: &Reference) -> bool {
    def.body.first().is_some_and(|first| first.start() <= reference.range.start())
}

/// The ranges of all annotations.
#[derive(Default)]
struct Annotations(Vec<TextRange>);

impl<'a> Visitor<'a> for Annotations {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::AnnAssign(node) => self.0.push(node.annotation.range()),
            Stmt::FunctionDef(def) => self.0.extend(def.returns.as_deref().map(Ranged::range)),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        let all = parameters.iter().filter_map(AnyParameterRef::annotation);
        self.0.extend(all.map(Ranged::range));
        visitor::walk_parameters(self, parameters);
    }
}

#[cfg(test)]
mod tests {
    use super::later_fixes;
    use crate::parse;
    use pycheck_model::{PythonVersion, TextRange, apply_edits};

    /// The texts after each of the fixes for what stands between `«` and `»`.
    fn texts(marked: &str) -> Vec<String> {
        let start = marked.find('«').unwrap() as u32;
        let end = (marked.find('»').unwrap() - '«'.len_utf8()) as u32;
        let text = marked.replace(['«', '»'], "");
        let file = parse(text.clone(), PythonVersion { major: 3, minor: 12 });
        let fixes = later_fixes(&file, TextRange::new(start.into(), end.into()));
        fixes.iter().map(|fix| apply_edits(&text, &fix.edits).unwrap()).collect()
    }

    #[test]
    fn a_name_that_functions_use_is_imported_there() {
        let found = texts("from a.b import «x»\n\ndef f():\n    \"\"\"D.\"\"\"\n    return x()\n");
        assert_eq!(
            found[0],
            "\ndef f():\n    \"\"\"D.\"\"\"\n    from a.b import x\n    return x()\n"
        );
        assert_eq!(found[1], "from a import b\n\ndef f():\n    \"\"\"D.\"\"\"\n    return b.x()\n");
    }

    #[test]
    fn an_import_that_stands_in_the_function_is_added_to() {
        let found = texts("from m import «x»\ndef f():\n    from m import y\n    return x(y)\n");
        assert_eq!(found[0], "def f():\n    from m import y, x\n    return x(y)\n");
    }

    #[test]
    fn other_names_of_the_statement_stay() {
        let found = texts("from .m import a, «x» as y, c\nasync def f():\n    await y\n");
        assert_eq!(
            found[0],
            "from .m import a, c\nasync def f():\n    from .m import x as y\n    await y\n"
        );
        assert_eq!(
            found[1],
            "from .m import a, c\nfrom . import m\nasync def f():\n    await m.x\n"
        );
    }

    #[test]
    fn a_name_for_annotations_only_is_imported_for_type_checkers() {
        let text = "from __future__ import annotations\nfrom m import «X»\nimport os\n\ndef f(x: X) -> X: ...\n";
        assert_eq!(
            texts(text),
            [
                "from __future__ import annotations\nimport os\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from m import X\n\ndef f(x: X) -> X: ...\n"
            ]
        );
        let with_block = "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nfrom m import «X»\nif TYPE_CHECKING:\n    import os\nx: X\n";
        assert!(
            texts(with_block)[0]
                .ends_with("if TYPE_CHECKING:\n    from m import X\n    import os\nx: X\n")
        );
    }

    #[test]
    fn what_is_used_at_once_can_not_wait() {
        for text in [
            "from m import «x»\nx()\n",
            "from m import «x»\n",
            "from m import «X»\nclass A(X): pass\n",
            "from m import «x»\ndef f(a=x): return x\n",
            "from m import «X»\ndef f(a: X): return X\n",
            "from m import «x»\n@x\ndef f(): return x\n",
            "from m import «x»\nx = 1\ndef f(): return x\n",
        ] {
            assert_eq!(texts(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_lambda_has_no_room_for_a_statement() {
        assert_eq!(texts("from m import «x»\nf = lambda: x\n"), ["import m\nf = lambda: m.x\n"]);
        assert_eq!(texts("from m import «x»\nm = 1\nf = lambda: x\n"), [""; 0]);
    }
}
