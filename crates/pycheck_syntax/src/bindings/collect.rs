//! The two passes that build [`Bindings`]: note every scope, binding and use; then let each name
//! find its owner.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ExprContext, ExprName, Identifier, ModModule, Parameters,
    Pattern, Stmt, StmtClassDef, StmtFunctionDef, TypeParam, TypeParams,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Binding, BindingKind, Bindings, ImportStatement, Reference, Scope, ScopeId, ScopeKind, Symbol,
    SymbolId,
};
use crate::MAX_DEPTH;

/// Resolves all names of a module.
pub(super) fn collect(module: &ModModule) -> Bindings<'_> {
    let mut collector = Collector::new(module.range());
    collector.visit_body(&module.body);
    collector.resolve()
}

struct Collector<'a> {
    scopes: Vec<Scope<'a>>,
    current: ScopeId,
    depth: usize,
    /// How a name in store position is being bound.
    store: BindingKind<'a>,
    bindings: Vec<(&'a str, Binding<'a>)>,
    references: Vec<(&'a str, Reference)>,
    globals: FxHashSet<(ScopeId, &'a str)>,
    nonlocals: FxHashSet<(ScopeId, &'a str)>,
    by_node: FxHashMap<TextRange, ScopeId>,
    imports: Vec<ImportStatement<'a>>,
}

impl<'a> Collector<'a> {
    fn new(range: TextRange) -> Self {
        let module =
            Scope { kind: ScopeKind::Module, parent: None, range, names: FxHashMap::default() };
        Self {
            scopes: vec![module],
            current: Bindings::MODULE,
            depth: 0,
            store: BindingKind::Assignment(None),
            bindings: Vec::new(),
            references: Vec::new(),
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            by_node: FxHashMap::default(),
            imports: Vec::new(),
        }
    }

    fn in_scope(&mut self, kind: ScopeKind<'a>, range: TextRange, run: impl FnOnce(&mut Self)) {
        let id = ScopeId(self.scopes.len() as u32);
        self.scopes.push(Scope {
            kind,
            parent: Some(self.current),
            range,
            names: FxHashMap::default(),
        });
        if !matches!(kind, ScopeKind::TypeParams) {
            self.by_node.insert(range, id);
        }
        let outer = std::mem::replace(&mut self.current, id);
        run(self);
        self.current = outer;
    }

    fn storing(&mut self, kind: BindingKind<'a>, run: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.store, kind);
        run(self);
        self.store = outer;
    }

    fn bind(&mut self, name: &'a str, range: TextRange, kind: BindingKind<'a>) {
        self.bindings.push((name, Binding { range, within: self.current, kind }));
    }

    fn bind_identifier(&mut self, identifier: &'a Identifier, kind: BindingKind<'a>) {
        self.bind(identifier.as_str(), identifier.range(), kind);
    }

    fn visit_targets(&mut self, targets: &'a [Expr], value: &'a Expr) {
        for target in targets {
            let whole = target.is_name_expr().then_some(value);
            self.storing(BindingKind::Assignment(whole), |this| this.visit_expr(target));
        }
    }

    fn visit_function(&mut self, def: &'a StmtFunctionDef) {
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.visit_defaults(&def.parameters);
        self.bind_identifier(&def.name, BindingKind::Function(def));
        self.with_type_params(def.type_params.as_deref(), |this| {
            this.visit_parameter_annotations(&def.parameters);
            if let Some(returns) = &def.returns {
                this.visit_expr(returns);
            }
            this.in_scope(ScopeKind::Function(def), def.range(), |this| {
                this.bind_parameters(&def.parameters);
                this.visit_body(&def.body);
            });
        });
    }

    fn visit_class(&mut self, def: &'a StmtClassDef) {
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.bind_identifier(&def.name, BindingKind::Class(def));
        self.with_type_params(def.type_params.as_deref(), |this| {
            if let Some(arguments) = &def.arguments {
                this.visit_arguments(arguments);
            }
            this.in_scope(ScopeKind::Class(def), def.range(), |this| this.visit_body(&def.body));
        });
    }

    fn with_type_params(&mut self, params: Option<&'a TypeParams>, run: impl FnOnce(&mut Self)) {
        let Some(params) = params else { return run(self) };
        self.in_scope(ScopeKind::TypeParams, params.range(), |this| {
            for param in &params.type_params {
                this.visit_type_param(param);
            }
            run(this);
        });
    }

    fn visit_defaults(&mut self, parameters: &'a Parameters) {
        for default in parameters.iter_non_variadic_params().filter_map(|param| param.default()) {
            self.visit_expr(default);
        }
    }

    fn visit_parameter_annotations(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            if let Some(annotation) = parameter.annotation() {
                self.visit_expr(annotation);
            }
        }
    }

    fn bind_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            self.bind_identifier(parameter.name(), BindingKind::Parameter(parameter.default()));
        }
    }

    fn visit_comprehension_scope(
        &mut self,
        node: &'a Expr,
        generators: &'a [Comprehension],
        elements: &[Option<&'a Expr>],
    ) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let kind =
            if node.is_generator_expr() { ScopeKind::Generator } else { ScopeKind::Comprehension };
        self.in_scope(kind, node.range(), |this| {
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    this.visit_expr(&generator.iter);
                }
                this.storing(BindingKind::Comprehension, |this| this.visit_expr(&generator.target));
                for condition in &generator.ifs {
                    this.visit_expr(condition);
                }
            }
            for element in elements.iter().flatten() {
                this.visit_expr(element);
            }
        });
    }

    /// A walrus in a comprehension binds in the scope around all comprehensions (PEP 572).
    fn visit_walrus(&mut self, target: &'a Expr, value: &'a Expr) {
        self.visit_expr(value);
        let Expr::Name(name) = target else { return };
        let mut scope = self.current;
        while let Scope {
            kind: ScopeKind::Comprehension | ScopeKind::Generator,
            parent: Some(parent),
            ..
        } = &self.scopes[scope.0 as usize]
        {
            scope = *parent;
        }
        let outer = std::mem::replace(&mut self.current, scope);
        self.bind(&name.id, name.range(), BindingKind::Walrus(value));
        self.current = outer;
    }

    fn visit_name(&mut self, name: &'a ExprName) {
        let reference = Reference { range: name.range(), within: self.current };
        match name.ctx {
            ExprContext::Store => self.bind(&name.id, name.range(), self.store),
            ExprContext::Del => self.bind(&name.id, name.range(), BindingKind::Delete),
            ExprContext::Load | ExprContext::Invalid => self.references.push((&name.id, reference)),
        }
        if let BindingKind::AugAssign(_) = self.store
            && name.ctx == ExprContext::Store
        {
            self.references.push((&name.id, reference));
        }
    }

    /// Lets each binding and each use find the scope that owns its name.
    fn resolve(mut self) -> Bindings<'a> {
        let mut symbols: Vec<Symbol<'a>> = Vec::new();
        let mut by_place = FxHashMap::default();
        let bindings = std::mem::take(&mut self.bindings);
        let (outer, own): (Vec<_>, Vec<_>) = bindings
            .into_iter()
            .partition(|(name, binding)| self.nonlocals.contains(&(binding.within, *name)));
        for (name, binding) in own.into_iter().chain(outer) {
            let owner = self.owner(name, binding.within);
            let id = *self.scopes[owner.0 as usize].names.entry(name).or_insert_with(|| {
                symbols.push(Symbol {
                    name,
                    scope: owner,
                    bindings: Vec::new(),
                    references: Vec::new(),
                });
                SymbolId((symbols.len() - 1) as u32)
            });
            symbols[id.0 as usize].bindings.push(binding);
            by_place.insert(binding.range.start(), id);
        }
        for (name, reference) in std::mem::take(&mut self.references) {
            if let Some(id) = self.visible(name, reference.within) {
                symbols[id.0 as usize].references.push(reference);
                by_place.insert(reference.range.start(), id);
            }
        }
        for symbol in &mut symbols {
            symbol.bindings.sort_by_key(|binding| binding.range.start());
            symbol.references.sort_by_key(|reference| reference.range.start());
        }
        let Self { scopes, by_node, imports, .. } = self;
        Bindings { scopes, symbols, by_place, by_node, imports }
    }

    /// The scope that owns a name bound in `within`.
    fn owner(&self, name: &str, within: ScopeId) -> ScopeId {
        if self.globals.contains(&(within, name)) {
            return Bindings::MODULE;
        }
        if !self.nonlocals.contains(&(within, name)) {
            return within;
        }
        let mut current = self.scopes[within.0 as usize].parent;
        while let Some(id) = current {
            let scope = &self.scopes[id.0 as usize];
            let is_function = matches!(scope.kind, ScopeKind::Function(_) | ScopeKind::Lambda(_));
            if is_function && scope.names.contains_key(name) {
                return id;
            }
            current = scope.parent;
        }
        within
    }

    /// The variable that a name read in `within` means. The names of a class, and what it declares
    /// global, are visible in its own body and in the type parameters there alone.
    fn visible(&self, name: &str, within: ScopeId) -> Option<SymbolId> {
        let mut current = Some(within);
        let mut sees_class = true;
        while let Some(id) = current {
            let scope = &self.scopes[id.0 as usize];
            if sees_class || !matches!(scope.kind, ScopeKind::Class(_)) {
                if self.globals.contains(&(id, name)) {
                    return self.scopes[0].names.get(name).copied();
                }
                if let Some(symbol) = scope.names.get(name) {
                    return Some(*symbol);
                }
            }
            sees_class &= matches!(scope.kind, ScopeKind::TypeParams);
            current = scope.parent;
        }
        None
    }
}

impl<'a> Visitor<'a> for Collector<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match stmt {
            Stmt::FunctionDef(def) => self.visit_function(def),
            Stmt::ClassDef(def) => self.visit_class(def),
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                self.visit_targets(&assign.targets, &assign.value);
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
                self.visit_expr(&assign.annotation);
                let kind = assign
                    .value
                    .as_deref()
                    .map_or(BindingKind::Declaration, BindingKind::Annotated);
                self.storing(kind, |this| this.visit_expr(&assign.target));
            }
            Stmt::AugAssign(assign) => {
                self.visit_expr(&assign.value);
                self.storing(BindingKind::AugAssign(assign), |this| {
                    this.visit_expr(&assign.target);
                });
            }
            Stmt::For(_) | Stmt::With(_) | Stmt::TypeAlias(_) => {
                self.visit_block_with_targets(stmt);
            }
            _ => self.visit_naming_statement(stmt),
        }
        self.depth -= 1;
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match expr {
            Expr::Name(name) => self.visit_name(name),
            Expr::Named(named) => self.visit_walrus(&named.target, &named.value),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_defaults(parameters);
                }
                self.in_scope(ScopeKind::Lambda(lambda), lambda.range(), |this| {
                    if let Some(parameters) = &lambda.parameters {
                        this.bind_parameters(parameters);
                    }
                    this.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(node) => {
                self.visit_comprehension_scope(expr, &node.generators, &[Some(&node.elt)]);
            }
            Expr::SetComp(node) => {
                self.visit_comprehension_scope(expr, &node.generators, &[Some(&node.elt)]);
            }
            Expr::Generator(node) => {
                self.visit_comprehension_scope(expr, &node.generators, &[Some(&node.elt)]);
            }
            Expr::DictComp(node) => {
                self.visit_comprehension_scope(
                    expr,
                    &node.generators,
                    &[node.key.as_deref(), Some(&node.value)],
                );
            }
            _ => visitor::walk_expr(self, expr),
        }
        self.depth -= 1;
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(class) = &handler.type_ {
            self.visit_expr(class);
        }
        if let Some(name) = &handler.name {
            self.bind_identifier(name, BindingKind::Except);
        }
        self.visit_body(&handler.body);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(node) => node.name.as_ref(),
            Pattern::MatchStar(node) => node.name.as_ref(),
            Pattern::MatchMapping(node) => node.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind_identifier(name, BindingKind::Match);
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_type_param(&mut self, param: &'a TypeParam) {
        self.bind_identifier(param.name(), BindingKind::Type);
        visitor::walk_type_param(self, param);
    }
}

impl<'a> Collector<'a> {
    /// Compound statements whose targets bind in a way of their own.
    fn visit_block_with_targets(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::For(node) => {
                self.visit_expr(&node.iter);
                self.storing(BindingKind::For, |this| this.visit_expr(&node.target));
                self.visit_body(&node.body);
                self.visit_body(&node.orelse);
            }
            Stmt::With(node) => {
                for item in &node.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.storing(BindingKind::With, |this| this.visit_expr(target));
                    }
                }
                self.visit_body(&node.body);
            }
            Stmt::TypeAlias(alias) => {
                self.storing(BindingKind::Type, |this| this.visit_expr(&alias.name));
                self.with_type_params(alias.type_params.as_deref(), |this| {
                    this.visit_expr(&alias.value);
                });
            }
            _ => {}
        }
    }

    /// Statements that name names without an expression, and all that need nothing special.
    fn visit_naming_statement(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(node) => {
                self.imports.push(ImportStatement::Import(node));
                for alias in &node.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    let name = bound.as_str().split('.').next().unwrap_or_default();
                    self.bind(name, bound.range(), BindingKind::Import(alias));
                }
            }
            Stmt::ImportFrom(node) => {
                self.imports.push(ImportStatement::From(node));
                for alias in node.names.iter().filter(|alias| &alias.name != "*") {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind_identifier(bound, BindingKind::FromImport(node, alias));
                }
            }
            Stmt::Global(node) => {
                self.globals.extend(node.names.iter().map(|name| (self.current, name.as_str())));
            }
            Stmt::Nonlocal(node) => {
                self.nonlocals.extend(node.names.iter().map(|name| (self.current, name.as_str())));
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }
}
