//! What is known at one point of a handler: which names hold the exception, and how one got there.

use ruff_python_ast::{ExceptHandlerExceptHandler, Expr, MatchCase, StmtWith};
use ruff_text_size::TextRange;

/// What an expression or variable holds of the caught exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// The exception itself.
    Value,
    /// Its class.
    Class,
    /// What `sys.exc_info()` returns.
    Info,
}

/// Where the exception was handed to somebody else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handed {
    pub(super) at: TextRange,
    /// It was only stored in an attribute or container.
    pub(super) is_stored: bool,
}

impl Handed {
    /// Of two, the one that says less; the first if they say the same.
    pub(super) fn weaker(self, other: Self) -> Self {
        if other.is_stored && !self.is_stored { other } else { self }
    }
}

/// The nearest condition under which a point is reached.
#[derive(Debug, Clone, Copy)]
pub(super) enum When<'a> {
    /// The test holds.
    Holds(&'a Expr),
    /// The test does not hold.
    Fails(&'a Expr),
    /// The subject matches.
    Matches(&'a MatchCase),
    /// Something raised on the way, and this clause caught it.
    Caught(&'a ExceptHandlerExceptHandler),
    /// This manager suppressed what was raised.
    Suppressed(&'a StmtWith),
}

/// Which exceptions can't be the caught one here, because a test has sent them elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Excluded {
    /// It may be any.
    Nothing,
    /// Neither `KeyboardInterrupt` nor `SystemExit`.
    Interrupts,
    /// It is an `Exception`.
    AllButException,
}

/// What is known at one point.
#[derive(Debug, Clone)]
pub(super) struct State<'a> {
    /// The source text of names and attributes that hold the exception.
    held: Vec<(&'a str, Held)>,
    /// The exception was handed to somebody else on every path to here.
    pub(super) handed: Option<Handed>,
    /// The nearest condition.
    pub(super) when: Option<When<'a>>,
    /// Which exceptions were sent elsewhere.
    pub(super) excluded: Excluded,
    /// A re-raising manager was told not to.
    pub(super) quiet: bool,
}

impl<'a> State<'a> {
    /// At the start of a handler.
    pub(super) fn start() -> Self {
        Self {
            held: Vec::new(),
            handed: None,
            when: None,
            excluded: Excluded::Nothing,
            quiet: false,
        }
    }

    /// The same under one more condition.
    pub(super) fn when(&self, when: When<'a>) -> Self {
        Self { when: Some(when), ..self.clone() }
    }

    /// What the variable with this source text holds.
    pub(super) fn held(&self, text: &str) -> Option<Held> {
        self.held.iter().find(|(name, _)| *name == text).map(|(_, held)| *held)
    }

    /// Whether any variable holds the exception.
    pub(super) fn holds_any(&self) -> bool {
        !self.held.is_empty()
    }

    /// Notes what a variable holds from here on.
    pub(super) fn set(&mut self, text: &'a str, held: Option<Held>) {
        self.held.retain(|(name, _)| *name != text);
        if let Some(held) = held {
            self.held.push((text, held));
        }
    }

    /// Behind a `finally`, which ran on more paths than the one that goes on.
    pub(super) fn after_finally(before: &Self, after: Self) -> Self {
        Self { when: before.when, excluded: before.excluded, ..after }
    }

    /// What is known where two ways meet. Where both are open, the condition is the one that
    /// held before they parted.
    pub(super) fn join(
        left: Option<Self>,
        right: Option<Self>,
        before: Option<When<'a>>,
    ) -> Option<Self> {
        let (mut left, right) = match (left, right) {
            (Some(left), Some(right)) => (left, right),
            (left, right) => return left.or(right),
        };
        left.held.retain(|known| right.held.contains(known));
        left.handed = left.handed.zip(right.handed).map(|(one, other)| one.weaker(other));
        left.excluded = left.excluded.min(right.excluded);
        left.quiet |= right.quiet;
        left.when = before;
        Some(left)
    }
}

/// How a path through a handler ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'a> {
    /// Behind the `try` statement.
    Falls,
    /// `return`.
    Returns,
    /// `break` of a loop around it.
    Breaks,
    /// `continue` of a loop around it.
    Continues,
    /// Raises the caught exception.
    Reraises,
    /// Raises another one.
    Raises(Option<&'a Expr>),
    /// Ends the process; `soft` by raising `SystemExit`.
    Ends { soft: bool },
    /// Raises what went wrong while handling.
    Fails,
}

/// The end of a path.
#[derive(Debug, Clone)]
pub(super) struct Exit<'a> {
    pub(super) way: Way<'a>,
    pub(super) at: TextRange,
    pub(super) state: State<'a>,
}

impl Exit<'_> {
    /// Whether a clause may catch what this end raises.
    pub(super) fn is_raised(&self) -> bool {
        matches!(self.way, Way::Reraises | Way::Raises(_) | Way::Fails | Way::Ends { soft: true })
    }
}
