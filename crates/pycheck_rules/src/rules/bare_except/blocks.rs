//! Paths through `try` and `with` statements inside a handler.

use ruff_python_ast::helpers::is_const_true;
use ruff_python_ast::{ExceptHandler, StmtTry, StmtWith, WithItem};
use ruff_text_size::Ranged;

use super::calls::{is_reraising, last_name};
use super::flow::Flow;
use super::managers::may_suppress;
use super::state::{Exit, Held, State, Way, When};

/// What a manager does with an exception that leaves its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manager {
    /// It lets it through.
    Plain,
    /// It may swallow it.
    Suppresses,
    /// It raises the caught exception at the end of the block.
    Reraises,
}

impl<'a> Flow<'_, 'a> {
    /// `with`: what its managers do to the ends of the paths inside.
    pub(super) fn with_statement(
        &mut self,
        node: &'a StmtWith,
        mut state: State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        for item in &node.items {
            self.note(&item.context_expr, &mut state);
            if let Some(target) = item.optional_vars.as_deref() {
                self.forget(target, &mut state);
            }
        }
        let before = state.when;
        let kind = |wanted| node.items.iter().any(|item| self.manager(item) == wanted);
        let (suppresses, reraises) = (kind(Manager::Suppresses), kind(Manager::Reraises));
        let mut inner = Vec::new();
        let mut falls = self.block(&node.body, state, &mut inner);
        if reraises {
            falls = raise_at_end(node, falls, &mut inner);
        }
        for exit in inner {
            if suppresses && exit.is_raised() {
                let state = exit.state.when(When::Suppressed(node));
                falls = State::join(falls, Some(state), before);
            } else {
                exits.push(exit);
            }
        }
        falls
    }

    fn manager(&self, item: &'a WithItem) -> Manager {
        let expr = &item.context_expr;
        let call = expr.as_call_expr();
        let name = last_name(call.map_or(expr, |call| &call.func));
        if name.is_some_and(is_reraising) {
            let told_not_to = call.is_some_and(|call| {
                let told = call.arguments.find_keyword("reraise");
                told.is_some_and(|keyword| !is_const_true(&keyword.value))
            });
            return if told_not_to { Manager::Plain } else { Manager::Reraises };
        }
        if may_suppress(self.cx, expr) { Manager::Suppresses } else { Manager::Plain }
    }

    /// `try`: clauses may catch what the body raises, `finally` may cancel it.
    pub(super) fn try_statement(
        &mut self,
        node: &'a StmtTry,
        state: &State<'a>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let before = state.when;
        let mut inner = Vec::new();
        let body = self.block(&node.body, state.clone(), &mut inner);
        let reraised = inner.iter().any(|exit| matches!(exit.way, Way::Reraises));
        let mut start = state.clone();
        if start.holds_any() {
            self.forget_stored(&node.body, &mut start);
        }
        inner.retain(|exit| !node.handlers.iter().any(|handler| surely_catches(handler, exit)));
        let mut falls = body.and_then(|state| self.block(&node.orelse, state, &mut inner));
        for handler in &node.handlers {
            let after = self.clause(handler, &start, reraised, &mut inner);
            falls = State::join(falls, after, before);
        }
        if node.finalbody.is_empty() {
            exits.append(&mut inner);
            return falls;
        }
        self.finally(node, (inner, falls), before, exits)
    }

    fn clause(
        &mut self,
        handler: &'a ExceptHandler,
        start: &State<'a>,
        reraised: bool,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let mut state = start.when(When::Caught(handler));
        let outer = self.is_current;
        self.is_current = outer && reraised;
        if let Some(name) = &handler.name {
            state.set(name, self.is_current.then_some(Held::Value));
        }
        let mut falls = self.block(&handler.body, state, exits);
        self.is_current = outer;
        if let (Some(state), Some(name)) = (&mut falls, &handler.name) {
            state.set(name, None);
        }
        falls
    }

    fn finally(
        &mut self,
        node: &'a StmtTry,
        (mut inner, falls): (Vec<Exit<'a>>, Option<State<'a>>),
        before: Option<When<'a>>,
        exits: &mut Vec<Exit<'a>>,
    ) -> Option<State<'a>> {
        let mut start = falls.clone();
        for exit in &inner {
            start = State::join(start, Some(exit.state.clone()), before);
        }
        let mut start = start.unwrap_or_else(State::start);
        start.when = before;
        let after = self.block(&node.finalbody, start, exits)?;
        for exit in &mut inner {
            exit.state.handed = exit.state.handed.or(after.handed);
        }
        exits.append(&mut inner);
        falls.map(|falls| State::after_finally(&falls, after))
    }
}

/// At the end of a re-raising manager's block, and wherever else it is left without an exception,
/// the caught exception is raised, unless the manager was told not to.
fn raise_at_end<'a>(
    node: &'a StmtWith,
    falls: Option<State<'a>>,
    inner: &mut Vec<Exit<'a>>,
) -> Option<State<'a>> {
    for exit in inner.iter_mut() {
        let leaves = matches!(exit.way, Way::Falls | Way::Returns | Way::Breaks | Way::Continues);
        if !exit.state.quiet && leaves {
            exit.way = Way::Reraises;
        }
    }
    let mut state = falls?;
    if state.quiet {
        state.quiet = false;
        return Some(state);
    }
    let at = node.items.first().map_or(node.range, Ranged::range);
    inner.push(Exit { way: Way::Reraises, at, state });
    None
}

/// Whether a clause leaves nothing of what this path raises.
fn surely_catches(handler: &ExceptHandler, exit: &Exit<'_>) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let class = handler.type_.as_deref().map(last_name);
    let catches_all = matches!(class, None | Some(Some("BaseException")));
    match exit.way {
        Way::Reraises => catches_all,
        Way::Ends { soft } => soft && (catches_all || class == Some(Some("SystemExit"))),
        Way::Raises(Some(exc)) => {
            let raised = last_name(exc.as_call_expr().map_or(exc, |call| &call.func));
            let is_named = raised.is_some() && class == Some(raised);
            catches_all || is_named || class == Some(Some("Exception"))
        }
        Way::Raises(None) | Way::Fails => {
            catches_all || matches!(class, Some(Some("Exception" | "AssertionError")))
        }
        Way::Falls | Way::Returns | Way::Breaks | Way::Continues => false,
    }
}
