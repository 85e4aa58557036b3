//! Functions, iterators and holders that are given to a callee.

use ruff_python_ast::{AnyNodeRef, Decorator, Expr, ExprCall, Identifier};
use ruff_text_size::Ranged;

use super::callee::{Arg, Callee, Role, callee_named, callee_of, is_container_in_view};
use super::callee_names::PLAIN_DECORATORS;
use super::carrier::Carrier;
use super::destination::{Destination, Ending, Fate, Flow, worse};
use super::locals::Origin;
use pycheck_model::Level;

impl<'a> Flow<'_, 'a> {
    /// Where the last node of `path` goes, which is an argument of a call or a class.
    pub(super) fn argument(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let Some((call_path, call)) = Self::call_of(path) else {
            return self.base_class(path);
        };
        let fate = self.given(call_path, call, arg_of(path, call), carrier);
        match fate {
            Some(fate) if carrier == Carrier::Lazy && fate.level == Level::Warn => {
                Some(Destination { level: Level::Info, ..fate })
            }
            fate => fate,
        }
    }

    fn base_class(&self, path: &[AnyNodeRef<'a>]) -> Fate {
        let class = path.iter().rev().find_map(|node| match node {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        })?;
        self.bound(class.name.start(), Carrier::Class)
    }

    fn given(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        arg: Arg<'a>,
        carrier: Carrier,
    ) -> Fate {
        if self.is_immediate_by_option(&call.func) {
            return None;
        }
        if let Some(fate) = self.given_in_view(path, call, arg, carrier) {
            return fate;
        }
        let Some(callee) = callee_of(self.cx, call) else {
            return self.given_to_result(path, call, carrier);
        };
        let called = || format!("given to `{}()`", self.cx.file.source(&*call.func));
        match callee.role(arg, carrier) {
            Role::Collects if carrier == Carrier::Stream => {
                Self::kept(call, format!("collected by `{}()`", callee.name))
            }
            Role::Immediate | Role::Collects => None,
            Role::Lazy => self.follow(path, lazily(carrier)),
            Role::Wraps => self.follow(path, wrapped(carrier)),
            Role::Chooses => self.follow(path, carrier.element()),
            Role::Stores => self.stored_by_method(path, call, &callee, carrier),
            Role::SetsAttribute => self.set_by_name(path, call, carrier),
            Role::Runs => self.run_beside(path, call, &callee),
            Role::Keeps => Self::kept(&*call.func, called() + ", which keeps it"),
            Role::LikelyKeeps if !matches!(carrier, Carrier::Lazy | Carrier::Stream) => {
                self.likely_kept(path, call, &callee, called())
            }
            Role::LikelyKeeps | Role::Unknown => Self::unknown(&*call.func, called()),
        }
    }

    fn is_immediate_by_option(&self, func: &Expr) -> bool {
        let immediate = &self.cx.options.immediate_callees;
        if immediate.is_empty() {
            return false;
        }
        let written = self.cx.file.source(func);
        let full = self.cx.bindings().qualified_name(func);
        immediate.iter().any(|name| name == written || Some(name) == full.as_ref())
    }

    /// `wraps(f)(closure)`: given to what a call gives.
    fn given_to_result(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        carrier: Carrier,
    ) -> Fate {
        if let Expr::Call(inner) = &*call.func
            && let Some(callee) = callee_of(self.cx, inner)
        {
            let arg = Arg { index: Some(0), keyword: None };
            match callee.role(arg, Carrier::Function) {
                Role::Wraps => return self.follow(path, carrier),
                Role::LikelyKeeps | Role::Keeps => {
                    let name = &callee.name;
                    return Self::likely(&*call.func, format!("given to `{name}()(…)`"));
                }
                _ => {}
            }
        }
        if matches!(&*call.func, Expr::Lambda(_)) {
            return None;
        }
        Self::unknown(&*call.func, "given to a function that is not known")
    }

    fn stored_by_method(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        callee: &Callee<'a>,
        carrier: Carrier,
    ) -> Fate {
        let receiver = callee.receiver?;
        match self.origin(receiver, call.start()) {
            Origin::Fresh(bound) => return self.bound_object(bound, carrier),
            Origin::Managed => return None,
            _ => {}
        }
        let at = path.last().map_or(call.range(), Ranged::range);
        let source = self.cx.file.source(receiver);
        let replaces = matches!(callee.name.as_str(), "update" | "__setitem__");
        if replaces && self.is_same_place(receiver) && self.is_overwritten(at) {
            return self.likely_unless_callee(receiver, source);
        }
        if is_container_in_view(self.cx, receiver) {
            return Self::kept(receiver, format!("stored in `{source}`"));
        }
        Self::likely(receiver, format!("given to `{source}.{}()`, which keeps it", callee.name))
    }

    fn likely_unless_callee(&self, receiver: &Expr, source: &str) -> Fate {
        if matches!(self.ending, Ending::Callee { .. }) {
            return None;
        }
        Self::likely(receiver, format!("stored in `{source}`"))
    }

    fn set_by_name(&self, path: &[AnyNodeRef<'a>], call: &'a ExprCall, carrier: Carrier) -> Fate {
        let (Some(object), Some(name)) = (call.arguments.args.first(), call.arguments.args.get(1))
        else {
            return None;
        };
        match self.origin(object, call.start()) {
            Origin::Fresh(bound) | Origin::Attached(bound) => {
                return self.bound_object(bound, carrier);
            }
            _ => {}
        }
        let at = path.last().map_or(call.range(), Ranged::range);
        if self.is_same_place(object) && self.is_same_place(name) && self.is_overwritten(at) {
            return None;
        }
        let source = self.cx.file.source(object);
        Self::kept(call, format!("stored as an attribute of `{source}`"))
    }

    /// Work that runs beside the caller: harmless when the turn waits for its end.
    fn run_beside(&self, path: &[AnyNodeRef<'a>], call: &'a ExprCall, callee: &Callee<'a>) -> Fate {
        let managed = callee
            .receiver
            .is_some_and(|receiver| self.origin(receiver, call.start()) == Origin::Managed);
        if managed || self.is_awaited(path) {
            return None;
        }
        let how = format!("given to `{}()`, which runs it later", self.cx.file.source(&*call.func));
        if callee.name == "submit" {
            Self::likely(&*call.func, how)
        } else {
            Self::kept(&*call.func, how)
        }
    }

    /// Whether the turn waits for the end of the work that a call at the end of `path` begins.
    fn is_awaited(&self, path: &[AnyNodeRef<'a>]) -> bool {
        let [up @ .., node] = path else { return false };
        match up.last() {
            Some(AnyNodeRef::ExprAwait(_)) => true,
            Some(AnyNodeRef::ExprAttribute(attribute)) => waits(&attribute.attr),
            Some(AnyNodeRef::StmtAssign(stmt)) => stmt.targets.iter().any(|target| {
                super::destination::is(Some(&stmt.value), *node) && self.is_waited_for(target)
            }),
            Some(AnyNodeRef::ExprNamed(named)) => self.is_waited_for(&named.target),
            _ => false,
        }
    }

    fn is_waited_for(&self, target: &'a Expr) -> bool {
        let Expr::Name(name) = target else { return false };
        let Some(symbol) = self.cx.bindings().symbol_of(name) else { return false };
        self.cx.bindings().symbol(symbol).references.iter().any(|reference| {
            if !self.span.contains(reference.range.start()) {
                return false;
            }
            let path = super::places::path_to(self.cx, reference.range);
            let is_awaited = path
                .iter()
                .rev()
                .take_while(|node| !node.is_statement())
                .any(|node| matches!(node, AnyNodeRef::ExprAwait(_)));
            match path.iter().rev().nth(1) {
                Some(AnyNodeRef::ExprAttribute(attribute)) => is_awaited || waits(&attribute.attr),
                _ => is_awaited,
            }
        })
    }

    fn likely_kept(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        callee: &Callee<'a>,
        called: String,
    ) -> Fate {
        let origin = callee.receiver.map(|receiver| self.origin(receiver, call.start()));
        match origin {
            Some(Origin::Managed) => return None,
            Some(Origin::Fresh(bound)) => return self.bound_object(bound, Carrier::Holder),
            _ => {}
        }
        let has_name = call.arguments.args.first().is_some_and(Expr::is_string_literal_expr);
        let sets =
            callee.name.starts_with("set") || (callee.name.starts_with("register") && has_name);
        let at = path.last().map_or(call.range(), Ranged::range);
        if sets && self.is_same_place(&call.func) && self.is_overwritten(at) {
            return None;
        }
        Self::likely(&*call.func, called + ", which by its name keeps it")
    }

    /// What the decorators of a function or class do with it, and in what form they give it back.
    pub(super) fn decorated(
        &self,
        decorators: &'a [Decorator],
        carrier: Carrier,
    ) -> (Fate, Carrier) {
        let mut fate = None;
        let mut carrier = carrier;
        for decorator in decorators.iter().rev() {
            let (registered, next) = self.decorated_by(&decorator.expression, carrier);
            fate = worse(fate, registered);
            carrier = next;
        }
        (fate, carrier)
    }

    fn decorated_by(&self, decorator: &'a Expr, carrier: Carrier) -> (Fate, Carrier) {
        let func = ruff_python_ast::helpers::map_callable(decorator);
        let Some(callee) = callee_named(self.cx, func) else { return (None, carrier) };
        let source = self.cx.file.source(func);
        let name = callee.name.as_str();
        if self.is_immediate_by_option(func) || PLAIN_DECORATORS.contains(name) {
            let gives_manager = name.ends_with("contextmanager");
            return (None, if gives_manager { Carrier::Function } else { carrier });
        }
        if !decorator.is_call_expr()
            && let Some(fate) = self.decorated_in_view(func, carrier)
        {
            return (fate, carrier);
        }
        let registers = callee.receiver.is_some() || super::callee::says_that_it_keeps(name);
        let how = format!("registered by the decorator `{source}`");
        let fate = if registers {
            Self::kept(decorator, how)
        } else {
            Self::likely(decorator, format!("given to the decorator `{source}`, which may keep it"))
        };
        (fate, carrier)
    }
}

fn arg_of<'a>(path: &[AnyNodeRef<'a>], call: &'a ExprCall) -> Arg<'a> {
    let at = path.last().map_or(call.start(), Ranged::start);
    let index = call.arguments.args.iter().position(|arg| arg.range().contains_inclusive(at));
    let keyword = call.arguments.keywords.iter().find(|keyword| keyword.range.contains(at));
    Arg {
        index: index
            .filter(|index| !call.arguments.args[..=*index].iter().any(Expr::is_starred_expr)),
        keyword: keyword.and_then(|keyword| keyword.arg.as_ref()).map(Identifier::as_str),
    }
}

fn lazily(carrier: Carrier) -> Carrier {
    match carrier {
        Carrier::Stream | Carrier::Holder => carrier,
        _ => Carrier::Lazy,
    }
}

fn wrapped(carrier: Carrier) -> Carrier {
    match carrier {
        Carrier::Coroutine | Carrier::Class | Carrier::Function => carrier,
        _ => Carrier::Holder,
    }
}

fn waits(attr: &str) -> bool {
    matches!(attr, "result" | "join" | "get" | "wait" | "exception" | "communicate")
}
