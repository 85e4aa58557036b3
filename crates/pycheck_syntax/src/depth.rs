//! Whether a file is nested more deeply than Python, or the walks over the tree, can bear.

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_text_size::{Ranged, TextRange};

use crate::{MAX_DEPTH, ParsedFile};

/// A statement shorter than this can't be nested so deeply that walking it overflows a stack of
/// 64 MiB: each level takes at least one byte of text.
const SHORT: u32 = 16 * 1024;

/// The place of a bracket or a statement that is nested too deeply, with what CPython says of it.
pub fn too_deep(file: &ParsedFile) -> Option<(TextRange, &'static str)> {
    if let Some(bracket) = file.excess_bracket() {
        return Some((bracket, "too many nested parentheses"));
    }
    if file.deepest() < MAX_DEPTH {
        return None;
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
