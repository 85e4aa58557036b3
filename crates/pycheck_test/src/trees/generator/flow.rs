//! What decides whether a statement runs: guards, conditions, ends.

use super::{RISK_IN_GUARDS, Writer};
use crate::trees::features::Feature;
use crate::trees::program::{Arm, Node, arm, block, line};

/// Handlers; those that catch everything stand last.
const HANDLERS: [&str; 11] = [
    "except AttributeError:",
    "except LookupError:",
    "except (ValueError, RuntimeError):",
    "except ImportError:",
    "except ImportError:",
    "except ModuleNotFoundError:",
    "except (KeyError, ImportError) as error:",
    "except Exception:",
    "except KeyError:",
    "except BaseException:",
    "except:",
];

const MANAGERS: [&str; 6] = [
    "with contextlib.suppress(ImportError):",
    "with contextlib.suppress(ModuleNotFoundError):",
    "with contextlib.suppress(Exception):",
    "with contextlib.suppress(KeyError, ImportError):",
    "with contextlib.suppress(KeyError):",
    "with contextlib.nullcontext():",
];

const CONDITIONS: [&str; 22] = [
    "if sys.version_info[0] == 3:",
    "if sys.version_info.major < 3:",
    "if sys.version_info[:2] >= (3, 8):",
    "if not sys.version_info >= (3, 8):",
    "if sys.platform.startswith(\"linux\"):",
    "if sys.platform in (\"win32\", \"cygwin\"):",
    "if True and not False:",
    "if TYPE_CHECKING or False:",
    "if \"\":",
    "if sys.implementation.name == \"cpython\":",
    "if TYPE_CHECKING:",
    "if not TYPE_CHECKING:",
    "if False:",
    "if True:",
    "if 0:",
    "if sys.version_info < (3, 0):",
    "if sys.version_info >= (3, 4):",
    "if sys.platform == \"win32\":",
    "if sys.platform != \"win32\":",
    "if __name__ == \"__main__\":",
    "if __name__ != \"__main__\":",
    "while False:",
];

impl Writer<'_> {
    /// Statements whose failures may be caught.
    pub(super) fn guarded(&mut self, depth: usize) -> Node {
        let risk = std::mem::replace(&mut self.risk, RISK_IN_GUARDS);
        let modules = self.modules.clone();
        let tried = self.body(depth - 1);
        self.modules = modules;
        self.risk = risk;
        if self.random.chance(25) {
            self.prelude.insert("import contextlib");
            return block(self.random.pick(&MANAGERS), tried);
        }
        let mut arms = vec![arm("try:", tried)];
        arms.extend(self.handlers(depth));
        let is_handled = arms.len() > 1;
        if is_handled && self.random.chance(30) {
            arms.push(arm("else:", self.body(depth - 1)));
        }
        if !is_handled || self.random.chance(15) {
            arms.push(arm("finally:", self.harmless(depth)));
        }
        Node::Block(arms)
    }

    fn handlers(&mut self, depth: usize) -> Vec<Arm> {
        let mut heads: Vec<usize> =
            (0..self.random.below(3)).map(|_| self.random.below(HANDLERS.len())).collect();
        heads.sort_unstable();
        // What follows a handler of everything is an error in the grammar.
        let last = HANDLERS.len() - 1;
        heads.dedup_by(|one, other| *one == last && *other == last);
        heads.into_iter().map(|head| arm(HANDLERS[head], self.handler(depth))).collect()
    }

    fn handler(&mut self, depth: usize) -> Vec<Node> {
        match self.random.below(10) {
            0..=3 => vec![line("pass")],
            4..=6 => self.body(depth - 1),
            7 if self.has(Feature::Names) => self.extra_bind(),
            8 => vec![line("raise")],
            9 if self.has(Feature::Unknown) => vec![self.own_raise()],
            _ => vec![line("handled = True")],
        }
    }

    fn harmless(&mut self, depth: usize) -> Vec<Node> {
        if self.has(Feature::Names) && self.random.chance(50) {
            return self.extra_bind();
        }
        if self.random.chance(20) { self.body(depth - 1) } else { vec![line("pass")] }
    }

    /// Statements that run or do not, as anybody can tell.
    pub(super) fn conditional(&mut self, depth: usize) -> Node {
        let head = self.random.pick(&CONDITIONS).to_owned();
        if head.contains("TYPE_CHECKING") {
            self.prelude.insert("from typing import TYPE_CHECKING");
        }
        if head.contains("sys.") {
            self.prelude.insert("import sys");
        }
        let is_loop = head.starts_with("while");
        let modules = self.modules.clone();
        let mut arms = vec![arm(head, self.body(depth - 1))];
        self.modules.clone_from(&modules);
        if !is_loop && self.random.chance(15) {
            let other = self.random.pick(&["elif True:", "elif False:"]);
            arms.push(arm(other, self.body(depth - 1)));
            self.modules.clone_from(&modules);
        }
        if !is_loop && self.random.chance(40) {
            arms.push(arm("else:", self.body(depth - 1)));
        }
        self.modules = modules;
        Node::Block(arms)
    }

    /// An exception of the module's own; or the end of the program, after which nothing can be seen.
    pub(super) fn own_raise(&mut self) -> Node {
        match self.random.below(9) {
            0 => line("raise ImportError(\"planned\")"),
            5 => line("raise KeyError(\"planned\")"),
            6 => line("assert False, \"planned\""),
            7 => block(
                "class Planned(ImportError): ...\nif True:",
                vec![line("raise Planned(\"planned\")")],
            ),
            8 => block("try:\n    pass\nfinally:", vec![line("raise ValueError(\"planned\")")]),
            1 => block("if True:", vec![line("raise RuntimeError(\"planned\")")]),
            2 if self.has(Feature::Unknown) => {
                self.prelude.insert("import sys");
                line("sys.exit(\"planned\")")
            }
            _ => line("raise RuntimeError(\"planned\")"),
        }
    }
}
