//! Functions, iterators and holders that are given to a callee.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Identifier};
use ruff_text_size::Ranged;

use super::callee::{Arg, Callee, Role, callee_of, is_container_in_view};
use super::carrier::Carrier;
use super::destination::{Destination, Fate, Flow};
use super::locals::Origin;
use pycheck_model::Level;

impl<'a> Flow<'_, 'a> {
    /// Where the last node of `path` goes, which is an argument of a call or a class.
    pub(super) fn argument(&self, path: &[AnyNodeRef<'a>], carrier: Carrier) -> Fate {
        let Some((call_path, call)) = Self::call_of(path) else {
            return self.base_class(path);
        };
        let is_generator = matches!(path.last(), Some(AnyNodeRef::ExprGenerator(_)));
        let fate = self.given(call_path, call, arg_of(path, call), carrier);
        match fate {
            Some(fate) if is_generator && fate.level == Level::Warn => {
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
            Role::Collects
                if carrier == Carrier::StreamOfLazy && callee.name == "from_iterable" =>
            {
                self.follow(path, Carrier::Lazy)
            }
            Role::Collects if carrier.is_stream() => {
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
            Role::LikelyKeeps if carrier != Carrier::Lazy && !carrier.is_stream() => {
                self.likely_kept(path, call, (&callee, arg), carrier)
            }
            Role::LikelyKeeps | Role::Unknown => Self::unknown(&*call.func, called()),
        }
    }

    pub(super) fn is_immediate_by_option(&self, func: &Expr) -> bool {
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
        let same_key = callee.name == "update" && carrier.is_callable();
        if same_key && self.is_same_place(receiver) && self.is_overwritten(at) {
            return None;
        }
        if is_container_in_view(self.cx, receiver) {
            return Self::kept(receiver, format!("stored in `{source}`"));
        }
        Self::likely(receiver, format!("given to `{source}.{}()`, which keeps it", callee.name))
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

    fn likely_kept(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        (callee, arg): (&Callee<'a>, Arg<'a>),
        carrier: Carrier,
    ) -> Fate {
        if is_plain_object(path, call, callee, arg) {
            return self.follow(path, Carrier::Holder);
        }
        let origin = callee.receiver.map(|receiver| self.origin(receiver, call.start()));
        match origin {
            Some(Origin::Managed) => return None,
            Some(Origin::Fresh(bound)) => return self.bound_object(bound, Carrier::Holder),
            Some(Origin::Attached(bound) | Origin::Obtained(bound))
                if carrier == Carrier::Holder =>
            {
                return self.bound_object(bound, Carrier::Holder);
            }
            _ => {}
        }
        let has_name = call.arguments.args.first().is_some_and(Expr::is_string_literal_expr);
        let sets =
            callee.name.starts_with("set") || (callee.name.starts_with("register") && has_name);
        let at = path.last().map_or(call.range(), Ranged::range);
        let same_key = call.arguments.args.iter().all(|other| {
            path.iter().any(|node| node.ptr_eq(AnyNodeRef::from(other)))
                || other.range().contains_range(self.closure)
                || self.is_same_place(other)
        });
        if sets && same_key && self.is_same_place(&call.func) && self.is_overwritten(at) {
            return None;
        }
        let source = self.cx.file.source(&*call.func);
        Self::likely(&*call.func, format!("given to `{source}()`, which by its name keeps it"))
    }
}

/// Whether the call makes an object that only a local name knows: it is given nothing but
/// keywords, and none that attaches it to a window.
fn is_plain_object<'a>(
    path: &[AnyNodeRef<'a>],
    call: &ExprCall,
    callee: &Callee<'a>,
    arg: Arg<'a>,
) -> bool {
    let is_class = callee.name.trim_start_matches('_').starts_with(char::is_uppercase);
    let is_assigned = matches!(path.iter().rev().nth(1), Some(AnyNodeRef::StmtAssign(stmt))
        if stmt.targets.iter().all(Expr::is_name_expr));
    is_class
        && is_assigned
        && call.arguments.args.is_empty()
        && !matches!(arg.keyword, None | Some("command" | "target"))
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
        Carrier::Stream | Carrier::StreamOfLazy | Carrier::Holder => carrier,
        _ => Carrier::Lazy,
    }
}

fn wrapped(carrier: Carrier) -> Carrier {
    match carrier {
        Carrier::Coroutine | Carrier::Class | Carrier::Function => carrier,
        _ => Carrier::Holder,
    }
}
