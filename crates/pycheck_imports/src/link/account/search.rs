//! Where names are looked for, and what each place said.

use std::path::{Path, PathBuf};

use pycheck_model::explanation::{Spot, Step};

use super::super::Linker;
use super::super::place::Place;
use super::words;
use crate::near_miss::near_miss_in;
use crate::resolve::{Kind, Module, Resolution, Resolver, SearchPath};
use crate::stdlib;
use crate::trace::{Event, Served};

/// How many folders that come too late are shown one by one.
const MOST_HIDDEN: usize = 5;

/// One entry of a search path.
struct Entry {
    /// The folder; none for the table of the standard library.
    path: Option<PathBuf>,
    reason: String,
}

/// Looks for names and tells how.
pub(super) struct Search<'s, 'a> {
    pub(super) linker: &'s Linker<'a>,
    /// Keeps what it asks and finds.
    pub(super) resolver: Resolver<'a>,
    pub(super) project: usize,
}

impl Search<'_, '_> {
    /// The entries of a search path, each with its reason.
    pub(super) fn path(&self, place: &Place, path: SearchPath) -> Step<Spot> {
        let brought = Step::new("entry", "built-in and frozen modules, before all folders");
        let entries = self
            .entries(place, path)
            .into_iter()
            .map(|entry| Step::new("entry", entry.reason).at(entry.path.map(Spot::Path)));
        Step::new("path", "looked for in this order:")
            .with(std::iter::once(brought).chain(entries).collect())
    }

    fn entries(&self, place: &Place, path: SearchPath) -> Vec<Entry> {
        let outside = self.linker.resolver.outside();
        let roots = self.linker.resolver.roots(path);
        let mut entries: Vec<Entry> = roots
            .iter()
            .map(|root| Entry { reason: self.reason(place, root), path: Some(root.clone()) })
            .collect();
        let entry = |path: &PathBuf, reason: &str| Entry {
            path: Some(path.clone()),
            reason: reason.to_owned(),
        };
        entries.extend(outside.stdlib.iter().map(|path| entry(path, "the standard library")));
        if outside.stdlib.is_empty() {
            let reason = format!("the standard library (a table for Python {})", outside.version);
            entries.push(Entry { path: None, reason });
        }
        let installed = match &outside.environment {
            Some(environment) => format!("installed packages ({environment})"),
            None => "installed packages".to_owned(),
        };
        entries.extend(outside.site_packages.iter().map(|path| {
            let is_own = path.ends_with("site-packages") || path.ends_with("dist-packages");
            entry(
                path,
                if is_own { &installed } else { "added by the environment (a `.pth` file)" },
            )
        }));
        entries
    }

    /// Why a folder is a root.
    fn reason(&self, place: &Place, root: &Path) -> String {
        let project = &self.linker.projects[self.project];
        let identities = place.identities.iter().map(|(identity, _)| &identity.root);
        let known = identities.chain(&project.declared).find(|known| known.path == root);
        if let Some(known) = known {
            return known.reason.clone();
        }
        if root == project.project {
            return "the project's folder".to_owned();
        }
        if project.extra.iter().any(|extra| extra == root) {
            return "PYTHONPATH".to_owned();
        }
        if project.started.iter().any(|started| started == root) {
            return "the folder that pycheck was started in or told of".to_owned();
        }
        if place.possible.iter().any(|folder| folder == root) {
            return "holds scripts or tests: on `sys.path` when one of them is started".to_owned();
        }
        "a root of another project in this one".to_owned()
    }

    /// How a dotted name is resolved, part by part.
    pub(super) fn parts(&self, place: &Place, name: &str, path: SearchPath) -> Vec<Step<Spot>> {
        let roots = self.linker.resolver.roots(path);
        let own = self.resolver.search_path(roots.to_vec());
        self.resolver.take_trace();
        self.resolver.resolve(name, own);
        let events = self.resolver.take_trace();
        let mut open: Vec<(String, Vec<Step<Spot>>, Vec<PathBuf>)> = Vec::new();
        let mut done = Vec::new();
        for event in events {
            match (event, open.last_mut()) {
                (Event::Begin(part), _) => open.push((part, Vec::new(), Vec::new())),
                (Event::Served(served), Some((part, steps, _))) => {
                    steps.push(self.served(part, &served));
                }
                (Event::Looked { folder, found, is_portion }, Some((part, steps, asked))) => {
                    steps.push(self.looked(part, &folder, found.as_ref(), is_portion));
                    asked.push(folder);
                }
                (Event::End(resolution), Some(_)) => {
                    let Some((part, mut steps, asked)) = open.pop() else { continue };
                    let is_file = matches!(&resolution, Resolution::Found(module)
                        if !matches!(module.kind, Kind::Standard(_) | Kind::Hooked));
                    if !part.contains('.') && !asked.is_empty() && is_file {
                        steps.extend(self.hidden(place, path, &part, &asked));
                    }
                    let step = part_step(&part, &resolution).with(steps);
                    match open.last_mut() {
                        Some((_, above, _)) => above.push(step),
                        None => done.push(step),
                    }
                }
                _ => {}
            }
        }
        done
    }

    fn served(&self, name: &str, served: &Served) -> Step<Spot> {
        let version = self.linker.resolver.outside().version;
        let (text, place) = match served {
            Served::Loaded => (
                format!(
                    "the interpreter has imported `{name}` before any code runs: no folder is asked"
                ),
                None,
            ),
            Served::BuiltIn => {
                (format!("`{name}` is built into the interpreter: no folder is asked"), None)
            }
            Served::Frozen => {
                (format!("`{name}` is frozen into the interpreter: no folder is asked"), None)
            }
            Served::Main => ("the program that was started".to_owned(), None),
            Served::Mapped(folder) => {
                ("the build configuration gives the package this folder".to_owned(), Some(folder))
            }
            Served::Table(true) => {
                (format!("the standard library of Python {version} has it"), None)
            }
            Served::Table(false) => {
                (format!("the standard library of Python {version} has no `{name}`"), None)
            }
            Served::Hook(place) => {
                ("an import hook of an installed package serves it".to_owned(), place.as_ref())
            }
        };
        Step::new("candidate", text).at(place.cloned().map(Spot::Path))
    }

    /// What one folder said.
    fn looked(
        &self,
        name: &str,
        folder: &PathBuf,
        found: Option<&Module>,
        is_portion: bool,
    ) -> Step<Spot> {
        let last = name.rsplit('.').next().unwrap_or(name);
        if let Some(module) = found {
            let text = format!("{} of this name: taken", words::kind(module));
            return Step::new("candidate", text).at(words::spot(module));
        }
        if is_portion {
            let text = "a folder without `__init__.py`: kept as part of a namespace package, \
                        unless a package or module is found further on";
            return Step::new("candidate", text).at(Some(Spot::Path(folder.join(last))));
        }
        if self.resolver.folders().list(folder).is_none() {
            return Step::new("candidate", "no such folder").at(Some(Spot::Path(folder.clone())));
        }
        let nothing = Step::new("candidate", format!("no `{last}` here"));
        match near_miss_in(&self.resolver, last, folder) {
            Some(near) => Step::new("candidate", format!("not taken: {}", words::near(&near.kind)))
                .at(Some(Spot::Path(near.path))),
            None => nothing.at(Some(Spot::Path(folder.clone()))),
        }
    }

    /// Modules of the same name in the entries that come after the one that was taken.
    fn hidden(
        &self,
        place: &Place,
        path: SearchPath,
        name: &str,
        asked: &[PathBuf],
    ) -> Vec<Step<Spot>> {
        let entries = self.entries(place, path);
        let later = entries.iter().filter_map(|entry| entry.path.as_ref());
        let later = later.filter(|folder| !asked.contains(folder));
        let found = later.filter_map(|folder| {
            self.resolver.unnoted(|| self.resolver.find_in_folder(folder, name, &mut Vec::new()))
        });
        let hidden = |module: Module| {
            let text = format!("{} of this name, hidden: it comes later", words::kind(&module));
            Step::new("hidden", text).at(words::spot(&module))
        };
        let outside = self.linker.resolver.outside();
        let is_listed = outside.stdlib.is_empty() && stdlib::contains(name, outside.version);
        let of_table = is_listed
            && matches!(asked.last(), Some(last) if !outside.site_packages.contains(last));
        let text = "the module of this name in the standard library, hidden: it comes later";
        let of_table = of_table.then(|| Step::new("hidden", text));
        of_table.into_iter().chain(found.take(MOST_HIDDEN).map(hidden)).collect()
    }
}

fn part_step(name: &str, resolution: &Resolution) -> Step<Spot> {
    match resolution {
        Resolution::Found(module) => {
            let text = match &module.kind {
                Kind::Standard(_) if name.contains('.') => "part of the standard library",
                _ => words::kind(module),
            };
            Step::new("part", format!("`{name}`: {text}")).at(words::spot(module))
        }
        Resolution::Missing { .. } => Step::new("part", format!("`{name}`: not found")),
        Resolution::NotAPackage { parent, .. } => {
            let above = name.rsplit_once('.').map_or("", |(above, _)| above);
            Step::new("part", format!("`{name}`: not found, as `{above}` is no package"))
                .at(words::spot(parent))
        }
        Resolution::Open => {
            let text = "may exist: code that runs before decides what is found here";
            Step::new("part", format!("`{name}`: {text}"))
        }
    }
}
