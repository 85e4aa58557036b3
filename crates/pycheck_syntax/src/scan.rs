//! One look at all tokens of a file, of which there are many, for all that needs one.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// The tokens whose places are kept: what opens a scope or a handler, imports or compares.
pub const LANDMARKS: &[TokenKind] = &[
    TokenKind::Import,
    TokenKind::Def,
    TokenKind::Except,
    TokenKind::Lambda,
    TokenKind::For,
    TokenKind::EqEqual,
    TokenKind::NotEqual,
    TokenKind::Less,
    TokenKind::LessEqual,
    TokenKind::Greater,
    TokenKind::GreaterEqual,
    TokenKind::In,
    TokenKind::Is,
    TokenKind::Not,
];

/// How many brackets CPython's tokenizer can have open at once (`MAXLEVEL`).
const MAX_BRACKETS: u32 = 200;

/// What the tokens of a file tell.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Where each of [`LANDMARKS`] stands, in order.
    pub(crate) landmarks: Vec<(TokenKind, TextSize)>,
    /// Where `yield` and `await` stand, in order.
    pub(crate) suspensions: Vec<TextSize>,
    /// The first bracket beyond the limit of CPython's tokenizer.
    pub(crate) excess_bracket: Option<TextRange>,
    /// No node of the tree has more nodes around it.
    pub(crate) deepest: usize,
}

/// What a token means to the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    None,
    Opens,
    Closes,
    Landmark,
    Suspends,
    Indents,
    Dedents,
    EndsLine,
}

static ROLES: [Role; 256] = roles();

const fn roles() -> [Role; 256] {
    let mut roles = [Role::None; 256];
    roles[TokenKind::Yield as usize] = Role::Suspends;
    roles[TokenKind::Await as usize] = Role::Suspends;
    roles[TokenKind::Lpar as usize] = Role::Opens;
    roles[TokenKind::Lsqb as usize] = Role::Opens;
    roles[TokenKind::Lbrace as usize] = Role::Opens;
    roles[TokenKind::Rpar as usize] = Role::Closes;
    roles[TokenKind::Rsqb as usize] = Role::Closes;
    roles[TokenKind::Rbrace as usize] = Role::Closes;
    roles[TokenKind::Indent as usize] = Role::Indents;
    roles[TokenKind::Dedent as usize] = Role::Dedents;
    roles[TokenKind::Newline as usize] = Role::EndsLine;
    let mut index = 0;
    while index < LANDMARKS.len() {
        roles[LANDMARKS[index] as usize] = Role::Landmark;
        index += 1;
    }
    roles
}

/// Looks at all tokens.
pub(crate) fn scan(tokens: &Tokens) -> Scan {
    let mut scan =
        Scan { landmarks: Vec::new(), suspensions: Vec::new(), excess_bracket: None, deepest: 0 };
    let mut brackets = 0_u32;
    let mut blocks = Extent::default();
    let mut line = Extent::default();
    let mut line_start = 0;
    for (index, token) in tokens.iter().enumerate() {
        match ROLES[token.kind() as usize] {
            Role::None => {}
            Role::Landmark => scan.landmarks.push((token.kind(), token.start())),
            Role::Suspends => scan.suspensions.push(token.start()),
            Role::Closes => brackets = brackets.saturating_sub(1),
            Role::Opens => {
                brackets += 1;
                if brackets > MAX_BRACKETS && scan.excess_bracket.is_none() {
                    scan.excess_bracket = Some(token.range());
                }
            }
            Role::Indents => blocks.set(blocks.current + 1),
            Role::Dedents => blocks.set(blocks.current.saturating_sub(1)),
            Role::EndsLine => {
                line.set(index - line_start);
                line_start = index;
            }
        }
    }
    line.set(tokens.len() - line_start);
    scan.deepest = 16 + LEVELS_PER_BLOCK * blocks.most + LEVELS_PER_TOKEN * line.most;
    scan
}

/// How many nodes a block adds at most: `try` and its handler, `match` and its case.
const LEVELS_PER_BLOCK: usize = 3;
/// How many nodes a token of a line adds at most: a bracket a call and its arguments.
const LEVELS_PER_TOKEN: usize = 2;

/// A number that changes, and the greatest that it was.
#[derive(Default)]
struct Extent {
    current: usize,
    most: usize,
}

impl Extent {
    fn set(&mut self, value: usize) {
        self.current = value;
        self.most = self.most.max(value);
    }
}
