//! Functions and classes of the same file that the default is passed to: what they do with it.

use pycheck_syntax::bindings::{BindingKind, ScopeKind};
use pycheck_syntax::nodes::is_empty_body;
use ruff_python_ast::{Expr, ExprAttribute, ExprCall, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use super::calls::Argument;
use super::classes::{class_of, has_decorator, inherited_method, method};
use super::expressions::put;
use super::follow::Follow;
use super::trace::{Event, Held, Kind, Trace};

/// How many callees deep a default is followed.
const MAX_CALLEES: usize = 4;

/// A function or class of the file.
enum Callee<'a> {
    Function { def: &'a StmtFunctionDef, bound: bool },
    Class(&'a StmtClassDef),
}

impl<'a> Follow<'a, '_> {
    /// Follows the default into a callee of the same file; `None` if it is not in view.
    pub(super) fn pass_to_same_file(
        &mut self,
        call: &'a ExprCall,
        arguments: &[Argument<'a>],
    ) -> Option<Held> {
        match self.callee(&call.func)? {
            Callee::Function { def, bound } => {
                let is_hook = bound && is_empty_body(&def.body);
                if is_hook {
                    return None;
                }
                let (trace, results) = self.run(def, bound, arguments, None)?;
                self.take_over(&trace, call);
                Some(results)
            }
            Callee::Class(class) => self.pass_to_class(class, call, arguments),
        }
    }

    fn pass_to_class(
        &mut self,
        class: &'a StmtClassDef,
        call: &'a ExprCall,
        arguments: &[Argument<'a>],
    ) -> Option<Held> {
        let init = method(class, "__init__", self.classifier.bindings)?;
        let (mut trace, _) = self.run(init, true, arguments, None)?;
        let keeps = trace.events.iter().any(|event| event.kind == Kind::Stored);
        trace.events.retain(|event| event.kind != Kind::Stored);
        self.take_over(&trace, call);
        if !keeps {
            return Some(Held::empty());
        }
        let how = format!("kept by `{}`", class.name);
        self.event(Kind::Passed, call.range(), how);
        Some(Held::WITHIN)
    }

    /// Takes what a callee does as done by the call. What a callee in view only passes on is not
    /// held against it.
    fn take_over(&mut self, trace: &Trace, call: &'a ExprCall) {
        let Some(event) = trace.strongest().filter(|event| event.kind > Kind::Passed) else {
            return;
        };
        let name = self.shown(&call.func);
        let how = format!("passed to `{name}`, where it is {}", event.how);
        let inner = Some(event.inner.unwrap_or(event.range));
        self.trace.add(Event { kind: event.kind, range: call.range(), how, inner, to_part: false });
    }

    /// A method of the class that the default is an instance of; says whether it is in view.
    pub(super) fn call_of_own_method(
        &mut self,
        class: &'a StmtClassDef,
        name: &str,
        call: &'a ExprCall,
        arguments: &[Argument<'a>],
    ) -> bool {
        let Some(def) = method(class, name, self.classifier.bindings) else { return false };
        let Some((mut trace, _)) = self.run(def, true, arguments, Some(Held::WHOLE)) else {
            return true;
        };
        trace.events.retain(|event| event.kind == Kind::Changed);
        if let Some(event) = trace.change() {
            let how = format!("changed by its method `{name}`");
            let inner = Some(event.inner.unwrap_or(event.range));
            self.trace.add(Event {
                kind: Kind::Changed,
                range: call.range(),
                how,
                inner,
                to_part: false,
            });
        }
        true
    }

    /// Follows the default through a callee: what happens there, and what it returns of it.
    fn run(
        &mut self,
        def: &'a StmtFunctionDef,
        bound: bool,
        arguments: &[Argument<'a>],
        receiver: Option<Held>,
    ) -> Option<(Trace, Held)> {
        let place = def.name.range().start();
        if self.callees.contains(&place) {
            return Some((Trace::default(), Held::empty()));
        }
        if self.callees.len() >= MAX_CALLEES || self.budget == 0 {
            return None;
        }
        let own = self.classifier.bindings.scope_of(def)?;
        let mut inner = Follow::new(self.classifier, self.text, self.value, own);
        inner.collects = true;
        inner.name = def.name.as_str();
        inner.callees.clone_from(&self.callees);
        inner.callees.push(place);
        inner.budget = self.budget - 1;
        inner.depth = self.depth;
        inner.work = self.work;
        for (start, held) in parameters_of(def, bound, arguments, receiver) {
            if let Some(symbol) = self.classifier.bindings.symbol_at(start) {
                let before = inner.held_by(symbol);
                inner.set(symbol, before | held);
            }
        }
        inner.body(&def.body);
        self.budget = inner.budget;
        self.work = inner.work;
        Some((inner.trace, inner.results))
    }

    fn callee(&self, func: &'a Expr) -> Option<Callee<'a>> {
        match func {
            Expr::Name(name) => {
                let bindings = self.classifier.bindings;
                let symbol = bindings.symbol_of(name)?;
                let all = &bindings.symbol(symbol).bindings;
                match all.last()?.kind {
                    BindingKind::Function(def) => {
                        let only = all.iter().all(|b| matches!(b.kind, BindingKind::Function(_)));
                        only.then_some(Callee::Function { def, bound: false })
                    }
                    BindingKind::Class(class) if all.len() == 1 => Some(Callee::Class(class)),
                    BindingKind::Parameter(_) if name.id == "cls" => {
                        Some(Callee::Class(self.class_around()?))
                    }
                    _ => None,
                }
            }
            Expr::Attribute(attribute) => self.method_callee(attribute),
            _ => None,
        }
    }

    fn method_callee(&self, func: &'a ExprAttribute) -> Option<Callee<'a>> {
        let bindings = self.classifier.bindings;
        let name = func.attr.as_str();
        if let Expr::Call(call) = &*func.value {
            let is_super = bindings.is_builtin(&call.func, "super");
            let class = is_super.then(|| self.class_around()).flatten()?;
            return Some(bound_method(inherited_method(class, name, bindings)?));
        }
        let Expr::Name(receiver) = &*func.value else { return None };
        if let Some(class) = class_of(&func.value, bindings) {
            let def = method(class, name, bindings)?;
            let bound = has_decorator(def, &["classmethod"]);
            return Some(Callee::Function { def, bound });
        }
        let symbol = bindings.symbol_of(receiver)?;
        let binding = bindings.only_binding(symbol)?;
        let class = match binding.kind {
            BindingKind::Parameter(None) if matches!(&*receiver.id, "self" | "cls") => {
                self.class_around()?
            }
            BindingKind::Assignment(Some(Expr::Call(call))) => class_of(&call.func, bindings)?,
            _ => return None,
        };
        Some(bound_method(method(class, name, bindings)?))
    }

    /// The class whose method is being followed.
    pub(super) fn class_around(&self) -> Option<&'a StmtClassDef> {
        let bindings = self.classifier.bindings;
        let mut current = Some(self.own);
        while let Some(id) = current {
            let scope = bindings.scope(id);
            if let ScopeKind::Class(class) = scope.kind {
                return Some(class);
            }
            current = scope.parent;
        }
        None
    }
}

fn bound_method(def: &StmtFunctionDef) -> Callee<'_> {
    Callee::Function { def, bound: !has_decorator(def, &["staticmethod"]) }
}

/// Where the parameters stand that get the default, and what each gets.
fn parameters_of(
    def: &StmtFunctionDef,
    bound: bool,
    arguments: &[Argument<'_>],
    receiver: Option<Held>,
) -> Vec<(TextSize, Held)> {
    let parameters = &def.parameters;
    let positional: Vec<_> = parameters.posonlyargs.iter().chain(&parameters.args).collect();
    let mut found = Vec::new();
    if let (Some(held), Some(first)) = (receiver, positional.first()) {
        found.push((first.name().start(), held));
    }
    let mut next = usize::from(bound);
    for argument in arguments {
        let named = argument.keyword.and_then(|keyword| parameters.find(keyword));
        let (place, held) = match (argument.keyword, argument.unpacked) {
            (None, true) => continue,
            (None, false) => {
                next += 1;
                match positional.get(next - 1) {
                    Some(parameter) => (parameter.name().start(), argument.held),
                    None => match &parameters.vararg {
                        Some(rest) => (rest.name.start(), put(argument.held)),
                        None => continue,
                    },
                }
            }
            (Some(_), _) => match (named, &parameters.kwarg) {
                (Some(parameter), _) => (parameter.name().start(), argument.held),
                (None, Some(rest)) => (rest.name.start(), put(argument.held)),
                (None, None) => continue,
            },
        };
        if !argument.held.is_empty() {
            found.push((place, held));
        }
    }
    found
}
