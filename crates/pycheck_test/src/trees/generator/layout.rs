//! Which modules a tree has, and what each of them means to bind.

use crate::random::Random;
use crate::trees::features::{Feature, Features};

/// The names of modules and packages, at the top and below; some below have a name of the top.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const NAMES_BELOW: [&str; 6] = ["e", "f", "g", "h", "a", "b"];

/// The names that modules bind.
pub(super) const EXPORTS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// A module that exists.
#[derive(Debug, Clone)]
pub(super) struct Module {
    /// Its path in the tree.
    pub(super) file: String,
    /// Its name, by parts.
    pub(super) name: Vec<String>,
    /// Whether it is the `__init__` of a package.
    pub(super) is_package: bool,
    /// The names that it means to bind.
    pub(super) exports: Vec<String>,
    /// Whether it ends with an exception of its own; then only those who expect it import it.
    pub(super) raises: bool,
    /// Whether it has a `__getattr__`; then nobody takes all of its names.
    pub(super) is_open: bool,
}

impl Module {
    /// The parts of its `__package__`.
    pub(super) fn package(&self) -> &[String] {
        if self.is_package { &self.name } else { &self.name[..self.name.len() - 1] }
    }
}

/// The modules of a tree.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// In the order of their files, so that a package comes before what it holds.
    pub(super) modules: Vec<Module>,
}

impl Layout {
    /// The modules directly in a package, with their indices.
    pub(super) fn children<'a>(
        &'a self,
        package: &'a [String],
    ) -> impl Iterator<Item = (usize, &'a Module)> {
        let is_child = move |module: &Module| {
            module.name.split_last().is_some_and(|(_, rest)| rest == package)
        };
        self.modules.iter().enumerate().filter(move |(_, module)| is_child(module))
    }
}

/// Something that can hold modules.
struct Folder {
    name: Vec<String>,
    taken: Vec<&'static str>,
}

/// The modules of a tree, their statements aside.
pub(super) fn layout(random: &mut Random, features: &Features) -> Layout {
    let mut folders = vec![Folder { name: Vec::new(), taken: Vec::new() }];
    let mut modules = Vec::new();
    for _ in 0..3 + random.below(6) {
        let index = if random.chance(35) { 0 } else { random.below(folders.len()) };
        let name = if index == 0 { random.pick(&NAMES) } else { random.pick(&NAMES_BELOW) };
        if folders[index].taken.contains(&name) || folders[index].name.len() > 2 {
            continue;
        }
        folders[index].taken.push(name);
        let mut full = folders[index].name.clone();
        full.push(name.to_owned());
        let kind = random.below(100);
        if kind >= 55 {
            folders.push(Folder { name: full.clone(), taken: Vec::new() });
        }
        let is_bare = kind >= 90 && features.has(Feature::Namespaces);
        if !is_bare {
            modules.push(module(full, kind >= 55));
        }
    }
    modules.sort_by(|one, other| one.file.cmp(&other.file));
    for module in &mut modules {
        module.exports = exports(module, random, features);
        module.is_open = features.has(Feature::Getattr) && random.chance(6);
        module.raises = !module.is_package && features.has(Feature::Raises) && random.chance(6);
    }
    Layout { modules }
}

fn module(name: Vec<String>, is_package: bool) -> Module {
    let path = name.join("/");
    let file = if is_package { format!("{path}/__init__.py") } else { format!("{path}.py") };
    Module { file, name, is_package, exports: Vec::new(), raises: false, is_open: false }
}

fn exports(module: &Module, random: &mut Random, features: &Features) -> Vec<String> {
    if !features.has(Feature::Names) {
        return vec!["value".to_owned()];
    }
    let mut names: Vec<String> = Vec::new();
    for _ in 0..2 + random.below(2) {
        let name = random.pick(&EXPORTS).to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if features.has(Feature::Collisions) && random.chance(15) {
        let own = module.name.last().filter(|_| random.chance(60)).cloned();
        names.push(own.unwrap_or_else(|| random.pick(&NAMES_BELOW).to_owned()));
    }
    names
}
