//! What a module does to the import system itself: `sys.path`, `sys.modules`, `__path__`, finders.
//!
//! Few files do any of it, so the tree is searched only where the words stand in the text.

use pycheck_model::{Folder, ModuleSummary, PackagePath, PathEdit};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall, Operator, Stmt, StmtFor, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use crate::conditions::{Conditions, Truth};
use crate::names::Meaning;
use crate::path_edits::{Folders, Local};
use crate::{ParsedFile, nodes};

/// Fills the fields of the summary that speak of the import system.
pub(crate) fn note_side_effects<'a>(
    file: &'a ParsedFile,
    conditions: &Conditions<'a>,
    imports: &[TextSize],
    summary: &mut ModuleSummary,
) {
    let words = file.words();
    if words.from_sys || words.import_system {
        let mut effects = SideEffects {
            summary,
            conditions,
            imports,
            function: None,
            redirecting: Vec::new(),
            locals: Vec::new(),
            rounds: Vec::new(),
            later: Vec::new(),
        };
        effects.visit_body(file.body());
        let SideEffects { redirecting, later, .. } = effects;
        summary.redirects_imports |=
            file.body().iter().any(|stmt| called(stmt).is_some_and(|it| redirecting.contains(&it)));
        for (function, folder) in later {
            let call = file.body().iter().find(|stmt| called(stmt) == Some(function));
            let before = call.map_or(0, |call| before(imports, call.start()));
            summary.path_edits.push(PathEdit { before, is_on_import: call.is_some(), folder });
        }
    }
}

/// The first import after a place.
fn before(imports: &[TextSize], place: TextSize) -> u32 {
    imports.partition_point(|start| *start < place) as u32
}

/// The function that a statement calls.
fn called(stmt: &Stmt) -> Option<&str> {
    let Stmt::Expr(node) = stmt else { return None };
    let callee = node.value.as_call_expr().and_then(|call| call.func.as_name_expr());
    callee.map(|name| name.id.as_str())
}

struct SideEffects<'s, 'a> {
    summary: &'s mut ModuleSummary,
    conditions: &'s Conditions<'a>,
    /// Where the imports of the file begin, in order.
    imports: &'s [TextSize],
    /// What names of the function around stand for.
    locals: Vec<Local<'a>>,
    /// The loops around over what is spelled out.
    rounds: Vec<(&'a str, &'a [Expr])>,
    /// The folders that functions put on `sys.path`.
    later: Vec<(&'a str, Folder)>,
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

impl<'a> SideEffects<'_, 'a> {
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

    /// Folders are put on `sys.path`; `None` if they are not spelled out.
    fn add_folders(&mut self, added: Option<Vec<&'a Expr>>, at: TextSize) {
        let folders: Option<Vec<Vec<Folder>>> =
            added.and_then(|it| it.into_iter().map(|expr| self.folders(expr)).collect());
        let Some(folders) = folders else { return self.note(Part::SearchPath) };
        for folder in folders.into_iter().flatten() {
            if let Some(function) = self.function {
                self.later.push((function, folder));
                continue;
            }
            let before = before(self.imports, at);
            self.summary.path_edits.push(PathEdit { before, is_on_import: true, folder });
        }
    }

    /// The folder that an expression names, or those that it names in the rounds of a loop.
    fn folders(&self, expr: &Expr) -> Option<Vec<Folder>> {
        let conditions = self.conditions;
        let Some((name, values)) = self.rounds.last() else {
            let folders = Folders { conditions, locals: &self.locals };
            return Some(vec![folders.folder(expr)?]);
        };
        let in_round = |value| {
            let mut locals = self.locals.clone();
            locals.push((name, value));
            Folders { conditions, locals: &locals }.folder(expr)
        };
        values.iter().map(in_round).collect()
    }

    /// What a list adds to the `sys.path` that it may hold itself.
    fn added_by(&self, list: &'a Expr) -> Option<Vec<&'a Expr>> {
        match list {
            Expr::List(list) => self.elements(&list.elts),
            Expr::Tuple(tuple) => self.elements(&tuple.elts),
            Expr::BinOp(node) if node.op == Operator::Add => {
                Some([self.added_by(&node.left)?, self.added_by(&node.right)?].concat())
            }
            Expr::Subscript(node) if node.slice.is_slice_expr() => self.added_by(&node.value),
            _ => (self.part(list) == Some(Part::SearchPath)).then(Vec::new),
        }
    }

    fn elements(&self, elements: &'a [Expr]) -> Option<Vec<&'a Expr>> {
        let mut all = Vec::new();
        for element in elements {
            match element {
                Expr::Starred(starred) => all.extend(self.added_by(&starred.value)?),
                _ => all.push(element),
            }
        }
        Some(all)
    }

    /// What an assignment to `sys.path`, or to a part of it, adds.
    fn assign_path(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        let is_item = target.as_subscript_expr().is_some_and(|it| !it.slice.is_slice_expr());
        let added =
            value.and_then(|value| if is_item { Some(vec![value]) } else { self.added_by(value) });
        self.add_folders(added, target.start());
    }

    /// Values that names of a function get once.
    fn enter_function(&mut self, def: &'a StmtFunctionDef) {
        let mut found: Vec<Local<'a>> = Vec::new();
        let mut several: Vec<&str> = Vec::new();
        nodes::each_statement(&def.body, &mut |stmt| {
            if let Stmt::Assign(node) = stmt
                && let [Expr::Name(name)] = &node.targets[..]
            {
                if found.iter().any(|(known, _)| *known == name.id.as_str()) {
                    several.push(name.id.as_str());
                }
                found.push((name.id.as_str(), &*node.value));
            }
        });
        found.retain(|(name, _)| !several.contains(name));
        self.locals = found;
    }

    /// The values over which a loop goes, if they are spelled out.
    fn round(&self, node: &'a StmtFor) -> Option<(&'a str, &'a [Expr])> {
        let name = node.target.as_name_expr()?;
        let values = match &*node.iter {
            Expr::Name(list) => match self.conditions.names.meaning(&list.id)? {
                Meaning::Value(value) => *value,
                _ => return None,
            },
            iter => iter,
        };
        let values = match values {
            Expr::List(list) => list.elts.as_slice(),
            Expr::Tuple(tuple) => tuple.elts.as_slice(),
            _ => return None,
        };
        Some((name.id.as_str(), values))
    }

    fn visit_target(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        let (whole, key) = match target {
            Expr::Subscript(subscript) => (&*subscript.value, Some(&*subscript.slice)),
            _ => (target, None),
        };
        match self.part(whole) {
            Some(Part::Modules) => self.register(key),
            Some(Part::SearchPath) => self.assign_path(target, value),
            Some(Part::PackagePath) if value.is_some_and(is_extend_path) => self.note_legacy(),
            Some(part) => self.note(part),
            // `sys.modules` under another name: what is done to it is not followed.
            None if value.and_then(|value| self.part(value)) == Some(Part::Modules) => {
                self.note(Part::Modules);
            }
            None => {}
        }
    }

    fn visit_call(&mut self, call: &'a ExprCall) {
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
                ("insert", Some(Part::SearchPath)) => {
                    return self.add_folders(arguments.get(1).map(|it| vec![it]), call.start());
                }
                ("append", Some(Part::SearchPath)) | ("addsitedir", _) => {
                    return self.add_folders(arguments.first().map(|it| vec![it]), call.start());
                }
                ("extend", Some(Part::SearchPath)) => {
                    let added = arguments.first().and_then(|list| self.added_by(list));
                    return self.add_folders(added, call.start());
                }
                (
                    "insert" | "append" | "extend" | "update" | "pop" | "remove" | "clear"
                    | "__setitem__" | "setdefault",
                    Some(part),
                ) => return self.note(part),
                ("syspath_prepend", _) => return self.note(Part::SearchPath),
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
                self.enter_function(def);
                visitor::walk_stmt(self, stmt);
                self.locals.clear();
                self.function = None;
                return;
            }
            Stmt::For(node) => {
                let round = self.round(node);
                self.rounds.extend(round);
                visitor::walk_stmt(self, stmt);
                self.rounds.truncate(self.rounds.len() - usize::from(round.is_some()));
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
            Stmt::AugAssign(assign) => self.visit_target(&assign.target, Some(&assign.value)),
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
