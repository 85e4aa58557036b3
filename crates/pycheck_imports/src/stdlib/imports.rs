//! Which modules of the standard library import which others when they run, and what of them they
//! need: for saying what breaks when one of them is hidden.

use std::collections::VecDeque;

use pycheck_model::PythonVersion;
use rustc_hash::FxHashMap;

const TEXT: &str = include_str!("imports.txt");

/// One import that a module performs when it runs, and whose failure nothing catches.
#[derive(Debug, Clone)]
struct Edge {
    importer: &'static str,
    imported: &'static str,
    /// Names that its statements need of the module.
    now: Vec<&'static str>,
    /// Names that only its functions need.
    later: Vec<&'static str>,
}

/// What a local file has in the place of a module of the standard library.
pub struct Replacement<'a> {
    /// The module's name.
    pub name: &'a str,
    /// Whether it may have this name.
    pub binds: &'a dyn Fn(&str) -> bool,
    /// Whether it is a package with this submodule.
    pub has_submodule: &'a dyn Fn(&str) -> bool,
}

/// What a module of the standard library misses in a replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A name, when it is imported: its import fails.
    Name(String),
    /// A submodule, when it is imported: its import fails.
    Submodule(String),
    /// A name, when one of its functions is called.
    Later(String),
}

/// The modules of the standard library that break when one of them is replaced.
pub struct Broken {
    /// Those that fail when they are imported, with the module on the way to the one that is hidden.
    failing: FxHashMap<&'static str, Step>,
    /// Those whose functions fail.
    later: FxHashMap<&'static str, Need>,
}

enum Step {
    Through(&'static str),
    Needs(Need),
}

impl Broken {
    /// What breaks in this version.
    pub fn by(replacement: &Replacement<'_>, version: PythonVersion) -> Self {
        let edges = edges(version);
        let mut broken = Self { failing: FxHashMap::default(), later: FxHashMap::default() };
        for edge in &edges {
            match missed(edge, replacement) {
                Some(need @ Need::Later(_)) => {
                    broken.later.entry(edge.importer).or_insert(need);
                }
                Some(need) => {
                    broken.failing.entry(edge.importer).or_insert(Step::Needs(need));
                }
                None => {}
            }
        }
        broken.spread(&edges, replacement.name);
        broken
    }

    /// What imports a module that fails, fails; so does every submodule of a package that does.
    fn spread(&mut self, edges: &[Edge], hidden: &str) {
        let mut importers: FxHashMap<&str, Vec<&'static str>> = FxHashMap::default();
        for edge in edges {
            importers.entry(edge.imported).or_default().push(edge.importer);
            for (end, _) in edge.imported.match_indices('.') {
                importers.entry(&edge.imported[..end]).or_default().push(edge.importer);
            }
            for (end, _) in edge.importer.match_indices('.') {
                importers.entry(&edge.importer[..end]).or_default().push(edge.importer);
            }
        }
        let mut pending: VecDeque<&'static str> = self.failing().into();
        while let Some(module) = pending.pop_front() {
            let all = importers.get(module).into_iter().flatten();
            for importer in all.filter(|importer| top(importer) != hidden) {
                if !self.failing.contains_key(importer) {
                    self.failing.insert(importer, Step::Through(module));
                    pending.push_back(importer);
                }
            }
        }
    }

    /// The modules whose import fails, in alphabetical order.
    pub fn failing(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.failing.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// How importing `module` leads to something that breaks: the modules on the way, the one that
    /// misses something last.
    pub fn chain(&self, module: &str) -> Option<(Vec<&'static str>, Need)> {
        let Some((name, first)) = self.failing.get_key_value(module) else {
            let (name, need) = self.later.get_key_value(module)?;
            return Some((vec![*name], need.clone()));
        };
        let (mut current, mut step) = (*name, first);
        let mut chain = vec![current];
        loop {
            match step {
                Step::Needs(need) => return Some((chain, need.clone())),
                Step::Through(module) => {
                    current = module;
                    chain.push(current);
                    step = self.failing.get(current)?;
                }
            }
        }
    }
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// What the importer misses in the replacement.
fn missed(edge: &Edge, replacement: &Replacement<'_>) -> Option<Need> {
    if top(edge.imported) != replacement.name || top(edge.importer) == replacement.name {
        return None;
    }
    if let Some((_, submodule)) = edge.imported.split_once('.') {
        let is_there = (replacement.has_submodule)(submodule.split('.').next().unwrap_or_default());
        return (!is_there).then(|| Need::Submodule(edge.imported.to_owned()));
    }
    let is_missing = |name: &&&'static str| !(replacement.binds)(name);
    let now = edge.now.iter().find(is_missing).map(|name| Need::Name((*name).to_owned()));
    now.or_else(|| edge.later.iter().find(is_missing).map(|name| Need::Later((*name).to_owned())))
}

/// The imports of a version.
fn edges(version: PythonVersion) -> Vec<Edge> {
    let bit = super::bit(version);
    let mut importer = "";
    let mut edges = Vec::new();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let Some(import) = line.strip_prefix(' ') else {
            importer = line;
            continue;
        };
        let mut words = import.split(' ');
        let versions = words.next().and_then(|word| u8::from_str_radix(word, 16).ok());
        let Some(imported) = words.next().filter(|_| versions.is_some_and(|set| set & bit != 0))
        else {
            continue;
        };
        let (later, now): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('?'));
        let later = later.into_iter().map(|word| &word[1..]).collect();
        edges.push(Edge { importer, imported, now, later });
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::{Broken, Need, Replacement};
    use pycheck_model::PythonVersion;

    fn py(minor: u8) -> PythonVersion {
        PythonVersion { major: 3, minor }
    }

    fn empty(name: &str) -> Replacement<'_> {
        Replacement { name, binds: &|_| false, has_submodule: &|_| false }
    }

    #[test]
    fn a_local_random_breaks_tempfile_and_what_imports_that() {
        for minor in 8..=15 {
            let broken = Broken::by(&empty("random"), py(minor));
            let (chain, need) = broken.chain("tempfile").unwrap();
            assert_eq!((chain, need), (vec!["tempfile"], Need::Name("Random".to_owned())));
            let (chain, _) = broken.chain("urllib.request").unwrap();
            assert_eq!(chain.first(), Some(&"urllib.request"));
            assert!(chain.len() > 1);
            assert_eq!(broken.chain("json"), None);
        }
    }

    #[test]
    fn a_replacement_that_has_all_names_breaks_nothing() {
        let full = Replacement { name: "random", binds: &|_| true, has_submodule: &|_| true };
        assert_eq!(Broken::by(&full, py(12)).chain("tempfile"), None);
    }

    #[test]
    fn a_module_in_the_place_of_a_package_has_no_submodules() {
        let binds_all = Replacement { name: "email", binds: &|_| true, has_submodule: &|_| false };
        let (chain, need) = Broken::by(&binds_all, py(12)).chain("smtplib").unwrap();
        assert_eq!(chain, ["smtplib"]);
        assert!(matches!(need, Need::Submodule(name) if name.starts_with("email.")));
    }

    #[test]
    fn what_only_functions_need_breaks_later() {
        let broken = Broken::by(&empty("queue"), py(12));
        let (chain, need) = broken.chain("concurrent.futures.thread").unwrap();
        assert_eq!(chain, ["concurrent.futures.thread"]);
        assert!(matches!(need, Need::Later(_)));
    }
}
