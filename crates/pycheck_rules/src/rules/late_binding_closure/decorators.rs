//! Decorators: what they do with the function or class below them.

use ruff_python_ast::helpers::map_callable;
use ruff_python_ast::{Decorator, Expr};
use ruff_text_size::Ranged;

use super::callee::{Callee, callee_named, says_that_it_keeps};
use super::callee_names::{PLAIN_DECORATORS, REGISTERING_DECORATORS};
use super::carrier::Carrier;
use super::destination::{Fate, Flow, worse};
use super::locals::Origin;

impl<'a> Flow<'_, 'a> {
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
        let func = decorator_function(decorator);
        let Some(callee) = callee_named(self.cx, func) else { return (None, carrier) };
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
        (self.registered(decorator, func, &callee), carrier)
    }

    fn registered(&self, decorator: &'a Expr, func: &'a Expr, callee: &Callee<'a>) -> Fate {
        let source = self.cx.file.source(func);
        if let Some(receiver) = callee.receiver {
            match self.origin(receiver, decorator.start()) {
                Origin::Fresh(bound) => return self.bound_object(bound, Carrier::Holder),
                Origin::Managed => return None,
                _ => {}
            }
        }
        let name = callee.name.as_str();
        let is_method = callee.receiver.is_some() && callee.full.is_none();
        if is_method || REGISTERING_DECORATORS.contains(name) || says_that_it_keeps(name) {
            return Self::kept(decorator, format!("registered by the decorator `{source}`"));
        }
        Self::likely(decorator, format!("given to the decorator `{source}`, which may keep it"))
    }
}

/// The function that decorates: of `@f`, `@f(x)` and `@partial(f, x)` it is `f`.
fn decorator_function(decorator: &Expr) -> &Expr {
    let func = map_callable(decorator);
    let is_partial = match func {
        Expr::Name(name) => name.id == "partial",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "partial",
        _ => false,
    };
    let first = decorator.as_call_expr().and_then(|call| call.arguments.args.first());
    first.filter(|_| is_partial).unwrap_or(func)
}
