//! What a rule is, and what it is given.

use std::cell::OnceCell;

use pycheck_imports::Program;
use pycheck_model::{
    Finding, Fix, Level, ProgramFinding, Remedy, RuleId, RuntimeError, Site, TextRange, Trail,
};
use pycheck_syntax::{Bindings, ParsedFile};
use ruff_python_ast::{AnyNodeRef, NodeKind};
use ruff_text_size::Ranged;

use crate::RuleOptions;

/// All that a rule is.
#[derive(Debug)]
pub struct Rule {
    /// Its name, kebab-case, the same as the stem of its file.
    pub name: &'static str,
    /// The codes and names that other linters use for the same thing.
    pub aliases: &'static [&'static str],
    /// The group it is selected with.
    pub group: Group,
    /// How its findings weigh unless they say otherwise; [`Level::Off`] for an opt-in rule.
    pub level: Level,
    /// What it finds, as half a sentence.
    pub summary: &'static str,
    /// Its page.
    pub page: &'static str,
    /// How it looks.
    pub check: Check,
}

impl Rule {
    /// Whether what it finds can be taken away without loss: editors show that faded.
    pub fn is_about_excess(&self) -> bool {
        crate::rules::EXCESS.iter().any(|rule| rule.name == self.name)
    }

    /// What its page says to users, with what the record adds below the title.
    pub fn explanation(&self) -> String {
        let (title, body) = self.page.split_once('\n').unwrap_or((self.page, ""));
        // What stands below this heading proves the rule; it explains nothing.
        let body = body.split_once("\n## Cases\n").map_or(body, |(body, _)| body);
        let also = match self.aliases {
            [] => String::new(),
            aliases => format!(" Also known as {}.", aliases.join(", ")),
        };
        let (level, group) = (self.level, self.group.as_str());
        format!("{title}\n\nLevel: {level}. Group: {group}.{also}\n\n{}\n", body.trim())
    }
}

/// What rules are about; selectable by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What an import does.
    Imports,
    /// What runs and does the wrong thing.
    Pitfalls,
    /// Files that can't be checked.
    Files,
}

impl Group {
    /// The name used in `--select`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imports => "imports",
            Self::Pitfalls => "pitfalls",
            Self::Files => "files",
        }
    }
}

/// How a rule looks at code.
#[derive(Debug)]
pub enum Check {
    /// Called for every node of the listed kinds, in source order, within the one shared walk.
    Nodes(&'static [NodeKind], for<'a> fn(&Context<'a>, AnyNodeRef<'a>, &mut Findings<'_>)),
    /// Called once for the linked program.
    Program(fn(&Program, &mut ProgramFindings<'_>)),
    /// Found on the way, by what reads and parses files.
    Pipeline,
}

/// What a rule about nodes is given besides the node.
pub struct Context<'a> {
    /// The file.
    pub file: &'a ParsedFile,
    /// What the user has set.
    pub options: &'a RuleOptions,
    pub(crate) ancestors: Vec<AnyNodeRef<'a>>,
    bindings: OnceCell<Bindings<'a>>,
}

impl<'a> Context<'a> {
    /// A context at the top of a file.
    pub fn new(file: &'a ParsedFile, options: &'a RuleOptions) -> Self {
        Self { file, options, ancestors: Vec::new(), bindings: OnceCell::new() }
    }

    /// The scopes and names of the file, resolved when a rule first asks.
    pub fn bindings(&self) -> &Bindings<'a> {
        self.bindings.get_or_init(|| Bindings::new(self.file))
    }

    /// The nodes around the current one, innermost first, the module last.
    pub fn ancestors(&self) -> impl Iterator<Item = AnyNodeRef<'a>> + '_ {
        self.ancestors.iter().rev().copied()
    }
}

/// Where a rule puts what it finds in a file. Bound to one rule.
pub struct Findings<'f> {
    pub(crate) rule: RuleId,
    pub(crate) found: &'f mut Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding; what it returns adds details.
    pub fn report(&mut self, at: impl Ranged, message: impl Into<String>) -> Detail<'_> {
        self.found.push(Finding {
            rule: self.rule,
            level: None,
            range: at.range(),
            message: message.into(),
            related: Vec::new(),
            help: None,
            fix: None,
            suppressible_at: None,
        });
        Detail(self.found.last_mut().expect("a finding was just pushed"))
    }
}

/// The details of a finding that was just added.
pub struct Detail<'f>(&'f mut Finding);

impl Detail<'_> {
    /// Sets how sure this finding is.
    pub fn level(self, level: Level) -> Self {
        self.0.level = Some(level);
        self
    }

    /// Says what to do.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Points to another place that explains it.
    pub fn related(self, at: impl Ranged, message: impl Into<String>) -> Self {
        self.0.related.push((at.range(), message.into()));
        self
    }

    /// Offers edits.
    pub fn fix(self, fix: Option<Fix>) -> Self {
        self.0.fix = fix;
        self
    }

    /// Names a second line whose comment may suppress the finding.
    pub fn suppressible_at(self, at: TextRange) -> Self {
        self.0.suppressible_at = Some(at);
        self
    }
}

/// Where a rule puts what it finds in the program. Bound to one rule.
pub struct ProgramFindings<'f> {
    pub(crate) rule: RuleId,
    pub(crate) enabled: &'f [bool],
    pub(crate) found: &'f mut Vec<ProgramFinding>,
}

impl ProgramFindings<'_> {
    /// Whether another rule looks at the program as well.
    pub(crate) fn is_enabled(&self, rule: &'static Rule) -> bool {
        let id = crate::rules::id_of(rule);
        self.enabled.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// Adds a finding; what it returns adds details.
    pub fn report(&mut self, at: Site, message: impl Into<String>) -> ProgramDetail<'_> {
        self.found.push(ProgramFinding {
            rule: self.rule,
            level: None,
            at,
            message: message.into(),
            trail: Vec::new(),
            help: None,
            remedy: None,
            runtime_error: None,
        });
        ProgramDetail(self.found.last_mut().expect("a finding was just pushed"))
    }
}

/// The details of a program finding that was just added.
pub struct ProgramDetail<'f>(&'f mut ProgramFinding);

impl ProgramDetail<'_> {
    /// Sets how sure this finding is.
    pub fn level(self, level: Level) -> Self {
        self.0.level = Some(level);
        self
    }

    /// Says what to do.
    pub fn help(self, help: Option<String>) -> Self {
        self.0.help = help;
        self
    }

    /// Says what would mend it.
    pub fn remedy(self, remedy: Option<Remedy>) -> Self {
        self.0.remedy = remedy;
        self
    }

    /// Points to another place that explains it.
    pub fn trail(self, step: Trail) -> Self {
        self.0.trail.push(step);
        self
    }

    /// Says which exception CPython raises.
    pub fn raises(self, error: RuntimeError) -> Self {
        self.0.runtime_error = Some(error);
        self
    }
}
