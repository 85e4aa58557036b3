//! From what the body does with a default to what is said about it.

use pycheck_model::Level;
use pycheck_syntax::nodes::is_empty_body;
use ruff_text_size::TextRange;

use super::shape::Shape;
use super::trace::{Event, Kind, Trace};
use super::{Case, annotation};
use crate::rule::Context;

/// What is said about a default.
pub(super) struct Verdict {
    pub level: Level,
    pub message: String,
    pub related: Vec<(TextRange, String)>,
    pub help: &'static str,
}

/// What to say about the default; `None` for nothing.
pub(super) fn of(cx: &Context<'_>, case: &Case<'_>, trace: &Trace) -> Option<Verdict> {
    if let Some(constant) = case.value.constant {
        return of_constant(case, trace, constant);
    }
    match case.value.shape {
        Shape::Instance => of_instance(case, trace),
        Shape::Iterator | Shape::Generator => of_iterator(cx, case, trace),
        _ => Some(of_container(cx, case, trace)),
    }
}

fn of_container(cx: &Context<'_>, case: &Case<'_>, trace: &Trace) -> Verdict {
    let noun = case.value.shape.noun();
    let read_only = case.parameter.annotation().is_some_and(|it| annotation::is_read_only(cx, it));
    let event = if read_only { trace.change() } else { trace.strongest() };
    match event {
        Some(event) => of_event(case, event),
        None => of_silence(case, trace, noun),
    }
}

fn of_event(case: &Case<'_>, event: &Event) -> Verdict {
    let (name, noun) = (case.name(), case.value.shape.noun());
    let message = match event.kind {
        Kind::Passed | Kind::Handed if event.how.starts_with("passed") => {
            let how = &event.how;
            format!("`{name}` is {how}, which may change or keep it; every call shares this {noun}")
        }
        _ => format!("`{name}` is {}; every call shares this {noun}", event.how),
    };
    Verdict {
        level: match event.kind {
            Kind::Handed => Level::Info,
            Kind::Passed => Level::Warn,
            Kind::Returned | Kind::Yielded | Kind::Stored | Kind::Changed => Level::Error,
        },
        message,
        related: related(event),
        help: "use `None` as the default and make a new object in the body",
    }
}

fn related(event: &Event) -> Vec<(TextRange, String)> {
    let how = event.how.split(", where").next().unwrap_or_default();
    let mut related = vec![(event.range, format!("{how} here"))];
    if let Some(inner) = event.inner {
        let label = match event.kind {
            Kind::Changed => "changed here",
            Kind::Stored => "stored here",
            _ => "passed on here",
        };
        related.push((inner, label.to_owned()));
    }
    related
}

fn of_silence(case: &Case<'_>, trace: &Trace, noun: &str) -> Verdict {
    let name = case.name();
    let is_empty = case.owner.def().is_some_and(|def| is_empty_body(&def.body));
    let message = if is_empty {
        format!("every call shares this {noun}, and no body shows that this is harmless")
    } else if trace.uses == 0 {
        format!("every call shares this {noun}; `{name}` is not used here")
    } else {
        format!("every call shares this {noun}; here `{name}` is only read")
    };
    Verdict {
        level: Level::Info,
        message,
        related: Vec::new(),
        help: "use `None` as the default, or an immutable object such as `()`",
    }
}

fn of_iterator(cx: &Context<'_>, case: &Case<'_>, trace: &Trace) -> Option<Verdict> {
    let (name, noun) = (case.name(), case.value.shape.noun());
    let is_empty = case.owner.def().is_some_and(|def| is_empty_body(&def.body));
    if is_empty {
        return Some(of_container(cx, case, trace));
    }
    let event = trace.change()?;
    let level = if case.value.shape == Shape::Generator { Level::Error } else { Level::Warn };
    Some(Verdict {
        level,
        message: format!(
            "the first call uses `{name}` up; every call shares this {noun}, so later calls find \
             what is left of it"
        ),
        related: vec![(event.range, "used here".to_owned())],
        help: "use `None` as the default and make a new object in the body",
    })
}

fn of_instance(case: &Case<'_>, trace: &Trace) -> Option<Verdict> {
    let event = trace.change()?;
    let class = case.value.class.map_or("object", |class| class.name.as_str());
    Some(Verdict {
        level: Level::Error,
        message: format!(
            "`{}` is {}; every call shares this instance of `{class}`",
            case.name(),
            event.how
        ),
        related: related(event),
        help: "use `None` as the default and make a new object in the body",
    })
}

/// A constant of the module or class: nearly always shared on purpose.
fn of_constant(case: &Case<'_>, trace: &Trace, constant: &str) -> Option<Verdict> {
    let event = trace.strongest()?;
    let is_upper = constant.chars().any(|c| c.is_ascii_uppercase())
        && !constant.chars().any(|c| c.is_ascii_lowercase());
    let is_changed = event.kind == Kind::Changed;
    let name = case.name();
    let message = if is_changed {
        format!("`{name}` is {}, and with it the constant `{constant}`", event.how)
    } else {
        format!("`{name}` is {}, so the constant `{constant}` can be changed there", event.how)
    };
    Some(Verdict {
        level: if is_changed && is_upper { Level::Warn } else { Level::Info },
        message,
        related: related(event),
        help: "work on a copy of the constant",
    })
}
