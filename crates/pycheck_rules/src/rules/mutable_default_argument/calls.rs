//! What calls do with the default.

use pycheck_syntax::bindings::{BindingKind, SymbolId};
use ruff_python_ast::{Expr, ExprAttribute, ExprCall, Identifier};
use ruff_text_size::{Ranged, TextRange};

use super::classes::{self, ClassKind, last_name};
use super::expressions::put;
use super::follow::Follow;
use super::shape::Shape;
use super::trace::{Held, Kind};
use crate::facts;

/// An argument of a call, and what it holds of the default.
pub(super) struct Argument<'a> {
    pub value: &'a Expr,
    pub held: Held,
    /// `None` for a positional argument and for `**x`.
    pub keyword: Option<&'a str>,
    /// `*x` or `**x`.
    pub unpacked: bool,
}

impl<'a> Follow<'a, '_> {
    pub(super) fn call(&mut self, call: &'a ExprCall) -> Held {
        if let Expr::Attribute(func) = &*call.func {
            let receiver = self.look(&func.value);
            let arguments = self.arguments(call);
            if !receiver.is_empty() {
                return self.call_on(receiver, func, call, &arguments);
            }
            return self.pass(call, &arguments);
        }
        if let Some(argument) = self.asked_about(call) {
            self.identity(argument);
            return Held::empty();
        }
        let func = self.eval(&call.func);
        let arguments = self.arguments(call);
        if func.contains(Held::WITHIN) {
            return self.item(func);
        }
        self.pass(call, &arguments)
    }

    /// The name that a call asks a question about: `len(x)`, `isinstance(x, …)`.
    fn asked_about(&self, call: &'a ExprCall) -> Option<&'a Expr> {
        let name = call.func.as_name_expr()?.id.as_str();
        let asks = matches!(name, "len" | "isinstance" | "callable" | "id" | "type")
            && self.classifier.bindings.is_builtin(&call.func, name);
        call.arguments.args.first().filter(|argument| asks && argument.is_name_expr())
    }

    fn arguments(&mut self, call: &'a ExprCall) -> Vec<Argument<'a>> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for value in &call.arguments.args {
            let unpacked = value.is_starred_expr();
            let held = self.eval(value);
            let held = if unpacked { self.item(held) & Held::WHOLE } else { held };
            arguments.push(Argument { value, held, keyword: None, unpacked });
        }
        for keyword in &call.arguments.keywords {
            let unpacked = keyword.arg.is_none();
            let held = self.eval(&keyword.value);
            let held = if unpacked { self.item(held) & Held::WHOLE } else { held };
            let name = keyword.arg.as_ref().map(Identifier::as_str);
            arguments.push(Argument { value: &keyword.value, held, keyword: name, unpacked });
        }
        arguments
    }

    /// A method call on something that holds the default.
    fn call_on(
        &mut self,
        receiver: Held,
        func: &'a ExprAttribute,
        call: &'a ExprCall,
        arguments: &[Argument<'a>],
    ) -> Held {
        let method = func.attr.as_str();
        if receiver.contains(Held::WHOLE) {
            let of_cache = matches!(method, "get" | "setdefault" | "add" | "append");
            self.trace.beyond_cache |= !of_cache;
            self.trace.appended |= method == "append";
            if let Some(class) = self.value.class
                && self.call_of_own_method(class, method, call, arguments)
            {
                return Held::empty();
            }
        }
        let takes_nothing = self.value.is_empty() && method == "pop" && call.arguments.len() > 1;
        if !takes_nothing {
            self.change(receiver, method, call.range());
        }
        if !receiver.intersects(Held::WHOLE | Held::PART)
            && let Some(held) = held_arguments(arguments)
            && adds(method)
        {
            self.keep_in(&func.value, held, call.range());
        }
        match method {
            "get" | "pop" | "popitem" | "popleft" | "setdefault" | "__getitem__" => {
                self.item(receiver)
            }
            "copy" | "items" | "values" | "elements" | "union" | "__iter__" => {
                self.spread(receiver)
            }
            _ => Held::empty(),
        }
    }

    /// A call of something else with the default among the arguments.
    fn pass(&mut self, call: &'a ExprCall, arguments: &[Argument<'a>]) -> Held {
        let Some(held) = held_arguments(arguments) else { return Held::empty() };
        let name = self.classifier.bindings.qualified_name(&call.func);
        if let Some(name) = &name {
            if facts::is_mutator(name) || is_unbound_method(name) {
                return self.pass_to_mutator(name, call, arguments);
            }
            if facts::is_exception(name) {
                return put(held);
            }
            if facts::is_pure_callee(name) {
                return self.pass_to_pure(name, arguments, held);
            }
        }
        let unpacks =
            arguments.iter().any(|argument| argument.unpacked && !argument.held.is_empty());
        if held.intersects(Held::REACHABLE)
            && !unpacks
            && let Some(result) = self.pass_to_same_file(call, arguments)
        {
            return result;
        }
        if let Expr::Attribute(func) = &*call.func
            && let Some(result) = self.pass_to_method(func, call, held)
        {
            return result;
        }
        if !held.intersects(Held::REACHABLE) {
            return Held::empty();
        }
        self.pass_to_unknown(call)
    }

    /// A function that is not in view may do anything with the default, and mostly only reads it. A
    /// method of an object that is not in view counts if its name says that it uses what it gets.
    fn pass_to_unknown(&mut self, call: &'a ExprCall) -> Held {
        let name = last_name(&call.func).unwrap_or_default();
        let is_method = call.func.is_attribute_expr()
            && self.classifier.bindings.qualified_name(&call.func).is_none();
        let delegates = is_method && name != "__init__" && name == self.name;
        let reads = facts::is_reader_by_name(name)
            || is_method && !facts::is_keeper_by_name(name)
            || self.is_base_constructor(&call.func);
        if !delegates && !reads {
            let how = format!("passed to `{}`", self.shown(&call.func));
            let tells = facts::is_changer_by_name(name) || self.is_namespace_of_code(call);
            self.event(if tells { Kind::Passed } else { Kind::Handed }, call.range(), how);
        }
        Held::empty()
    }

    /// `eval(code, x)` and `exec(code, x)`, which put `__builtins__` into `x`.
    fn is_namespace_of_code(&self, call: &ExprCall) -> bool {
        ["eval", "exec"].iter().any(|name| self.classifier.bindings.is_builtin(&call.func, name))
    }

    /// `super().__init__` in a class that derives from a builtin container, which copies what it
    /// gets.
    fn is_base_constructor(&self, func: &Expr) -> bool {
        let Expr::Attribute(func) = func else { return false };
        let Expr::Call(receiver) = &*func.value else { return false };
        let bindings = self.classifier.bindings;
        func.attr.as_str() == "__init__"
            && bindings.is_builtin(&receiver.func, "super")
            && self.class_around().is_some_and(|class| {
                matches!(classes::kind_of(class, bindings), ClassKind::Derived(_))
            })
    }

    fn pass_to_mutator(
        &mut self,
        name: &str,
        call: &'a ExprCall,
        arguments: &[Argument<'a>],
    ) -> Held {
        let last = name.rsplit('.').next().unwrap_or_default();
        let Some(first) = arguments.first() else { return Held::empty() };
        if first.held.intersects(Held::WHOLE | Held::PART) {
            self.event(Kind::Changed, call.range(), format!("changed by `{last}`"));
        } else if held_arguments(&arguments[1..]).is_some_and(|h| h.intersects(Held::REACHABLE)) {
            if last == "setattr" {
                let how = format!("stored in an attribute of `{}`", self.shown(first.value));
                self.event(Kind::Stored, call.range(), how);
            } else {
                let held = held_arguments(&arguments[1..]).unwrap_or_default();
                self.keep_in(first.value, held, call.range());
            }
        }
        Held::empty()
    }

    /// A callee that reads only: what its result holds.
    fn pass_to_pure(&mut self, name: &str, arguments: &[Argument<'a>], held: Held) -> Held {
        let last = name.rsplit('.').next().unwrap_or_default();
        match last {
            "max" | "min" | "next" | "choice" | "reduce" => {
                if arguments.len() > 1 && last != "reduce" { held } else { self.item(held) }
            }
            "copy" if name == "copy.copy" => self.spread(held),
            "fromkeys" => {
                let values = arguments.iter().skip(1);
                put(values.fold(Held::empty(), |all, argument| all | argument.held))
            }
            "list" | "tuple" | "set" | "dict" | "sorted" | "reversed" | "iter" | "enumerate"
            | "zip" | "map" | "filter" | "frozenset" | "MappingProxyType" => {
                let kept = arguments.iter().filter(|argument| argument.keyword.is_some());
                let kept = kept.fold(Held::empty(), |all, argument| all | put(argument.held));
                kept | self.spread(held)
            }
            _ if name.starts_with("collections.") || name.starts_with("itertools.") => {
                self.spread(held)
            }
            _ => Held::empty(),
        }
    }

    /// A method that is known by its name alone.
    fn pass_to_method(
        &mut self,
        func: &'a ExprAttribute,
        call: &'a ExprCall,
        held: Held,
    ) -> Option<Held> {
        let method = func.attr.as_str();
        let receiver = func.value.as_call_expr().map_or(&*func.value, |call| &*call.func);
        let receiver = last_name(receiver).unwrap_or_default();
        if facts::is_log_call(receiver, method) {
            return Some(Held::empty());
        }
        if matches!(method, "get" | "pop") && call.arguments.len() == 2 {
            return Some(held);
        }
        if facts::is_pure_method(method) {
            self.fill(&func.value, self.spread(held));
            return Some(Held::empty());
        }
        if !adds(method) {
            return None;
        }
        if held.intersects(Held::REACHABLE) && self.is_kept_container(&func.value) {
            self.keep_in(&func.value, held, call.range());
            return Some(Held::empty());
        }
        None
    }

    /// A local container gets the elements of the default.
    fn fill(&mut self, container: &'a Expr, held: Held) {
        let Expr::Name(name) = container else { return };
        let Some(symbol) = self.classifier.bindings.symbol_of(name) else { return };
        if !held.is_empty() && self.is_new_container(symbol) {
            let before = self.held_by(symbol);
            self.set(symbol, before | held);
        }
    }

    /// Whether a container is a new one of the body, or one that outlives the call for sure: an
    /// attribute, a parameter, a variable of the module.
    fn is_kept_container(&self, container: &'a Expr) -> bool {
        let Expr::Name(name) = container else {
            return container.is_attribute_expr() || container.is_subscript_expr();
        };
        let bindings = self.classifier.bindings;
        let Some(symbol) = bindings.symbol_of(name) else { return false };
        if !self.is_local(symbol) || self.is_new_container(symbol) {
            return bindings.imported_name(symbol).is_none();
        }
        let all = &bindings.symbol(symbol).bindings;
        all.iter().all(|binding| matches!(binding.kind, BindingKind::Parameter(_)))
    }

    /// Whether a variable only ever holds containers that the body makes.
    pub(super) fn is_new_container(&self, symbol: SymbolId) -> bool {
        if !self.is_local(symbol) {
            return false;
        }
        let bindings = self.classifier.bindings;
        bindings.symbol(symbol).bindings.iter().all(|binding| match binding.kind {
            BindingKind::Assignment(Some(value)) | BindingKind::Annotated(value) => {
                let value = self.classifier.classify(value);
                value.is_some_and(|value| {
                    value.constant.is_none()
                        && !matches!(value.shape, Shape::Instance | Shape::Iterator)
                })
            }
            BindingKind::Parameter(_) => self.is_keywords_parameter(binding.range),
            BindingKind::Declaration | BindingKind::AugAssign(_) => true,
            _ => false,
        })
    }

    /// Whether the parameter at this place is a `**kwargs`, which is a new dict in each call.
    fn is_keywords_parameter(&self, range: TextRange) -> bool {
        self.text[..usize::from(range.start())].ends_with("**")
    }
}

/// What all arguments together hold; `None` if nothing.
pub(super) fn held_arguments(arguments: &[Argument<'_>]) -> Option<Held> {
    let held = arguments.iter().fold(Held::empty(), |all, argument| all | argument.held);
    (!held.is_empty()).then_some(held)
}

/// Whether a method of this name puts its argument into the object.
fn adds(method: &str) -> bool {
    matches!(
        method,
        "append" | "appendleft" | "add" | "insert" | "setdefault" | "put" | "put_nowait"
    )
}

/// `list.append` and the like, called with the object as first argument.
fn is_unbound_method(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let (Some(method), Some(class)) = (parts.next(), parts.next()) else { return false };
    let is_class = matches!(
        class,
        "list" | "dict" | "set" | "bytearray" | "deque" | "OrderedDict" | "Counter"
    );
    is_class && facts::is_mutating_method(method)
}
