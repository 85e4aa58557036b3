//! The rule `late-binding-closure`; what it is for and its cases are in `late_binding_closure.md`.

mod arguments;
mod callee;
mod callee_names;
mod captures;
mod carrier;
mod decorators;
mod destination;
mod fix;
mod in_view;
mod leaves;
mod locals;
mod places;
mod span;
mod tasks;

use std::cell::{Cell, RefCell};

use pycheck_model::Level;
use pycheck_syntax::bindings::BindingKind;
use ruff_python_ast::{AnyNodeRef, Expr, NodeKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use self::captures::{Capture, Change, captures, frame};
use self::destination::{Destination, Ending, Flow};
use self::span::loops_around;
use crate::rule::{Check, Context, Findings, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "late-binding-closure",
    aliases: &["B023", "W0640"],
    group: Group::Pitfalls,
    level: Level::Error,
    summary: "a function made in a loop that reads the loop's variable when it is too late",
    page: include_str!("late_binding_closure.md"),
    check: Check::Nodes(
        &[NodeKind::ExprLambda, NodeKind::StmtFunctionDef, NodeKind::ExprGenerator],
        check,
    ),
};

fn check<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let loops = loops_around(cx.ancestors(), node.start());
    if loops.is_empty() || is_used_up(cx, node) {
        return;
    }
    let mut path: Vec<AnyNodeRef<'a>> = cx.ancestors().collect();
    path.reverse();
    path.push(node);
    if !matches!(path.first(), Some(AnyNodeRef::ModModule(_))) {
        path.insert(0, AnyNodeRef::from(cx.file.module()));
    }
    let captures = captures(cx, &path, &loops);
    let fates: Vec<(&Capture<'a>, &Change<'a>, Destination)> = captures
        .iter()
        .filter_map(|capture| {
            let (change, destination) = worst(cx, &path, capture)?;
            Some((capture, change, destination))
        })
        .collect();
    let sure: Vec<&Capture<'a>> = fates
        .iter()
        .filter(|(.., fate)| fate.level > Level::Info)
        .map(|(capture, ..)| *capture)
        .collect();
    for (capture, change, fate) in &fates {
        let is_first = sure.first().is_some_and(|first| first.symbol == capture.symbol);
        let fix = if is_first { fix::fix(cx, &path, &sure) } else { None };
        let finding = Late { cx, closure: node, capture, change, fate };
        findings
            .report(capture.first_use, finding.message())
            .level(fate.level)
            .related(finding.change_range(), finding.change_label())
            .related(fate.at, format!("{} is {}", finding.subject(), fate.how))
            .help(finding.help())
            .suppressible_at(head(node))
            .fix(fix);
    }
}

/// Whether the parent is a builtin that draws all elements at once, or calls its `key=` at once:
/// by far the most frequent case, told by the name alone.
fn is_used_up(cx: &Context<'_>, node: AnyNodeRef<'_>) -> bool {
    let mut ancestors = cx.ancestors();
    let first = ancestors.next();
    let by_key = match first {
        Some(AnyNodeRef::Keyword(keyword)) => {
            keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == "key")
        }
        _ => false,
    };
    let arguments = if by_key { ancestors.next() } else { first };
    let (Some(AnyNodeRef::Arguments(_)), Some(AnyNodeRef::ExprCall(call))) =
        (arguments, ancestors.next())
    else {
        return false;
    };
    let is_generator = matches!(node, AnyNodeRef::ExprGenerator(_));
    match &*call.func {
        Expr::Name(name) if by_key => matches!(name.id.as_str(), "sorted" | "min" | "max"),
        Expr::Attribute(attribute) if by_key => attribute.attr.as_str() == "sort",
        Expr::Name(name) if is_generator => {
            matches!(name.id.as_str(), "any" | "all" | "sum" | "min" | "max" | "next" | "sorted")
        }
        Expr::Attribute(attribute) if is_generator => attribute.attr.as_str() == "join",
        _ => false,
    }
}

/// The loop after whose turn the function is used, and how.
fn worst<'a, 'r>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    capture: &'r Capture<'a>,
) -> Option<(&'r Change<'a>, Destination)> {
    let mut worst: Option<(&Change<'a>, Destination)> = None;
    for change in &capture.changes {
        let Some(mut fate) = fate(cx, path, capture, change) else { continue };
        if change.likely_same {
            fate.level = Level::Info;
        }
        if worst.as_ref().is_none_or(|(_, known)| fate.level > known.level) {
            worst = Some((change, fate));
        }
    }
    worst
}

fn fate<'a>(
    cx: &Context<'a>,
    path: &[AnyNodeRef<'a>],
    capture: &Capture<'a>,
    change: &Change<'a>,
) -> Option<Destination> {
    let closure = *path.last()?;
    let is_handler = matches!(change.span.node, AnyNodeRef::ExceptHandlerExceptHandler(_));
    let places: Vec<TextRange> = change.bindings.iter().map(|binding| binding.range).collect();
    if !is_handler && leaves::always_leaves(path, &change.span, &places) {
        return None;
    }
    let scope = cx.bindings().scope_of(closure)?;
    let around = cx.bindings().scope(scope).parent.unwrap_or(scope);
    let flow = Flow {
        cx,
        span: change.span,
        frame: frame(cx, around),
        ending: if is_handler { Ending::Handler } else { Ending::Turn },
        changes_later: changes_later(change, closure.range()),
        variable: capture.symbol,
        closure: closure.range(),
        depth: 0,
        returned: Cell::new(false),
        seen: RefCell::default(),
    };
    flow.of_closure(path)
}

/// Whether the variable changes once more after the last closure is made.
fn changes_later(change: &Change<'_>, closure: TextRange) -> bool {
    if change.span.is_comprehension() {
        return false;
    }
    change.bindings.iter().any(|binding| {
        let in_test = match change.span.node {
            AnyNodeRef::StmtWhile(node) => node.test.range().contains_range(binding.range),
            _ => false,
        };
        in_test || binding.range.start() > closure.end()
    })
}

/// The place of a function whose line may carry a suppression.
fn head(node: AnyNodeRef<'_>) -> TextRange {
    match node {
        AnyNodeRef::StmtFunctionDef(def) => def.name.range(),
        AnyNodeRef::ExprLambda(lambda) => TextRange::at(lambda.start(), TextSize::of("lambda")),
        node => TextRange::at(node.start(), TextSize::new(1)),
    }
}

/// A closure and a variable that it reads too late.
struct Late<'r, 'a> {
    cx: &'r Context<'a>,
    closure: AnyNodeRef<'a>,
    capture: &'r Capture<'a>,
    change: &'r Change<'a>,
    fate: &'r Destination,
}

impl Late<'_, '_> {
    fn name(&self) -> &str {
        self.cx.bindings().symbol(self.capture.symbol).name
    }

    fn subject(&self) -> String {
        match self.closure {
            AnyNodeRef::StmtFunctionDef(def) => format!("`{}`", def.name),
            AnyNodeRef::ExprLambda(_) => "the lambda".to_owned(),
            _ => "the generator expression".to_owned(),
        }
    }

    fn is_deleted(&self) -> bool {
        matches!(self.change.span.node, AnyNodeRef::ExceptHandlerExceptHandler(_))
    }

    fn message(&self) -> String {
        let (name, subject) = (self.name(), self.subject());
        let when = match self.closure {
            AnyNodeRef::ExprGenerator(_) => "draws its elements",
            _ => "is called",
        };
        let then = match (self.fate.level, self.is_deleted()) {
            (_, true) => "the `except` clause has deleted it by then",
            (Level::Info, _) => "the loop may have changed it by then",
            _ => "the loop has changed it by then",
        };
        format!(
            "{subject} reads `{name}` when it {when}, and {then}: {subject} is {}",
            self.fate.how
        )
    }

    fn change_range(&self) -> TextRange {
        let first = self.change.bindings.first();
        first.map_or(self.change.span.range, |binding| binding.range)
    }

    fn change_label(&self) -> String {
        let name = self.name();
        match self.change.bindings.first().map(|binding| binding.kind) {
            _ if self.is_deleted() => format!("`{name}` lives to the end of this clause"),
            Some(BindingKind::Delete) => format!("each turn of the loop deletes `{name}`"),
            _ => format!("each turn of the loop gives `{name}` a new value"),
        }
    }

    fn help(&self) -> String {
        let name = self.name();
        match self.closure {
            AnyNodeRef::ExprGenerator(_) => match fix::as_list(self.cx, self.closure) {
                Some(list) => format!("make a list, which reads `{name}` at once: `{list}`"),
                None => format!("make a list, which reads `{name}` at once"),
            },
            AnyNodeRef::ExprLambda(_) => format!(
                "give the lambda a parameter that keeps the value of now: `lambda *, {name}={name}: …`"
            ),
            _ => format!(
                "give the function a parameter that keeps the value of now: `*, {name}={name}`"
            ),
        }
    }
}
