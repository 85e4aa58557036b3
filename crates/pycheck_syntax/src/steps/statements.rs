//! What each kind of statement does.

use pycheck_model::{CompactString, Exception, Exports, Handler, Import, Raised, Step, Try};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Decorator, Expr, Stmt, StmtAnnAssign, StmtAugAssign, StmtClassDef, StmtFunctionDef, StmtImport,
    StmtImportFrom, StmtRaise,
};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::Steps;
use super::expressions::{evaluate, parameters};
use crate::conditions::Truth;
use crate::import_calls::{not_there, skipped_without};
use crate::names::Meaning;
use crate::{MAX_DEPTH, nodes};

impl Steps<'_, '_> {
    pub(super) fn block(&mut self, body: &[Stmt]) -> Vec<Step> {
        let mut steps = Vec::new();
        self.block_into(body, &mut steps);
        steps
    }

    pub(super) fn block_into(&mut self, body: &[Stmt], steps: &mut Vec<Step>) {
        if self.depth >= MAX_DEPTH {
            self.body.is_open = true;
            return;
        }
        self.depth += 1;
        for stmt in body {
            self.statement(stmt, steps);
        }
        self.depth -= 1;
    }

    fn statement(&mut self, stmt: &Stmt, steps: &mut Vec<Step>) {
        if self.is_guarded && self.may_raise(stmt) {
            steps.push(Step::Risk);
        }
        match stmt {
            Stmt::Import(node) => self.import(node, steps),
            Stmt::ImportFrom(node) => self.import_from(node, steps),
            Stmt::FunctionDef(node) => self.function(node, steps),
            Stmt::ClassDef(node) => self.class(node, steps),
            Stmt::Assign(node) => {
                evaluate(self, &node.value, steps);
                if let Expr::Call(call) = &*node.value
                    && let Some(step) = self.import_or_skip(call)
                {
                    steps.push(step);
                }
                node.targets.iter().for_each(|it| self.target(it, Some(&node.value), steps));
            }
            Stmt::AnnAssign(node) => self.annotated(node, steps),
            Stmt::AugAssign(node) => self.augmented(node, steps),
            Stmt::Delete(node) => node.targets.iter().for_each(|it| self.delete(it, steps)),
            Stmt::Expr(node) => self.expression(&node.value, steps),
            Stmt::Return(node) => {
                if let Some(value) = &node.value {
                    evaluate(self, value, steps);
                }
                steps.push(Step::Leave);
            }
            Stmt::Break(_) | Stmt::Continue(_) => steps.push(Step::Leave),
            Stmt::Raise(node) => self.raise(node, steps),
            Stmt::Assert(node) => self.assert(&node.test, steps),
            Stmt::TypeAlias(node) => self.target(&node.name, None, steps),
            _ => self.compound(stmt, steps),
        }
    }

    fn compound(&mut self, stmt: &Stmt, steps: &mut Vec<Step>) {
        match stmt {
            Stmt::If(node) => self.if_statement(node, steps),
            Stmt::For(node) => self.for_loop(node, steps),
            Stmt::While(node) => self.while_loop(node, steps),
            Stmt::With(node) => self.with(node, steps),
            Stmt::Match(node) => self.match_statement(node, steps),
            Stmt::Try(node) => self.try_statement(node, steps),
            _ => {}
        }
    }

    fn import(&mut self, node: &StmtImport, steps: &mut Vec<Step>) {
        for alias in &node.names {
            if node.is_lazy {
                let first = alias.name.split('.').next().unwrap_or_default();
                let bound = alias.asname.as_ref().map_or(first, |name| name.as_str());
                self.bind(bound, steps);
            } else if let Some(index) = self.import_in(alias.range()) {
                steps.push(Step::Import(index));
                self.imported(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), steps);
            }
        }
    }

    fn import_from(&mut self, node: &StmtImportFrom, steps: &mut Vec<Step>) {
        let index = self.import_in(node.range()).filter(|_| !node.is_lazy);
        if let Some(index) = index {
            steps.push(Step::Import(index));
        }
        for alias in &node.names {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            match index {
                Some(_) => self.imported(bound, steps),
                None => self.bind(bound, steps),
            }
        }
    }

    /// An import binds a name of the class or the function around it, unless that is a global one.
    fn imported(&mut self, bound: &str, steps: &mut Vec<Step>) {
        if self.in_class() {
            // The run keeps what it stands for.
            self.class_names.retain(|known| known != bound);
        } else if self.function_globals.is_some() {
            self.bind(bound.split('.').next().unwrap_or(bound), steps);
        }
    }

    fn decorators(&mut self, list: &[Decorator], steps: &mut Vec<Step>) {
        for decorator in list {
            evaluate(self, &decorator.expression, steps);
        }
    }

    fn function(&mut self, node: &StmtFunctionDef, steps: &mut Vec<Step>) {
        self.decorators(&node.decorator_list, steps);
        parameters(self, &node.parameters, steps);
        if let Some(returns) = node.returns.as_deref().filter(|_| self.evaluates_annotations) {
            evaluate(self, returns, steps);
        }
        self.bind(node.name.as_str(), steps);
        self.note_binding(node.name.as_str(), node.name.range());
        if node.name.as_str() == "__getattr__" {
            let mut raises = false;
            nodes::each_statement(&node.body, &mut |stmt| raises |= stmt.is_raise_stmt());
            self.body.answers_all = !raises;
        }
        self.doubt_globals(&node.body, steps);
    }

    /// Follows the functions of the module that are called while it runs, and those that they call,
    /// if some function imports something or binds globals.
    pub(super) fn follow_calls(&mut self, imports: &[Import]) {
        let matters = self.has_globals || imports.iter().any(|import| import.context.is_some());
        let mut next = 0;
        while let Some(name) = self.called.get(next).copied().filter(|_| matters) {
            next += 1;
            let is_known = self.body.functions.iter().any(|(known, _)| *known == name);
            let text = self.body.names[name as usize].clone();
            if let Some(Meaning::Function(def)) = self.conditions.names.meaning(&text)
                && !is_known
                && def.decorator_list.is_empty()
                && !def.is_async
            {
                self.followed(def);
            }
        }
    }

    /// A function whose calls are followed: what it imports and which globals it binds.
    fn followed(&mut self, node: &StmtFunctionDef) {
        let name = self.name(node.name.as_str());
        let globals = self.globals_of(&node.body).into_iter().collect();
        let outer = self.function_globals.replace(globals);
        self.function_names = own_names(node);
        let guarded = std::mem::replace(&mut self.is_guarded, false);
        let body = self.block(&node.body);
        self.function_globals = outer;
        self.function_names.clear();
        self.is_guarded = guarded;
        self.body.functions.push((name, body));
    }

    /// Names that a function declares `global` may be bound by whoever calls it.
    fn doubt_globals(&mut self, body: &[Stmt], steps: &mut Vec<Step>) {
        for name in self.globals_of(body) {
            let name = self.name(&name);
            steps.push(Step::Doubt(name));
        }
    }

    fn globals_of(&self, body: &[Stmt]) -> Vec<CompactString> {
        let mut names: Vec<CompactString> = Vec::new();
        if self.has_globals {
            nodes::each_statement(body, &mut |stmt| {
                if let Stmt::Global(node) = stmt {
                    names.extend(node.names.iter().map(|name| CompactString::from(name.as_str())));
                }
            });
        }
        names
    }

    fn class(&mut self, node: &StmtClassDef, steps: &mut Vec<Step>) {
        self.decorators(&node.decorator_list, steps);
        if let Some(arguments) = &node.arguments {
            arguments.args.iter().for_each(|base| evaluate(self, base, steps));
            arguments.keywords.iter().for_each(|it| evaluate(self, &it.value, steps));
        }
        let outer = self.class_names.len();
        self.class_depth += 1;
        let body = self.block(&node.body);
        self.class_depth -= 1;
        self.class_names.truncate(outer);
        if !body.is_empty() {
            steps.push(Step::Class(body));
        }
        self.bind(node.name.as_str(), steps);
        self.note_binding(node.name.as_str(), node.name.range());
    }

    pub(super) fn target(&mut self, target: &Expr, value: Option<&Expr>, steps: &mut Vec<Step>) {
        if let Expr::Name(name) = target {
            self.note_binding(&name.id, name.range());
        }
        match target {
            Expr::Name(name) if name.id == "__all__" && !self.in_class() => match value {
                Some(value) => self.assign_exports(value, steps),
                None => steps.push(Step::Exports(Box::new(Exports::Unknown))),
            },
            Expr::Name(name) => match value.and_then(|value| self.chain(value)) {
                Some(chain) if !self.in_class() => {
                    let name = self.name(&name.id);
                    steps.push(Step::Copy(name, Box::new(chain)));
                }
                _ => self.bind(&name.id, steps),
            },
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|it| self.target(it, None, steps)),
            Expr::List(list) => list.elts.iter().for_each(|it| self.target(it, None, steps)),
            Expr::Starred(starred) => self.target(&starred.value, None, steps),
            Expr::Attribute(attribute) => match self.chain(target) {
                Some(chain) => steps.push(Step::Store(Box::new(chain))),
                None => evaluate(self, &attribute.value, steps),
            },
            Expr::Subscript(subscript) => {
                evaluate(self, &subscript.value, steps);
                evaluate(self, &subscript.slice, steps);
                doubt_exports(&subscript.value, steps);
            }
            _ => {}
        }
    }

    fn annotated(&mut self, node: &StmtAnnAssign, steps: &mut Vec<Step>) {
        if let Some(value) = &node.value {
            evaluate(self, value, steps);
        }
        if self.evaluates_annotations && self.function_globals.is_none() {
            evaluate(self, &node.annotation, steps);
        }
        if node.value.is_some() {
            self.target(&node.target, node.value.as_deref(), steps);
        }
    }

    fn augmented(&mut self, node: &StmtAugAssign, steps: &mut Vec<Step>) {
        evaluate(self, &node.value, steps);
        match &*node.target {
            Expr::Name(name) if name.id == "__all__" && !self.in_class() => {
                self.add_exports(&node.value, steps);
            }
            target => self.target(target, None, steps),
        }
    }

    fn delete(&mut self, target: &Expr, steps: &mut Vec<Step>) {
        match target {
            Expr::Name(name) if self.in_class() => self.class_names.retain(|it| *it != *name.id),
            Expr::Name(name) => {
                if name.id == "__all__" {
                    steps.push(Step::Exports(Box::new(Exports::Unknown)));
                }
                let name = self.name(&name.id);
                steps.push(Step::Delete(name));
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|it| self.delete(it, steps)),
            Expr::List(list) => list.elts.iter().for_each(|it| self.delete(it, steps)),
            Expr::Attribute(_) => self.target(target, None, steps),
            Expr::Subscript(subscript) => {
                evaluate(self, &subscript.value, steps);
                doubt_exports(&subscript.value, steps);
            }
            _ => {}
        }
    }

    fn expression(&mut self, expr: &Expr, steps: &mut Vec<Step>) {
        if let Expr::Call(call) = expr {
            if self.call_on_exports(call, steps) {
                return;
            }
            if let Some(step) = self.ending(&call.func, call) {
                evaluate(self, expr, steps);
                steps.push(step);
                return;
            }
        }
        evaluate(self, expr, steps);
    }

    /// Calls that end the program or skip the rest of the module.
    fn ending(&self, callee: &Expr, call: &ruff_python_ast::ExprCall) -> Option<Step> {
        let last = match callee {
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Name(name) => name.id.as_str(),
            _ => return None,
        };
        let is_end = matches!(last, "exit" | "_exit" | "abort" | "quit" | "skip" | "importorskip");
        let may_be_one = self.renames_exit && callee.is_name_expr();
        if !is_end && !may_be_one {
            return None;
        }
        match self.conditions.names.resolve(callee)?[..] {
            ["sys" | "os", "exit" | "_exit" | "abort"] | ["exit" | "quit"] => Some(Step::Exit),
            [.., "skip"] if call.arguments.find_keyword("allow_module_level").is_some() => {
                Some(Step::Exit)
            }
            [.., "importorskip"] => {
                let unknown = || Step::Branch(vec![vec![Step::Exit], Vec::new()]);
                Some(self.import_or_skip(call).unwrap_or_else(unknown))
            }
            _ => None,
        }
    }

    /// `pytest.importorskip("name")` skips the rest of the module if there is no such module.
    fn import_or_skip(&self, call: &ruff_python_ast::ExprCall) -> Option<Step> {
        let is_asked = self.has_calls && skipped_without(call, &self.conditions.names).is_some();
        let import = is_asked.then(|| self.starts.binary_search(&call.end()).ok())??;
        Some(Step::Try(Box::new(Try {
            body: vec![Step::Import(import as u32)],
            handlers: vec![Handler {
                catches: not_there(),
                body: vec![Step::Exit],
                ..Handler::default()
            }],
            ..Try::default()
        })))
    }

    fn raise(&mut self, node: &StmtRaise, steps: &mut Vec<Step>) {
        let Some(raised) = node.exc.as_deref() else {
            return steps.push(Step::Raise(Raised::Again));
        };
        evaluate(self, raised, steps);
        let raised_name = raised.as_name_expr().map(|name| name.id.as_str());
        if raised_name.is_some() && raised_name == self.handled_name.as_deref() {
            return steps.push(Step::Raise(Raised::Again));
        }
        let exception = self.conditions.raised(raised);
        steps.push(Step::Raise(Raised::Class(exception)));
    }

    fn assert(&mut self, test: &Expr, steps: &mut Vec<Step>) {
        evaluate(self, test, steps);
        if self.conditions.decide(test) == Truth::False {
            steps.push(Step::Raise(Raised::Class(Exception::from_class("AssertionError"))));
        }
    }
}

/// The names that a function binds by parameters and assignments.
fn own_names(node: &StmtFunctionDef) -> FxHashSet<CompactString> {
    struct Stores(FxHashSet<CompactString>);
    impl<'a> Visitor<'a> for Stores {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Name(name) = expr
                && name.ctx.is_store()
            {
                self.0.insert(name.id.as_str().into());
            }
            visitor::walk_expr(self, expr);
        }
    }
    let parameters = node.parameters.iter().map(|parameter| parameter.name().as_str().into());
    let mut stores = Stores(parameters.collect());
    stores.visit_body(&node.body);
    stores.0
}

/// `__all__[…] = …` and the like.
fn doubt_exports(changed: &Expr, steps: &mut Vec<Step>) {
    if changed.as_name_expr().is_some_and(|name| name.id == "__all__") {
        steps.push(Step::Exports(Box::new(Exports::Unknown)));
    }
}
