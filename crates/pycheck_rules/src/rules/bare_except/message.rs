//! The words of a finding: what the clause catches, how the first path swallows it, what follows.

use pycheck_model::Level;
use ruff_python_ast::{ExceptHandlerExceptHandler, Expr, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextSize};

use super::calls::last_name;
use super::earlier::Earlier;
use super::state::{Exit, Way, When};
use super::surroundings::{Surroundings, yields};
use crate::rule::Context;

/// Longer conditions are named by their line.
const MAX_CONDITION: usize = 40;

/// What the words are about.
pub(super) struct Words<'w, 'a> {
    pub(super) cx: &'w Context<'a>,
    pub(super) handler: &'a ExceptHandlerExceptHandler,
    pub(super) around: &'w Surroundings<'a>,
    pub(super) earlier: Earlier,
}

impl<'a> Words<'_, 'a> {
    /// What happens.
    pub(super) fn message(&self, kept: &[Exit<'a>], first: &Exit<'a>, level: Level) -> String {
        let unless =
            if self.earlier.may_let_through { ", unless an earlier clause names them" } else { "" };
        let mut text = format!("this `except:` also catches {}{unless}, and ", self.caught());
        text.push_str(&self.path(first));
        let follows = if level == Level::Info { Vec::new() } else { self.consequences(kept) };
        if !follows.is_empty() {
            text.push_str(": ");
            text.push_str(&follows.join(" and "));
        }
        text
    }

    fn caught(&self) -> &'static str {
        match (self.earlier.handles_keyboard, self.earlier.handles_exit) {
            (false, false) => "`KeyboardInterrupt` (Ctrl-C) and `SystemExit`",
            (false, true) => "`KeyboardInterrupt` (Ctrl-C)",
            (true, false) => "`SystemExit`",
            _ if self.around.is_async() => "`asyncio.CancelledError`",
            _ if self.around.is_generator() => "`GeneratorExit`",
            _ => "what is no `Exception`",
        }
    }

    fn consequences(&self, kept: &[Exit<'_>]) -> Vec<&'static str> {
        let Self { around, earlier, .. } = self;
        let stays = |exit: &Exit<'_>| matches!(exit.way, Way::Falls | Way::Continues);
        let is_resumed = yields(&around.node.body) || earlier.lets_interrupts_through;
        [
            (
                around.in_loop && !earlier.handles_keyboard && kept.iter().any(stays),
                "the loop cannot be interrupted",
            ),
            (around.is_async() && !earlier.lets_cancellation_through, "it swallows cancellation"),
            (
                is_resumed && around.is_generator() && !earlier.lets_generator_exit_through,
                "it swallows close()",
            ),
        ]
        .into_iter()
        .filter_map(|(holds, text)| holds.then_some(text))
        .collect()
    }

    /// How a path ends, and when.
    fn path(&self, exit: &Exit<'a>) -> String {
        let line = self.line(exit.at.start());
        if self.is_in_finally(exit) {
            let how = verb(exit.way);
            return format!("the `finally` {how} on line {line}, which drops the exception");
        }
        let condition = exit.state.when.map_or_else(String::new, |when| self.condition(when));
        if let Some(handed) = exit.state.handed {
            let how = if handed.is_stored { "stores it" } else { "hands it over" };
            return format!("{how} on line {}", self.line(handed.at.start()));
        }
        match exit.way {
            Way::Falls if exit.at == self.handler.range => "never raises it again".to_owned(),
            Way::Falls if does_nothing(&self.handler.body) => {
                "goes on as if nothing had happened".to_owned()
            }
            Way::Falls => format!("goes on without raising it again{condition}"),
            Way::Raises(Some(exc)) => {
                let class = exc.as_call_expr().map_or(exc, |call| &call.func);
                let name = last_name(class).map_or_else(
                    || "another exception".to_owned(),
                    |name| format!("`{name}` instead"),
                );
                format!("raises {name} on line {line}{condition}")
            }
            way => format!("{} on line {line}{condition}", verb(way)),
        }
    }

    fn condition(&self, when: When<'a>) -> String {
        match when {
            When::Holds(test) => self.test("when", test),
            When::Fails(Expr::UnaryOp(node)) if node.op == UnaryOp::Not => {
                self.test("when", &node.operand)
            }
            When::Fails(test) => self.test("unless", test),
            When::Matches(case) => format!(" in the `case` on line {}", self.line(case.start())),
            When::Caught(clause) => {
                format!(" when the `except` on line {} runs", self.line(clause.start()))
            }
            When::Suppressed(stmt) => {
                format!(" since the `with` on line {} suppresses it", self.line(stmt.start()))
            }
        }
    }

    fn test(&self, word: &str, test: &'a Expr) -> String {
        let source = self.cx.file.source(test);
        if source.len() <= MAX_CONDITION && !source.contains(['\n', '\r', '`']) {
            format!(" {word} `{source}`")
        } else {
            format!(" {word} the condition on line {} holds", self.line(test.start()))
        }
    }

    /// What to do.
    pub(super) fn help(&self, reraises: bool) -> &'static str {
        if reraises {
            "raise it again on every path, or name the exceptions you expect"
        } else if self.around.is_async() || self.around.is_generator() || !self.around.in_loop {
            "name the exceptions you expect, or write `except Exception:`"
        } else {
            "name the exceptions you expect, or write `except Exception:`, so that Ctrl-C ends the loop"
        }
    }

    fn is_in_finally(&self, exit: &Exit<'_>) -> bool {
        let body = &self.around.node.finalbody;
        body.first().is_some_and(|first| first.start() <= exit.at.start())
    }

    /// The number of the line, from 1.
    fn line(&self, offset: TextSize) -> usize {
        let before = &self.cx.file.text().as_bytes()[..usize::from(offset)];
        let ends = before.iter().enumerate().filter(|(index, byte)| {
            **byte == b'\n' || (**byte == b'\r' && before.get(index + 1) != Some(&b'\n'))
        });
        ends.count() + 1
    }
}

/// What is to be seen where the first path ends, unless it runs out of the clause.
pub(super) fn related(exit: &Exit<'_>) -> Option<String> {
    match exit.way {
        _ if exit.state.handed.is_some() => None,
        Way::Falls | Way::Reraises | Way::Fails => None,
        Way::Raises(_) => Some("another exception takes its place here".to_owned()),
        way => Some(format!("{} here", verb(way))),
    }
}

fn verb(way: Way<'_>) -> &'static str {
    match way {
        Way::Falls => "goes on",
        Way::Returns => "returns",
        Way::Breaks => "breaks out of the loop",
        Way::Continues => "continues the loop",
        Way::Reraises => "raises it again",
        Way::Raises(_) | Way::Fails => "raises another exception",
        Way::Ends { .. } => "ends the process",
    }
}

fn does_nothing(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(node) => {
            node.value.is_ellipsis_literal_expr() || node.value.is_string_literal_expr()
        }
        _ => false,
    })
}
