//! The identity of a rule outside the crate that defines it.

use serde::{Deserialize, Serialize};

/// The index of a rule in the list of all rules (`pycheck_rules::ALL`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(pub u16);
