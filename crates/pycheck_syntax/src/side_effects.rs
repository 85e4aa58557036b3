//! What a module does to the import system itself: `sys.path`, `sys.modules`, `__path__`, finders.
//!
//! Few files do any of it, so the tree is searched only where the words stand in the text.

use pycheck_model::{ModuleSummary, PackagePath};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall, Stmt};

use crate::ParsedFile;
use crate::conditions::{Conditions, Truth};

/// Fills the fields of the summary that speak of the import system.
pub(crate) fn note_side_effects<'a>(
    file: &'a ParsedFile,
    conditions: &Conditions<'a>,
    summary: &mut ModuleSummary,
) {
    let words = file.words();
    if words.from_sys || words.import_system {
        let mut effects =
            SideEffects { summary, conditions, function: None, redirecting: Vec::new() };
        effects.visit_body(file.body());
        let redirecting = effects.redirecting;
        summary.redirects_imports |=
            file.body().iter().any(|stmt| calls_one_of(stmt, &redirecting));
    }
}

/// Whether a statement is a call of one of these functions.
fn calls_one_of(stmt: &Stmt, functions: &[&str]) -> bool {
    let Stmt::Expr(node) = stmt else { return false };
    let callee = node.value.as_call_expr().and_then(|call| call.func.as_name_expr());
    callee.is_some_and(|name| functions.contains(&name.id.as_str()))
}

struct SideEffects<'s, 'a> {
    summary: &'s mut ModuleSummary,
    conditions: &'s Conditions<'a>,
    /// The outermost function around the place.
    function: Option<&'a str>,
    /// The functions that edit `sys.path` or install a finder.
    redirecting: Vec<&'a str>,
}

/// What of the import system an expression names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    SearchPath,
    Modules,
    PackagePath,
    Finders,
}

impl SideEffects<'_, '_> {
    fn part(&self, expr: &Expr) -> Option<Part> {
        match self.conditions.names.resolve(expr)?[..] {
            ["sys", "path"] => Some(Part::SearchPath),
            ["sys", "modules"] => Some(Part::Modules),
            ["sys", "meta_path" | "path_hooks"] => Some(Part::Finders),
            [.., "__path__"] => Some(Part::PackagePath),
            _ => None,
        }
    }

    /// The name under which a module is put into `sys.modules`, if it is spelled out.
    fn register(&mut self, key: Option<&Expr>) {
        match key {
            Some(Expr::StringLiteral(name)) => {
                self.summary.registers.push(name.value.to_str().to_owned());
            }
            // The module replaces itself.
            Some(Expr::Name(name)) if name.id == "__name__" => self.summary.alters_imports = true,
            _ => self.note(Part::Modules),
        }
    }

    /// The names under which the values of a mapping are put into `sys.modules`.
    fn register_all(&mut self, mapping: &Expr) {
        let Expr::Dict(dict) = mapping else { return self.register(None) };
        dict.items.iter().for_each(|item| self.register(item.key.as_ref()));
    }

    fn note(&mut self, part: Part) {
        match part {
            Part::SearchPath => {
                self.summary.edits_sys_path = true;
                self.redirect();
            }
            Part::Modules => {
                self.summary.alters_imports = true;
                self.summary.registers_any = true;
            }
            Part::Finders => {
                self.summary.alters_imports = true;
                self.redirect();
            }
            Part::PackagePath => self.summary.package_path = PackagePath::Unknown,
        }
    }

    fn redirect(&mut self) {
        match self.function {
            Some(name) => self.redirecting.push(name),
            None => self.summary.redirects_imports = true,
        }
    }

    fn note_legacy(&mut self) {
        if self.summary.package_path == PackagePath::Own {
            self.summary.package_path = PackagePath::Legacy;
        }
    }

    fn visit_target(&mut self, target: &Expr, value: Option<&Expr>) {
        let (whole, key) = match target {
            Expr::Subscript(subscript) => (&*subscript.value, Some(&*subscript.slice)),
            _ => (target, None),
        };
        match self.part(whole) {
            Some(Part::Modules) => self.register(key),
            Some(Part::PackagePath) if value.is_some_and(is_extend_path) => self.note_legacy(),
            Some(part) => self.note(part),
            // `sys.modules` under another name: what is done to it is not followed.
            None if value.and_then(|value| self.part(value)) == Some(Part::Modules) => {
                self.note(Part::Modules);
            }
            None => {}
        }
    }

    fn visit_call(&mut self, call: &ExprCall) {
        let arguments = &call.arguments.args;
        if let Expr::Attribute(method) = &*call.func {
            let part = self.part(&method.value);
            match (method.attr.as_str(), part) {
                ("setdefault" | "__setitem__", Some(Part::Modules)) => {
                    return self.register(arguments.first());
                }
                ("update", Some(Part::Modules)) => {
                    return self.register_mappings(call, arguments);
                }
                ("pop" | "remove" | "clear", Some(Part::Modules | Part::Finders)) => return,
                (
                    "insert" | "append" | "extend" | "update" | "pop" | "remove" | "clear"
                    | "__setitem__" | "setdefault",
                    Some(part),
                ) => return self.note(part),
                ("addsitedir" | "syspath_prepend", _) => return self.note(Part::SearchPath),
                ("declare_namespace", _) => return self.note_legacy(),
                _ => {}
            }
        }
        self.visit_arguments(call, arguments);
    }

    /// `patch.dict(sys.modules, …)`, `monkeypatch.setitem(sys.modules, …)`, and whatever else gets
    /// hold of `sys.modules`.
    fn visit_arguments(&mut self, call: &ExprCall, arguments: &[Expr]) {
        let is_modules = |argument: &Expr| {
            let is_text = |text: &ruff_python_ast::ExprStringLiteral| text.value == *"sys.modules";
            argument.as_string_literal_expr().is_some_and(is_text)
                || self.part(argument) == Some(Part::Modules)
        };
        let Some((first, others)) = arguments.split_first().filter(|(first, _)| is_modules(first))
        else {
            return;
        };
        let callee = self.conditions.names.resolve(&call.func).unwrap_or_default();
        match callee[..] {
            [.., "setitem"] => self.register(others.first()),
            [.., "dict"] if callee.len() > 1 => self.register_mappings(call, others),
            [name] if ruff_python_stdlib::builtins::is_python_builtin(name, u8::MAX, false) => {}
            [.., "delitem" | "get" | "copy"] => {}
            _ if first.is_string_literal_expr() => {}
            _ => self.register(None),
        }
    }

    /// The mapping and the keywords of `dict.update(…)`.
    fn register_mappings(&mut self, call: &ExprCall, mappings: &[Expr]) {
        for mapping in mappings {
            self.register_all(mapping);
        }
        for keyword in &call.arguments.keywords {
            match &keyword.arg {
                Some(name) => self.summary.registers.push(name.to_string()),
                None => self.register(None),
            }
        }
    }
}

/// `pkgutil.extend_path(…)`, however `pkgutil` is reached.
fn is_extend_path(value: &Expr) -> bool {
    let Expr::Call(call) = value else { return false };
    match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str() == "extend_path",
        Expr::Name(name) => name.id == "extend_path",
        _ => false,
    }
}

impl<'a> Visitor<'a> for SideEffects<'_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) if self.function.is_none() => {
                self.function = Some(def.name.as_str());
                visitor::walk_stmt(self, stmt);
                self.function = None;
                return;
            }
            Stmt::If(node) if self.conditions.decide(&node.test) == Truth::False => {
                node.elif_else_clauses.iter().for_each(|clause| self.visit_body(&clause.body));
                return;
            }
            Stmt::Assign(assign) => {
                assign
                    .targets
                    .iter()
                    .for_each(|target| self.visit_target(target, Some(&assign.value)));
            }
            Stmt::AugAssign(assign) => self.visit_target(&assign.target, None),
            Stmt::AnnAssign(assign) => self.visit_target(&assign.target, assign.value.as_deref()),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) => self.visit_call(call),
            Expr::Name(_) | Expr::StringLiteral(_) | Expr::NumberLiteral(_) => return,
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
