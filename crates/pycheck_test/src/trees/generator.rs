//! Makes a tree of modules for a seed.

mod binds;
mod flow;
mod imports;
mod layout;
mod stars;
mod uses;

use std::collections::BTreeSet;

use super::features::{Feature, Features};
use super::program::{Files, Node, line};
use crate::random::Random;
use layout::{Layout, Module};

/// How often of a hundred times an import that could be right is wrong.
const RISK: usize = 4;

/// The same where an exception may be caught.
const RISK_IN_GUARDS: usize = 40;

/// What names are bound to: it can be called, inherited from and used as a default.
const VALUE: &str = "type";

/// A tree for a seed.
pub(crate) fn tree(seed: u64, features: &Features) -> Files {
    let mut random = Random::new(seed);
    let layout = layout::layout(&mut random, features);
    let mut files = Files::new();
    for me in 0..layout.modules.len() {
        let mut writer = Writer::new(&mut random, features, &layout, me);
        let body = writer.module();
        files.insert(layout.modules[me].file.clone(), body);
    }
    files
}

/// Writes one module.
struct Writer<'a> {
    random: &'a mut Random,
    features: &'a Features,
    layout: &'a Layout,
    /// The index of the module that is written.
    me: usize,
    /// Expressions that are modules, if all goes well.
    modules: Vec<(String, usize)>,
    /// Names that are bound, if all goes well.
    bound: Vec<String>,
    /// What must be imported first.
    prelude: BTreeSet<&'static str>,
    risk: usize,
    /// Whether it is in a function or class, where nothing may be imported by a star.
    is_inner: bool,
    /// How many names were made up.
    made_up: usize,
}

impl<'a> Writer<'a> {
    fn new(random: &'a mut Random, features: &'a Features, layout: &'a Layout, me: usize) -> Self {
        Self {
            random,
            features,
            layout,
            me,
            modules: Vec::new(),
            bound: Vec::new(),
            prelude: BTreeSet::new(),
            risk: RISK,
            is_inner: false,
            made_up: 0,
        }
    }

    fn has(&self, feature: Feature) -> bool {
        self.features.has(feature)
    }

    /// A decision that is only taken where the feature may occur.
    fn wants(&mut self, feature: Feature, percent: usize) -> bool {
        self.has(feature) && self.random.chance(percent)
    }

    fn this(&self) -> &'a Module {
        &self.layout.modules[self.me]
    }

    fn module(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut exports = self.this().exports.clone();
        if !self.has(Feature::Names) {
            nodes.push(line(format!("value = {VALUE}")));
            exports.clear();
        }
        let statements = exports.len() + 1 + self.random.below(4);
        while nodes.len() < statements || !exports.is_empty() {
            if !exports.is_empty() && self.random.chance(60) {
                let export = exports.remove(self.random.below(exports.len()));
                nodes.extend(self.export(&export));
            } else {
                nodes.extend(self.statement(2));
            }
        }
        nodes.extend(self.ending());
        let prelude = self.prelude.iter().map(|text| line(*text));
        prelude.chain(nodes).collect()
    }

    /// What stands last in some modules.
    fn ending(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        if self.this().is_open {
            nodes.push(self.getattr());
        }
        if self.this().raises {
            nodes.push(self.own_raise());
            nodes.extend(self.import());
        }
        if self.wants(Feature::Stars, 30) {
            nodes.extend(self.dunder_all());
        }
        nodes
    }

    /// A statement that is nested at most `depth` deep.
    fn statement(&mut self, depth: usize) -> Vec<Node> {
        let nested = depth > 0;
        match self.random.below(100) {
            0..=14 if nested && self.has(Feature::Guards) => vec![self.guarded(depth)],
            15..=26 if nested && self.has(Feature::Conditions) => vec![self.conditional(depth)],
            27..=29 if self.has(Feature::Names) => self.unbound(),
            30..=34 if self.has(Feature::Names) => self.extra_bind(),
            35..=47 if self.has(Feature::Attributes) => self.attribute_use(),
            48..=56 if nested && !self.is_inner => self.function(),
            57..=60 if nested && !self.is_inner => vec![self.class(depth)],
            61..=64 if self.has(Feature::Unknown) => self.unknown(depth),
            65..=68 if nested && !self.is_inner => self.functions(),
            _ => self.import(),
        }
    }

    /// One or two statements, nested at most `depth` deep.
    fn body(&mut self, depth: usize) -> Vec<Node> {
        let count = 1 + self.random.below(2);
        (0..count).flat_map(|_| self.statement(depth)).collect()
    }

    /// A name that nothing else has.
    fn new_name(&mut self, stem: &str) -> String {
        self.made_up += 1;
        format!("{stem}_{}", self.made_up)
    }
}

#[cfg(test)]
mod tests {
    use super::tree;
    use crate::trees::Features;

    #[test]
    fn a_seed_gives_the_same_tree_each_time() {
        let features = Features::plain();
        assert_eq!(tree(7, &features), tree(7, &features));
        assert_ne!(tree(7, &features), tree(8, &features));
    }
}
