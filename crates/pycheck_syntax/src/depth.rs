//! Whether a file is nested more deeply than Python, or the walks over the tree, can bear.

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_text_size::{Ranged, TextRange};

use crate::{MAX_DEPTH, ParsedFile};

/// A statement shorter than this can't be nested so deeply that walking it overflows a stack of
/// 64 MiB: each level takes at least one byte of text.
const SHORT: u32 = 16 * 1024;

/// The place of a bracket or a statement that is nested too deeply, with what CPython says of it.
pub fn too_deep(file: &ParsedFile) -> Option<(TextRange, &'static str)> {
    if let Some(bracket) = bracket_too_deep(file) {
        return Some((bracket, "too many nested parentheses"));
    }
    let long = file.body().iter().filter(|stmt| u32::from(stmt.range().len()) > SHORT);
    long.filter(|stmt| {
        let mut depth = Depth { current: 0, exceeded: false };
        depth.visit_stmt(stmt);
        depth.exceeded
    })
    .map(|stmt| {
        (
            TextRange::empty(stmt.start()),
            "too deeply nested: compiling it exceeds Python's recursion limit",
        )
    })
    .next()
}

/// The first bracket beyond the limit of CPython's tokenizer (`MAXLEVEL`).
fn bracket_too_deep(file: &ParsedFile) -> Option<TextRange> {
    let mut level = 0_u32;
    for token in file.tokens() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => level += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                level = level.saturating_sub(1);
            }
            _ => {}
        }
        if level > MAX_BRACKETS {
            return Some(token.range());
        }
    }
    None
}

/// How many brackets CPython's tokenizer can have open at once.
const MAX_BRACKETS: u32 = 200;

struct Depth {
    current: usize,
    exceeded: bool,
}

impl<'a> SourceOrderVisitor<'a> for Depth {
    fn enter_node(&mut self, _node: AnyNodeRef<'a>) -> TraversalSignal {
        self.current += 1;
        self.exceeded |= self.current > MAX_DEPTH;
        if self.exceeded { TraversalSignal::Skip } else { TraversalSignal::Traverse }
    }

    fn leave_node(&mut self, _node: AnyNodeRef<'a>) {
        self.current -= 1;
    }
}
