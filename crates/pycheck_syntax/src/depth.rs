//! Whether a tree is too deep to be walked by functions that call themselves.

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_text_size::Ranged;

use crate::{MAX_DEPTH, ParsedFile};

/// A statement shorter than this can't be nested so deeply that walking it overflows a stack of
/// 64 MiB: each level takes at least one byte of text.
const SHORT: u32 = 16 * 1024;

/// Whether any node is nested more deeply than [`MAX_DEPTH`].
pub fn is_too_deep(file: &ParsedFile) -> bool {
    let long = file.body().iter().filter(|stmt| u32::from(stmt.range().len()) > SHORT);
    let mut depth = Depth { current: 0, exceeded: false };
    for stmt in long {
        depth.visit_stmt(stmt);
    }
    depth.exceeded
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
