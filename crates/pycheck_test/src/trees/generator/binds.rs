//! What binds names, what unbinds them, and what only looks as if it did.

use super::layout::EXPORTS;
use super::{VALUE, Writer};
use crate::trees::features::Feature;
use crate::trees::program::{Node, arm, block, line};

impl Writer<'_> {
    /// Binds a name that others import, or pretends to.
    pub(super) fn export(&mut self, name: &str) -> Vec<Node> {
        if self.random.chance(4) {
            return self.bound_elsewhere(name);
        }
        let mut nodes = self.bind(name);
        if self.random.chance(4) {
            nodes.extend(self.unbind(name));
        }
        nodes
    }

    pub(super) fn extra_bind(&mut self) -> Vec<Node> {
        let name = self.random.pick(&EXPORTS).to_owned();
        self.bind(&name)
    }

    /// Binds a name.
    fn bind(&mut self, name: &str) -> Vec<Node> {
        self.bound.push(name.to_owned());
        let value = self.value();
        let bound = || line(format!("{name} = {VALUE}"));
        match self.random.below(22) {
            0 => vec![line(format!("{name}: type = {value}"))],
            1 => vec![line(format!("{name}, other = {value}, 1"))],
            2 => vec![block(format!("def {name}(*_):"), Vec::new())],
            3 => vec![block(format!("class {name}:"), Vec::new())],
            4 => vec![line(format!("({name} := {value})"))],
            5 => vec![block(format!("for {name} in ({value},):"), Vec::new())],
            6 => {
                self.prelude.insert("import contextlib");
                vec![block(format!("with contextlib.nullcontext({value}) as {name}:"), Vec::new())]
            }
            7 if self.has(Feature::Matches) => {
                vec![block(format!("match {value}:"), vec![block(format!("case {name}:"), vec![])])]
            }
            8 | 9 if self.has(Feature::Globals) => self.bind_in_function(name),
            10 => vec![block("if True:", vec![bound()])],
            11 => vec![Node::Block(vec![
                arm("try:", vec![bound()]),
                arm("finally:", vec![line("pass")]),
            ])],
            12 => vec![line(format!("[{name}, *rest] = [{value}]"))],
            // In a class this is an error in the grammar.
            13 if !self.is_inner => {
                vec![line(format!("list(({name} := item) for item in ({value},))"))]
            }
            14 => vec![line(format!("import json as {name}"))],
            15 => vec![Node::Block(vec![
                arm("if False:", vec![line("pass")]),
                arm("else:", vec![bound()]),
            ])],
            16 => vec![line(format!("{name} = other = {value}"))],
            _ => vec![line(format!("{name} = {value}"))],
        }
    }

    /// A value, sometimes one that another module has.
    fn value(&mut self) -> String {
        if self.has(Feature::Attributes) && self.random.chance(8) {
            return self.attribute().unwrap_or_else(|| VALUE.to_owned());
        }
        VALUE.to_owned()
    }

    fn bind_in_function(&mut self, name: &str) -> Vec<Node> {
        let function = self.new_name("bind");
        let body = vec![line(format!("global {name}")), line(format!("{name} = {VALUE}"))];
        let defined = block(format!("def {function}():"), body);
        if self.wants(Feature::Unknown, 40) {
            return vec![defined];
        }
        vec![defined, line(format!("{function}()"))]
    }

    /// Unbinds a name that is bound.
    fn unbind(&mut self, name: &str) -> Vec<Node> {
        self.bound.retain(|bound| bound != name);
        let deleted = line(format!("del {name}"));
        match self.random.below(5) {
            0 => vec![block("if True:", vec![deleted])],
            1 => vec![exception_named(name)],
            2 => vec![deleted, line(format!("{name} = {VALUE}"))],
            3 => vec![Node::Block(vec![
                arm("if False:", vec![deleted]),
                arm("else:", vec![line("pass")]),
            ])],
            _ => vec![deleted],
        }
    }

    /// Something that unbinds a name, or names it without binding it.
    pub(super) fn unbound(&mut self) -> Vec<Node> {
        if !self.bound.is_empty() && !self.is_inner && self.random.chance(35) {
            let name = self.bound[self.random.below(self.bound.len())].clone();
            return self.unbind(&name);
        }
        let name = self.random.pick(&EXPORTS).to_owned();
        self.bound_elsewhere(&name)
    }

    /// Names something without binding it in the module.
    fn bound_elsewhere(&mut self, name: &str) -> Vec<Node> {
        let bound = line(format!("{name} = {VALUE}"));
        let scope = self.new_name("scope");
        match self.random.below(9) {
            0 => vec![line(format!("{name}: type"))],
            1 => vec![line(format!("[{name} for {name} in (1,)]"))],
            2 => vec![block(format!("def {scope}({name}=None):"), vec![bound])],
            3 => vec![block(format!("class {scope}:"), vec![bound])],
            4 => vec![block("if False:", vec![bound])],
            5 => {
                self.prelude.insert("from typing import TYPE_CHECKING");
                vec![block("if TYPE_CHECKING:", vec![bound])]
            }
            6 => vec![line(format!("{{{name}: 1 for {name} in (1,)}}"))],
            7 => vec![line(format!("{scope} = lambda {name}: {name}"))],
            _ if self.bound.iter().any(|it| it == name) => vec![line(name)],
            _ => vec![exception_named(name)],
        }
    }
}

/// A handler that binds a name for its own time.
fn exception_named(name: &str) -> Node {
    Node::Block(vec![
        arm("try:", vec![line("raise ValueError")]),
        arm(format!("except ValueError as {name}:"), Vec::new()),
    ])
}
