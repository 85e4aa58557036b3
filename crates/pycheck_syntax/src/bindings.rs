//! The scopes and names of one file, resolved as CPython's symbol table does
//! (language reference, section 4.2, and `Python/symtable.c`).
//!
//! A [`Symbol`] is a name in the scope that owns it. All bindings and all uses of a name that mean
//! the same variable share one symbol: `global` and `nonlocal` are followed, class scopes are
//! invisible to the functions in them, a walrus in a comprehension binds outside of it.

mod collect;
mod qualified;
#[cfg(test)]
mod tests;

use ruff_python_ast::{
    Alias, Expr, ExprLambda, ExprName, StmtAugAssign, StmtClassDef, StmtFunctionDef, StmtImport,
    StmtImportFrom,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

/// An index into the scopes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub(crate) u32);

/// An index into the symbols of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub(crate) u32);

/// What opens a scope.
#[derive(Debug, Clone, Copy)]
pub enum ScopeKind<'a> {
    /// The file.
    Module,
    /// The body of a class.
    Class(&'a StmtClassDef),
    /// The body of a function, with its parameters.
    Function(&'a StmtFunctionDef),
    /// A lambda, with its parameters.
    Lambda(&'a ExprLambda),
    /// A comprehension or generator expression, without its first iterable.
    Comprehension,
    /// A generator expression, without its first iterable: its body runs later, like a function's.
    Generator,
    /// Type parameters of a function, class or type alias.
    TypeParams,
}

/// A region of text with names of its own.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What opens it.
    pub kind: ScopeKind<'a>,
    /// The scope around it; `None` for the module.
    pub parent: Option<ScopeId>,
    /// The node that opens it.
    pub range: TextRange,
    pub(crate) names: FxHashMap<&'a str, SymbolId>,
}

/// One variable.
#[derive(Debug)]
pub struct Symbol<'a> {
    /// Its name.
    pub name: &'a str,
    /// The scope that owns it.
    pub scope: ScopeId,
    /// Every place that binds it, in source order.
    pub bindings: Vec<Binding<'a>>,
    /// Every place that reads it, in source order.
    pub references: Vec<Reference>,
}

/// A place that binds a name.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    /// The name's place.
    pub range: TextRange,
    /// The scope in whose text it stands; another than the symbol's after `global` or `nonlocal`.
    pub within: ScopeId,
    /// How it binds.
    pub kind: BindingKind<'a>,
}

/// The ways to bind a name (language reference, section 4.2.1).
#[derive(Debug, Clone, Copy)]
pub enum BindingKind<'a> {
    /// `name = value`; the value only when the name is the whole target.
    Assignment(Option<&'a Expr>),
    /// `name: T = value`.
    Annotated(&'a Expr),
    /// `name: T` without a value, which binds nothing at run time.
    Declaration,
    /// `name += value`.
    AugAssign(&'a StmtAugAssign),
    /// `name := value`.
    Walrus(&'a Expr),
    /// A target of `for`.
    For,
    /// A target of a comprehension's `for`.
    Comprehension,
    /// A target of `with … as`.
    With,
    /// `except … as name`, unbound again at the handler's end.
    Except,
    /// A capture of a `match` pattern.
    Match,
    /// `import a.b` or `import a.b as name`.
    Import(&'a Alias),
    /// `from m import name`.
    FromImport(&'a StmtImportFrom, &'a Alias),
    /// `def name` or `async def name`.
    Function(&'a StmtFunctionDef),
    /// `class name`.
    Class(&'a StmtClassDef),
    /// A parameter, with its default.
    Parameter(Option<&'a Expr>),
    /// `del name`.
    Delete,
    /// A type parameter or a `type` alias.
    Type,
}

/// A place that reads a name.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The name's place.
    pub range: TextRange,
    /// The scope in whose text it stands.
    pub within: ScopeId,
}

/// The scopes and names of one file.
#[derive(Debug)]
pub struct Bindings<'a> {
    scopes: Vec<Scope<'a>>,
    symbols: Vec<Symbol<'a>>,
    /// Where a name starts → what it means; absent for names that nothing in the file binds.
    by_place: FxHashMap<TextSize, SymbolId>,
    by_node: FxHashMap<TextRange, ScopeId>,
    imports: Vec<ImportStatement<'a>>,
}

/// An import statement of the file, wherever it stands.
#[derive(Debug, Clone, Copy)]
pub enum ImportStatement<'a> {
    /// `import a.b, c`.
    Import(&'a StmtImport),
    /// `from m import name`, or `*`.
    From(&'a StmtImportFrom),
}

impl<'a> Bindings<'a> {
    /// Resolves all names of a module.
    pub fn new(file: &'a crate::ParsedFile) -> Self {
        collect::collect(file.module())
    }

    /// The scope of the module.
    pub const MODULE: ScopeId = ScopeId(0);

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    /// A variable.
    pub fn symbol(&self, id: SymbolId) -> &Symbol<'a> {
        &self.symbols[id.0 as usize]
    }

    /// All variables of the file.
    pub fn symbols(&self) -> impl Iterator<Item = (SymbolId, &Symbol<'a>)> {
        self.symbols.iter().enumerate().map(|(index, symbol)| (SymbolId(index as u32), symbol))
    }

    /// What a name expression means, whether it reads, binds or deletes; `None` for a builtin, or
    /// a name that nothing in the file binds.
    pub fn symbol_of(&self, name: &ExprName) -> Option<SymbolId> {
        self.symbol_at(name.range().start())
    }

    /// The same for any name by the place where it starts: a parameter, a function's name, an
    /// import's alias.
    pub fn symbol_at(&self, start: TextSize) -> Option<SymbolId> {
        self.by_place.get(&start).copied()
    }

    /// The variable called `name` that is owned by exactly this scope.
    pub fn symbol_in(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        self.scope(scope).names.get(name).copied()
    }

    /// What `name` would mean if it were read in this scope, leaving `global` aside.
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        let mut current = Some(scope);
        let mut sees_class = true;
        while let Some(id) = current {
            let data = self.scope(id);
            let visible = sees_class || !matches!(data.kind, ScopeKind::Class(_));
            if let Some(symbol) = data.names.get(name).filter(|_| visible) {
                return Some(*symbol);
            }
            sees_class &= matches!(data.kind, ScopeKind::TypeParams);
            current = data.parent;
        }
        None
    }

    /// The scope that a function, class, lambda or comprehension opens.
    pub fn scope_of(&self, node: impl Ranged) -> Option<ScopeId> {
        self.by_node.get(&node.range()).copied()
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn is_within(&self, inner: ScopeId, outer: ScopeId) -> bool {
        let mut current = Some(inner);
        while let Some(id) = current {
            if id == outer {
                return true;
            }
            current = self.scope(id).parent;
        }
        false
    }

    /// The nearest function or lambda scope at or around `scope`.
    pub fn enclosing_function(&self, scope: ScopeId) -> Option<ScopeId> {
        let mut current = Some(scope);
        while let Some(id) = current {
            if matches!(self.scope(id).kind, ScopeKind::Function(_) | ScopeKind::Lambda(_)) {
                return Some(id);
            }
            current = self.scope(id).parent;
        }
        None
    }

    /// The only binding of a variable, if there is exactly one that binds at run time.
    pub fn only_binding(&self, symbol: SymbolId) -> Option<Binding<'a>> {
        let real = |binding: &&Binding<'a>| !matches!(binding.kind, BindingKind::Declaration);
        let mut bindings = self.symbol(symbol).bindings.iter().filter(real);
        let first = bindings.next()?;
        bindings.next().is_none().then_some(*first)
    }

    /// The value of a variable that is assigned exactly once, as a whole.
    pub fn only_value(&self, symbol: SymbolId) -> Option<&'a Expr> {
        match self.only_binding(symbol)?.kind {
            BindingKind::Assignment(value) => value,
            BindingKind::Annotated(value) | BindingKind::Walrus(value) => Some(value),
            _ => None,
        }
    }

    /// Every import statement, in source order.
    pub fn imports(&self) -> &[ImportStatement<'a>] {
        &self.imports
    }

    /// Whether `from m import *` stands anywhere in the file: an unbound name may come from there.
    pub fn has_star_import(&self) -> bool {
        self.imports.iter().any(|import| match import {
            ImportStatement::Import(_) => false,
            ImportStatement::From(stmt) => stmt.names.iter().any(|alias| &alias.name == "*"),
        })
    }
}
