//! Which of the exceptions that an import raises are caught: by handlers, by `with`.

use pycheck_model::{Catches, Exception};
use ruff_python_ast::{
    ExceptHandler, Expr, ExprCall, Stmt, StmtClassDef, StmtFunctionDef, StmtTry,
};

use crate::conditions::{Conditions, Truth};
use crate::names::Meaning;

/// What one handler of a `try` does.
pub(crate) struct Handled<'a> {
    /// What it catches, and no handler above it does.
    pub(crate) catches: Catches,
    /// It ends by raising the same exception again.
    pub(crate) raises_again: bool,
    /// Its statements.
    pub(crate) body: &'a [Stmt],
}

/// What the handlers of a `try` do.
pub(crate) fn handled<'a>(node: &'a StmtTry, conditions: &Conditions<'_>) -> Vec<Handled<'a>> {
    let mut above = Catches::default();
    let mut handled = Vec::new();
    for ExceptHandler::ExceptHandler(handler) in &node.handlers {
        let all =
            handler.type_.as_deref().map_or(Catches::ALL, |classes| conditions.caught_by(classes));
        let catches = all.without(above);
        above = above.or(all);
        let name = handler.name.as_ref().map(ruff_python_ast::Identifier::as_str);
        let raises_again = !node.is_star && conditions.raises_again(&handler.body, name);
        handled.push(Handled { catches, raises_again, body: &handler.body });
    }
    handled
}

/// Whether a `finally` leaves in a way that drops the exception.
pub(crate) fn replaces_exceptions(finalbody: &[Stmt]) -> bool {
    finalbody
        .iter()
        .any(|stmt| matches!(stmt, Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_)))
}

/// What a context manager does with the exceptions of an import.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manager {
    /// It lets them pass.
    Harmless,
    /// It keeps these from going on.
    Suppresses(Catches),
    /// We can't say.
    Unknown,
}

/// What the expression after `with` does.
pub(crate) fn manager(expr: &Expr, conditions: &Conditions<'_>) -> Manager {
    conditions.bounded(Manager::Unknown, || match expr {
        Expr::Call(call) => manager_call(call, conditions),
        Expr::Name(name) => match conditions.names.meaning(&name.id) {
            Some(Meaning::Value(value)) => manager(value, conditions),
            _ => by_name(&name.id),
        },
        Expr::Attribute(attribute) => by_name(&attribute.attr),
        _ => Manager::Unknown,
    })
}

/// Locks are called locks.
fn by_name(name: &str) -> Manager {
    let lower = name.to_lowercase();
    let is_lock = ["lock", "mutex", "semaphore"].iter().any(|word| lower.ends_with(word));
    if is_lock { Manager::Harmless } else { Manager::Unknown }
}

fn manager_call(call: &ExprCall, conditions: &Conditions<'_>) -> Manager {
    let Some(callee) = conditions.names.resolve(&call.func) else { return Manager::Unknown };
    match callee[..] {
        [.., "suppress" | "raises" | "assertRaises" | "assertRaisesRegex"] => {
            let classes = call.arguments.args.iter().map(|class| conditions.caught_by(class));
            Manager::Suppresses(classes.reduce(Catches::or).unwrap_or_default())
        }
        [] | [.., "ExitStack" | "AsyncExitStack"] => Manager::Unknown,
        [.., "warns" | "deprecated_call" | "subTest" | "assertWarns" | "assertWarnsRegex"] => {
            Manager::Harmless
        }
        [name] => match conditions.names.meaning(name) {
            Some(Meaning::Function(def)) => of_function(def),
            Some(Meaning::Class(def)) => of_class(def, conditions),
            None if name == "open" => Manager::Harmless,
            _ => Manager::Unknown,
        },
        [module, .., last] => {
            let minor = conditions.target.version.minor;
            let is_standard = ruff_python_stdlib::sys::is_known_standard_library(minor, module);
            if is_standard { Manager::Harmless } else { by_name(last) }
        }
    }
}

/// A generator that is a context manager sees the exception where it yields.
fn of_function(def: &StmtFunctionDef) -> Manager {
    let is_safe = |stmt: &Stmt| {
        matches!(
            stmt,
            Stmt::Expr(_)
                | Stmt::Assign(_)
                | Stmt::AnnAssign(_)
                | Stmt::AugAssign(_)
                | Stmt::Import(_)
                | Stmt::ImportFrom(_)
                | Stmt::Pass(_)
                | Stmt::Global(_)
        ) || matches!(stmt, Stmt::Try(node) if node.handlers.is_empty()
            && !replaces_exceptions(&node.finalbody))
    };
    if def.body.iter().all(is_safe) { Manager::Harmless } else { Manager::Unknown }
}

/// An `__exit__` that returns nothing true lets exceptions pass.
fn of_class(def: &StmtClassDef, conditions: &Conditions<'_>) -> Manager {
    let exits = def.body.iter().filter_map(|stmt| match stmt {
        Stmt::FunctionDef(method) if matches!(method.name.as_str(), "__exit__" | "__aexit__") => {
            Some(method)
        }
        _ => None,
    });
    let passes = |method: &StmtFunctionDef| {
        method.decorator_list.is_empty()
            && method.body.iter().all(|stmt| match stmt {
                Stmt::Return(node) => node
                    .value
                    .as_deref()
                    .is_none_or(|value| conditions.decide(value) == Truth::False),
                Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::Pass(_) => true,
                _ => false,
            })
    };
    let mut found = false;
    let all_pass = exits.inspect(|_| found = true).all(passes);
    if found && all_pass { Manager::Harmless } else { Manager::Unknown }
}

impl Conditions<'_> {
    /// Whether a handler surely ends by raising the exception that it caught.
    fn raises_again(&self, body: &[Stmt], name: Option<&str>) -> bool {
        for stmt in body {
            let again = match stmt {
                Stmt::Raise(raise) => match raise.exc.as_deref() {
                    None => return true,
                    Some(Expr::Name(raised)) => return Some(raised.id.as_str()) == name,
                    Some(_) => return false,
                },
                Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => return false,
                Stmt::If(node) => self.branches_raise_again(node, name),
                Stmt::With(node) => {
                    let mut managers =
                        node.items.iter().map(|item| manager(&item.context_expr, self));
                    managers.all(|manager| manager == Manager::Harmless)
                        && self.raises_again(&node.body, name)
                }
                Stmt::Try(node) => {
                    self.raises_again(&node.finalbody, name)
                        || node.handlers.is_empty() && self.raises_again(&node.body, name)
                }
                _ => false,
            };
            if again {
                return true;
            }
        }
        false
    }

    fn branches_raise_again(&self, node: &ruff_python_ast::StmtIf, name: Option<&str>) -> bool {
        let others = node.elif_else_clauses.iter();
        let others = others.map(|clause| (clause.test.as_ref(), clause.body.as_slice()));
        for (test, body) in std::iter::once((Some(&*node.test), node.body.as_slice())).chain(others)
        {
            let truth = test.map_or(Truth::True, |test| self.decide(test));
            if truth != Truth::False && !self.raises_again(body, name) {
                return false;
            }
            if truth == Truth::True {
                return true;
            }
        }
        false
    }

    /// Which exceptions of the import system the classes after `except` catch. A name that is
    /// imported may stand for anything: then nothing is claimed to escape.
    pub(crate) fn caught_by(&self, classes: &Expr) -> Catches {
        self.bounded(Catches::ALL, || match classes {
            Expr::Tuple(tuple) => {
                let caught = tuple.elts.iter().map(|class| self.caught_by(class));
                caught.reduce(Catches::or).unwrap_or_default()
            }
            Expr::Starred(starred) => self.caught_by(&starred.value),
            Expr::BinOp(node) => self.caught_by(&node.left).or(self.caught_by(&node.right)),
            Expr::Name(name) => match self.names.meaning(&name.id) {
                Some(Meaning::Value(value)) => self.caught_by(value),
                // The import system raises no class of the user's.
                Some(Meaning::Class(_)) => Catches::OWN,
                Some(Meaning::Several | Meaning::Function(_)) => Catches::ALL,
                Some(Meaning::Imported(_)) | None => self.caught_by_name(classes),
            },
            Expr::Attribute(_) => self.caught_by_name(classes),
            _ => Catches::ALL,
        })
    }

    fn caught_by_name(&self, class: &Expr) -> Catches {
        let Some(parts) = self.names.resolve(class) else { return Catches::ALL };
        let name = match parts[..] {
            [name] | ["builtins", name] => name,
            [module, ..] => {
                let minor = self.target.version.minor;
                let is_standard = ruff_python_stdlib::sys::is_known_standard_library(minor, module);
                return if is_standard { Catches::OWN } else { Catches::ALL };
            }
            [] => return Catches::ALL,
        };
        let is_known = ruff_python_stdlib::builtins::is_exception(name, u8::MAX);
        Catches::of(name).unwrap_or(if is_known { Catches::OWN } else { Catches::ALL })
    }
    /// What `raise` raises: an exception of a built-in class, or of one that the module derives from it.
    pub(crate) fn raised(&self, raised: &Expr) -> Exception {
        let class = raised.as_call_expr().map_or(raised, |call| &call.func);
        self.bounded(Exception::UNKNOWN, || {
            let Expr::Name(name) = class else { return Exception::UNKNOWN };
            match self.names.meaning(&name.id) {
                None => Exception::from_class(&name.id),
                Some(Meaning::Class(def)) => match def.bases() {
                    [base] => self.raised(base).derived(),
                    _ => Exception::UNKNOWN,
                },
                Some(_) => Exception::UNKNOWN,
            }
        })
    }
}
