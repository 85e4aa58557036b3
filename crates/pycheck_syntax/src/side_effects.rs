//! What a module does to the import system itself: `sys.path`, `sys.modules`, `__path__`, finders.
//!
//! Few files do any of it, so the tree is searched only where the words stand in the text.

use pycheck_model::{ModuleSummary, PackagePath};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall, Stmt};

use crate::ParsedFile;
use crate::nodes::dotted;

/// Fills the fields of the summary that speak of the import system.
pub(crate) fn note_side_effects(file: &ParsedFile, summary: &mut ModuleSummary) {
    let words = file.words();
    let from_sys = words.from_sys;
    if from_sys || words.import_system {
        SideEffects { summary, from_sys }.visit_body(file.body());
    }
}

struct SideEffects<'s> {
    summary: &'s mut ModuleSummary,
    /// `path` and `modules` alone may be those of `sys`.
    from_sys: bool,
}

/// What of the import system an expression names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    SearchPath,
    Modules,
    PackagePath,
    Finders,
}

impl SideEffects<'_> {
    fn part(&self, expr: &Expr) -> Option<Part> {
        let expr = match expr {
            Expr::Subscript(subscript) => &subscript.value,
            _ => expr,
        };
        match dotted(expr)?[..] {
            ["sys", "path"] => Some(Part::SearchPath),
            ["sys", "modules"] => Some(Part::Modules),
            ["sys", "meta_path" | "path_hooks"] => Some(Part::Finders),
            ["path"] if self.from_sys => Some(Part::SearchPath),
            ["modules"] if self.from_sys => Some(Part::Modules),
            ["__path__"] => Some(Part::PackagePath),
            _ => None,
        }
    }

    fn note(&mut self, part: Part) {
        match part {
            Part::SearchPath => self.summary.edits_sys_path = true,
            Part::Modules | Part::Finders => self.summary.alters_imports = true,
            Part::PackagePath => self.summary.package_path = PackagePath::Unknown,
        }
    }

    fn note_legacy(&mut self) {
        if self.summary.package_path == PackagePath::Own {
            self.summary.package_path = PackagePath::Legacy;
        }
    }

    fn visit_target(&mut self, target: &Expr, value: Option<&Expr>) {
        let Some(part) = self.part(target) else { return };
        if part == Part::PackagePath && value.is_some_and(is_extend_path) {
            self.note_legacy();
        } else {
            self.note(part);
        }
    }

    fn visit_call(&mut self, call: &ExprCall) {
        let Expr::Attribute(method) = &*call.func else { return };
        match method.attr.as_str() {
            "insert" | "append" | "extend" | "update" | "setdefault" | "pop" | "remove"
            | "clear" | "__setitem__" => {
                if let Some(part) = self.part(&method.value) {
                    self.note(part);
                }
            }
            "addsitedir" => self.note(Part::SearchPath),
            "declare_namespace" => self.note_legacy(),
            _ => {}
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

impl<'a> Visitor<'a> for SideEffects<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
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
