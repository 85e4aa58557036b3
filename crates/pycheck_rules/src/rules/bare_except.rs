//! The rule `bare-except`; what it is for and its cases are in `bare_except.md`.

mod blocks;
mod calls;
mod conditions;
mod deferred;
mod earlier;
mod fix;
mod flow;
mod held;
mod managers;
mod message;
mod state;
mod surroundings;

use pycheck_model::Level;
use ruff_python_ast::{AnyNodeRef, ExceptHandlerExceptHandler, NodeKind};
use ruff_text_size::{TextLen, TextRange};

use crate::rule::{Check, Context, Findings, Group, Rule};
use earlier::Earlier;
use flow::{Flow, exits_of};
use state::{Excluded, Exit, State, Way};
use surroundings::Surroundings;

pub(crate) static RULE: Rule = Rule {
    name: "bare-except",
    aliases: &["E722", "W0702", "B001"],
    group: Group::Pitfalls,
    level: Level::Warn,
    summary: "an `except:` clause that swallows Ctrl-C and `sys.exit()`",
    page: include_str!("bare_except.md"),
    check: Check::Nodes(&[NodeKind::ExceptHandlerExceptHandler], check),
};

fn check<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let AnyNodeRef::ExceptHandlerExceptHandler(handler) = node else { return };
    if handler.type_.is_some() {
        return;
    }
    let Some(around) = Surroundings::of(cx, handler).filter(|around| !around.node.is_star) else {
        return;
    };
    let paths = Paths::of(cx, handler, &around);
    let Some((first, level)) = paths.first_kept() else { return };
    let words = message::Words { cx, handler, around: &around, earlier: paths.earlier };
    let keyword = TextRange::at(handler.range.start(), "except".text_len());
    let detail = findings
        .report(keyword, words.message(&paths.kept, first, level))
        .help(words.help(paths.reraises))
        .fix(fix::fix(cx, handler, &around, paths.reraises));
    let detail = match paths.raised_later {
        Some(at) => detail.related(at, "the exception that it keeps is raised here"),
        None => detail,
    };
    let detail = match message::related(first) {
        Some(said) => detail.related(first.at, said),
        None => detail,
    };
    if level == Level::Info {
        detail.level(level);
    }
}

/// What becomes of the exception on the paths through a handler.
struct Paths<'a> {
    /// The ends of the paths that do not raise it again, in the order of the text.
    kept: Vec<Exit<'a>>,
    /// Some path raises it again.
    reraises: bool,
    /// What the clauses before it do.
    earlier: Earlier,
    /// Where the exception is raised that the handler keeps.
    raised_later: Option<TextRange>,
    /// It stands where an exception that is stored for later is swallowed all the same.
    goes_on: bool,
}

impl<'a> Paths<'a> {
    fn of(
        cx: &Context<'a>,
        handler: &'a ExceptHandlerExceptHandler,
        around: &Surroundings<'a>,
    ) -> Self {
        let mut exits = exits_of(cx, &handler.body, None);
        let reraises = exits.iter().any(|exit| matches!(exit.way, Way::Reraises));
        let is_endless = exits.is_empty();
        let earlier = Earlier::of(cx, around.node, handler);
        let (is_async, is_generator) = (around.is_async(), around.is_generator());
        let harmless = earlier.lets_interrupts_through
            && (!is_async || earlier.lets_cancellation_through)
            && (!is_generator || earlier.lets_generator_exit_through);
        exits.retain(|exit| {
            let excluded = match exit.state.excluded {
                Excluded::Nothing => false,
                Excluded::Interrupts => !is_async && !is_generator,
                Excluded::AllButException => true,
            };
            !excluded && !matches!(exit.way, Way::Reraises | Way::Fails)
        });
        if is_endless {
            exits.push(Exit { way: Way::Falls, at: handler.range, state: State::start() });
        }
        if harmless {
            exits.clear();
        }
        exits.extend(cancelled_by_finally(cx, around));
        let goes_on = around.in_loop || is_async || is_generator;
        let raised_later =
            if exits.is_empty() { None } else { deferred::raised_later(cx, handler, around) };
        Self { kept: exits, reraises, earlier, raised_later, goes_on }
    }

    /// The first path that swallows the exception; if there is none, the first that ends the
    /// process or hands it over, which weighs less.
    fn first_kept(&self) -> Option<(&Exit<'a>, Level)> {
        let swallows =
            |exit: &&Exit<'_>| !matches!(exit.way, Way::Ends { .. }) && !self.is_handed(exit);
        let found = self.kept.iter().find(swallows);
        let is_sure = !self.earlier.may_let_through && self.raised_later.is_none();
        let level = if is_sure { Level::Warn } else { Level::Info };
        let warned = found.map(|exit| (exit, level));
        warned.or_else(|| self.kept.first().map(|exit| (exit, Level::Info)))
    }

    fn is_handed(&self, exit: &Exit<'_>) -> bool {
        exit.state.handed.is_some_and(|handed| !(handed.is_stored && self.goes_on))
    }
}

/// The paths through the `finally` of the same statement that leave it in a way that drops the
/// exception on its way out.
fn cancelled_by_finally<'a>(cx: &Context<'a>, around: &Surroundings<'a>) -> Vec<Exit<'a>> {
    let mut exits = Flow::new(cx, false).run(&around.node.finalbody, State::start());
    exits.retain(|exit| matches!(exit.way, Way::Returns | Way::Breaks | Way::Continues));
    exits
}
