//! Callees that the file itself defines: what they do with the parameter that gets the function.

use std::cell::{Cell, RefCell};

use pycheck_syntax::bindings::BindingKind;
use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use pycheck_model::Level;
use pycheck_syntax::nodes::is_empty_body;

use super::callee::Arg;
use super::captures::frame;
use super::carrier::{Carrier, yields};
use super::destination::{Ending, Fate, Flow, worse};
use super::places::{block_range, path_to};
use super::span::Span;

/// How many calls deep a parameter is followed.
const MAX_CALLS: u8 = 4;

/// A function of the file that a call calls.
struct Target<'a> {
    def: &'a StmtFunctionDef,
    /// Its first parameter is the object.
    is_bound: bool,
    init: bool,
}

impl<'a> Flow<'_, 'a> {
    /// The fate of an argument of a function of this file; `None` when the callee is not in view.
    pub(super) fn given_in_view(
        &self,
        path: &[AnyNodeRef<'a>],
        call: &'a ExprCall,
        arg: Arg<'a>,
        carrier: Carrier,
    ) -> Option<Fate> {
        if self.depth >= MAX_CALLS {
            return None;
        }
        let target = self.target(&call.func)?;
        let parameter = parameter(&target, arg)?;
        let same_receiver = match &*call.func {
            Expr::Attribute(func) => self.is_same_place(&func.value),
            _ => true,
        };
        let overwrites = same_receiver && self.is_overwritten(call.range());
        let ending = Ending::Callee { overwrites, init: target.init };
        let (fate, returned) = self.of_parameter(target.def, parameter, ending, carrier)?;
        let name = target.def.name.as_str();
        if fate.as_ref().is_some_and(|fate| fate.level == Level::Info) && is_check(name) {
            return Some(None);
        }
        let fate = fate.map(|mut fate| {
            fate.how = format!("given to `{}()`, where it is {}", name, fate.how);
            fate
        });
        let deferred = match (yields(target.def), target.def.is_async) {
            (true, _) => self.follow(path, Carrier::Lazy),
            (_, true) => self.follow(path, Carrier::Coroutine),
            _ => None,
        };
        let result = if returned {
            let held = if target.init { Carrier::Holder } else { Carrier::Function };
            self.follow(path, held)
        } else {
            None
        };
        Some(worse(fate, worse(deferred, result)))
    }

    /// What a decorator that is a function of this file does; `None` when it is not in view.
    pub(super) fn decorated_in_view(&self, func: &'a Expr, carrier: Carrier) -> Option<Fate> {
        if self.depth >= MAX_CALLS {
            return None;
        }
        let target = self.target(func)?;
        let parameter = parameter(&target, Arg { index: Some(0), keyword: None })?;
        let ending = Ending::Callee { overwrites: false, init: false };
        let (fate, _) = self.of_parameter(target.def, parameter, ending, carrier)?;
        Some(fate)
    }

    /// Where the parameter at `at` goes in its function, and whether the result refers to it.
    fn of_parameter(
        &self,
        def: &'a StmtFunctionDef,
        at: TextSize,
        ending: Ending,
        carrier: Carrier,
    ) -> Option<(Fate, bool)> {
        if is_empty_body(&def.body) {
            return None;
        }
        let scope = self.cx.bindings().scope_of(def)?;
        let span = Span::whole(AnyNodeRef::from(def), block_range(&def.body));
        let inner = Flow {
            span,
            frame: frame(self.cx, scope),
            ending,
            changes_later: false,
            depth: self.depth + 1,
            returned: Cell::new(false),
            seen: RefCell::default(),
            ..self.copy()
        };
        let fate = inner.bound(at, carrier);
        Some((fate, inner.returned.get()))
    }

    fn target(&self, func: &'a Expr) -> Option<Target<'a>> {
        match func {
            Expr::Name(name) => {
                let symbol = self.cx.bindings().symbol_of(name)?;
                match self.cx.bindings().only_binding(symbol)?.kind {
                    BindingKind::Function(def) => {
                        Some(Target { def, is_bound: false, init: false })
                    }
                    BindingKind::Class(class) => {
                        let def = method(class, "__init__")?;
                        Some(Target { def, is_bound: true, init: true })
                    }
                    _ => None,
                }
            }
            Expr::Attribute(attribute) => {
                let class = self.class_of(&attribute.value)?;
                let def = method(class, &attribute.attr)?;
                let is_static = def.decorator_list.iter().any(|decorator| {
                    matches!(&decorator.expression, Expr::Name(name) if name.id == "staticmethod")
                });
                Some(Target { def, is_bound: !is_static, init: false })
            }
            _ => None,
        }
    }

    /// The class in this file that an object is an instance of.
    fn class_of(&self, object: &'a Expr) -> Option<&'a StmtClassDef> {
        let Expr::Name(name) = object else { return None };
        let bindings = self.cx.bindings();
        let symbol = bindings.symbol_of(name)?;
        match bindings.only_binding(symbol)?.kind {
            BindingKind::Parameter(_) if matches!(name.id.as_str(), "self" | "cls") => {
                let at = bindings.symbol(symbol).bindings.first()?.range;
                path_to(self.cx, at).into_iter().rev().find_map(|node| match node {
                    AnyNodeRef::StmtClassDef(class) => Some(class),
                    _ => None,
                })
            }
            BindingKind::Assignment(Some(Expr::Call(call))) => {
                let Expr::Name(class) = &*call.func else { return None };
                let class = bindings.symbol_of(class)?;
                match bindings.only_binding(class)?.kind {
                    BindingKind::Class(class) => Some(class),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn method<'a>(class: &'a StmtClassDef, name: &str) -> Option<&'a StmtFunctionDef> {
    class
        .body
        .iter()
        .find_map(|stmt| stmt.as_function_def_stmt().filter(|def| def.name.as_str() == name))
}

/// The place of the parameter that gets an argument.
fn parameter(target: &Target<'_>, arg: Arg<'_>) -> Option<TextSize> {
    let parameters = &target.def.parameters;
    let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
    let found = match (arg.keyword, arg.index) {
        (Some(keyword), _) => {
            parameters.iter_non_variadic_params().find(|param| param.name() == keyword)
        }
        (None, Some(index)) => positional.nth(index + usize::from(target.is_bound)),
        (None, None) => None,
    };
    found.map(|param| param.name().start())
}

/// Helpers of tests that call what they are given.
fn is_check(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with("check") || name.starts_with("assert")
}
