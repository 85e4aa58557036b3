//! In what form a value carries the function, and what calling or reading it gives.

use pycheck_syntax::bindings::{BindingKind, SymbolId};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_node};
use ruff_python_ast::{AnyNodeRef, Expr, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::places::{is_function_like, names_in};
use crate::rule::Context;

/// The form in which a value carries a function that reads the variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// The function: a call runs it to its end.
    Function,
    /// A function whose call gives a generator.
    GeneratorFunction,
    /// A function whose call gives a coroutine.
    CoroutineFunction,
    /// A function whose call gives another function that reads the variable too.
    Factory,
    /// A class with the function among its methods.
    Class,
    /// An iterator that runs the function step by step.
    Lazy,
    /// A coroutine that has not run yet.
    Coroutine,
    /// An iterator whose steps make the functions.
    Stream,
    /// An iterator whose steps make iterators that run the function.
    StreamOfLazy,
    /// An object that refers to the function.
    Holder,
}

impl Carrier {
    /// What a call gives, if that still carries the function.
    pub(super) fn result(self) -> Option<Self> {
        match self {
            Self::GeneratorFunction => Some(Self::Lazy),
            Self::CoroutineFunction => Some(Self::Coroutine),
            Self::Factory => Some(Self::Function),
            Self::Class => Some(Self::Holder),
            _ => None,
        }
    }

    /// What an element of it carries.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Holder | Self::Stream => Self::Function,
            Self::StreamOfLazy => Self::Lazy,
            _ => self,
        }
    }

    /// Whether each step makes what it carries.
    pub(super) fn is_stream(self) -> bool {
        matches!(self, Self::Stream | Self::StreamOfLazy)
    }

    /// Whether it is a function, to be called.
    pub(super) fn is_callable(self) -> bool {
        matches!(
            self,
            Self::Function | Self::GeneratorFunction | Self::CoroutineFunction | Self::Factory
        )
    }
}

/// The form in which a function, lambda or generator expression comes into being.
pub(super) fn carrier_of(cx: &Context<'_>, node: AnyNodeRef<'_>, variable: SymbolId) -> Carrier {
    match node {
        AnyNodeRef::ExprGenerator(_) => Carrier::Lazy,
        AnyNodeRef::ExprLambda(lambda) => match &*lambda.body {
            Expr::Lambda(inner) if uses(cx, AnyNodeRef::from(inner), variable) => Carrier::Factory,
            Expr::Generator(_) | Expr::Yield(_) | Expr::YieldFrom(_) => Carrier::GeneratorFunction,
            _ => Carrier::Function,
        },
        AnyNodeRef::StmtFunctionDef(def) if yields(def) => Carrier::GeneratorFunction,
        AnyNodeRef::StmtFunctionDef(def) if def.is_async => Carrier::CoroutineFunction,
        AnyNodeRef::StmtFunctionDef(def) if returns_function(cx, def, variable) => Carrier::Factory,
        _ => Carrier::Function,
    }
}

/// Whether a call of the function gives a generator.
pub(super) fn yields(def: &StmtFunctionDef) -> bool {
    own_nodes(def)
        .iter()
        .any(|node| matches!(node, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)))
}

fn uses(cx: &Context<'_>, node: AnyNodeRef<'_>, variable: SymbolId) -> bool {
    names_in(node).into_iter().any(|name| cx.bindings().symbol_of(name) == Some(variable))
}

fn returns_function(cx: &Context<'_>, def: &StmtFunctionDef, variable: SymbolId) -> bool {
    own_nodes(def).into_iter().any(|node| {
        let AnyNodeRef::StmtReturn(stmt) = node else { return false };
        match stmt.value.as_deref() {
            Some(value @ (Expr::Lambda(_) | Expr::Generator(_))) => {
                uses(cx, AnyNodeRef::from(value), variable)
            }
            Some(Expr::Name(name)) => cx.bindings().symbol_of(name).is_some_and(|symbol| {
                cx.bindings().symbol(symbol).bindings.iter().any(|binding| match binding.kind {
                    BindingKind::Function(inner) => {
                        def.body.iter().any(|stmt| stmt.range().contains_range(inner.range))
                            && uses(cx, AnyNodeRef::from(inner), variable)
                    }
                    _ => false,
                })
            }),
            _ => false,
        }
    })
}

/// The nodes of a function that run when it is called, without those of functions in it.
fn own_nodes(def: &StmtFunctionDef) -> Vec<AnyNodeRef<'_>> {
    struct Own<'a>(Vec<AnyNodeRef<'a>>);
    impl<'a> SourceOrderVisitor<'a> for Own<'a> {
        fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
            self.0.push(node);
            if is_function_like(node) || matches!(node, AnyNodeRef::StmtClassDef(_)) {
                TraversalSignal::Skip
            } else {
                TraversalSignal::Traverse
            }
        }
    }
    let mut own = Own(Vec::new());
    for stmt in &def.body {
        walk_node(&mut own, AnyNodeRef::from(stmt));
    }
    own.0
}
