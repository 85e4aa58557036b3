//! Where in a file the nodes that rules ask for may be: most of a file holds none of the tokens that
//! such a node has, and need not be walked.

use pycheck_syntax::{LANDMARKS, ParsedFile};
use ruff_python_ast::NodeKind;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

/// The tokens of which each node that some rule asks for has one.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    /// By kind of token; `None` if some node may have none of them.
    marks: Option<Box<[bool; 256]>>,
}

impl Tokens {
    /// The tokens of these kinds of nodes.
    pub(crate) fn of(kinds: impl IntoIterator<Item = NodeKind>) -> Self {
        let mut marks = Box::new([false; 256]);
        for kind in kinds {
            let known = tokens_of(kind).filter(|it| it.iter().all(|it| LANDMARKS.contains(it)));
            let Some(tokens) = known else { return Self { marks: None } };
            for token in tokens {
                marks[*token as usize] = true;
            }
        }
        Self { marks: Some(marks) }
    }
}

/// The tokens of which a node of this kind has at least one, if that is known.
fn tokens_of(kind: NodeKind) -> Option<&'static [TokenKind]> {
    Some(match kind {
        NodeKind::StmtImport | NodeKind::StmtImportFrom => &[TokenKind::Import],
        NodeKind::StmtFunctionDef => &[TokenKind::Def],
        NodeKind::ExceptHandlerExceptHandler => &[TokenKind::Except],
        NodeKind::ExprLambda => &[TokenKind::Lambda],
        NodeKind::ExprGenerator => &[TokenKind::For],
        NodeKind::ExprCompare => &[
            TokenKind::EqEqual,
            TokenKind::NotEqual,
            TokenKind::Less,
            TokenKind::LessEqual,
            TokenKind::Greater,
            TokenKind::GreaterEqual,
            TokenKind::In,
            TokenKind::Is,
            TokenKind::Not,
        ],
        _ => return None,
    })
}

/// Where such tokens stand in a file.
pub(crate) struct Landmarks {
    /// In order; `None` if they may be anywhere.
    starts: Option<Vec<TextSize>>,
    /// The first of them at or after the last place that was asked for.
    next: usize,
}

impl Landmarks {
    pub(crate) fn new(file: &ParsedFile, tokens: &Tokens) -> Self {
        let starts = tokens.marks.as_ref().map(|marks| {
            let marked = file.landmarks().iter().filter(|(token, _)| marks[*token as usize]);
            marked.map(|(_, start)| *start).collect()
        });
        Self { starts, next: 0 }
    }

    /// Whether a node that is asked for may begin in the range. Quick where ranges are asked for in
    /// the order of their starts.
    pub(crate) fn may_be_in(&mut self, range: TextRange) -> bool {
        let Some(starts) = &self.starts else { return true };
        while self.next > 0 && starts[self.next - 1] >= range.start() {
            self.next -= 1;
        }
        while starts.get(self.next).is_some_and(|start| *start < range.start()) {
            self.next += 1;
        }
        starts.get(self.next).is_some_and(|start| *start < range.end())
    }
}
