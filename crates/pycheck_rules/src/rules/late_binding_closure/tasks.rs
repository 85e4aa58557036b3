//! Threads, tasks and other work that runs beside the caller: whether the turn of the loop that
//! begins it waits for its end.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::callee::{Callee, callee_of};
use super::callee_names::{CONTAINERS, LAZY, STORES};
use super::destination::{Fate, Flow, is};
use super::locals::Origin;
use super::places::{names_in, path_to};

/// Over how many names and containers a task is followed.
const MAX_STEPS: u8 = 6;

impl<'a> Flow<'_, 'a> {
    /// Work that runs beside the caller: harmless when the turn waits for its end.
    pub(super) fn run_beside(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        callee: &Callee<'a>,
    ) -> Fate {
        let managed = callee
            .receiver
            .is_some_and(|receiver| self.origin(receiver, call.start()) == Origin::Managed);
        if managed || self.is_awaited(path, MAX_STEPS) || self.is_signalled() {
            return None;
        }
        let how = format!("given to `{}()`, which runs it later", self.cx.file.source(&*call.func));
        if callee.name == "submit" {
            Self::likely(&*call.func, how)
        } else {
            Self::kept(&*call.func, how)
        }
    }

    /// Whether the turn waits for an event or a queue that the closure uses too.
    fn is_signalled(&self) -> bool {
        let closure = path_to(self.cx, self.closure);
        let Some(closure) = closure.last() else { return false };
        names_in(*closure).into_iter().any(|name| {
            self.cx.bindings().symbol_of(name).is_some_and(|symbol| {
                let mut uses = self.cx.bindings().symbol(symbol).references.iter();
                uses.any(|reference| {
                    self.span.contains(reference.range.start())
                        && !self.closure.contains_range(reference.range)
                        && is_waited_on(&path_to(self.cx, reference.range))
                })
            })
        })
    }

    /// Whether the turn waits for the end of the task at the end of `path`.
    fn is_awaited(&self, path: &[AnyNodeRef<'a>], steps: u8) -> bool {
        let [up @ .., node] = path else { return false };
        let Some(parent) = up.last().filter(|_| steps > 0) else { return false };
        match parent {
            AnyNodeRef::ExprAwait(_) => true,
            AnyNodeRef::ExprAttribute(attribute) => waits(&attribute.attr),
            AnyNodeRef::ExprListComp(_) | AnyNodeRef::ExprSetComp(_) => {
                !parent.ptr_eq(self.span.node) && self.is_awaited(up, steps - 1)
            }
            AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) | AnyNodeRef::ExprStarred(_) => {
                self.is_awaited(up, steps - 1)
            }
            AnyNodeRef::Comprehension(loops) if is(Some(&loops.iter), *node) => {
                self.is_waited_for(&loops.target, steps - 1)
            }
            AnyNodeRef::StmtFor(stmt) if is(Some(&stmt.iter), *node) => {
                self.is_waited_for(&stmt.target, steps - 1)
            }
            AnyNodeRef::StmtAssign(stmt) if is(Some(&stmt.value), *node) => {
                stmt.targets.iter().any(|target| self.is_waited_for(target, steps - 1))
            }
            AnyNodeRef::ExprNamed(named) => self.is_waited_for(&named.target, steps - 1),
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_) => self.is_joined(path, steps - 1),
            _ => false,
        }
    }

    /// Whether a callee that is given the task waits for it, or puts it where it is waited for.
    fn is_joined(&self, path: &[AnyNodeRef<'a>], steps: u8) -> bool {
        let Some((up, call)) = Self::call_of(path) else { return false };
        let Some(callee) = callee_of(self.cx, call) else { return false };
        let name = callee.name.as_str();
        match name {
            "wait" | "joinall" | "as_completed" => true,
            "gather" | "wait_for" | "shield" => self.is_awaited(up, steps),
            _ if STORES.contains(name) => {
                callee.receiver.is_some_and(|receiver| self.is_waited_for(receiver, steps))
            }
            _ => (CONTAINERS.contains(name) || LAZY.contains(name)) && self.is_awaited(up, steps),
        }
    }

    fn is_waited_for(&self, target: &'a Expr, steps: u8) -> bool {
        let Expr::Name(name) = target else { return false };
        let Some(symbol) = self.cx.bindings().symbol_of(name) else { return false };
        self.cx.bindings().symbol(symbol).references.iter().any(|reference| {
            self.span.contains(reference.range.start())
                && reference.range != name.range
                && self.is_awaited(&path_to(self.cx, reference.range), steps)
        })
    }
}

fn is_waited_on(path: &[AnyNodeRef<'_>]) -> bool {
    matches!(path, [.., AnyNodeRef::ExprAttribute(attribute), _]
        if matches!(attribute.attr.as_str(), "wait" | "join"))
}

fn waits(attr: &str) -> bool {
    matches!(attr, "result" | "join" | "get" | "wait" | "exception" | "communicate")
}
