//! What uses a module while another one runs: attributes, functions that import, classes.

use super::{VALUE, Writer};
use crate::trees::features::Feature;
use crate::trees::program::{Node, block, line};

impl Writer<'_> {
    /// An expression that reads an attribute of a module.
    pub(super) fn attribute(&mut self) -> Option<String> {
        if self.modules.is_empty() {
            return None;
        }
        let (mut expression, mut target) =
            self.modules[self.random.below(self.modules.len())].clone();
        let name = self.layout.modules[target].name.clone();
        let children: Vec<usize> = self.layout.children(&name).map(|(index, _)| index).collect();
        if !children.is_empty() && self.random.chance(40) {
            target = children[self.random.below(children.len())];
            let child = self.layout.modules[target].name.last().cloned().unwrap_or_default();
            expression = format!("{expression}.{child}");
            if self.random.chance(40) {
                return Some(expression);
            }
        }
        let exports = &self.layout.modules[target].exports;
        Some(format!("{expression}.{}", exports[self.random.below(exports.len())]))
    }

    /// A statement that reads an attribute of a module when it runs.
    pub(super) fn attribute_use(&mut self) -> Vec<Node> {
        let Some(read) = self.attribute() else { return self.import() };
        let name = self.new_name("used");
        vec![match self.random.below(14) {
            7 => line(format!("{name} = [{read} for _ in (1,)]")),
            8 => line(format!("{name} = {read} if True else None")),
            9 => line(format!("{name} = True or {read}")),
            10 => line(format!("{name} = lambda: {read}")),
            11 => block(
                format!("class {name}(metaclass=type, **{{}}):"),
                vec![
                    line(format!("item = [{read}]")),
                    block(format!("def method(self, argument={read}):"), Vec::new()),
                ],
            ),
            12 => line(format!("assert {read}")),
            13 => block(
                format!("def {name}(first, *, second: \"int\" = {read}) -> None:"),
                Vec::new(),
            ),
            0 => line(read),
            1 => line(format!("{name} = {read}")),
            2 => line(format!("print({read}, [{read}])")),
            3 => block(format!("@{read}\ndef {name}():"), Vec::new()),
            4 => block(format!("class {name}({read}):"), Vec::new()),
            5 => block(format!("def {name}(argument={read}):"), Vec::new()),
            _ => block(format!("class {name}:"), vec![line(format!("item = {read}"))]),
        }]
    }

    /// A function that imports when it is called, at once, later or never.
    pub(super) fn function(&mut self) -> Vec<Node> {
        let name = self.new_name("function");
        let (modules, bound) = (self.modules.clone(), self.bound.clone());
        let was_inner = std::mem::replace(&mut self.is_inner, true);
        let body = self.import();
        self.is_inner = was_inner;
        (self.modules, self.bound) = (modules, bound);
        let mut nodes = vec![block(format!("def {name}():"), body)];
        if self.wants(Feature::Calls, 50) {
            if self.random.chance(50) {
                nodes.extend(self.import());
            }
            nodes.push(line(format!("{name}()")));
        }
        nodes
    }

    /// A function that calls one that imports; or one that binds what it imports in the module.
    pub(super) fn functions(&mut self) -> Vec<Node> {
        let (inner, outer) = (self.new_name("inner"), self.new_name("outer"));
        let (modules, bound) = (self.modules.clone(), self.bound.clone());
        let was_inner = std::mem::replace(&mut self.is_inner, true);
        let body = self.import();
        self.is_inner = was_inner;
        (self.modules, self.bound) = (modules, bound);
        let call = line(format!("{inner}()"));
        let body_of_outer = match self.random.below(3) {
            0 => vec![call, line("return None")],
            1 => vec![block("if True:", vec![call])],
            _ => vec![line(format!("value = {inner}()")), line("return value")],
        };
        let mut nodes = vec![
            block(format!("def {inner}():"), body),
            block(format!("def {outer}():"), body_of_outer),
        ];
        if self.wants(Feature::Calls, 60) {
            nodes.push(line(format!("{outer}()")));
        }
        nodes
    }

    /// A class whose body runs at once.
    pub(super) fn class(&mut self, depth: usize) -> Node {
        let name = self.new_name("Class");
        let (modules, bound) = (self.modules.clone(), self.bound.clone());
        let was_inner = std::mem::replace(&mut self.is_inner, true);
        let body = self.body(depth - 1);
        self.is_inner = was_inner;
        (self.modules, self.bound) = (modules, bound);
        block(format!("class {name}:"), body)
    }

    /// What only the interpreter knows.
    pub(super) fn unknown(&mut self, depth: usize) -> Vec<Node> {
        if depth == 0 {
            return self.import();
        }
        self.prelude.insert("import sys");
        let name = self.random.pick(&["one", "two", "three"]).to_owned();
        match self.random.below(8) {
            0 => vec![line(format!("globals()[\"{name}\"] = {VALUE}"))],
            1 => vec![line(format!("exec(\"{name} = {VALUE}\")"))],
            2 => vec![line("sys.modules[__name__] = type")],
            3 => vec![line(format!("setattr(sys.modules[__name__], \"{name}\", {VALUE})"))],
            4 => vec![line(format!("vars()[\"{name}\"] = {VALUE}"))],
            _ => {
                let head = self.random.pick(&[
                    "if len(sys.argv) > 5:",
                    "if len(sys.argv) < 5:",
                    "if hasattr(sys, \"nope\"):",
                    "for item in sys.argv:",
                    "while len(sys.argv) > 5:",
                ]);
                vec![block(head, self.body(depth - 1))]
            }
        }
    }
}
