//! Where a function object goes from the place that makes it: called at once, held by a local
//! variable, out of the loop, or to something that keeps it.

use std::cell::{Cell, RefCell};

use pycheck_model::Level;
use pycheck_syntax::bindings::{ScopeId, SymbolId};
use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtAssign, StmtFor, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::captures::frame;
use super::carrier::{Carrier, carrier_of};
use super::places::path_to;
use super::span::Span;
use crate::rule::Context;

/// A place that lets a function outlive the turn of the loop that makes it.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    /// How sure it is that the function outlives its turn.
    pub(super) level: Level,
    /// The place.
    pub(super) at: TextRange,
    /// What happens there, to follow "the function is".
    pub(super) how: String,
}

/// `None`: the function is used up in the turn that makes it.
pub(super) type Fate = Option<Destination>;

/// The one of two fates that weighs more, the first of equals.
pub(super) fn worse(a: Fate, b: Fate) -> Fate {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.level > a.level { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// What ends the life of the captured variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The next turn of a loop.
    Turn,
    /// The end of an `except` clause, which deletes its variable.
    Handler,
    /// Nothing: this follows a parameter of a function that was given the closure.
    Callee {
        /// What the function stores on `self` is overwritten by each call.
        overwrites: bool,
        /// The function is an `__init__`: what it stores on `self` lives as long as the object.
        init: bool,
    },
}

/// Follows function objects within one region.
pub(super) struct Flow<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    pub(super) span: Span<'a>,
    /// The function whose code runs the region.
    pub(super) frame: ScopeId,
    pub(super) ending: Ending,
    /// The variable changes between the closure's making and the end of its turn.
    pub(super) changes_later: bool,
    /// The captured variable.
    pub(super) variable: SymbolId,
    /// The closure itself.
    pub(super) closure: TextRange,
    /// How many calls deep this is.
    pub(super) depth: u8,
    /// Set when the region returns the function to its caller.
    pub(super) returned: Cell<bool>,
    /// What has been followed already.
    pub(super) seen: RefCell<FxHashSet<TextSize>>,
}

impl<'a> Flow<'_, 'a> {
    #[expect(clippy::unnecessary_wraps, reason = "where fates are expected, it reads better")]
    pub(super) fn kept(at: impl Ranged, how: impl Into<String>) -> Fate {
        Some(Destination { level: Level::Error, at: at.range(), how: how.into() })
    }

    #[expect(clippy::unnecessary_wraps, reason = "where fates are expected, it reads better")]
    pub(super) fn likely(at: impl Ranged, how: impl Into<String>) -> Fate {
        Some(Destination { level: Level::Warn, at: at.range(), how: how.into() })
    }

    #[expect(clippy::unnecessary_wraps, reason = "where fates are expected, it reads better")]
    pub(super) fn unknown(at: impl Ranged, how: impl Into<String>) -> Fate {
        Some(Destination { level: Level::Info, at: at.range(), how: how.into() })
    }

    /// Where the function, lambda or generator expression at the end of `path` goes.
    pub(super) fn of_closure(&self, path: &[AnyNodeRef<'a>]) -> Fate {
        let node = path.last()?;
        if !self.seen.borrow_mut().insert(node.start()) {
            return None;
        }
        match node {
            AnyNodeRef::StmtFunctionDef(def) => self.of_def(path, def),
            _ => self.follow(path, carrier_of(self.cx, *node, self.variable)),
        }
    }

    fn of_def(&self, path: &[AnyNodeRef<'a>], def: &'a StmtFunctionDef) -> Fate {
        let class = path.iter().position(|node| {
            matches!(node, AnyNodeRef::StmtClassDef(_)) && self.span.contains(node.start())
        });
        let made = carrier_of(self.cx, AnyNodeRef::from(def), self.variable);
        if let Some(index) = class
            && let AnyNodeRef::StmtClassDef(class) = path[index]
        {
            let (registered, _) = self.decorated(&class.decorator_list, Carrier::Class);
            let (used, _) = self.decorated(&def.decorator_list, Carrier::Class);
            let used = used.filter(|fate| fate.level == Level::Error);
            let bound = self.bound(class.name.start(), Carrier::Class);
            return worse(registered, worse(used, bound));
        }
        let (registered, made) = self.decorated(&def.decorator_list, made);
        worse(registered, self.bound(def.name.start(), made))
    }

    /// Where the value at the end of `path`, which carries the function, goes from there.
    pub(super) fn follow(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let [up @ .., node] = path else { return None };
        let parent = *up.last()?;
        match parent {
            AnyNodeRef::ExprNamed(named) => {
                worse(self.bound(named.target.start(), carrier), self.follow(up, carrier))
            }
            AnyNodeRef::ExprIf(parent) if parent.test.range() == node.range() => None,
            AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) => self.follow(up, carrier),
            AnyNodeRef::ExprBinOp(_) => self.operand(up, carrier),
            AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) => {
                self.paired_target(up, *node, carrier).unwrap_or_else(|| self.held(up, carrier))
            }
            AnyNodeRef::ExprSet(_) | AnyNodeRef::ExprDict(_) => self.held(up, carrier),
            AnyNodeRef::ExprStarred(_) => self.starred(up, carrier),
            AnyNodeRef::ExprAttribute(_) => self.attribute(up, carrier),
            AnyNodeRef::ExprSubscript(parent) if parent.value.range() == node.range() => {
                self.follow(up, carrier.element())
            }
            AnyNodeRef::ExprCall(_) => self.called(up, carrier),
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_) => self.argument(path, carrier),
            AnyNodeRef::ExprAwait(_) if carrier != Carrier::Coroutine => self.follow(up, carrier),
            AnyNodeRef::ExprYield(_) => self.yielded(parent),
            AnyNodeRef::ExprYieldFrom(_) if carrier != Carrier::Lazy => self.yielded(parent),
            AnyNodeRef::ExprLambda(_) => {
                self.returned.set(true);
                None
            }
            _ => self.in_comprehension(path, carrier),
        }
    }

    fn held(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let carrier = if carrier.is_stream() { carrier } else { Carrier::Holder };
        self.follow(path, carrier)
    }

    fn yielded(&self, at: AnyNodeRef<'a>) -> Fate {
        if matches!(self.ending, Ending::Callee { .. }) {
            self.returned.set(true);
            return None;
        }
        // Who is given an iterator mostly draws on it before asking for the next one.
        let closure = path_to(self.cx, self.closure);
        if matches!(closure.last(), Some(AnyNodeRef::ExprGenerator(_))) {
            return Self::unknown(at, "yielded");
        }
        Self::kept(at, "yielded")
    }

    fn operand(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        match carrier {
            Carrier::Holder | Carrier::Stream | Carrier::StreamOfLazy => self.follow(path, carrier),
            _ => path.last().and_then(|node| Self::unknown(node, "an operand of an operator")),
        }
    }

    fn starred(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        match carrier {
            Carrier::Lazy => None,
            _ if carrier.is_stream() => path.last().and_then(|at| Self::kept(at, "collected")),
            _ => self.follow(path, Carrier::Holder),
        }
    }

    /// A method or attribute of what holds the function.
    fn attribute(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let [up @ .., AnyNodeRef::ExprAttribute(attribute)] = path else { return None };
        let called = matches!(up.last(), Some(AnyNodeRef::ExprCall(call))
            if call.func.range() == attribute.range());
        match (carrier, attribute.attr.as_str()) {
            (Carrier::Holder, "get" | "pop" | "setdefault" | "popitem") if called => {
                self.follow(up, Carrier::Function)
            }
            (Carrier::Holder, "items" | "values" | "copy") if called => self.follow(up, carrier),
            _ => None,
        }
    }

    fn called(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        carrier.result().and_then(|result| self.follow(path, result))
    }

    fn in_comprehension(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let [up @ .., node] = path else { return None };
        let parent = *up.last()?;
        match parent {
            AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_) => {
                if parent.ptr_eq(self.span.node) {
                    Self::kept(node, "collected by the comprehension")
                } else {
                    self.follow(up, Carrier::Holder)
                }
            }
            AnyNodeRef::ExprGenerator(_) if carrier == Carrier::Lazy => {
                self.follow(up, Carrier::StreamOfLazy)
            }
            AnyNodeRef::ExprGenerator(_) => self.follow(up, Carrier::Stream),
            AnyNodeRef::Comprehension(parent) if parent.iter.range() == node.range() => {
                let outer = &up[..up.len() - 1];
                if matches!(outer.last(), Some(AnyNodeRef::ExprGenerator(_))) {
                    return self.follow(outer, Carrier::Lazy);
                }
                if carrier.is_stream() {
                    return self.drawn_by(*outer.last()?, &parent.target, carrier);
                }
                self.iterated(&parent.target, carrier)
            }
            AnyNodeRef::Comprehension(_) => None,
            _ => self.in_statement(path, carrier),
        }
    }

    fn in_statement(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let [up @ .., node] = path else { return None };
        match *up.last()? {
            AnyNodeRef::StmtAssign(stmt) => self.assigned(up, stmt, *node, carrier),
            AnyNodeRef::StmtAnnAssign(stmt) if is(stmt.value.as_deref(), *node) => {
                self.assigned_to(&stmt.target, up, carrier)
            }
            AnyNodeRef::StmtAugAssign(stmt) if is(Some(&stmt.value), *node) => match carrier {
                Carrier::Lazy | Carrier::Function => None,
                _ => self.stored_in(&stmt.target, up, carrier),
            },
            AnyNodeRef::StmtReturn(stmt) => self.leaving(stmt.range(), "returned"),
            AnyNodeRef::StmtFor(stmt) if is(Some(&stmt.iter), *node) => {
                self.looped_over(stmt, carrier)
            }
            AnyNodeRef::Decorator(_) | AnyNodeRef::ParameterWithDefault(_) => {
                self.part_of_function(up)
            }
            _ => None,
        }
    }

    /// The function is a default value or decorator of another, which holds it from then on.
    fn part_of_function(&self, path: &[AnyNodeRef<'a>]) -> Fate {
        let index = path.iter().rposition(|node| {
            matches!(node, AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_))
        })?;
        self.of_closure(&path[..=index])
    }

    fn leaving(&self, at: TextRange, how: &str) -> Fate {
        match self.ending {
            Ending::Handler => Self::kept(at, how),
            Ending::Callee { .. } => {
                self.returned.set(true);
                None
            }
            Ending::Turn => None,
        }
    }

    fn assigned(
        &self,
        path: &[AnyNodeRef<'a>],
        stmt: &'a StmtAssign,
        value: AnyNodeRef<'a>,
        carrier: Carrier,
    ) -> Fate {
        if !is(Some(&stmt.value), value) {
            return None;
        }
        stmt.targets
            .iter()
            .fold(None, |fate, target| worse(fate, self.assigned_to(target, path, carrier)))
    }

    pub(super) fn assigned_to(
        &self,
        target: &'a Expr,
        path: &[AnyNodeRef<'a>],
        carrier: Carrier,
    ) -> Fate {
        match target {
            Expr::Name(name) => self.bound(name.start(), carrier),
            Expr::Attribute(_) | Expr::Subscript(_) => self.stored_in(target, path, carrier),
            Expr::Starred(node) => self.assigned_to(&node.value, path, carrier),
            // Unpacking draws all elements.
            Expr::Tuple(_) | Expr::List(_) if carrier == Carrier::Lazy => None,
            Expr::Tuple(_) | Expr::List(_) if carrier.is_stream() => {
                Self::kept(target, "collected by the assignment")
            }
            Expr::Tuple(node) => self.assigned_to_each(&node.elts, path, carrier),
            Expr::List(node) => self.assigned_to_each(&node.elts, path, carrier),
            _ => None,
        }
    }

    fn assigned_to_each(
        &self,
        targets: &'a [Expr],
        path: &[AnyNodeRef<'a>],
        carrier: Carrier,
    ) -> Fate {
        targets.iter().fold(None, |fate, target| {
            worse(fate, self.assigned_to(target, path, carrier.element()))
        })
    }

    /// `a, b = f, g`: the target that stands at the place of the value.
    fn paired_target(
        &self,
        display: &[AnyNodeRef<'a>],
        node: AnyNodeRef<'a>,
        carrier: Carrier,
    ) -> Option<Fate> {
        let [up @ .., tuple] = display else { return None };
        let AnyNodeRef::StmtAssign(stmt) = up.last()? else { return None };
        let ([Expr::Tuple(targets)], Expr::Tuple(values)) = (&*stmt.targets, &*stmt.value) else {
            return None;
        };
        let index = values.elts.iter().position(|value| value.range() == node.range())?;
        let matches = tuple.range() == values.range
            && targets.elts.len() == values.elts.len()
            && !targets.elts.iter().chain(&values.elts).any(Expr::is_starred_expr);
        matches.then(|| self.assigned_to(&targets.elts[index], up, carrier))
    }

    fn looped_over(&self, stmt: &'a StmtFor, carrier: Carrier) -> Fate {
        if carrier.is_stream() {
            return self.drawn_by(AnyNodeRef::from(stmt), &stmt.target, carrier);
        }
        self.iterated(&stmt.target, carrier)
    }

    /// A loop draws on an iterator that makes the functions: each must be used up in its turn.
    fn drawn_by(&self, node: AnyNodeRef<'a>, target: &'a Expr, carrier: Carrier) -> Fate {
        let span = Span::of(node)?;
        let around = self.cx.bindings().scope(self.frame).parent.unwrap_or(self.frame);
        let frame = frame(self.cx, around);
        Flow { span, frame, ..self.copy() }.assigned_to(target, &[], carrier.element())
    }

    fn iterated(&self, target: &'a Expr, carrier: Carrier) -> Fate {
        match carrier {
            Carrier::Lazy | Carrier::Coroutine => None,
            _ => self.assigned_to(target, &[], Carrier::Function),
        }
    }

    /// The same region, with nothing followed yet.
    pub(super) fn copy(&self) -> Self {
        Self {
            cx: self.cx,
            span: self.span,
            frame: self.frame,
            ending: self.ending,
            changes_later: self.changes_later,
            variable: self.variable,
            closure: self.closure,
            depth: self.depth,
            returned: Cell::new(false),
            seen: RefCell::default(),
        }
    }

    /// The call that a path's last node is an argument of, with the path to the call.
    pub(super) fn call_of<'p>(
        path: &'p [AnyNodeRef<'a>],
    ) -> Option<(&'p [AnyNodeRef<'a>], &'a ExprCall)> {
        let index = path.iter().rposition(|node| matches!(node, AnyNodeRef::Arguments(_)))?;
        let up = &path[..index];
        match up.last()? {
            AnyNodeRef::ExprCall(call) => Some((up, call)),
            _ => None,
        }
    }
}

/// Whether the expression is this node.
pub(super) fn is(expr: Option<&Expr>, node: AnyNodeRef<'_>) -> bool {
    expr.is_some_and(|expr| AnyNodeRef::from(expr).ptr_eq(node))
}
