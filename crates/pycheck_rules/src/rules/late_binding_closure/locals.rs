//! Functions and their holders under local names: which uses of the name see them, and when.

use pycheck_model::Level;
use pycheck_syntax::bindings::{Binding, BindingKind, Reference, ScopeKind, Symbol};
use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprName};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::captures::{frame, is_unconditional, rebindings};
use super::carrier::Carrier;
use super::destination::{Ending, Fate, Flow, worse};
use super::places::{
    always_precedes, block_range, innermost_block, is_function_like, names_in, path_to, root_name,
    runs_later,
};
use crate::rule::Context;

/// How many uses of one name are looked at.
const MAX_USES: usize = 200;

/// Where an object that is about to hold the function comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Made in this turn, at this binding, by a display or a class: only this turn knows it.
    Fresh(TextSize),
    /// Made in this turn by a constructor that was given something that may hold it.
    Attached(TextSize),
    /// Given in this turn by a function that may know it from before.
    Obtained(TextSize),
    /// Opened by `with` in this turn, and closed before it ends.
    Managed,
    /// Older than the turn.
    Older,
}

impl<'a> Flow<'_, 'a> {
    /// Where a function goes that is bound to the name at `at`.
    pub(super) fn bound(&self, at: TextSize, carrier: Carrier) -> Fate {
        let bindings = self.cx.bindings();
        let id = bindings.symbol_at(at)?;
        if !self.seen.borrow_mut().insert(at) {
            return None;
        }
        let symbol = bindings.symbol(id);
        let binding = symbol.bindings.iter().find(|binding| binding.range.start() == at)?;
        if frame(self.cx, binding.within) != frame(self.cx, symbol.scope) {
            if self.is_overwritten(binding.range) {
                return None;
            }
            return Self::kept(
                binding.range,
                format!("stored in the outer variable `{}`", symbol.name),
            );
        }
        let as_attribute = match bindings.scope(symbol.scope).kind {
            ScopeKind::Class(class) if self.span.contains(class.start()) => {
                self.bound(class.name.start(), Carrier::Class)
            }
            _ => None,
        };
        let mut fate = as_attribute;
        let later = symbol.references.partition_point(|use_| use_.range.start() <= at);
        let (before, after) = symbol.references.split_at(later);
        for reference in after.iter().chain(before).take(MAX_USES) {
            fate = worse(fate, self.read(symbol, binding, *reference, carrier));
            if fate.as_ref().is_some_and(|fate| fate.level == Level::Error) {
                break;
            }
        }
        fate
    }

    fn read(
        &self,
        symbol: &Symbol<'a>,
        binding: &Binding<'a>,
        reference: Reference,
        carrier: Carrier,
    ) -> Fate {
        let at = reference.range.start();
        let is_own_frame = frame(self.cx, reference.within) == self.frame;
        if is_own_frame && self.is_replaced(symbol, binding.range, at) {
            return None;
        }
        let path = path_to(self.cx, reference.range);
        if !is_own_frame {
            return self.captured(&path, binding);
        }
        if self.span.contains(at) && self.same_turn(&path, binding.range.start(), at) {
            return self.follow(&path, carrier);
        }
        if is_only_tested(&path) || matches!(self.ending, Ending::Callee { .. }) {
            return None;
        }
        if self.span.contains(at) {
            let reset = |other: &Binding<'a>| {
                self.span.contains(other.range.start()) && always_precedes(self.cx, other.range, at)
            };
            return if symbol.bindings.iter().any(reset) || self.changes_with(binding.range) {
                None
            } else {
                Self::kept(reference.range, "used in the next turn of the loop")
            };
        }
        self.read_after(symbol, binding, reference)
    }

    /// Whether a use comes after the binding in the turn that makes it.
    fn same_turn(&self, path: &[AnyNodeRef<'a>], bound: TextSize, at: TextSize) -> bool {
        let is_inner_loop = |node: &&AnyNodeRef<'a>| {
            matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_))
                && self.span.contains(node.start())
                && !node.ptr_eq(self.span.node)
                && node.range().contains(bound)
        };
        let in_comprehension = self.span.is_comprehension();
        at > bound || in_comprehension || path.iter().any(|node| is_inner_loop(&node))
    }

    /// Whether the name gets another value on the way from the binding to the use.
    fn is_replaced(&self, symbol: &Symbol<'a>, bound: TextRange, at: TextSize) -> bool {
        symbol.bindings.iter().any(|other| {
            other.range.start() > bound.start()
                && !matches!(other.kind, BindingKind::Declaration | BindingKind::AugAssign(_))
                && always_precedes(self.cx, other.range, at)
        })
    }

    /// A use behind the loop: it sees the function of the last turn that made one.
    fn read_after(&self, symbol: &Symbol<'a>, binding: &Binding<'a>, reference: Reference) -> Fate {
        if reference.range.start() < self.span.range.end() {
            return None;
        }
        let survives = !self.changes_later
            && self.ending == Ending::Turn
            && (self.is_set_in_each_turn(symbol, binding) || self.changes_with(binding.range));
        if survives {
            return None;
        }
        let place = if self.ending == Ending::Handler { "the `except` clause" } else { "the loop" };
        Self::kept(reference.range, format!("used after {place}"))
    }

    fn is_set_in_each_turn(&self, symbol: &Symbol<'a>, binding: &Binding<'a>) -> bool {
        self.is_unconditional(binding.range)
            || symbol.bindings.iter().any(|other| {
                other.range != binding.range
                    && self.span.contains(other.range.start())
                    && self.is_unconditional(other.range)
            })
    }

    /// A use in another function: that one goes where it goes.
    fn captured(&self, path: &[AnyNodeRef<'a>], binding: &Binding<'a>) -> Fate {
        let at = path.last()?.start();
        let index = path.iter().position(|node| {
            is_function_like(*node) && self.span.contains(node.start()) && runs_later(*node, at)
        })?;
        let user = path[index];
        let is_own = user.range().contains_range(binding.range)
            || user.range().contains_range(self.closure)
            || self.closure.contains_range(user.range());
        if is_own { None } else { self.of_closure(&path[..=index]) }
    }

    /// Where an attribute, item or the object of a method call keeps what is stored there.
    pub(super) fn stored_in(
        &self,
        place: &'a Expr,
        path: &[AnyNodeRef<'a>],
        carrier: Carrier,
    ) -> Fate {
        let at = path.last().map_or(place.range(), Ranged::range);
        let how = || format!("stored in `{}`", self.cx.file.source(place));
        match self.origin(place, at.start()) {
            Origin::Fresh(bound) | Origin::Attached(bound) => {
                return self.bound_object(bound, carrier);
            }
            Origin::Obtained(bound) => {
                return worse(self.bound_object(bound, carrier), Self::unknown(place, how()));
            }
            Origin::Managed => return None,
            Origin::Older => {}
        }
        if let Ending::Callee { overwrites, init } = self.ending
            && (is_on_self(place) || self.is_outside(place))
        {
            let holds = init && is_on_self(place);
            if holds {
                self.returned.set(true);
            }
            return if holds || overwrites { None } else { Self::kept(place, how()) };
        }
        if self.is_same_place(place) && self.is_overwritten(at) {
            return None;
        }
        Self::kept(place, how())
    }

    /// Whether the place belongs neither to this function nor to what it is given.
    fn is_outside(&self, place: &'a Expr) -> bool {
        let is_older = |name: &&ExprName| {
            let bindings = self.cx.bindings();
            bindings
                .symbol_of(name)
                .is_none_or(|symbol| frame(self.cx, bindings.symbol(symbol).scope) != self.frame)
        };
        names_in(AnyNodeRef::from(place)).iter().all(is_older)
    }

    pub(super) fn bound_object(&self, bound: TextSize, carrier: Carrier) -> Fate {
        let held = if carrier == Carrier::Class { carrier } else { Carrier::Holder };
        self.bound(bound, held)
    }

    /// Whether what is stored at `at` is replaced in each turn, with the last one surviving alone
    /// and its variable unchanged.
    pub(super) fn is_overwritten(&self, at: TextRange) -> bool {
        self.ending == Ending::Turn
            && !self.changes_later
            && !self.span.is_comprehension()
            && (self.is_unconditional(at) || self.changes_with(at))
    }

    fn is_unconditional(&self, at: TextRange) -> bool {
        is_unconditional(self.cx, &self.span, self.frame, at)
    }

    /// Whether the variable changes only where the function is made anew: in the same block, with
    /// the function made last.
    fn changes_with(&self, at: TextRange) -> bool {
        let block = |at: TextRange| {
            let path = path_to(self.cx, at);
            innermost_block(&path).map(|(_, block)| block_range(block))
        };
        let here = block(at);
        self.ending == Ending::Turn
            && rebindings(self.cx, &self.span, self.variable, self.frame)
                .iter()
                .all(|binding| binding.range.start() < at.start() && block(binding.range) == here)
    }

    /// Whether the expression means the same place in each turn.
    pub(super) fn is_same_place(&self, place: &'a Expr) -> bool {
        let changes = |name: &&ExprName| {
            self.cx.bindings().symbol_of(name).is_some_and(|symbol| {
                !rebindings(self.cx, &self.span, symbol, self.frame).is_empty()
            })
        };
        let names = names_in(AnyNodeRef::from(place));
        !names.iter().any(changes) && !place_calls(place)
    }

    /// Where the object comes from that `place` begins with.
    pub(super) fn origin(&self, place: &'a Expr, at: TextSize) -> Origin {
        let Some(root) = root_name(place) else { return Origin::Older };
        let bindings = self.cx.bindings();
        let Some(symbol) = bindings.symbol_of(root).map(|id| bindings.symbol(id)) else {
            return Origin::Older;
        };
        let made = symbol.bindings.iter().rev().find(|binding| {
            self.span.contains(binding.range.start())
                && frame(self.cx, binding.within) == self.frame
                && always_precedes(self.cx, binding.range, at)
        });
        match made {
            Some(binding) => origin_of(self.cx, binding, binding.range.start()),
            None => Origin::Older,
        }
    }
}

/// Whether the expression is an attribute of the object whose method this is.
fn is_on_self(place: &Expr) -> bool {
    let is_self = |name: &ExprName| matches!(name.id.as_str(), "self" | "cls");
    place.is_attribute_expr() && root_name(place).is_some_and(is_self)
}

fn place_calls(place: &Expr) -> bool {
    match place {
        Expr::Call(_) => true,
        Expr::Attribute(node) => place_calls(&node.value),
        Expr::Subscript(node) => place_calls(&node.value),
        _ => false,
    }
}

fn origin_of(cx: &Context<'_>, binding: &Binding<'_>, at: TextSize) -> Origin {
    match binding.kind {
        BindingKind::Assignment(Some(value))
        | BindingKind::Annotated(value)
        | BindingKind::Walrus(value) => origin_of_value(cx, value, at),
        BindingKind::With => Origin::Managed,
        BindingKind::Assignment(None) => unpacked_origin(cx, binding),
        BindingKind::Class(_) | BindingKind::Function(_) => Origin::Fresh(at),
        _ => Origin::Older,
    }
}

/// The origin of one of several targets: a part of what a call gives is at best obtained.
fn unpacked_origin(cx: &Context<'_>, binding: &Binding<'_>) -> Origin {
    let path = path_to(cx, binding.range);
    let from_call = path
        .iter()
        .rev()
        .any(|node| matches!(node, AnyNodeRef::StmtAssign(stmt) if stmt.value.is_call_expr()));
    if from_call { Origin::Obtained(binding.range.start()) } else { Origin::Older }
}

fn origin_of_value(cx: &Context<'_>, value: &Expr, at: TextSize) -> Origin {
    match value {
        Expr::List(_)
        | Expr::Tuple(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::DictComp(_)
        | Expr::SetComp(_)
        | Expr::BinOp(_) => Origin::Fresh(at),
        Expr::Call(call) => origin_of_call(cx, call, at),
        Expr::Await(node) => origin_of_value(cx, &node.value, at),
        _ => Origin::Older,
    }
}

fn origin_of_call(cx: &Context<'_>, call: &ExprCall, at: TextSize) -> Origin {
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return Origin::Obtained(at),
    };
    let is_container = matches!(
        name,
        "list" | "dict" | "set" | "deque" | "defaultdict" | "bytearray" | "copy" | "deepcopy"
    );
    if is_container || is_class_in_file(cx, &call.func) {
        return Origin::Fresh(at);
    }
    let is_class = name.trim_start_matches('_').starts_with(|first: char| first.is_uppercase());
    match (is_class, call.arguments.is_empty()) {
        (true, true) => Origin::Fresh(at),
        (true, false) => Origin::Attached(at),
        _ => Origin::Obtained(at),
    }
}

fn is_class_in_file(cx: &Context<'_>, callee: &Expr) -> bool {
    let Expr::Name(name) = callee else { return false };
    cx.bindings()
        .symbol_of(name)
        .and_then(|symbol| cx.bindings().only_binding(symbol))
        .is_some_and(|binding| matches!(binding.kind, BindingKind::Class(_)))
}

/// Whether a use can't run the function: it is compared or tested.
fn is_only_tested(path: &[AnyNodeRef<'_>]) -> bool {
    let [.., parent, node] = path else { return false };
    match parent {
        AnyNodeRef::ExprCompare(_) | AnyNodeRef::ExprUnaryOp(_) | AnyNodeRef::StmtAssert(_) => true,
        AnyNodeRef::StmtIf(parent) => parent.test.range() == node.range(),
        AnyNodeRef::StmtWhile(parent) => parent.test.range() == node.range(),
        AnyNodeRef::ExprIf(parent) => parent.test.range() == node.range(),
        _ => false,
    }
}
