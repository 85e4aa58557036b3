//! Calls that import modules whose names are spelled out, or ask whether there are such modules.

use pycheck_model::{Anchor, Catches, ImportKind};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::names::Names;

/// What a module that is not there raises.
pub(crate) fn not_there() -> Catches {
    Catches::of("ImportError").unwrap_or_default()
}

/// A call that imports.
pub(crate) struct ImportCall {
    /// What it imports.
    pub(crate) kind: ImportKind,
    /// The string with the name.
    pub(crate) place: TextRange,
}

/// What a call imports where it stands, if that can be told.
pub(crate) fn import_call(call: &ExprCall, names: &Names<'_>) -> Option<ImportCall> {
    match callee(call, names)? {
        Callee::ImportModule => import_module(call),
        Callee::Import => import_function(call),
        Callee::FindSpec => parent_of(call),
        Callee::ImportOrSkip => None,
    }
}

/// The place of the string of a call that imports a module, and does nothing else.
pub(crate) fn imported_at(call: &ExprCall, names: &Names<'_>) -> Option<TextRange> {
    let runs = matches!(callee(call, names)?, Callee::ImportModule | Callee::Import);
    runs.then(|| import_call(call, names)).flatten().map(|call| call.place)
}

/// The name of `find_spec("name")`.
pub(crate) fn asked_for<'e>(expr: &'e Expr, names: &Names<'_>) -> Option<&'e str> {
    let call = expr.as_call_expr()?;
    let name = text(argument(call, 0, "name")?)?;
    let is_plain = !name.starts_with('.') && !name.is_empty();
    (callee(call, names)? == Callee::FindSpec && is_plain).then_some(name)
}

/// The name of `pytest.importorskip("name")`.
pub(crate) fn skipped_without<'e>(call: &'e ExprCall, names: &Names<'_>) -> Option<&'e str> {
    let name = text(argument(call, 0, "modname")?)?;
    let is_dotted = is_dotted(name);
    (callee(call, names)? == Callee::ImportOrSkip && is_dotted).then_some(name)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Callee {
    ImportModule,
    Import,
    FindSpec,
    ImportOrSkip,
}

fn callee(call: &ExprCall, names: &Names<'_>) -> Option<Callee> {
    let last = match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => return None,
    };
    // A local import of the function is as good as one at the top.
    let is_free = || call.func.is_name_expr() && names.meaning(last).is_none();
    match names.resolve(&call.func)?[..] {
        ["importlib", "import_module"] => Some(Callee::ImportModule),
        ["importlib", "util", "find_spec"] => Some(Callee::FindSpec),
        ["pytest", "importorskip"] => Some(Callee::ImportOrSkip),
        ["import_module"] if is_free() => Some(Callee::ImportModule),
        ["__import__"] if is_free() => Some(Callee::Import),
        ["find_spec"] if is_free() => Some(Callee::FindSpec),
        _ => None,
    }
}

fn import_module(call: &ExprCall) -> Option<ImportCall> {
    let name = argument(call, 0, "name")?;
    let (level, module) = with_dots(text(name)?)?;
    let anchor = match argument(call, 1, "package") {
        _ if level == 0 => Anchor::Nothing,
        None if call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none()) => return None,
        None | Some(Expr::NoneLiteral(_)) => Anchor::Nothing,
        Some(Expr::Name(name)) if name.id == "__package__" => Anchor::Package,
        Some(Expr::Name(name)) if name.id == "__name__" => Anchor::Name,
        Some(package) => Anchor::Named(text(package).filter(|it| !it.is_empty())?.to_owned()),
    };
    let kind = ImportKind::Call { level, module: module.to_owned(), anchor };
    Some(ImportCall { kind, place: name.range() })
}

fn import_function(call: &ExprCall) -> Option<ImportCall> {
    let name = argument(call, 0, "name")?;
    let level = match argument(call, 4, "level") {
        None => 0,
        Some(Expr::NumberLiteral(number)) => {
            u32::try_from(number.value.as_int()?.as_i64()?).ok()?
        }
        Some(_) => return None,
    };
    let (0, module) = with_dots(text(name)?)? else { return None };
    if level > 0 && !is_globals(argument(call, 1, "globals")?) {
        return None;
    }
    let kind = ImportKind::Call { level, module: module.to_owned(), anchor: Anchor::Globals };
    Some(ImportCall { kind, place: name.range() })
}

fn is_globals(expr: &Expr) -> bool {
    let callee = expr.as_call_expr().and_then(|call| call.func.as_name_expr());
    callee.is_some_and(|name| name.id == "globals")
}

/// `find_spec("a.b")` imports `a`.
fn parent_of(call: &ExprCall) -> Option<ImportCall> {
    let name = argument(call, 0, "name")?;
    let (0, module) = with_dots(text(name)?)? else { return None };
    let (parent, _) = module.rsplit_once('.')?;
    let kind = ImportKind::Call { level: 0, module: parent.to_owned(), anchor: Anchor::Nothing };
    Some(ImportCall { kind, place: name.range() })
}

/// The dots at the beginning of a module's name, and the rest.
fn with_dots(name: &str) -> Option<(u32, &str)> {
    let module = name.trim_start_matches('.');
    let level = (name.len() - module.len()) as u32;
    let is_name = is_dotted(module) || (module.is_empty() && level > 0);
    is_name.then_some((level, module))
}

fn is_dotted(name: &str) -> bool {
    name.split('.').all(pycheck_model::is_identifier)
}

fn argument<'e>(call: &'e ExprCall, position: usize, name: &str) -> Option<&'e Expr> {
    let starred = call.arguments.args.iter().any(Expr::is_starred_expr);
    call.arguments.find_argument_value(name, position).filter(|_| !starred)
}

fn text(expr: &Expr) -> Option<&str> {
    expr.as_string_literal_expr().map(|text| text.value.to_str())
}
