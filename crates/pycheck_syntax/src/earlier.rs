//! For a name that is asked for before it is bound: its statement moved above the import that leads
//! to where it is asked for.

use pycheck_model::{Edit, Fix, Safety};
use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::ParsedFile;
use crate::bindings::Bindings;
use crate::nodes::line_indent;

/// Moves the statement that binds the name at `binding` above the one with `import`, both of which
/// stand at the top level of the file, if nothing that it needs is bound in between.
pub fn earlier_fix(file: &ParsedFile, binding: TextRange, import: TextRange) -> Option<Fix> {
    let at_top = |range: TextRange| file.body().iter().find(|it| it.range().contains_range(range));
    let (statement, import) = (at_top(binding)?, at_top(import)?);
    let is_import = matches!(import, Stmt::Import(_) | Stmt::ImportFrom(_));
    if !is_import || statement.start() < import.end() || !is_movable(statement) {
        return None;
    }
    let bindings = Bindings::new(file);
    if !needs_nothing_between(&bindings, statement.range(), import.start()) {
        return None;
    }
    let moved = whole_lines(file, statement.range())?;
    let target = whole_lines(file, import.range())?.start();
    let text = file.source(moved);
    let end = if text.ends_with(['\n', '\r']) { "" } else { "\n" };
    let edits = vec![
        Edit { range: TextRange::empty(target), content: format!("{text}{end}") },
        Edit { range: moved, content: String::new() },
    ];
    let title = format!("Bind `{}` above the import that leads to its use", file.source(binding));
    Some(Fix { title, safety: Safety::Unsafe, edits })
}

/// Whether nothing else comes of the statement than that a name is bound.
fn is_movable(statement: &Stmt) -> bool {
    match statement {
        Stmt::FunctionDef(_) | Stmt::ClassDef(_) => true,
        Stmt::Assign(node) => {
            matches!(&node.targets[..], [Expr::Name(_)]) && !contains_call(&node.value)
        }
        Stmt::AnnAssign(node) => {
            node.target.is_name_expr()
                && node.value.as_deref().is_some_and(|value| !contains_call(value))
        }
        _ => false,
    }
}

fn contains_call(value: &Expr) -> bool {
    any_over_expr(value, |expr| {
        matches!(expr, Expr::Call(_) | Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_))
    })
}

/// Whether all names of the file that a statement reads when it runs are bound above a place.
fn needs_nothing_between(bindings: &Bindings<'_>, statement: TextRange, place: TextSize) -> bool {
    bindings.symbols().all(|(_, symbol)| {
        let is_above = || symbol.bindings.iter().any(|it| it.range.start() < place);
        let is_within = || symbol.bindings.iter().all(|it| statement.contains_range(it.range));
        let mut reads = symbol.references.iter().filter(|it| {
            statement.contains_range(it.range) && bindings.enclosing_function(it.within).is_none()
        });
        reads.next().is_none()
            || (symbol.scope != Bindings::MODULE && is_within())
            || (symbol.scope == Bindings::MODULE && is_above())
    })
}

/// The lines of a statement that stands alone on them.
fn whole_lines(file: &ParsedFile, range: TextRange) -> Option<TextRange> {
    let text = file.text();
    line_indent(text, range.start())?;
    let rest = &text[usize::from(range.end())..];
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    if !(line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return None;
    }
    let after = &rest[line.len()..];
    let line_break = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
    let start = text[..usize::from(range.start())].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let end = range.end() + TextSize::new((line.len() + line_break) as u32);
    Some(TextRange::new(TextSize::new(start as u32), end))
}

#[cfg(test)]
mod tests {
    use super::earlier_fix;
    use crate::parse;
    use pycheck_model::{PythonVersion, TextRange, apply_edits};

    /// The text with the statement of `X` above the import of `b`.
    fn moved(text: &str, name: &str) -> Option<String> {
        let file = parse(text.to_owned(), PythonVersion::NEWEST);
        let place =
            |word: &str, at: usize| TextRange::at((at as u32).into(), (word.len() as u32).into());
        let binding = place(name, text.rfind(name)?);
        let fix = earlier_fix(&file, binding, place("b", text.find("import b")? + 7))?;
        apply_edits(text, &fix.edits)
    }

    #[test]
    fn a_statement_goes_above_the_import() {
        assert_eq!(
            moved("import a\nimport b\n\nX = 1  # one\ny = 2\n", "X").unwrap(),
            "import a\nX = 1  # one\nimport b\n\ny = 2\n"
        );
        assert_eq!(
            moved("import b\nclass X(dict):\n    def f(self):\n        return b", "X").unwrap(),
            "class X(dict):\n    def f(self):\n        return b\nimport b\n"
        );
    }

    #[test]
    fn what_it_needs_must_be_there() {
        assert_eq!(moved("import b\nA = 1\nX = A\n", "X"), None);
        assert_eq!(moved("import b\nclass X(b.C): pass\n", "X"), None);
        assert_eq!(moved("import b\n@b.d\ndef X(): pass\n", "X"), None);
        assert!(moved("A = 1\nimport b\nX = A\n", "X").is_some());
        assert!(moved("import b\nclass X:\n    a = 1\n    c = a\n", "X").is_some());
    }

    #[test]
    fn what_does_more_than_bind_stays() {
        assert_eq!(moved("import b\nX = make()\n", "X"), None);
        assert_eq!(moved("import b\nX = 1; y = 2\n", "X"), None);
        assert_eq!(moved("import b\nif b:\n    X = 1\n", "X"), None);
    }
}
