//! What has to be written otherwise when files and folders move, so that imports still find them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::{Guide, ModuleName};
use pycheck_model::{Edit, Import, ImportKind, ImportedName, TextRange, TextSize, is_identifier};

use super::{Session, project_of};

/// A file or folder that goes from one place to another; both are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it is.
    pub from: PathBuf,
    /// Where it will be.
    pub to: PathBuf,
}

impl Moved {
    /// Where a file will be.
    fn place(&self, path: &Path) -> Option<PathBuf> {
        let below = path.strip_prefix(&self.from).ok()?;
        let is_itself = below.as_os_str().is_empty();
        Some(if is_itself { self.to.clone() } else { self.to.join(below) })
    }
}

/// The names of the modules that move, before and afterwards.
type Names = BTreeMap<String, String>;

impl Session {
    /// The edits of each file that keep imports working when files and folders move.
    pub fn edits_for_moves(&self, moves: &[Moved]) -> Vec<(Arc<PathBuf>, Vec<Edit>)> {
        self.guided(|guide| {
            let names = self.moved_names(guide, moves);
            if names.is_empty() {
                return Vec::new();
            }
            let all = self.files.iter().enumerate();
            let edits = all.map(|(file, path)| (path.clone(), self.edits_in(guide, file, &names)));
            edits.filter(|(_, edits)| !edits.is_empty()).collect()
        })
    }

    fn moved_names(&self, guide: &Guide<'_>, moves: &[Moved]) -> Names {
        let mut names = Names::new();
        for path in &self.files {
            let Some(to) = moves.iter().find_map(|moved| moved.place(path)) else { continue };
            let Some(name) = guide.name_of(path, project_of(path, &self.projects)) else {
                continue;
            };
            if let Some(new) = renamed(&name, &to).filter(|new| *new != name.name) {
                names.insert(name.name, new);
            }
        }
        // A package without `__init__` moves with all that is in it.
        let packages = names.iter().filter_map(|(old, new)| {
            let ((old, own), (new, also)) = (old.rsplit_once('.')?, new.rsplit_once('.')?);
            (own == also && old != new).then(|| (old.to_owned(), new.to_owned()))
        });
        let packages: Vec<(String, String)> = packages.collect();
        for (old, new) in packages {
            let is_whole = self.files.iter().all(|path| {
                let own = guide.name_of(path, project_of(path, &self.projects));
                own.is_none_or(|own| !is_below(&own.name, &old) || names.contains_key(&own.name))
            });
            if is_whole {
                names.entry(old).or_insert(new);
            }
        }
        names
    }

    fn edits_in(&self, guide: &Guide<'_>, file: usize, names: &Names) -> Vec<Edit> {
        let (record, path) = (&self.records[file], &self.files[file]);
        let package = self.package_afterwards(guide, path, names);
        let mut edits = Vec::new();
        for import in &record.summary.imports {
            let Some(asked) = guide.asked(file, import) else { continue };
            let range = record.sites.range(import.site);
            let new = names.get(&asked);
            match &import.kind {
                ImportKind::Module { alias, .. } => {
                    let Some(new) = new else { continue };
                    edits.push(Edit { range, content: new.clone() });
                    if alias.is_none() {
                        edits.extend(self.uses(path, &asked, new, range));
                    }
                }
                ImportKind::From { level, module, names: imported } => {
                    let wanted = new.unwrap_or(&asked);
                    let statement = Statement { package: &package, level: *level, module };
                    let content = statement.spelled(&asked, wanted);
                    edits.extend(content.map(|content| Edit { range, content }));
                    edits.extend(self.imported_modules(file, (import, &asked), imported, names));
                }
                ImportKind::Call { level: 0, .. } => {
                    let Some(new) = new else { continue };
                    edits.push(Edit { range: inner(range), content: new.clone() });
                }
                ImportKind::Call { .. } => {}
            }
        }
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        edits.dedup();
        edits
    }

    /// The package that relative imports of a file start from when all has moved.
    fn package_afterwards(&self, guide: &Guide<'_>, path: &Path, names: &Names) -> String {
        let own = guide.name_of(path, project_of(path, &self.projects)).map(|own| own.name);
        let own = own.unwrap_or_default();
        let name = names.get(&own).unwrap_or(&own);
        let is_package = path.file_stem().is_some_and(|stem| stem == "__init__");
        let parent = name.rsplit_once('.').map_or("", |(parent, _)| parent);
        if is_package { name.clone() } else { parent.to_owned() }
    }

    /// `from package import module`, where it is the module that moves.
    fn imported_modules(
        &self,
        file: usize,
        (import, asked): (&Import, &str),
        imported: &[ImportedName],
        names: &Names,
    ) -> Vec<Edit> {
        let sites = &self.records[file].sites;
        let mut edits = Vec::new();
        for name in imported {
            let Some(new) = names.get(&format!("{asked}.{}", name.name)) else { continue };
            let Some((parent, last)) = new.rsplit_once('.') else { continue };
            let own = names.get(asked).map_or(asked, String::as_str);
            if parent != own && imported.len() > 1 {
                // The statement would have to be taken apart.
                continue;
            }
            if parent != own {
                edits.push(Edit { range: sites.range(import.site), content: parent.to_owned() });
            }
            if last != name.name {
                let keeps = name.alias.is_none();
                let alias = if keeps { format!(" as {}", name.name) } else { String::new() };
                let at = TextRange::at(sites.range(name.site).start(), length(&name.name));
                edits.push(Edit { range: at, content: format!("{last}{alias}") });
            }
        }
        edits
    }

    /// The other places of a file that spell out the name of a module.
    fn uses(&self, path: &Path, old: &str, new: &str, import: TextRange) -> Vec<Edit> {
        let Some(text) = self.text(path) else { return Vec::new() };
        let is_part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
        let is_use = |at: &usize| {
            let (before, after) = (&text[..*at], &text[at + old.len()..]);
            !before.ends_with(is_part) && after.starts_with('.')
        };
        let found = text.match_indices(old).map(|(at, _)| at).filter(is_use);
        let ranges =
            found.filter_map(|at| Some(TextRange::at(u32::try_from(at).ok()?.into(), length(old))));
        let others = ranges.filter(|range| range.intersect(import).is_none());
        others.map(|range| Edit { range, content: new.to_owned() }).collect()
    }
}

/// A from-import of a file.
struct Statement<'s> {
    /// The package of the file when all has moved.
    package: &'s str,
    level: u32,
    module: &'s str,
}

impl Statement<'_> {
    /// What it has to say so that it asks for `wanted`; `None` if it does so as it is. Dots are kept
    /// where they lead there.
    fn spelled(&self, asked: &str, wanted: &str) -> Option<String> {
        if self.level == 0 {
            return (wanted != asked).then(|| wanted.to_owned());
        }
        let parts: Vec<&str> = self.package.split('.').filter(|part| !part.is_empty()).collect();
        let kept = (parts.len() + 1).saturating_sub(self.level as usize);
        let base = parts[..kept.min(parts.len())].join(".");
        let below = wanted.strip_prefix(&base).filter(|_| !base.is_empty());
        let below = below
            .and_then(|below| if below.is_empty() { Some(below) } else { below.strip_prefix('.') });
        match below {
            Some(below) if below == self.module => None,
            Some(below) => Some(".".repeat(self.level as usize) + below),
            None => Some(wanted.to_owned()),
        }
    }
}

fn is_below(name: &str, package: &str) -> bool {
    name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The name that a module will have; `None` if no import can spell it.
fn renamed(name: &ModuleName, to: &Path) -> Option<String> {
    let below = to.strip_prefix(&name.root).ok()?.with_extension("");
    let prefix = name.prefix.split('.').filter(|part| !part.is_empty()).map(str::to_owned);
    let mut parts: Vec<String> = prefix.collect();
    for part in below.components() {
        parts.push(part.as_os_str().to_str().filter(|part| is_identifier(part))?.to_owned());
    }
    if parts.last().is_some_and(|last| last == "__init__") {
        parts.pop();
    }
    (!parts.is_empty()).then(|| parts.join("."))
}

fn length(text: &str) -> TextSize {
    TextSize::try_from(text.len()).unwrap_or_default()
}

/// A string without its quotes.
fn inner(range: TextRange) -> TextRange {
    let one = TextSize::new(1);
    if range.len() < one + one {
        range
    } else {
        TextRange::new(range.start() + one, range.end() - one)
    }
}
