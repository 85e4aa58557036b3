//! All rules, their pages, the list of them, and the one walk of the tree that they share.

pub mod facts;
mod imports;
mod landmarks;
mod missing_names;
pub mod options;
pub mod rule;
pub mod rule_set;
pub mod rules;
mod walk;

pub use options::RuleOptions;
pub use rule::{Check, Context, Findings, Group, ProgramFindings, Rule};
pub use rule_set::RuleSet;
pub use rules::{ALL, find};
pub use walk::check_file;
