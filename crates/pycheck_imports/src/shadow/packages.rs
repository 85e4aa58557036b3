//! Installed packages that can't be imported when a module of the standard library is hidden.

use std::collections::VecDeque;

use pycheck_model::steps::{Body, Step};
use pycheck_model::{Import, ImportKind, ModuleSummary, Site};
use rustc_hash::FxHashSet;

use super::Victim;
use super::candidates::Candidate;
use super::effect::{Judge, is_within};
use crate::resolve::{Module, Resolution, SearchPath};
use crate::runs::{modules_named, runs_on_import};
use crate::stdlib;
use crate::stdlib::imports::{Broken, Need};

/// How many installed files are looked into for one local file.
const MOST_FILES: usize = 80;

impl Judge<'_> {
    /// The first import of an installed package that runs into something that breaks.
    pub(super) fn installed_victim(
        &self,
        candidate: &Candidate<'_>,
        broken: &Broken,
    ) -> Option<Victim> {
        let path = self.resolver.search_path(Vec::new());
        let mut search =
            Search { judge: self, candidate, broken, path, seen: FxHashSet::default() };
        let imports = self.imports(candidate);
        for (file, _, import) in imports.filter(|(_, summary, it)| runs_on_import(summary, it)) {
            if matches!(import.kind, ImportKind::From { level: 1.., .. }) {
                continue;
            }
            for name in modules_named(&import.kind, "", &|_| true) {
                if let Some((chain, need)) = search.from(name) {
                    return Some(Victim { at: Site { file, index: import.site }, chain, need });
                }
            }
        }
        None
    }
}

struct Search<'a> {
    judge: &'a Judge<'a>,
    candidate: &'a Candidate<'a>,
    broken: &'a Broken,
    /// The path on which nothing of the project is.
    path: SearchPath,
    seen: FxHashSet<String>,
}

impl Search<'_> {
    /// How importing an installed module leads to something that breaks.
    fn from(&mut self, name: String) -> Option<(Vec<String>, Need)> {
        let mut pending = VecDeque::from([vec![name]]);
        while let Some(way) = pending.pop_front() {
            let Some(name) = way.last().filter(|name| !self.seen.contains(*name)).cloned() else {
                continue;
            };
            let Some((summary, package)) = self.installed(&name) else { continue };
            self.seen.insert(name);
            for import in summary.imports.iter().filter(|import| import.context.is_none()) {
                if let Some(need) = self.need(&summary, import) {
                    return Some((way, need));
                }
                let next = modules_named(&import.kind, &package, &|_| true);
                if let Some((chain, need)) = next.iter().find_map(|name| self.standard(name)) {
                    let chain = chain.into_iter().map(str::to_owned);
                    return Some((way.into_iter().chain(chain).collect(), need));
                }
                let longer = |name| way.iter().cloned().chain([name]).collect();
                pending.extend(next.into_iter().map(longer));
            }
        }
        None
    }

    /// The summary and the package of an installed module.
    fn installed(&self, name: &str) -> Option<(std::sync::Arc<ModuleSummary>, String)> {
        if self.seen.len() >= MOST_FILES || is_within(name, self.candidate.name) {
            return None;
        }
        let resolver = self.judge.resolver;
        let Resolution::Found(module) = resolver.resolve(name, self.path) else { return None };
        let file = module.file()?;
        let mut sites = resolver.outside().site_packages.iter();
        if !sites.any(|site| file.starts_with(site)) {
            return None;
        }
        Some((resolver.folders().summary(file)?, package_of(&module, name)))
    }

    /// A module of the standard library that can't be imported, and why.
    fn standard(&self, name: &str) -> Option<(Vec<&'static str>, Need)> {
        let version = self.judge.resolver.outside().version;
        let top = name.split('.').next().unwrap_or(name);
        if is_within(name, self.candidate.name) || !stdlib::contains(top, version) {
            return None;
        }
        self.broken.chain(name).filter(|(_, need)| !matches!(need, Need::Later(_)))
    }

    /// What an import asks of the hidden module and does not get.
    fn need(&self, summary: &ModuleSummary, import: &Import) -> Option<Need> {
        let asked = import.kind.absolute_name()?;
        if !is_within(asked, self.candidate.name) {
            return None;
        }
        let below = asked[self.candidate.name.len()..].trim_start_matches('.');
        if !below.is_empty() {
            let first = below.split('.').next().unwrap_or_default();
            let is_there = self.judge.has_submodule(self.candidate, first);
            return (!is_there).then(|| Need::Submodule(asked.to_owned()));
        }
        let names: Vec<&str> = match &import.kind {
            ImportKind::From { names, .. } => names.iter().map(|name| name.name.as_str()).collect(),
            ImportKind::Module { name, alias } => {
                attributes(&summary.body, alias.as_deref().unwrap_or(name))
            }
            ImportKind::Call { .. } => Vec::new(),
        };
        let is_missing = |name: &&str| *name != "*" && !self.judge.has_name(self.candidate, name);
        names.into_iter().find(is_missing).map(|name| Need::Name(name.to_owned()))
    }
}

fn package_of(module: &Module, name: &str) -> String {
    let is_package = !module.search.is_empty();
    let package = if is_package { name } else { name.rsplit_once('.').map_or("", |it| it.0) };
    package.to_owned()
}

/// The attributes that the module's own statements surely read of a name.
pub(super) fn attributes<'b>(body: &'b Body, name: &str) -> Vec<&'b str> {
    let mut found = Vec::new();
    collect(body, &body.steps, name, &mut found);
    found
}

fn collect<'b>(body: &'b Body, steps: &[Step], name: &str, found: &mut Vec<&'b str>) {
    let text = |index: u32| body.names.get(index as usize).map_or("", |name| name.as_str());
    for step in steps {
        match step {
            Step::Class(steps) => collect(body, steps, name, found),
            Step::Read(chain) => {
                if let [first, second, ..] = chain.names[..]
                    && text(first) == name
                {
                    found.push(text(second));
                }
            }
            _ => {}
        }
    }
}
