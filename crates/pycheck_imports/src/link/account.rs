//! How single imports are resolved, step by step, for a user who asks. The session is linked as it
//! always is, and what was decided is told; nothing is decided here.

mod search;
mod statement;
mod ways;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use pycheck_model::explanation::{Outcome, Spot, Step};
use pycheck_model::{Import, ImportKind, ModuleSummary};

use self::search::Search;
use super::names::Names;
use super::place::Place;
use super::{Case, Checked, Linker, ModuleInput, Program, mapped};
use crate::failure::Failure;
use crate::folders::Folders;
use crate::name_failure::NameFailure;
use crate::naming::{Identity, SearchRoots};
use crate::outside::Outside;
use crate::resolve::Resolver;
use crate::simulate::Target;
use crate::suggest::join;

/// What a user asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// An import statement of a file.
    Import {
        /// The file.
        file: u32,
        /// Which of its imports.
        import: usize,
        /// Which of the names that a from-import asks for.
        names: Vec<usize>,
    },
    /// A dotted name, as a file in a folder would import it.
    Module {
        /// The name.
        name: String,
        /// The folder.
        folder: PathBuf,
        /// The project that the folder belongs to.
        project: usize,
    },
    /// The names of a file.
    File {
        /// The file.
        file: u32,
    },
}

/// How an import is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What becomes of it.
    pub outcome: Outcome,
    /// What is found, or why nothing can be told; for a failure when it shows, if not always.
    pub text: String,
    /// Where what is imported lies.
    pub at: Option<Spot>,
    /// Why the module is not found.
    pub failure: Option<Failure>,
    /// The names that are not there.
    pub names: Vec<NameFailure>,
    /// How that comes about.
    pub steps: Vec<Step<Spot>>,
}

/// Links the modules, as [`super::link`] does, and answers questions about them.
pub fn explain(
    modules: &[ModuleInput],
    projects: &[SearchRoots],
    folders: &dyn Folders,
    outside: &Outside,
    questions: &[Question],
) -> (Program, Vec<Account>) {
    let linker = Linker::new(modules, projects, Resolver::new(folders, outside, mapped(projects)));
    let (program, checked, names) = linker.run();
    let mut teller = Teller { linker: &linker, program, checked, names };
    let accounts = questions.iter().map(|question| teller.answer(question)).collect();
    (teller.program, accounts)
}

/// A linked session that can be asked.
struct Teller<'l, 'a> {
    linker: &'l Linker<'a>,
    program: Program,
    checked: Vec<Checked>,
    names: Names<'l, 'a>,
}

/// One import that was asked for.
struct Asked<'q> {
    /// The file; none for a name that stands in no file.
    file: Option<u32>,
    case: Case<'q>,
    /// Which names of a from-import.
    names: &'q [usize],
}

impl<'l, 'a> Teller<'l, 'a> {
    fn answer(&mut self, question: &Question) -> Account {
        match question {
            Question::Import { file, import, names } => self.import(*file, *import, names),
            Question::Module { name, folder, project } => self.module(name, folder, *project),
            Question::File { file } => self.file(*file),
        }
    }

    fn search(&self, project: usize) -> Search<'l, 'a> {
        Search { linker: self.linker, resolver: self.linker.resolver.traced(), project }
    }

    fn import(&mut self, file: u32, import: usize, names: &[usize]) -> Account {
        let linker = self.linker;
        let module = &linker.modules[file as usize];
        let folder = module.path.parent().unwrap_or(&module.path);
        let place = linker.place(folder, module.project);
        let import_index = import as u32;
        let import = &module.summary.imports[import];
        let case = Case { module, folder, place: &place, import };
        let started = self.started(&case);
        let cause = self.checked[file as usize].get(import_index as usize).cloned().flatten();
        let target = self.names.simulation.target(file, import_index).cloned();
        let mut account = self.statement(&Asked { file: Some(file), case, names }, cause, target);
        let mut steps = vec![file_step(module, &place)];
        steps.extend(words::conditions(&module.summary, import));
        steps.append(&mut account.steps);
        steps.extend(started);
        Account { steps, ..account }
    }

    fn module(&mut self, name: &str, folder: &std::path::Path, project: usize) -> Account {
        let linker = self.linker;
        let place = linker.place(folder, project);
        let kind = ImportKind::Module { name: name.to_owned(), alias: None };
        let import = Import { kind, context: None, site: 0 };
        let module = ModuleInput {
            path: Arc::new(folder.join("explained.py")),
            summary: Arc::new(ModuleSummary::default()),
            project,
        };
        let case = || Case { module: &module, folder, place: &place, import: &import };
        let cause = linker.cause(&case());
        let target = self.names.simulation.chain(name, place.certain);
        let has_failed = cause.is_some();
        let asked = Asked { file: None, case: case(), names: &[] };
        let mut account = self.statement(&asked, cause, Some(target));
        if has_failed && let Some((module, last)) = name.rsplit_once('.') {
            let target = self.names.simulation.chain(module, place.certain);
            if let Some(known) = self.attribute_of(&target, last) {
                account.steps.extend(known.steps);
                return Account { steps: account.steps, ..known };
            }
        }
        account
    }

    /// What a dotted name is that leads to a name in a module; `None` if it does not.
    fn attribute_of(&mut self, target: &Target, name: &str) -> Option<Account> {
        let module = self.names.simulation.name_of(target)?;
        let held = self.names.reporter().held(target, name)?;
        let (step, outcome) = statement::name_step(&module, name, &held);
        (outcome != Outcome::Fails).then(|| Account {
            outcome,
            text: step.text.clone(),
            at: step.at.clone(),
            failure: None,
            names: Vec::new(),
            steps: vec![step],
        })
    }

    fn file(&self, file: u32) -> Account {
        let module = &self.linker.modules[file as usize];
        let folder = module.path.parent().unwrap_or(&module.path);
        let place = self.linker.place(folder, module.project);
        let (first, path) = &place.identities[0];
        Account {
            outcome: Outcome::Resolves,
            text: format!("this file is {}", name_words(module, first)),
            at: None,
            failure: None,
            names: Vec::new(),
            steps: vec![file_step(module, &place), self.search(module.project).path(&place, *path)],
        }
    }
}

/// What a file is called, and why.
fn file_step(module: &ModuleInput, place: &Place) -> Step<Spot> {
    let names = place.identities.iter().enumerate().map(|(index, (identity, _))| {
        let or = if index == 0 { "" } else { "or " };
        let sure =
            if identity.root.is_guess && place.identities.len() > 1 { ", a guess" } else { "" };
        let reason = &identity.root.reason;
        let name = name_words(module, identity);
        Step::new("name", format!("{or}{name}, from this root: {reason}{sure}"))
            .at(Some(Spot::Path(identity.root.path.clone())))
    });
    Step::new("file", "this file is").with(names.collect())
}

fn name_words(module: &ModuleInput, identity: &Identity) -> String {
    let name = module_name(module, identity);
    match identity.package.as_str() {
        "" => format!("`{name}`, in no package"),
        package if package == name => format!("the package `{package}`"),
        package => format!("`{name}`, in the package `{package}`"),
    }
}

/// The name by which a file is imported.
fn module_name(module: &ModuleInput, identity: &Identity) -> String {
    let stem = module.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_package = stem == "__init__" && !identity.package.is_empty();
    join(&identity.package, if is_package { "" } else { stem })
}
