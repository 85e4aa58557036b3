//! Imports that are no statements: calls, and tests whether there is a module.

use pycheck_model::{Anchor, ContextIndex, ContextKind, Import, ImportKind, SiteIndex};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{BoolOp, CmpOp, ElifElseClause, ExceptHandler, Expr, ExprCall, MatchCase};
use ruff_python_ast::{Stmt, StmtIf, UnaryOp};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Flow, Walk};
use crate::conditions::Truth;
use crate::import_calls::{asked_for, import_call, not_there, skipped_without};
use crate::names::Meaning;

/// The answer of a test whether there is a module.
#[derive(Clone, Copy)]
enum Found {
    /// The test holds if there is.
    Yes(ContextIndex),
    /// It holds if there is none.
    No(ContextIndex),
}

impl Found {
    /// The condition under which the code runs for which the test holds, or for which it does not.
    fn context(self, holds: bool) -> ContextKind {
        match (self, holds) {
            (Self::Yes(body), true) | (Self::No(body), false) => ContextKind::Else { body },
            (Self::Yes(body), false) | (Self::No(body), true) => {
                ContextKind::Handler { catches: not_there(), body }
            }
        }
    }

    /// How control goes on after code that leaves if the test holds.
    fn flow_after(self) -> Flow {
        match self {
            Self::No(body) => Flow::Unless(not_there(), body),
            Self::Yes(_) => Flow::MayStop,
        }
    }
}

impl Walk<'_> {
    /// Adds the imports that a statement makes by calls, without those of statements in it.
    pub(super) fn visit_calls(&mut self, stmt: &Stmt) {
        let first = self.call_words.partition_point(|at| *at < stmt.start());
        if self.call_words.get(first).is_some_and(|at| *at < stmt.end()) {
            let known = self.summary.imports.len();
            visitor::walk_stmt(&mut Calls { walk: self }, stmt);
            let sites = &self.sites;
            self.summary.imports[known..].sort_by_key(|it| sites.range(it.site).start());
        }
    }

    fn add_call(&mut self, kind: ImportKind, place: TextRange) {
        let site: SiteIndex = self.sites.add(place);
        self.summary.imports.push(Import { kind, context: self.context, site });
    }

    /// An import that takes place only in thought: whether there is such a module.
    fn ask(&mut self, name: &str, at: TextSize) -> ContextIndex {
        let body = self.push(ContextKind::Guarded(not_there()));
        let outer = self.context.replace(body);
        let anchor = Anchor::Nothing;
        let kind = ImportKind::Call { level: 0, module: name.to_owned(), anchor };
        self.add_call(kind, TextRange::empty(at));
        self.context = outer;
        body
    }

    /// How control goes on after an expression.
    pub(super) fn flow_of(&mut self, expr: &Expr) -> Flow {
        match (self.call_flow(expr), expr) {
            (Flow::MayStop, Expr::Call(call)) => self.after_import_or_skip(call),
            (flow, _) => flow,
        }
    }

    /// An `if` that asks whether there is a module, and has no other condition after it.
    pub(super) fn visit_found_if(&mut self, node: &StmtIf) -> Option<Flow> {
        if self.call_words.is_empty() || self.conditions.decide(&node.test) != Truth::Unknown {
            return None;
        }
        let orelse = match &node.elif_else_clauses[..] {
            [] => &[][..],
            [clause] if clause.test.is_none() => clause.body.as_slice(),
            _ => return None,
        };
        let whole = self.found_by(&node.test);
        let found = match whole {
            Some(found) => found,
            None => self.found_by_part(&node.test)?,
        };
        let outer = self.context;
        if whole.is_none() {
            self.context = Some(self.push(ContextKind::Unknown));
        }
        let flow = self.within(found.context(true), &node.body);
        self.context = outer;
        let otherwise = whole.map_or(ContextKind::Unknown, |found| found.context(false));
        let other = self.within(otherwise, orelse);
        Some(match (flow, other) {
            (Flow::Goes, Flow::Goes) => Flow::Goes,
            (Flow::Stops, Flow::Stops) => Flow::Stops,
            (Flow::Stops, Flow::Goes) if whole.is_some() => found.flow_after(),
            _ => Flow::MayStop,
        })
    }

    /// What follows after `pytest.importorskip("name")`.
    fn after_import_or_skip(&mut self, call: &ExprCall) -> Flow {
        let Some(name) = skipped_without(call, &self.conditions.names) else {
            return Flow::MayStop;
        };
        let name = name.to_owned();
        let body = self.ask(&name, call.end());
        Flow::Unless(not_there(), body)
    }

    /// What a test says if it asks `find_spec` whether there is a module.
    fn found_by(&mut self, test: &Expr) -> Option<Found> {
        let (name, is_yes) = self.asked(test)?;
        let body = self.ask(&name, test.end());
        Some(if is_yes { Found::Yes(body) } else { Found::No(body) })
    }

    fn asked(&self, test: &Expr) -> Option<(String, bool)> {
        let names = &self.conditions.names;
        self.conditions.bounded(None, || match test {
            Expr::Call(call) => {
                let is_bool = call.func.as_name_expr().is_some_and(|name| name.id == "bool");
                match &call.arguments.args[..] {
                    [inner] if is_bool => self.asked(inner),
                    _ => Some((asked_for(test, names)?.to_owned(), true)),
                }
            }
            Expr::Name(name) => match names.meaning(&name.id) {
                Some(Meaning::Value(value)) => self.asked(value),
                _ => None,
            },
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                self.asked(&node.operand).map(|(name, is_yes)| (name, !is_yes))
            }
            Expr::Compare(node) => match (&*node.ops, &*node.comparators) {
                ([op @ (CmpOp::Is | CmpOp::IsNot)], [Expr::NoneLiteral(_)]) => {
                    let (name, is_yes) = self.asked(&node.left)?;
                    Some((name, is_yes == (*op == CmpOp::IsNot)))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// The part of `… and find_spec("x") and …` that asks for a module.
    fn found_by_part(&mut self, test: &Expr) -> Option<Found> {
        let Expr::BoolOp(node) = test else { return None };
        if node.op != BoolOp::And {
            return None;
        }
        node.values.iter().find_map(|part| self.found_by(part))
    }
}

struct Calls<'w, 'a> {
    walk: &'w mut Walk<'a>,
}

impl Calls<'_, '_> {
    /// Visits what is evaluated only under a condition.
    fn within(&mut self, kind: ContextKind, visit: impl FnOnce(&mut Self)) {
        let outer = self.walk.context;
        self.walk.context = Some(self.walk.push(kind));
        visit(self);
        self.walk.context = outer;
    }
}

impl<'v> Visitor<'v> for Calls<'_, '_> {
    fn visit_body(&mut self, _: &'v [Stmt]) {}
    fn visit_elif_else_clause(&mut self, _: &'v ElifElseClause) {}
    fn visit_except_handler(&mut self, _: &'v ExceptHandler) {}
    fn visit_match_case(&mut self, _: &'v MatchCase) {}

    fn visit_expr(&mut self, expr: &'v Expr) {
        match expr {
            Expr::Name(_) | Expr::StringLiteral(_) | Expr::NumberLiteral(_) => {}
            Expr::Lambda(_) => {
                self.within(ContextKind::Function, |it| visitor::walk_expr(it, expr));
            }
            Expr::BoolOp(_)
            | Expr::If(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => {
                self.within(ContextKind::Unknown, |it| visitor::walk_expr(it, expr));
            }
            Expr::Call(call) => {
                visitor::walk_expr(self, expr);
                if let Some(import) = import_call(call, &self.walk.conditions.names) {
                    self.walk.add_call(import.kind, import.place);
                }
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}
