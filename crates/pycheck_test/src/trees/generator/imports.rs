//! Import statements, right ones and wrong ones.

use super::layout::EXPORTS;
use super::{RISK, RISK_IN_GUARDS, Writer};
use crate::trees::features::Feature;
use crate::trees::program::{Node, arm, block, line};

/// Modules of the standard library that can be imported, each with a name in it.
const STANDARD: [(&str, &str); 4] = [
    ("json", "dumps"),
    ("colorsys", "rgb_to_hls"),
    ("xml.dom", "Node"),
    ("json.decoder", "JSONDecoder"),
];

impl Writer<'_> {
    /// An import of any kind.
    pub(super) fn import(&mut self) -> Vec<Node> {
        if self.random.chance(self.risk) {
            return self.wrong_import();
        }
        if self.wants(Feature::SelfImports, 4) {
            return vec![self.import_of(self.me)];
        }
        if self.wants(Feature::Dynamic, 8) {
            return vec![self.dynamic_import()];
        }
        if !self.is_inner && self.random.chance(12) {
            return self.odd_import();
        }
        match self.target() {
            Some(target) if !self.random.chance(5) => vec![self.import_of(target)],
            _ => vec![self.standard_import()],
        }
    }

    /// A module that may be imported here.
    fn target(&mut self) -> Option<usize> {
        let count = self.layout.modules.len();
        let first = if self.wants(Feature::Cycles, 15) { 0 } else { self.me + 1 };
        if first >= count {
            return None;
        }
        let target = first + self.random.below(count - first);
        let is_expected = self.risk == RISK_IN_GUARDS || !self.layout.modules[target].raises;
        (target != self.me && is_expected).then_some(target)
    }

    fn standard_import(&mut self) -> Node {
        let (module, name) = STANDARD[self.random.below(STANDARD.len())];
        // The names in it are known only where there is a standard library to read.
        if self.risk == RISK_IN_GUARDS || self.random.chance(50) {
            line(format!("import {module}"))
        } else {
            line(format!("from {module} import {name}"))
        }
    }

    fn import_of(&mut self, target: usize) -> Node {
        let name = self.layout.modules[target].name.clone();
        let is_open = self.layout.modules[target].is_open;
        let dotted = name.join(".");
        match self.random.below(10) {
            0 | 1 => {
                self.modules.push((dotted.clone(), target));
                line(format!("import {dotted}"))
            }
            // The alias is read as an attribute of the package, so it is a matter of names.
            2 if self.has(Feature::Names) => {
                let alias = self.new_name("module");
                self.modules.push((alias.clone(), target));
                line(format!("import {dotted} as {alias}"))
            }
            3 | 4 if name.len() > 1 => self.import_from_parent(&name, target),
            5 if self.has(Feature::Stars) && !self.is_inner && !is_open => {
                self.bound.extend(self.layout.modules[target].exports.clone());
                line(format!("from {} import *", self.spelled(&name)))
            }
            _ => {
                let names = self.imported_names(target);
                line(format!("from {} import {names}", self.spelled(&name)))
            }
        }
    }

    /// Imports in other words, and what may be done with the names that they bind.
    fn odd_import(&mut self) -> Vec<Node> {
        let Some(target) = self.target() else { return vec![self.standard_import()] };
        let name = self.layout.modules[target].name.clone();
        let dotted = name.join(".");
        let alias = self.new_name("odd");
        match self.random.below(8) {
            0 => vec![line(format!("import {dotted}, json as {alias}"))],
            1 => vec![line(format!("import {dotted} as {alias}")), line(format!("del {alias}"))],
            2 => {
                let names = self.imported_names(target);
                let first = names.split(", ").next().unwrap_or_default().split(" as ").last();
                let deleted = format!("del {}", first.unwrap_or_default());
                self.bound.retain(|bound| !names.contains(bound.as_str()));
                vec![line(format!("from {} import {names}", self.spelled(&name))), line(deleted)]
            }
            3 => vec![line(format!("from {} import __name__ as {alias}", self.spelled(&name)))],
            4 => {
                let names = self.imported_names(target);
                vec![line(format!("from {} import ({names},)", self.spelled(&name)))]
            }
            5 if self.has(Feature::Guards) => vec![Node::Block(vec![
                arm("try:", vec![line(format!("import {dotted} as {alias}"))]),
                arm("except ImportError:", vec![line(format!("{alias} = None"))]),
            ])],
            6 if self.has(Feature::Globals) => {
                let global = format!("def {alias}():\n    global got_{alias}");
                let body = vec![line(format!("import {dotted} as got_{alias}"))];
                vec![block(global, body), line(format!("{alias}()"))]
            }
            _ => vec![block(
                "for item in (1, 2):",
                vec![line(format!("import {dotted} as {alias}"))],
            )],
        }
    }

    fn import_from_parent(&mut self, name: &[String], target: usize) -> Node {
        let (child, parent) = name.split_last().expect("the name has more than one part");
        let spelled = self.spelled(parent);
        self.modules.push((child.clone(), target));
        line(format!("from {spelled} import {child}"))
    }

    /// What stands between `from` and `import`: the name, or dots that lead there.
    fn spelled(&mut self, name: &[String]) -> String {
        let package = self.this().package();
        let reaches = |kept: &usize| *kept <= name.len() && package[..*kept] == name[..*kept];
        let bases: Vec<usize> = (1..=package.len()).filter(reaches).collect();
        if bases.is_empty() || self.random.chance(40) {
            return name.join(".");
        }
        let kept = bases[self.random.below(bases.len())];
        let dots = ".".repeat(package.len() - kept + 1);
        format!("{dots}{}", name[kept..].join("."))
    }

    fn imported_names(&mut self, target: usize) -> String {
        let count = if self.has(Feature::Names) { 1 + self.random.below(2) } else { 1 };
        let names: Vec<String> = (0..count).map(|_| self.imported_name(target)).collect();
        names.join(", ")
    }

    fn imported_name(&mut self, target: usize) -> String {
        let name = self.name_in(target);
        if self.random.chance(15) {
            let alias = self.new_name("name");
            return format!("{name} as {alias}");
        }
        self.bound.push(name.clone());
        name
    }

    /// A name that is probably in a module.
    pub(super) fn name_in(&mut self, target: usize) -> String {
        let module = &self.layout.modules[target];
        if self.has(Feature::Names) && self.random.chance(self.risk) {
            return self.random.pick(&EXPORTS).to_owned();
        }
        let is_child_allowed = self.has(Feature::Cycles) || target > self.me;
        let children: Vec<String> = if is_child_allowed {
            self.layout
                .children(&module.name)
                .filter_map(|(_, it)| it.name.last().cloned())
                .collect()
        } else {
            Vec::new()
        };
        if !children.is_empty() && self.random.chance(25) {
            return children[self.random.below(children.len())].clone();
        }
        module.exports[self.random.below(module.exports.len())].clone()
    }

    fn wrong_import(&mut self) -> Vec<Node> {
        if self.wants(Feature::WrongDots, 25) {
            let dots = ".".repeat(self.this().package().len() + 1 + self.random.below(2));
            let below = self.random.pick(&["", "a", "b.c"]);
            return vec![line(format!("from {dots}{below} import {}", EXPORTS[0]))];
        }
        if self.wants(Feature::Names, 45)
            && let Some(target) = self.target()
        {
            let name = self.layout.modules[target].name.clone();
            let missing = self.random.pick(&["nope", "six", "five"]);
            return vec![line(format!("from {} import {missing}", self.spelled(&name)))];
        }
        if self.has(Feature::MissingModules) {
            return vec![self.missing_module()];
        }
        vec![self.standard_import()]
    }

    fn missing_module(&mut self) -> Node {
        let top = ["nope", "json.nope", "colorsys.nope"][self.random.below(3)].to_owned();
        let missing = match self.target() {
            Some(target) if self.random.chance(70) => {
                let mut name = self.layout.modules[target].name.clone();
                name.push("nope".to_owned());
                if self.random.chance(50) {
                    let spelled = self.spelled(&name);
                    return line(format!("from {spelled} import {}", EXPORTS[0]));
                }
                name.join(".")
            }
            _ => top,
        };
        line(format!("import {missing}"))
    }

    fn dynamic_import(&mut self) -> Node {
        let wrong = self.random.chance(RISK);
        let name = match self.target() {
            Some(target) if !wrong => self.layout.modules[target].name.join("."),
            _ => "nope".to_owned(),
        };
        if self.random.chance(50) {
            return line(format!("__import__(\"{name}\")"));
        }
        self.prelude.insert("import importlib");
        line(format!("importlib.import_module(\"{name}\")"))
    }
}
