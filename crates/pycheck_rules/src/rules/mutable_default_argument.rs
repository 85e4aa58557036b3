//! The rule `mutable-default-argument`; what it is for and its cases are in
//! `mutable_default_argument.md`.
//!
//! A default is looked at in three steps: is it mutable ([`value`]), what does the body do with it
//! ([`follow`] and the files it calls), and is it a case that people mean so ([`exempt`], [`memo`]).

mod annotation;
mod callees;
mod calls;
mod classes;
mod exempt;
mod expressions;
mod fix;
mod flow;
mod follow;
mod memo;
mod refine;
mod shape;
mod stores;
mod trace;
mod value;
mod verdict;

use pycheck_model::Level;
use pycheck_syntax::bindings::ScopeId;
use ruff_python_ast::{
    AnyNodeRef, Expr, ExprLambda, NodeKind, ParameterWithDefault, Parameters, StmtFunctionDef,
};
use ruff_text_size::Ranged;

use self::follow::Follow;
use self::trace::{Held, Kind, Trace};
use self::value::{Classifier, Value};
use self::verdict::Verdict;
use crate::rule::{Check, Context, Findings, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "mutable-default-argument",
    aliases: &["B006", "W0102"],
    group: Group::Pitfalls,
    level: Level::Error,
    summary: "a default that all calls share and that the function changes or gives away",
    page: include_str!("mutable_default_argument.md"),
    check: Check::Nodes(&[NodeKind::StmtFunctionDef, NodeKind::ExprLambda], check),
};

/// A function or lambda.
#[derive(Clone, Copy)]
enum Owner<'a> {
    Def(&'a StmtFunctionDef),
    Lambda(&'a ExprLambda),
}

impl<'a> Owner<'a> {
    fn of(node: AnyNodeRef<'a>) -> Option<Self> {
        match node {
            AnyNodeRef::StmtFunctionDef(def) => Some(Self::Def(def)),
            AnyNodeRef::ExprLambda(lambda) => Some(Self::Lambda(lambda)),
            _ => None,
        }
    }

    fn parameters(self) -> Option<&'a Parameters> {
        match self {
            Self::Def(def) => Some(&def.parameters),
            Self::Lambda(lambda) => lambda.parameters.as_deref(),
        }
    }

    fn def(self) -> Option<&'a StmtFunctionDef> {
        match self {
            Self::Def(def) => Some(def),
            Self::Lambda(_) => None,
        }
    }

    fn scope(self, cx: &Context<'a>) -> Option<ScopeId> {
        match self {
            Self::Def(def) => cx.bindings().scope_of(def),
            Self::Lambda(lambda) => cx.bindings().scope_of(lambda),
        }
    }
}

/// A parameter whose default is mutable.
#[derive(Clone, Copy)]
struct Case<'a> {
    owner: Owner<'a>,
    parameter: &'a ParameterWithDefault,
    default: &'a Expr,
    value: Value<'a>,
}

impl<'a> Case<'a> {
    fn name(&self) -> &'a str {
        self.parameter.name().as_str()
    }
}

fn check<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let Some(owner) = Owner::of(node) else { return };
    let Some(parameters) = owner.parameters() else { return };
    for parameter in parameters.iter_non_variadic_params() {
        let Some(default) = parameter.default() else { continue };
        if may_be_mutable(cx, default) {
            check_default(cx, owner, parameter, default, findings);
        }
    }
}

fn check_default<'a>(
    cx: &Context<'a>,
    owner: Owner<'a>,
    parameter: &'a ParameterWithDefault,
    default: &'a Expr,
    findings: &mut Findings<'_>,
) {
    let classifier = Classifier::new(cx.bindings(), cx.options);
    let Some(value) = classifier.classify(default) else { return };
    let case = Case { owner, parameter, default, value };
    if exempt::is_exempt(cx, &case) {
        return;
    }
    let Some(trace) = trace(cx, &case) else { return };
    if memo::is_memo(cx, &case, &trace) {
        return;
    }
    let Some(verdict) = verdict::of(cx, &case, &trace) else { return };
    report(cx, &case, verdict, findings);
}

fn report(cx: &Context<'_>, case: &Case<'_>, verdict: Verdict, findings: &mut Findings<'_>) {
    let mut detail =
        findings.report(case.default, verdict.message).level(verdict.level).fix(fix::fix(cx, case));
    for (range, label) in verdict.related {
        detail = detail.related(range, label);
    }
    if verdict.level != Level::Info {
        detail.help(verdict.help);
    }
}

/// What the body does with the default.
fn trace<'a>(cx: &Context<'a>, case: &Case<'a>) -> Option<Trace> {
    let classifier = Classifier::new(cx.bindings(), cx.options);
    let own = case.owner.scope(cx)?;
    let mut follow = Follow::new(classifier, cx.file.text(), case.value, own);
    let symbol = cx.bindings().symbol_at(case.parameter.name().start())?;
    follow.set(symbol, Held::WHOLE);
    match case.owner {
        Owner::Def(def) => {
            follow.name = def.name.as_str();
            follow.callees.push(def.name.start());
            follow.body(&def.body);
        }
        Owner::Lambda(lambda) => {
            let held = follow.eval(&lambda.body);
            follow.hand_out(held, Kind::Returned, lambda.body.range());
        }
    }
    Some(follow.trace)
}

/// A cheap first look, before names are resolved: most defaults are constants.
fn may_be_mutable(cx: &Context<'_>, default: &Expr) -> bool {
    match default {
        Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::Call(_)
        | Expr::ListComp(_)
        | Expr::DictComp(_)
        | Expr::SetComp(_)
        | Expr::Generator(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().any(|element| may_be_mutable(cx, element)),
        Expr::BinOp(node) => may_be_mutable(cx, &node.left) || may_be_mutable(cx, &node.right),
        Expr::BoolOp(node) => node.values.iter().any(|value| may_be_mutable(cx, value)),
        Expr::If(node) => may_be_mutable(cx, &node.body) || may_be_mutable(cx, &node.orelse),
        Expr::Named(node) => may_be_mutable(cx, &node.value),
        Expr::Subscript(node) => node.slice.is_slice_expr() && may_be_mutable(cx, &node.value),
        Expr::Name(name) => exempt::may_be_constant(cx, &name.id),
        _ => false,
    }
}
