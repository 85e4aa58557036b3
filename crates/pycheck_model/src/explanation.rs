//! How an import is resolved, step by step, for a user who asks.

use std::path::PathBuf;

use crate::finding::Site;

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was asked for.
    pub target: String,
    /// The imports that it names; the names of a file count as one.
    pub subjects: Vec<Subject>,
}

/// One import, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The statement, on one line.
    pub text: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// How that comes about.
    pub steps: Vec<Step<Place>>,
}

/// What becomes of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub outcome: Outcome,
    /// In a sentence; for a failure what CPython says.
    pub text: String,
    /// Why.
    pub because: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// The exception's class and message, if it fails.
    pub exception: Option<(&'static str, String)>,
    /// Where what is imported lies.
    pub path: Option<PathBuf>,
}

/// What becomes of an import, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It resolves.
    Resolves,
    /// It can't be told.
    Unknown,
    /// It fails, at least in some runs.
    Fails,
}

impl Outcome {
    /// The word that output formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolves => "resolves",
            Self::Unknown => "unknown",
            Self::Fails => "fails",
        }
    }
}

/// One step of the way, with those that it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<At> {
    /// What sort of step it is, for programs.
    pub kind: &'static str,
    /// What is found or decided.
    pub text: String,
    /// Where.
    pub at: Option<At>,
    /// The steps that it consists of.
    pub children: Vec<Self>,
}

/// A place that a step speaks of, before lines are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// A file or folder.
    Path(PathBuf),
    /// A place in a file of the session.
    Site(Site),
}

/// A place that a step speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file or folder, absolute.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: Option<usize>,
}

impl<At> Step<At> {
    /// A step that speaks of no place.
    pub fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), at: None, children: Vec::new() }
    }

    /// The same with a place.
    #[must_use]
    pub fn at(self, at: Option<At>) -> Self {
        Self { at, ..self }
    }

    /// The same with the steps that it consists of.
    #[must_use]
    pub fn with(self, children: Vec<Self>) -> Self {
        Self { children, ..self }
    }

    /// The same with other places.
    pub fn map<Other>(self, place: &impl Fn(At) -> Other) -> Step<Other> {
        let children = self.children.into_iter().map(|child| child.map(place)).collect();
        Step { kind: self.kind, text: self.text, at: self.at.map(place), children }
    }
}
