//! How single imports of a project are resolved, for a user who asks.

mod question;
mod verdict;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pycheck_imports::{Account, Program, Question, explain};
use pycheck_model::explanation::{Explanation, Outcome, Place, Spot, Step, Subject, Verdict};
use pycheck_model::{ImportKind, Site};
use pycheck_rules::RuleSet;
use pycheck_syntax::Target;
use rayon::prelude::*;
use ruff_source_file::LineIndex;

use self::question::{Asked, ask};
use super::{Progress, ProjectError, Request, Session};
use crate::analyze::FileSettings;
use crate::discover::{absolute, project_start};
use crate::disk::Disk;
use crate::walk;

/// What is to be explained.
#[derive(Debug, Clone, Default)]
pub struct Inquiry {
    /// `FILE:LINE`, `FILE` or a module's name.
    pub target: String,
    /// The file that a module's name is looked at from.
    pub from: Option<PathBuf>,
}

/// Explains what an inquiry asks for, and gives remarks for the user. The request says how files are
/// found and judged; its paths do not count.
pub fn explained(
    inquiry: &Inquiry,
    request: Request,
) -> Result<(Explanation, Vec<String>), ProjectError> {
    let here = request.working_directory.clone();
    let asked = ask(&inquiry.target, &here)?;
    let from = inquiry.from.as_ref().map(|path| absolute(path, &here));
    let first = asked.file().or(from.as_deref()).unwrap_or(&here).to_owned();
    let start = project_start(&first, &here);
    let request = Request { paths: vec![start], only_look: true, ..request };
    let mut session = Session::open(request, &Silent)?;
    // What is said of other parts of the project is not asked for.
    let notes = session.notes().to_vec();
    // As much as a check that is started here would see.
    let root = &session.settings.project_root;
    let is_within = here.starts_with(root) && first.starts_with(&here);
    let paths = [if is_within { here } else { root.clone() }, first.clone()];
    let files = walk::files(&paths, &session.settings, false)?.files;
    session.files = files;
    let subjects = session.subjects(&asked, &first)?;
    Ok((Explanation { target: inquiry.target.clone(), subjects }, notes))
}

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

impl Session {
    fn subjects(&mut self, asked: &Asked, first: &Path) -> Result<Vec<Subject>, ProjectError> {
        let target =
            Target { version: self.outside.version, platform: self.outside.platform.clone() };
        let settings = FileSettings {
            target: target.clone(),
            rules: RuleSet::new(|_| false),
            options: self.settings.rule_options.clone(),
        };
        let record = |path: &Arc<PathBuf>| self.record(path, &settings);
        self.records = self.files.par_iter().map(record).collect();
        self.find_roots();
        let questions = self.questions(asked, first)?;
        let modules = self.modules(&self.records);
        let disk = Disk::new(target, &modules, &self.memory);
        let (program, accounts) =
            explain(&modules, &self.projects, &disk, &self.outside, &questions);
        Ok(self.told(asked, &questions, accounts, program))
    }

    fn told(
        &self,
        asked: &Asked,
        questions: &[Question],
        accounts: Vec<Account>,
        mut program: Program,
    ) -> Vec<Subject> {
        let told = questions.iter().zip(accounts);
        let mut subjects: Vec<Subject> =
            told.map(|(question, account)| self.subject(question, account, &mut program)).collect();
        if matches!(asked, Asked::File(_)) {
            let imports: Vec<Step<Place>> = subjects.drain(1..).map(brief).collect();
            let of_file = &mut subjects[0];
            if !imports.is_empty() {
                of_file.steps.push(Step::new("imports", "its imports").with(imports));
            }
        }
        subjects
    }

    fn subject(&self, question: &Question, account: Account, program: &mut Program) -> Subject {
        let (findings, verdict) = verdict::of(&account, program, self);
        let mut steps: Vec<Step<Place>> =
            account.steps.into_iter().map(|step| step.map(&|spot| self.place(spot))).collect();
        steps.extend(findings);
        let text = match question {
            Question::Import { file, import, names } => {
                let import = &self.records[*file as usize].summary.imports[*import];
                statement(&import.kind, names)
            }
            Question::Module { name, .. } => format!("import {name}"),
            Question::File { .. } => String::new(),
        };
        let mut subject = Subject { text, verdict, steps };
        if let Question::Import { file, import, .. } = question {
            let site = self.records[*file as usize].summary.imports[*import].site;
            let place = self.place(Spot::Site(Site { file: *file, index: site }));
            subject.steps.insert(0, Step::new("statement", subject.text.clone()).at(Some(place)));
        }
        subject
    }

    /// Where a spot lies.
    fn place(&self, spot: Spot) -> Place {
        match spot {
            Spot::Path(path) => Place { path, line: None },
            Spot::Site(site) => {
                let path = self.files[site.file as usize].to_path_buf();
                let lines = self.lines(site.file, &[site.index]);
                Place { path, line: lines.first().copied() }
            }
        }
    }

    /// The lines of some places of a file, from 1.
    fn lines(&self, file: u32, sites: &[u32]) -> Vec<usize> {
        let path = &self.files[file as usize];
        let Some(text) = self.text(path) else { return Vec::new() };
        let index = LineIndex::from_source_text(&text);
        let record = &self.records[file as usize];
        let line = |site: &u32| index.line_index(record.sites.range(*site).start()).get();
        sites.iter().map(line).collect()
    }
}

/// An import of a file in one line.
fn brief(mut subject: Subject) -> Step<Place> {
    let at = subject.steps.first_mut().and_then(|step| step.at.take());
    let Verdict { outcome, text, .. } = subject.verdict;
    let what = match outcome {
        Outcome::Resolves => String::new(),
        Outcome::Unknown | Outcome::Fails => format!(": {text}"),
    };
    Step::new("import", format!("{}: {}{what}", subject.text, outcome.as_str())).at(at)
}

/// The statement as it would be written, with the names that were asked for.
fn statement(kind: &ImportKind, wanted: &[usize]) -> String {
    match kind {
        ImportKind::Module { name, alias } => match alias {
            Some(alias) => format!("import {name} as {alias}"),
            None => format!("import {name}"),
        },
        ImportKind::Call { level, module, .. } => {
            format!("import_module(\"{}{module}\")", ".".repeat(*level as usize))
        }
        ImportKind::From { level, module, names } => {
            let written =
                wanted.iter().filter_map(|index| names.get(*index)).map(|name| match &name.alias {
                    Some(alias) => format!("{} as {alias}", name.name),
                    None => name.name.clone(),
                });
            let written: Vec<String> = written.collect();
            let dots = ".".repeat(*level as usize);
            format!("from {dots}{module} import {}", written.join(", "))
        }
    }
}
