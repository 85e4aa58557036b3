//! What a dotted expression means, through imports and builtins.

use ruff_python_ast::{Alias, Expr, ExprName, StmtImportFrom};

use super::{BindingKind, Bindings, SymbolId};

impl Bindings<'_> {
    /// The full name of what a name or attribute chain means: `np.where` after `import numpy as np`
    /// gives `numpy.where`, an unshadowed `list` gives `builtins.list`, `from ..m import x` gives
    /// `..m.x`. `None` for local variables and anything else.
    pub fn qualified_name(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Attribute(attribute) => {
                let mut name = self.qualified_name(&attribute.value)?;
                name.push('.');
                name.push_str(&attribute.attr);
                Some(name)
            }
            Expr::Name(name) => self.qualified_variable(name),
            _ => None,
        }
    }

    /// Whether the expression is the builtin of this name, not shadowed.
    pub fn is_builtin(&self, expr: &Expr, name: &str) -> bool {
        matches!(expr, Expr::Name(found) if found.id == name && self.symbol_of(found).is_none())
    }

    fn qualified_variable(&self, name: &ExprName) -> Option<String> {
        let Some(symbol) = self.symbol_of(name) else {
            return is_builtin_name(&name.id).then(|| format!("builtins.{}", name.id));
        };
        self.imported_name(symbol)
    }

    /// The full name of an imported variable. Where several imports bind it (`try` one, `except
    /// ImportError` the other), the first counts; bound by anything else, nothing is claimed.
    pub fn imported_name(&self, symbol: SymbolId) -> Option<String> {
        let names = self.symbol(symbol).bindings.iter().map(|binding| match binding.kind {
            BindingKind::Import(alias) => Some(import_name(alias)),
            BindingKind::FromImport(stmt, alias) => Some(from_import_name(stmt, alias)),
            _ => None,
        });
        let mut first = None;
        for name in names {
            first.get_or_insert(name?);
        }
        first
    }
}

fn import_name(alias: &Alias) -> String {
    let name = alias.name.as_str();
    let bound = if alias.asname.is_some() { name } else { name.split('.').next().unwrap_or(name) };
    bound.to_owned()
}

fn from_import_name(stmt: &StmtImportFrom, alias: &Alias) -> String {
    let mut name = ".".repeat(stmt.level as usize);
    if let Some(module) = &stmt.module {
        name.push_str(module);
        name.push('.');
    }
    name.push_str(&alias.name);
    name
}

fn is_builtin_name(name: &str) -> bool {
    ruff_python_stdlib::builtins::is_python_builtin(name, u8::MAX, false)
}
