//! Whether one comparison with None goes wrong, and how.

use pycheck_syntax::bindings::{BindingKind, Bindings};
use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCall, StmtClassDef};

use super::classes::{Equality, class_of, equality, null_class};
use super::equality::{accepts_none, builds_expression};
use super::libraries::{Frames, Libraries};
use super::origin::{Library, is_array_module, library_of};
use super::position::{Place, Position};
use crate::rule::Context;

/// Functions and methods whose arguments are parts of a query.
const QUERY_CALLS: &[&str] = &[
    "filter",
    "where",
    "having",
    "on",
    "join",
    "outerjoin",
    "exists",
    "any",
    "has",
    "case",
    "when",
    "delete",
    "update",
    "select",
    "and_",
    "or_",
    "not_",
    "orwhere",
    "or_where",
    "and_where",
    "order_by",
    "group_by",
    "exclude",
    "whereclause",
    "column_property",
    "relationship",
    "with_loader_criteria",
    "nullif",
    "coalesce",
    "iif",
    "full_join",
    "left_join",
    "left_outer_join",
    "outer_join",
    "inner_join",
    "select_from",
    "with_entities",
    "add_columns",
    "over",
    "filter_where",
];

/// Keywords whose values are parts of a query.
const QUERY_KEYWORDS: &[&str] = &[
    "onclause",
    "whereclause",
    "primaryjoin",
    "secondaryjoin",
    "postgresql_where",
    "sqlite_where",
];

/// Methods of columns and of what comparing them builds.
const QUERY_ATTRIBUTES: &[&str] = &[
    "label",
    "desc",
    "asc",
    "cast",
    "as_",
    "is_",
    "isnot",
    "is_not",
    "op",
    "self_group",
    "compile",
    "alias",
];

/// Functions and methods of tables that take a mask.
const MASK_CALLS: &[&str] = &[
    "filter",
    "where",
    "mask",
    "when",
    "any",
    "all",
    "select",
    "with_columns",
    "withColumn",
    "assign",
    "count_nonzero",
    "sum",
    "drop",
    "isin",
];

/// What to say of a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict<'a> {
    /// Nothing: it builds a query or a mask on purpose.
    Meant,
    /// It asks `__eq__`, in a condition or not.
    Due { in_condition: bool },
    /// As `Due`, but `is` would not do the same.
    DueAsMask,
    /// It makes a mask that matches nothing.
    NeverMatches(Frames),
    /// It calls the `__eq__` that it stands in, on `self` or on the parameter.
    CallsItself { on_self: bool },
    /// This class of the file equals None.
    NullObject(&'a StmtClassDef),
    /// It is a link of `a is None == b is None`, which says something else than it seems to.
    Chained,
    /// It tests what `__eq__` answers.
    Tested,
    /// A comment on the same line speaks of it.
    Commented,
    /// `unittest.mock.ANY` equals everything.
    Any,
}

/// What to say of `other == None`, which stands at `place`.
pub(super) fn verdict<'a>(
    cx: &Context<'a>,
    op: CmpOp,
    other: &'a Expr,
    place: Place<'a>,
) -> Verdict<'a> {
    if let Some(on_self) = calls_itself(cx, op, other) {
        return Verdict::CallsItself { on_self };
    }
    let bindings = cx.bindings();
    if bindings.qualified_name(other).is_some_and(|name| name == "unittest.mock.ANY") {
        return Verdict::Any;
    }
    if let Position::Condition = place.position {
        if is_generator_query(cx) {
            return Verdict::Meant;
        }
        return null_object(bindings, other).unwrap_or(Verdict::Due { in_condition: true });
    }
    let found = used_value(bindings, other, place);
    found.or_else(|| null_object(bindings, other)).unwrap_or(Verdict::Due { in_condition: false })
}

/// Whether the comparison stands in a generator that pony turns into a query.
fn is_generator_query(cx: &Context<'_>) -> bool {
    let mut ancestors = cx.ancestors().skip_while(|node| !node.is_comprehension()).skip(1);
    let is_argument = matches!(ancestors.next(), Some(AnyNodeRef::ExprGenerator(_)))
        && matches!(ancestors.next(), Some(AnyNodeRef::Arguments(_)));
    is_argument && Libraries::of(cx.bindings()).generators
}

/// What to say where the value of the comparison is used, if anything special.
fn used_value<'a>(
    bindings: &Bindings<'a>,
    other: &'a Expr,
    place: Place<'a>,
) -> Option<Verdict<'a>> {
    let class = class_of(bindings, other);
    if class.and_then(|class| equality(bindings, class)).is_some_and(builds_expression) {
        return Some(Verdict::Meant);
    }
    match library_of(bindings, other) {
        Some(Library::Frames(frames)) => return Some(Verdict::NeverMatches(frames)),
        Some(Library::Array) => return Some(Verdict::Meant),
        None => {}
    }
    let libraries = Libraries::of(bindings);
    if let Some(frames) = masked(bindings, &libraries, place) {
        return Some(Verdict::NeverMatches(frames));
    }
    let is_query =
        libraries.queries || is_query_part(bindings, place) || is_model_field(bindings, other);
    let is_mask = libraries.arrays && libraries.frames.is_empty() && is_mask(bindings, place);
    if is_test_of_eq(bindings, other, place) {
        return Some(Verdict::Tested);
    }
    let is_inspected = matches!(place.position,
        Position::Argument(call, _) if is_called(call, &["isinstance", "assertIsInstance", "type"]));
    let is_of_result = matches!(place.position, Position::Attribute(_));
    if is_query || is_mask || is_inspected {
        Some(Verdict::Meant)
    } else if place.is_combined || is_of_result {
        Some(Verdict::DueAsMask)
    } else {
        None
    }
}

/// The table library whose mask this is, by what is done with it.
fn masked(bindings: &Bindings<'_>, libraries: &Libraries, place: Place<'_>) -> Option<Frames> {
    let first = *libraries.frames.first()?;
    if libraries.queries && is_query_part(bindings, place) {
        return None;
    }
    let has = |frames: Frames| libraries.frames.contains(&frames).then_some(frames);
    match place.position {
        Position::Argument(call, _) if is_called(call, MASK_CALLS) => {
            let of_column_library = || has(Frames::Spark).or_else(|| has(Frames::Polars));
            let is_column_call =
                is_called(call, &["filter", "when", "select", "with_columns", "withColumn"]);
            Some(is_column_call.then(of_column_library).flatten().unwrap_or(first))
        }
        Position::Index | Position::Attribute(_) => Some(first),
        _ if place.is_combined => Some(first),
        _ => None,
    }
}

fn is_query_part(bindings: &Bindings<'_>, place: Place<'_>) -> bool {
    match place.position {
        Position::Argument(call, keyword) => {
            let is_builtin =
                bindings.is_builtin(&call.func, "any") || bindings.is_builtin(&call.func, "filter");
            let by_keyword = keyword.is_some_and(|name| QUERY_KEYWORDS.contains(&name));
            by_keyword || (!is_builtin && is_called(call, QUERY_CALLS))
        }
        Position::Attribute(name) => QUERY_ATTRIBUTES.contains(&name),
        _ => false,
    }
}

/// Whether the other side is a field of a class from a module of models.
fn is_model_field(bindings: &Bindings<'_>, other: &Expr) -> bool {
    let Expr::Attribute(field) = other else { return false };
    let is_class = match &*field.value {
        Expr::Name(name) => {
            name.id.starts_with(char::is_uppercase) && name.id.contains(char::is_lowercase)
        }
        Expr::Attribute(node) => matches!(node.attr.as_str(), "c" | "columns"),
        _ => false,
    };
    if matches!(&*field.value, Expr::Attribute(_)) {
        return is_class;
    }
    let modules = ["models", "model", "tables", "entities", "orm", "schema", "schemas", "db"];
    is_class
        && bindings
            .qualified_name(&field.value)
            .is_some_and(|name| name.split('.').any(|part| modules.contains(&part)))
}

fn is_mask(bindings: &Bindings<'_>, place: Place<'_>) -> bool {
    let is_array_function = |call: &ExprCall| {
        let name = bindings.qualified_name(&call.func);
        name.is_some_and(|name| is_array_module(&name))
    };
    match place.position {
        Position::Argument(call, _) => {
            is_array_function(call) || is_called(call, &["where", "count_nonzero", "any", "all"])
        }
        Position::Index | Position::Attribute(_) => true,
        _ => place.is_combined,
    }
}

fn is_called(call: &ExprCall, names: &[&str]) -> bool {
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(node) => node.attr.as_str(),
        _ => return false,
    };
    names.contains(&name)
}

/// Whether the comparison tests an `__eq__`: its answer has to be `True` or `False` itself, or it is
/// asserted of an object that was just made, which can't be None.
fn is_test_of_eq(bindings: &Bindings<'_>, other: &Expr, place: Place<'_>) -> bool {
    match place.position {
        Position::Identity => true,
        Position::Argument(call, _) if is_called(call, &["assertTrue", "assertFalse"]) => {
            let value = match other {
                Expr::Name(name) => bindings.symbol_of(name).and_then(|s| bindings.only_value(s)),
                _ => Some(other),
            };
            let made = value.and_then(Expr::as_call_expr).map(|call| &*call.func);
            let class = made.and_then(|func| match func {
                Expr::Name(name) => Some(name.id.as_str()),
                Expr::Attribute(node) => Some(node.attr.as_str()),
                _ => None,
            });
            class.is_some_and(|name| name.starts_with(char::is_uppercase))
        }
        _ => false,
    }
}

/// A class of this file that equals None, which the other side is or may be an instance of.
fn null_object<'a>(bindings: &Bindings<'a>, other: &Expr) -> Option<Verdict<'a>> {
    if super::is_literal(other) {
        return None;
    }
    let found = match class_of(bindings, other) {
        Some(class) => match equality(bindings, class)? {
            Equality::Method(def) => accepts_none(def).then_some(class),
            Equality::Assigned(_) => None,
        },
        None => null_class(bindings),
    };
    found.map(Verdict::NullObject)
}

/// Whether the comparison calls the `__eq__` or `__ne__` that it stands in; if so, whether on `self`.
fn calls_itself(cx: &Context<'_>, op: CmpOp, other: &Expr) -> Option<bool> {
    let Expr::Name(name) = other else { return None };
    let mut ancestors = cx.ancestors().skip_while(|node| !is_function(*node));
    let AnyNodeRef::StmtFunctionDef(def) = ancestors.next()? else { return None };
    let class = ancestors.find_map(|node| match node {
        AnyNodeRef::StmtIf(_) | AnyNodeRef::ElifElseClause(_) => None,
        AnyNodeRef::StmtClassDef(class) => Some(Some(class)),
        _ => Some(None),
    })??;
    let defines_ne = || {
        let methods = class.body.iter().filter_map(|stmt| stmt.as_function_def_stmt());
        methods.into_iter().any(|def| &def.name == "__ne__")
    };
    let calls = match (def.name.as_str(), op) {
        ("__eq__", CmpOp::Eq) | ("__ne__", CmpOp::NotEq) => true,
        ("__eq__", CmpOp::NotEq) => !defines_ne(),
        _ => false,
    };
    if !calls {
        return None;
    }
    let position =
        def.parameters.iter_non_variadic_params().take(2).position(|p| p.name().id == name.id)?;
    let bindings = cx.bindings();
    let binding = bindings.only_binding(bindings.symbol_of(name)?)?;
    matches!(binding.kind, BindingKind::Parameter(_)).then_some(position == 0)
}

fn is_function(node: AnyNodeRef<'_>) -> bool {
    matches!(node, AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_))
}
