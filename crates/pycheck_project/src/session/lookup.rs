//! What somebody wants to know who is looking at an import: where it leads, why, what else there is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::{Guide, Lead};
use pycheck_model::{ImportKind, ModuleSummary, TextRange, TextSize};
use pycheck_syntax::{parse, summarize};

use super::{Session, project_of};
use crate::disk::Disk;
use crate::installed::distribution;

/// A part of an import statement, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Where it stands.
    pub range: TextRange,
    /// Its full dotted name.
    pub name: String,
    /// The file, or the folder of a package without one.
    pub path: Option<PathBuf>,
    /// The name in that file that it is.
    pub member: Option<String>,
    is_standard: bool,
}

impl Session {
    /// Answers with a guide to all files.
    pub(super) fn guided<T>(&self, answer: impl FnOnce(&Guide<'_>) -> T) -> T {
        let modules = self.modules(&self.records);
        let disk = Disk::new(self.file_settings().target, &modules, &self.memory);
        answer(&Guide::new(&modules, &self.projects, &disk, &self.outside))
    }

    /// The imports of a file with what they lead to, in no order.
    pub fn destinations(&self, path: &Path) -> Vec<Destination> {
        let (Some(file), Some(text)) = (self.index_of(path), self.text(path)) else {
            return Vec::new();
        };
        let record = &self.records[file];
        let leads = self.guided(|guide| guide.imports_of(file));
        let mut found = Vec::new();
        for (import, leads) in record.summary.imports.iter().zip(leads) {
            let place = |site| Some(record.sites.range(site)).filter(|it| is_within(*it, &text));
            let parts = place(import.site).map(|range| parts(&text, range)).unwrap_or_default();
            let named = match &import.kind {
                ImportKind::From { names, .. } => names.as_slice(),
                ImportKind::Module { .. } | ImportKind::Call { .. } => &[],
            };
            let names = named.iter().filter_map(|name| place(name.site));
            let names = names.zip(leads.names);
            // What is handed to a function as a text is looked at as a whole.
            let is_whole = parts.len() != leads.modules.len();
            let skipped = if is_whole { leads.modules.len().saturating_sub(1) } else { 0 };
            let whole = is_whole.then(|| place(import.site)).flatten().into_iter().collect();
            let ranges: Vec<TextRange> = if is_whole { whole } else { parts };
            let modules = ranges.into_iter().zip(leads.modules.into_iter().skip(skipped));
            let all = modules.chain(names);
            found.extend(all.filter_map(|(range, lead)| Some(destination(range, lead?))));
        }
        found
    }

    /// Where in its file something is that an import leads to.
    pub fn place_of(&self, destination: &Destination) -> Option<(PathBuf, Arc<str>, TextRange)> {
        let path = destination.path.clone().filter(|path| !path.is_dir())?;
        let is_source = path.extension().is_some_and(|ending| ending == "py" || ending == "pyi");
        let text = is_source.then(|| self.text(&path)).flatten()?;
        let range = destination.member.as_ref().and_then(|name| {
            let target = self.file_settings().target;
            let (summary, sites) = summarize(&parse(text.to_string(), target.version), &target);
            let site = binding(&summary, name)?;
            Some(sites.range(site)).filter(|range| is_within(*range, &text))
        });
        Some((path, text, range.unwrap_or_default()))
    }

    /// Where something comes from, in a sentence.
    pub fn origin(&self, destination: &Destination) -> String {
        if destination.is_standard {
            return format!("the standard library of Python {}", self.outside.version);
        }
        let Some(path) = &destination.path else { return "served by an import hook".to_owned() };
        let holds = |site: &&PathBuf| path.starts_with(site);
        let is_own = path.starts_with(&self.settings.project_root) && self.index_of(path).is_some();
        let site = self.outside.site_packages.iter().filter(holds);
        let site = site.max_by_key(|site| site.components().count()).filter(|_| !is_own);
        if let Some(site) = site {
            let top = destination.name.split('.').next().unwrap_or_default();
            let owner = distribution(site, top);
            let owner = owner.map_or_else(
                || "an installed package".to_owned(),
                |(name, version)| format!("the distribution `{name}` {version}"),
            );
            let environment = self.outside.environment.as_deref().unwrap_or("the environment");
            return format!("{owner}, in {environment}");
        }
        let project = project_of(path, &self.projects);
        let name = self.guided(|guide| guide.name_of(path, project));
        let root = name.map(|name| (name.root.display().to_string(), name.reason));
        let reason = root.map(|(root, reason)| format!(", found from `{root}`: {reason}"));
        format!("the project{}", reason.unwrap_or_default())
    }

    /// The modules that an import in a file can name, and for `from` the names of the module as well.
    pub fn importable(
        &self,
        path: &Path,
        level: u32,
        package: &str,
        with_names: bool,
    ) -> Vec<(String, bool)> {
        let Some(file) = self.index_of(path) else { return Vec::new() };
        self.guided(|guide| {
            let modules = guide.modules_below(file, level, package);
            let mut all: Vec<(String, bool)> = Vec::new();
            if with_names {
                let names = guide.members(file, level, package);
                let others = names.into_iter().filter(|name| !modules.contains(name));
                all.extend(others.map(|name| (name, false)));
            }
            all.extend(modules.into_iter().map(|name| (name, true)));
            all
        })
    }
}

fn destination(range: TextRange, lead: Lead) -> Destination {
    let Lead { name, file: path, member, is_standard } = lead;
    Destination { range, name, path, member, is_standard }
}

fn is_within(range: TextRange, text: &str) -> bool {
    text.get(std::ops::Range::<usize>::from(range)).is_some()
}

/// Where the parts of a dotted name are; dots at its beginning go with the first, and dots alone are
/// one part.
fn parts(text: &str, range: TextRange) -> Vec<TextRange> {
    let written = &text[std::ops::Range::<usize>::from(range)];
    let is_plain = |c: char| c == '.' || c == '_' || c.is_alphanumeric();
    if !written.chars().all(is_plain) {
        return Vec::new();
    }
    let dots = written.len() - written.trim_start_matches('.').len();
    let mut at = range.start() + TextSize::try_from(dots).unwrap_or_default();
    let mut found = Vec::new();
    for part in written[dots..].split('.') {
        let length = TextSize::try_from(part.len()).unwrap_or_default();
        found.push(TextRange::at(at, length));
        at += length + TextSize::new(1);
    }
    if written.len() == dots { vec![range] } else { found }
}

/// Where a module binds a name.
fn binding(summary: &ModuleSummary, name: &str) -> Option<u32> {
    let body = &summary.body;
    let mut bindings = body.bindings.iter();
    bindings.find(|(index, _)| body.names[*index as usize] == name).map(|(_, site)| *site)
}

#[cfg(test)]
mod tests {
    use pycheck_model::TextRange;

    use super::parts;

    #[test]
    fn dots_at_the_beginning_are_no_part() {
        let shown = |text: &str| -> Vec<String> {
            let range = TextRange::up_to((text.len() as u32).into());
            let parts = parts(text, range).into_iter();
            parts.map(|range| text[std::ops::Range::<usize>::from(range)].to_owned()).collect()
        };
        assert_eq!(shown("a.bc"), ["a", "bc"]);
        assert_eq!(shown("..a.b"), ["a", "b"]);
        assert_eq!(shown(".."), [".."]);
        assert_eq!(shown("\"a.b\""), [""; 0]);
    }
}
