//! From text to tree. Never fails: syntax errors are part of what is returned.

use crate::scan::{Scan, scan};
use crate::words::{Words, words};
use pycheck_model::PythonVersion;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{self as ast, ModModule, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// The deepest nesting of nodes that is looked into. CPython refuses about as much: 200 nested
/// brackets in its tokenizer, and some thousand nested nodes in its compiler.
pub const MAX_DEPTH: usize = 3_000;

/// A file's text and what the parser makes of it.
#[derive(Debug)]
pub struct ParsedFile {
    text: String,
    parsed: Parsed<ModModule>,
    version: PythonVersion,
    words: Words,
    scan: Scan,
}

/// A place where the text is not Python of the target version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub range: TextRange,
    /// What is wrong.
    pub message: String,
    /// Newer versions accept it: the syntax is wrong for the target version only.
    pub depends_on_version: bool,
}

/// Parses `text`, which has no byte order mark, as a module for `version`.
pub fn parse(text: String, version: PythonVersion) -> ParsedFile {
    let target = ast::PythonVersion { major: version.major, minor: version.minor };
    let options = ParseOptions::from(Mode::Module).with_target_version(target);
    let parsed = parse_unchecked(&text, options)
        .try_into_module()
        .expect("`Mode::Module` always parses to a module");
    let words = words(&text);
    let scan = scan(parsed.tokens());
    ParsedFile { text, parsed, version, words, scan }
}

/// Parses the text of one expression, such as a quoted annotation; places in it count from its
/// own start.
pub fn parse_expression(text: &str) -> Option<ast::Expr> {
    let parsed = ruff_python_parser::parse_expression(text).ok()?;
    Some(*parsed.into_syntax().body)
}

impl ParsedFile {
    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The statements of the module.
    pub fn body(&self) -> &[Stmt] {
        &self.parsed.syntax().body
    }

    /// The module's node.
    pub fn module(&self) -> &ModModule {
        self.parsed.syntax()
    }

    /// The tokens of the text, comments and newlines included.
    pub fn tokens(&self) -> &Tokens {
        self.parsed.tokens()
    }

    /// Where each token of [`LANDMARKS`](crate::LANDMARKS) stands, in order.
    pub fn landmarks(&self) -> &[(TokenKind, TextSize)] {
        &self.scan.landmarks
    }

    /// No node has more nodes around it than this; most have far fewer.
    pub fn deepest(&self) -> usize {
        self.scan.deepest
    }

    /// The first bracket with more brackets open around it than CPython's tokenizer can have.
    pub(crate) fn excess_bracket(&self) -> Option<TextRange> {
        self.scan.excess_bracket
    }

    /// Where `yield` and `await` stand, in order.
    pub(crate) fn suspensions(&self) -> &[TextSize] {
        &self.scan.suspensions
    }

    /// The version that the text was parsed for.
    pub fn version(&self) -> PythonVersion {
        self.version
    }

    /// Which words stand in the text.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// The source text of a node or range.
    pub fn source(&self, ranged: impl Ranged) -> &str {
        &self.text[ranged.range()]
    }

    /// Whether the text is not Python of any version: what the tree says can't be trusted.
    pub fn has_errors(&self) -> bool {
        !self.parsed.errors().is_empty()
    }

    /// What the parser refuses, in order of place.
    pub fn errors(&self) -> Vec<SyntaxError> {
        let broken = self.parsed.errors().iter().map(|error| SyntaxError {
            range: error.location,
            message: error.error.to_string(),
            depends_on_version: false,
        });
        let newer = self.parsed.unsupported_syntax_errors().iter().map(|error| SyntaxError {
            range: error.range,
            message: error.to_string(),
            depends_on_version: true,
        });
        let mut errors: Vec<SyntaxError> = broken.chain(newer).collect();
        errors.sort_by_key(|error| (error.range.start(), error.range.end()));
        errors
    }

    /// Gives the text back; the tree is freed.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Gives the memory up without walking the tree, for one so deep that freeing it could
    /// overflow the stack.
    pub fn leak(self) {
        std::mem::forget(self.parsed);
    }
}
