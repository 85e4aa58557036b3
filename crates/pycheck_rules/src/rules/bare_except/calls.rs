//! What calls in a handler do: end the process, raise the exception again, hand it to somebody.

use pycheck_syntax::bindings::BindingKind;
use pycheck_syntax::nodes::dotted;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, Stmt, StmtFunctionDef};

use super::flow::Flow;
use super::state::{Exit, Held, State, Way};

/// What a call does to the path that it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallEffect {
    /// It returns, as far as one can see.
    Returns,
    /// It ends the process; `soft` by raising `SystemExit`.
    Ends { soft: bool },
    /// It raises the caught exception.
    Reraises,
    /// It raises another exception.
    Raises,
}

impl<'a> Flow<'_, 'a> {
    /// The full name of what is called; as it is written where nothing in the file binds it.
    pub(super) fn callee(&self, call: &ExprCall) -> Option<String> {
        let bindings = self.cx.bindings();
        bindings.qualified_name(&call.func).or_else(|| Some(dotted(&call.func)?.join(".")))
    }

    /// What computing `value` does, if it is a call.
    pub(super) fn effect(&mut self, value: &'a Expr, state: &State<'a>) -> CallEffect {
        let value = value.as_await_expr().map_or(value, |awaited| &awaited.value);
        let Expr::Call(call) = value else { return CallEffect::Returns };
        let known = self.callee(call).and_then(|name| known_end(&name));
        if let Some(effect) = known {
            return effect;
        }
        match last_name(&call.func) {
            Some(name) if is_reraising(name) => self.reraise_call(call, state),
            Some("raiseException") if self.is_current => CallEffect::Reraises,
            Some("error" | "exit") if is_parser(&call.func) => CallEffect::Ends { soft: true },
            Some("fail_json" | "exit_json") => CallEffect::Ends { soft: true },
            _ => self.local_function(call).map_or(CallEffect::Returns, |def| self.within(def)),
        }
    }

    /// `six.reraise(*sys.exc_info())` and its like.
    fn reraise_call(&self, call: &'a ExprCall, state: &State<'a>) -> CallEffect {
        let is_bare = call.arguments.is_empty() && self.is_current;
        if is_bare || self.is_given_exception(call, state) {
            CallEffect::Reraises
        } else {
            CallEffect::Raises
        }
    }

    /// Whether the exception itself, or `*sys.exc_info()`, is among the arguments.
    fn is_given_exception(&self, call: &'a ExprCall, state: &State<'a>) -> bool {
        let given = |argument: &'a Expr| match argument {
            Expr::Starred(node) => self.held_by(&node.value, state) == Some(Held::Info),
            _ => matches!(self.held_by(argument, state), Some(Held::Value | Held::Info)),
        };
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        call.arguments.args.iter().chain(keywords).any(given)
    }

    /// The function of this file that a call means.
    fn local_function(&self, call: &ExprCall) -> Option<&'a StmtFunctionDef> {
        let bindings = self.cx.bindings();
        let name = match &*call.func {
            Expr::Name(name) => name,
            Expr::Attribute(method) => return self.own_method(method),
            _ => return None,
        };
        match bindings.only_binding(bindings.symbol_of(name)?)?.kind {
            BindingKind::Function(def) => Some(def),
            _ => None,
        }
    }

    /// The method of the class around the handler that `self.method` means.
    fn own_method(&self, method: &ExprAttribute) -> Option<&'a StmtFunctionDef> {
        if !matches!(last_name(&method.value), Some("self" | "cls")) {
            return None;
        }
        let class = self.cx.ancestors().find_map(|node| match node {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        })?;
        let mut methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
        methods.find(|def| def.name.id == method.attr.id)
    }

    /// What calling a function of this file does on every path through it.
    fn within(&self, def: &'a StmtFunctionDef) -> CallEffect {
        if !self.follows_calls || def.is_async || !def.decorator_list.is_empty() {
            return CallEffect::Returns;
        }
        let mut inner = Flow::new(self.cx, self.is_current);
        inner.follows_calls = false;
        let exits = inner.run(&def.body, State::start());
        let all = |is_so: fn(&Exit<'_>) -> bool| !exits.is_empty() && exits.iter().all(is_so);
        if all(|exit| matches!(exit.way, Way::Reraises)) {
            CallEffect::Reraises
        } else if all(|exit| matches!(exit.way, Way::Ends { .. } | Way::Reraises)) {
            CallEffect::Ends { soft: true }
        } else {
            CallEffect::Returns
        }
    }

    /// Whether `raise exc` ends the process.
    pub(super) fn is_system_exit(&self, exc: &Expr) -> bool {
        let class = exc.as_call_expr().map_or(exc, |call| &call.func);
        self.cx.bindings().is_builtin(class, "SystemExit")
    }

    /// Whether a call hands the exception to a future, a queue, a `Failure`, a generator or an
    /// event loop, or asks a manager's `__exit__` about it.
    pub(super) fn hands_over(&self, call: &'a ExprCall, state: &State<'a>) -> bool {
        if !self.is_current {
            return false;
        }
        match last_name(&call.func) {
            Some("set_exception" | "set_exc_info" | "errback") => true,
            Some("Failure") => call.arguments.args.is_empty() || self.mentions(call, state),
            Some("fail") => self.callee(call).is_some_and(|name| name.ends_with("defer.fail")),
            Some("put" | "put_nowait" | "send" | "throw" | "athrow" | "__exit__" | "__aexit__") => {
                self.mentions(call, state)
            }
            Some("handle_error" | "handle_exception" | "call_exception_handler") => {
                self.is_given_exception(call, state)
            }
            _ => false,
        }
    }

    /// Whether a call puts the exception into a container.
    pub(super) fn stores(&self, call: &'a ExprCall, state: &State<'a>) -> bool {
        let stores = matches!(last_name(&call.func), Some("append" | "appendleft" | "setattr"));
        stores && call.arguments.args.iter().any(|value| self.contains_exception(value, state))
    }

    /// Whether a value is the exception, or a tuple, list or dictionary with it.
    pub(super) fn contains_exception(&self, value: &'a Expr, state: &State<'a>) -> bool {
        let contains = |value: &'a Expr| self.contains_exception(value, state);
        match value {
            Expr::Tuple(node) => node.elts.iter().any(contains),
            Expr::List(node) => node.elts.iter().any(contains),
            Expr::Dict(node) => node.iter_values().any(contains),
            _ => matches!(self.held_by(value, state), Some(Held::Value | Held::Info)),
        }
    }

    /// Whether the exception, or its text, is among the arguments.
    fn mentions(&self, call: &'a ExprCall, state: &State<'a>) -> bool {
        let mut search = Mentions { flow: self, state, found: false };
        search.visit_arguments(&call.arguments);
        search.found
    }
}

fn known_end(name: &str) -> Option<CallEffect> {
    // `from eventlet.green import os`: a stand-in for a module ends the process in the same way.
    let parts: Vec<&str> = name.split('.').collect();
    let name = parts[parts.len().saturating_sub(2)..].join(".");
    match name.as_str() {
        "sys.exit" | "builtins.exit" | "builtins.quit" | "pytest.exit" => {
            Some(CallEffect::Ends { soft: true })
        }
        "os._exit" | "posix._exit" | "os.abort" | "os.execv" | "os.execve" | "os.execvp"
        | "os.execvpe" | "os.execl" | "os.execle" | "os.execlp" | "os.execlpe" => {
            Some(CallEffect::Ends { soft: false })
        }
        "pytest.fail" | "pytest.skip" | "self.fail" | "self.skipTest" => Some(CallEffect::Raises),
        _ => None,
    }
}

/// Whether something is named like what raises an exception again: `reraise`, `safe_reraise`,
/// `save_and_reraise_exception`.
pub(super) fn is_reraising(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "");
    name.contains("reraise")
}

/// The last part of `a.b.c`, whatever `a` is.
pub(super) fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(node) => Some(&node.attr),
        _ => None,
    }
}

fn is_parser(func: &Expr) -> bool {
    let Expr::Attribute(method) = func else { return false };
    last_name(&method.value).is_some_and(|name| name.to_lowercase().ends_with("parser"))
}

struct Mentions<'f, 'c, 'a> {
    flow: &'f Flow<'c, 'a>,
    state: &'f State<'a>,
    found: bool,
}

impl<'a> Visitor<'a> for Mentions<'_, '_, 'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        let is_text = |call: &ExprCall| {
            let name = self.flow.callee(call);
            name.is_some_and(|name| name == "traceback.format_exc")
        };
        self.found |= self.flow.held_by(expr, self.state).is_some()
            || expr.as_call_expr().is_some_and(|call| is_text(call) || is_failure(call));
        if !self.found {
            walk_expr(self, expr);
        }
    }
}

fn is_failure(call: &ExprCall) -> bool {
    last_name(&call.func).is_some_and(|name| {
        matches!(name, "Failure" | "ExceptionWithTraceback" | "ExceptionWrapper" | "ExceptionInfo")
    })
}
