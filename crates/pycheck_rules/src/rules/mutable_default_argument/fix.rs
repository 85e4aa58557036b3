//! The fix: `None` as the default, and a new object at the beginning of the body.

use pycheck_model::{Edit, Fix, PythonVersion, Safety};
use pycheck_syntax::bindings::{BindingKind, ScopeKind};
use pycheck_syntax::nodes::{is_string_statement, line_indent};
use ruff_python_ast::token::{TokenKind, parenthesized_range};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, ExprName, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::classes::has_decorator;
use super::shape::Shape;
use super::{Case, annotation};
use crate::rule::Context;

/// The edits that give each call an object of its own, unless they could break something.
pub(super) fn fix(cx: &Context<'_>, case: &Case<'_>) -> Option<Fix> {
    let def = case.owner.def()?;
    if case.value.constant.is_some()
        || case.value.shape == Shape::Instance
        || is_declared_elsewhere(def)
        || is_bound_to_place(cx, case, def)
        || is_tested_against_none(case, def)
    {
        return None;
    }
    let written = written_range(cx, case);
    let mut edits = vec![Edit { range: written, content: "None".to_owned() }];
    if let Some(annotation) = case.parameter.annotation()
        && !annotation::accepts_none(cx, annotation)
    {
        edits.extend(allow_none(cx, annotation)?);
    }
    edits.push(guard(cx, case, def, written)?);
    edits.sort_by_key(|edit| edit.range.start());
    Some(Fix {
        title: format!("Make a new object for `{}` in each call", case.name()),
        safety: Safety::Unsafe,
        edits,
    })
}

fn is_declared_elsewhere(def: &StmtFunctionDef) -> bool {
    let is_abstract = def.decorator_list.iter().any(|decorator| {
        super::classes::last_name(&decorator.expression)
            .is_some_and(|name| name.starts_with("abstract"))
    });
    is_abstract || has_decorator(def, &["overload"])
}

/// The default with its own parentheses.
fn written_range(cx: &Context<'_>, case: &Case<'_>) -> TextRange {
    parenthesized_range(case.default.into(), case.parameter.into(), cx.file.tokens())
        .unwrap_or(case.default.range())
}

/// Whether the default would mean something else in the body: it reads a name that the function or
/// a class body binds, or awaits, yields or binds a name.
fn is_bound_to_place(cx: &Context<'_>, case: &Case<'_>, def: &StmtFunctionDef) -> bool {
    let mut search = Names::default();
    search.visit_expr(case.default);
    let bindings = cx.bindings();
    let Some(own) = bindings.scope_of(def) else { return true };
    let is_bound = |name: &&ExprName| {
        let within_default = bindings.symbol_of(name).is_some_and(|symbol| {
            let scope = bindings.scope(bindings.symbol(symbol).scope);
            case.default.range().contains_range(scope.range)
        });
        let of_class = bindings.symbol_of(name).is_some_and(|symbol| {
            let scope = bindings.scope(bindings.symbol(symbol).scope);
            matches!(scope.kind, ScopeKind::Class(_))
        });
        !within_default && (of_class || bindings.symbol_in(own, &name.id).is_some())
    };
    search.is_tied || search.names.iter().any(is_bound)
}

#[derive(Default)]
struct Names<'a> {
    names: Vec<&'a ExprName>,
    is_tied: bool,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.names.push(name),
            Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Named(_) => {
                self.is_tied = true;
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

fn is_tested_against_none(case: &Case<'_>, def: &StmtFunctionDef) -> bool {
    let mut search = NoneTest { name: case.name(), found: false };
    search.visit_body(&def.body);
    search.found
}

struct NoneTest<'a> {
    name: &'a str,
    found: bool,
}

impl<'a> Visitor<'a> for NoneTest<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Compare(compare) = expr {
            let by_identity =
                |op: &CmpOp| matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq);
            let mut operands = std::iter::once(&*compare.left).chain(&compare.comparators);
            let has_name = operands
                .any(|operand| operand.as_name_expr().is_some_and(|name| name.id == self.name));
            self.found |= has_name
                && compare.ops.iter().any(by_identity)
                && compare
                    .comparators
                    .iter()
                    .chain([&*compare.left])
                    .any(Expr::is_none_literal_expr);
        }
        visitor::walk_expr(self, expr);
    }
}

/// Lets the annotation allow `None`; no edits to return means that it can't be written.
fn allow_none(cx: &Context<'_>, annotation: &Expr) -> Option<Vec<Edit>> {
    if let Expr::StringLiteral(text) = annotation {
        let content = text.value.as_slice();
        let [part] = content else { return None };
        return Some(vec![insertion(part.content_range().end(), " | None")]);
    }
    let can_be_united = match annotation {
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => true,
        Expr::BinOp(node) => !node.left.is_string_literal_expr(),
        _ => false,
    };
    let version = PythonVersion { major: 3, minor: 10 };
    if can_be_united && (cx.file.version() >= version || is_postponed(cx)) {
        return Some(vec![insertion(annotation.end(), " | None")]);
    }
    let optional = optional_name(cx)?;
    Some(vec![
        insertion(annotation.start(), &format!("{optional}[")),
        insertion(annotation.end(), "]"),
    ])
}

fn insertion(at: TextSize, content: &str) -> Edit {
    Edit { range: TextRange::empty(at), content: content.to_owned() }
}

fn is_postponed(cx: &Context<'_>) -> bool {
    cx.file.body().iter().any(|stmt| match stmt {
        Stmt::ImportFrom(node) => {
            node.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
                && node.names.iter().any(|alias| alias.name.as_str() == "annotations")
        }
        _ => false,
    })
}

/// How the module spells `typing.Optional`.
fn optional_name(cx: &Context<'_>) -> Option<String> {
    let bindings = cx.bindings();
    let mut through_module = None;
    for (id, symbol) in bindings.symbols() {
        if symbol.scope != pycheck_syntax::Bindings::MODULE {
            continue;
        }
        let is_import = symbol.bindings.iter().all(|binding| {
            matches!(binding.kind, BindingKind::Import(_) | BindingKind::FromImport(..))
        });
        match bindings.imported_name(id).filter(|_| is_import).as_deref() {
            Some("typing.Optional") => return Some(symbol.name.to_owned()),
            Some("typing") => through_module = Some(format!("{}.Optional", symbol.name)),
            _ => {}
        }
    }
    through_module
}

/// `if NAME is None:` and the default, after the docstring, the imports and the guards of the
/// parameters before this one.
fn guard(
    cx: &Context<'_>,
    case: &Case<'_>,
    def: &StmtFunctionDef,
    written: TextRange,
) -> Option<Edit> {
    let first = def.body.first()?;
    let leading = def.body.iter().enumerate().take_while(|(index, stmt)| {
        *index == 0 && is_string_statement(stmt)
            || matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))
            || is_guard_before(stmt, case)
    });
    let anchor = leading.last().map(|(_, stmt)| stmt.end());
    let header = def.returns.as_ref().map_or(def.parameters.end(), |returns| returns.end());
    let newline = cx
        .file
        .tokens()
        .after(anchor.unwrap_or(header))
        .iter()
        .take_while(|token| anchor.is_some() || token.start() < first.start())
        .find(|token| {
            !matches!(
                token.kind(),
                TokenKind::Comment
                    | TokenKind::NonLogicalNewline
                    | TokenKind::Rpar
                    | TokenKind::Colon
            )
        });
    let text = cx.file.text();
    let place = match newline {
        Some(token) if token.kind() == TokenKind::Newline => token.start(),
        None if anchor.is_some() => TextSize::of(text),
        _ => return None,
    };
    let end_of_line = if text[usize::from(place)..].starts_with('\r') { "\r\n" } else { "\n" };
    let indent = line_indent(text, first.start())?;
    let outer = line_indent(text, def_start(def))?;
    let step = indent.strip_prefix(outer).filter(|step| !step.is_empty()).unwrap_or("    ");
    let name = case.name();
    let value = source(cx, case, written);
    let content = format!(
        "{end_of_line}{indent}if {name} is None:{end_of_line}{indent}{step}{name} = {value}"
    );
    Some(insertion(place, &content))
}

fn def_start(def: &StmtFunctionDef) -> TextSize {
    def.decorator_list.first().map_or(def.start(), Ranged::start)
}

/// The source of the default; with its own parentheses where they hold several lines together.
fn source<'t>(cx: &Context<'t>, case: &Case<'_>, written: TextRange) -> &'t str {
    let inner = cx.file.source(case.default);
    let outer = cx.file.source(written);
    if outer.contains(['\n', '#']) { outer } else { inner }
}

/// Whether the statement is `if EARLIER is None: EARLIER = …` for an earlier parameter.
fn is_guard_before(stmt: &Stmt, case: &Case<'_>) -> bool {
    let Stmt::If(node) = stmt else { return false };
    let Expr::Compare(test) = &*node.test else { return false };
    let (Some(name), [CmpOp::Is], [Expr::NoneLiteral(_)], [Stmt::Assign(assign)]) =
        (test.left.as_name_expr(), &*test.ops, &*test.comparators, &*node.body)
    else {
        return false;
    };
    let [Expr::Name(target)] = &*assign.targets else { return false };
    let Some(parameters) = case.owner.parameters() else { return false };
    let earlier =
        parameters.iter_non_variadic_params().take_while(|it| it.name() != case.parameter.name());
    let mut names = earlier.map(|parameter| parameter.name().as_str());
    target.id == name.id && names.any(|earlier| earlier == name.id.as_str())
}
