//! The one walk of a file's tree that all rules about nodes share.

use pycheck_model::Finding;
use pycheck_syntax::{MAX_DEPTH, ParsedFile, nodes};
use ruff_python_ast::visitor::source_order::{self, SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, Identifier, Stmt};
use ruff_text_size::Ranged;

use crate::RuleOptions;
use crate::landmarks::Landmarks;
use crate::rule::{Context, Findings};
use crate::rule_set::RuleSet;

/// What the rules about nodes find in a file, in source order.
///
/// `Err` means that the tree is nested more deeply than [`MAX_DEPTH`]: it is not looked into below.
pub fn check_file(
    file: &ParsedFile,
    rules: &RuleSet,
    options: &RuleOptions,
) -> Result<Vec<Finding>, Vec<Finding>> {
    let mut walk = Walk {
        context: Context::new(file, options),
        rules,
        landmarks: Landmarks::new(file, rules.tokens()),
        findings: Vec::new(),
        too_deep: false,
    };
    if rules.looks_at_nodes() {
        walk.visit_all(file.body());
    }
    if walk.too_deep { Err(walk.findings) } else { Ok(walk.findings) }
}

struct Walk<'a, 'r> {
    context: Context<'a>,
    rules: &'r RuleSet,
    landmarks: Landmarks,
    findings: Vec<Finding>,
    too_deep: bool,
}

impl<'a> Walk<'a, '_> {
    fn visit_all(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            self.visit_stmt(stmt);
        }
    }

    /// Whether the walk finds nothing in a node: no rule asks for what may be in it, and nothing is
    /// nested too deeply.
    fn is_barren(&mut self, node: &impl Ranged) -> bool {
        self.context.file.deepest() < MAX_DEPTH && !self.landmarks.may_be_in(node.range())
    }
}

impl<'a> SourceOrderVisitor<'a> for Walk<'a, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !self.is_barren(stmt) {
            source_order::walk_stmt(self, stmt);
        }
    }

    /// Names and literals are most of a tree and have nothing below them: where no rule asks for
    /// them they are passed over.
    #[inline]
    fn visit_expr(&mut self, expr: &'a Expr) {
        let is_passed_over =
            nodes::is_leaf(expr) && self.rules.for_kind(AnyNodeRef::from(expr).kind()).is_empty();
        if !is_passed_over && !self.is_barren(expr) {
            source_order::walk_expr(self, expr);
        }
    }

    /// No rule asks for identifiers; they are reached through the nodes that they belong to.
    #[inline]
    fn visit_identifier(&mut self, _identifier: &'a Identifier) {}

    #[inline]
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        for (rule, check) in self.rules.for_kind(node.kind()) {
            check(&self.context, node, &mut Findings { rule: *rule, found: &mut self.findings });
        }
        self.context.ancestors.push(node);
        if self.context.ancestors.len() >= MAX_DEPTH {
            self.too_deep = true;
            return TraversalSignal::Skip;
        }
        TraversalSignal::Traverse
    }

    #[inline]
    fn leave_node(&mut self, _node: AnyNodeRef<'a>) {
        self.context.ancestors.pop();
    }
}
