//! What the names of a module's top level stand for: imported modules under any name, constants,
//! classes and functions. Read only where a condition, a handler or a `with` asks.

use std::cell::OnceCell;

use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef, StmtImport, StmtImportFrom,
};
use rustc_hash::FxHashMap;

use crate::ParsedFile;
use crate::nodes::dotted;

/// What a name stands for, if the module binds it once.
#[derive(Clone)]
pub(crate) enum Meaning<'a> {
    /// Something imported: the parts of its own name.
    Imported(Vec<&'a str>),
    /// The value of an assignment.
    Value(&'a Expr),
    /// A class.
    Class(&'a StmtClassDef),
    /// A function.
    Function(&'a StmtFunctionDef),
    /// It depends.
    Several,
}

/// The names of a module's top level.
pub(crate) struct Names<'a> {
    body: &'a [Stmt],
    known: OnceCell<FxHashMap<&'a str, Meaning<'a>>>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(body: &'a [Stmt]) -> Self {
        Self { body, known: OnceCell::new() }
    }

    /// What a name stands for; `None` if the top level does not bind it.
    pub(crate) fn meaning(&self, name: &str) -> Option<&Meaning<'a>> {
        let known = self.known.get_or_init(|| {
            let mut collect = Collect::default();
            collect.block(self.body);
            collect.known
        });
        known.get(name)
    }

    /// The parts of a dotted name, with the module that its first part stands for spelled out:
    /// `s.path` after `import sys as s` is `["sys", "path"]`.
    pub(crate) fn resolve<'e>(&'e self, expr: &'e Expr) -> Option<Vec<&'e str>> {
        let parts = dotted(expr)?;
        let Some(Meaning::Imported(own)) = parts.first().and_then(|first| self.meaning(first))
        else {
            return Some(parts);
        };
        Some(own.iter().chain(&parts[1..]).copied().collect())
    }
}

/// Whether running a file may bind this name: by a statement, or in a way that can't be followed.
pub fn may_bind(file: &ParsedFile, name: &str) -> bool {
    let names = Names::new(file.body());
    let opaque = ["globals()", "vars()", "setattr(", "sys.modules", "global "];
    names.meaning(name).is_some()
        || names.meaning("*").is_some()
        || names.meaning("__getattr__").is_some()
        || file.has_errors()
        || opaque.iter().any(|word| file.text().contains(word))
}

#[derive(Default)]
struct Collect<'a> {
    known: FxHashMap<&'a str, Meaning<'a>>,
    depth: usize,
}

impl<'a> Collect<'a> {
    fn bind(&mut self, name: &'a str, meaning: Meaning<'a>) {
        let entry = self.known.entry(name);
        entry
            .and_modify(|known| {
                let same = matches!(
                    (&*known, &meaning),
                    (Meaning::Imported(one), Meaning::Imported(other)) if one == other
                );
                if !same {
                    *known = Meaning::Several;
                }
            })
            .or_insert(meaning);
    }

    fn block(&mut self, body: &'a [Stmt]) {
        if self.depth >= crate::MAX_DEPTH {
            return;
        }
        self.depth += 1;
        for stmt in body {
            self.stmt(stmt);
        }
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(node) => self.import(node),
            Stmt::ImportFrom(node) => self.import_from(node),
            Stmt::FunctionDef(def) => self.bind(def.name.as_str(), Meaning::Function(def)),
            Stmt::ClassDef(def) => self.bind(def.name.as_str(), Meaning::Class(def)),
            Stmt::Assign(node) => {
                node.targets.iter().for_each(|target| self.target(target, Some(&node.value)));
            }
            Stmt::AnnAssign(node) if node.value.is_some() => {
                self.target(&node.target, node.value.as_deref());
            }
            Stmt::AugAssign(node) => self.target(&node.target, None),
            Stmt::Delete(node) => node.targets.iter().for_each(|target| self.target(target, None)),
            _ => self.compound(stmt),
        }
    }

    fn compound(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::If(node) => {
                self.block(&node.body);
                node.elif_else_clauses.iter().for_each(|clause| self.block(&clause.body));
            }
            Stmt::For(node) => {
                self.target(&node.target, None);
                self.block(&node.body);
                self.block(&node.orelse);
            }
            Stmt::While(node) => {
                self.block(&node.body);
                self.block(&node.orelse);
            }
            Stmt::With(node) => {
                let targets = node.items.iter().filter_map(|item| item.optional_vars.as_deref());
                targets.for_each(|target| self.target(target, None));
                self.block(&node.body);
            }
            Stmt::Match(node) => node.cases.iter().for_each(|case| self.block(&case.body)),
            Stmt::Try(node) => {
                self.block(&node.body);
                for ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    self.block(&handler.body);
                }
                self.block(&node.orelse);
                self.block(&node.finalbody);
            }
            _ => {}
        }
    }

    fn target(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        match target {
            Expr::Name(name) => {
                self.bind(name.id.as_str(), value.map_or(Meaning::Several, Meaning::Value));
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.target(target, None)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.target(target, None)),
            Expr::Starred(starred) => self.target(&starred.value, None),
            _ => {}
        }
    }

    fn import(&mut self, node: &'a StmtImport) {
        for alias in &node.names {
            let path = alias.name.as_str();
            let first = path.split('.').next().unwrap_or(path);
            let (bound, own) = alias.asname.as_ref().map_or_else(
                || (first, vec![first]),
                |name| (name.as_str(), path.split('.').collect()),
            );
            self.bind(bound, Meaning::Imported(own));
        }
    }

    fn import_from(&mut self, node: &'a StmtImportFrom) {
        // What a relative import brings has a name of its own, which no test for a known module fits.
        let mut module: Vec<&str> = if node.level > 0 { vec!["."] } else { Vec::new() };
        module.extend(node.module.iter().flat_map(|name| name.as_str().split('.')));
        for alias in &node.names {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            let mut own = module.clone();
            own.push(alias.name.as_str());
            self.bind(bound, Meaning::Imported(own));
        }
    }
}
