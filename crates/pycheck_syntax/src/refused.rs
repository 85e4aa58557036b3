//! Code that the parser accepts and CPython's compiler refuses, with CPython's words: statements and
//! expressions that stand in the wrong place.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Parameters, Stmt, StmtFunctionDef, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::nodes::is_string_statement;
use crate::parse::{ParsedFile, SyntaxError};

mod declared;

/// How deeply CPython's tokenizer lets statements be indented (`MAXINDENT`).
const MAX_INDENTATION: usize = 100;

/// What `__future__` knows.
const FEATURES: &[&str] = &[
    "absolute_import",
    "annotations",
    "barry_as_FLUFL",
    "division",
    "generator_stop",
    "generators",
    "nested_scopes",
    "print_function",
    "unicode_literals",
    "with_statement",
];

/// The first place that the compiler refuses in a file that could be parsed.
pub fn compile_error(file: &ParsedFile) -> Option<SyntaxError> {
    let has_from = file.version().minor >= 13;
    let mut check = Check { suspensions: file.suspensions(), has_from, found: None };
    let top = Place { scope: Scope::Module(file.body()), in_loop: false, depth: 0 };
    let mut is_start = true;
    for (index, stmt) in file.body().iter().enumerate() {
        let is_future = matches!(stmt, Stmt::ImportFrom(import) if is_future(import));
        if is_future && !is_start {
            check.refuse(stmt.range(), LATE_FUTURE.to_owned());
        }
        is_start &= is_future || index == 0 && is_string_statement(stmt);
        check.stmt(stmt, &top);
        if check.found.is_some() {
            break;
        }
    }
    let (range, message) = check.found?;
    Some(SyntaxError { range, message, depends_on_version: false })
}

const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";

fn is_future(import: &StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_deref() == Some("__future__")
}

/// What the names of a body belong to.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Module(&'a [Stmt]),
    Class(&'a [Stmt]),
    Function(&'a StmtFunctionDef),
}

impl<'a> Scope<'a> {
    fn body(self) -> &'a [Stmt] {
        match self {
            Self::Module(body) | Self::Class(body) => body,
            Self::Function(def) => &def.body,
        }
    }

    fn is_async(self) -> bool {
        matches!(self, Self::Function(def) if def.is_async)
    }
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    scope: Scope<'a>,
    in_loop: bool,
    depth: usize,
}

struct Check<'a> {
    /// Where `yield` and `await` stand.
    suspensions: &'a [TextSize],
    /// The version tells `yield from` from `yield`.
    has_from: bool,
    found: Option<(TextRange, String)>,
}

impl Check<'_> {
    fn refuse(&mut self, range: TextRange, message: String) {
        self.found.get_or_insert((range, message));
    }

    fn body(&mut self, body: &[Stmt], place: &Place<'_>) {
        let place = Place { depth: place.depth + 1, ..*place };
        if place.depth >= MAX_INDENTATION {
            let range = body.first().map(Ranged::range).unwrap_or_default();
            self.refuse(range, "too many levels of indentation".to_owned());
        }
        for stmt in body {
            if self.found.is_some() {
                return;
            }
            self.stmt(stmt, &place);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, place: &Place<'_>) {
        self.expressions(stmt, place.scope);
        match stmt {
            Stmt::FunctionDef(def) => {
                self.parameters(&def.parameters);
                let scope = Scope::Function(def);
                self.body(&def.body, &Place { scope, in_loop: false, ..*place });
            }
            Stmt::ClassDef(class) => {
                let scope = Scope::Class(&class.body);
                self.body(&class.body, &Place { scope, in_loop: false, ..*place });
            }
            Stmt::For(node) => {
                self.outside_async(node.is_async, "for", stmt, place);
                self.body(&node.body, &Place { in_loop: true, ..*place });
                self.body(&node.orelse, place);
            }
            Stmt::While(node) => {
                self.body(&node.body, &Place { in_loop: true, ..*place });
                self.body(&node.orelse, place);
            }
            Stmt::With(node) => {
                self.outside_async(node.is_async, "with", stmt, place);
                self.body(&node.body, place);
            }
            Stmt::If(node) => {
                self.body(&node.body, place);
                node.elif_else_clauses.iter().for_each(|clause| self.body(&clause.body, place));
            }
            Stmt::Match(node) => node.cases.iter().for_each(|case| self.body(&case.body, place)),
            Stmt::Try(node) => {
                self.body(&node.body, place);
                for handler in &node.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    self.body(&handler.body, place);
                }
                self.body(&node.orelse, place);
                self.body(&node.finalbody, place);
            }
            _ => self.simple(stmt, place),
        }
    }

    fn simple(&mut self, stmt: &Stmt, place: &Place<'_>) {
        let is_module = matches!(place.scope, Scope::Module(_));
        let message = match stmt {
            Stmt::Return(_) if !matches!(place.scope, Scope::Function(_)) => {
                Some("'return' outside function".to_owned())
            }
            Stmt::Break(_) if !place.in_loop => Some("'break' outside loop".to_owned()),
            Stmt::Continue(_) if !place.in_loop => {
                Some("'continue' not properly in loop".to_owned())
            }
            Stmt::ImportFrom(import) if is_future(import) => future(import, is_module, place.depth),
            Stmt::ImportFrom(import) => (!is_module
                && import.names.iter().any(|name| &name.name == "*"))
            .then(|| "import * only allowed at module level".to_owned()),
            Stmt::Nonlocal(_) if is_module => {
                Some("nonlocal declaration not allowed at module level".to_owned())
            }
            Stmt::Nonlocal(node) => declared::refused(place.scope, &node.names, stmt, "nonlocal"),
            Stmt::Global(node) => declared::refused(place.scope, &node.names, stmt, "global"),
            _ => None,
        };
        if let Some(message) = message {
            self.refuse(stmt.range(), message);
        }
    }

    fn outside_async(&mut self, is_async: bool, word: &str, stmt: &Stmt, place: &Place<'_>) {
        if is_async && !place.scope.is_async() {
            let message = format!("'async {word}' outside async function");
            self.refuse(stmt.range(), message);
        }
    }

    fn parameters(&mut self, parameters: &Parameters) {
        let names: Vec<_> = parameters.iter().map(ruff_python_ast::AnyParameterRef::name).collect();
        for (index, name) in names.iter().enumerate() {
            if names[..index].iter().any(|before| before.id == name.id) {
                let message = format!("duplicate argument '{name}' in function definition");
                self.refuse(name.range(), message);
            }
        }
    }

    /// Looks for `yield` and `await` among what a statement computes itself.
    fn expressions(&mut self, stmt: &Stmt, scope: Scope<'_>) {
        let range = stmt.range();
        let next = self.suspensions.partition_point(|place| *place < range.start());
        let is_inside = self.suspensions.get(next).is_some_and(|place| range.contains(*place));
        if scope.is_async() || !is_inside {
            return;
        }
        let mut search = Suspension { scope, has_from: self.has_from, found: None };
        walk_stmt(&mut search, stmt);
        if let Some((range, message)) = search.found {
            self.refuse(range, message.to_owned());
        }
    }
}

/// What is wrong with an import from `__future__`, its place at the top of the module aside.
fn future(import: &StmtImportFrom, is_module: bool, depth: usize) -> Option<String> {
    if !is_module || depth > 0 {
        return Some(LATE_FUTURE.to_owned());
    }
    let names = import.names.iter().map(|name| name.name.as_str());
    let unknown = names.into_iter().find(|name| !FEATURES.contains(name))?;
    Some(match unknown {
        "braces" => "not a chance".to_owned(),
        _ => format!("future feature {unknown} is not defined"),
    })
}

/// Looks for `yield` and `await` in expressions outside of async functions. Lambdas and
/// comprehensions are scopes of their own, and are left alone.
struct Suspension<'a> {
    scope: Scope<'a>,
    has_from: bool,
    found: Option<(TextRange, &'static str)>,
}

impl<'a> Visitor<'a> for Suspension<'_> {
    fn visit_body(&mut self, _body: &'a [Stmt]) {}

    fn visit_annotation(&mut self, _expr: &'a Expr) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        let in_function = matches!(self.scope, Scope::Function(_));
        let message = match expr {
            Expr::YieldFrom(_) if !in_function && self.has_from => "'yield from' outside function",
            Expr::Yield(_) | Expr::YieldFrom(_) if !in_function => "'yield' outside function",
            Expr::Await(_) if !in_function => "'await' outside function",
            Expr::Await(_) => "'await' outside async function",
            Expr::Lambda(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => return,
            _ => return walk_expr(self, expr),
        };
        self.found.get_or_insert((expr.range(), message));
    }
}
