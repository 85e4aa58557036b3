//! What checking a page gives: failures for a person to read, and blocks to rewrite.

use crate::page::{Case, Page};
use crate::update::Replacement;

/// What a page got wrong, and what its result blocks should hold.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One text per failure, with page, line and both expectations.
    pub failures: Vec<String>,
    /// The result blocks that differ from what was found.
    pub replacements: Vec<Replacement>,
}

impl Outcome {
    /// Notes a failure at a line of the page.
    pub fn fail(&mut self, page: &Page, case: &Case, line: usize, message: &str) {
        self.failures.push(format!("{}:{line}: {}: {message}", page.name, case.heading));
    }
}

/// Items below each other, for the lines that say what was expected and found.
pub(crate) fn listed(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join("\n              ") }
}

/// A text set apart from what is around it.
pub(crate) fn indented(text: &str) -> String {
    text.split_inclusive('\n').flat_map(|line| ["        ", line]).collect()
}
