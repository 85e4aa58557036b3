//! The enabled rules, arranged by what they look at.

use pycheck_imports::Program;
use pycheck_model::{ProgramFinding, RuleId};
use ruff_python_ast::{AnyNodeRef, NodeKind};

use crate::landmarks::Tokens;
use crate::rule::{Check, Context, Findings, ProgramFindings};
use crate::rules::ALL;

type NodeCheck = for<'a> fn(&Context<'a>, AnyNodeRef<'a>, &mut Findings<'_>);

/// One more than the last kind of node.
const KINDS: usize = NodeKind::Identifier as usize + 1;

/// The enabled rules. A rule that is not enabled costs nothing.
#[derive(Debug, Clone)]
pub struct RuleSet {
    enabled: Vec<bool>,
    by_kind: Vec<Vec<(RuleId, NodeCheck)>>,
    tokens: Tokens,
}

impl PartialEq for RuleSet {
    fn eq(&self, other: &Self) -> bool {
        self.enabled == other.enabled
    }
}

impl Eq for RuleSet {}

impl RuleSet {
    /// A set of the rules for which `is_enabled` holds.
    pub fn new(is_enabled: impl Fn(RuleId) -> bool) -> Self {
        let mut set = Self {
            enabled: vec![false; ALL.len()],
            by_kind: vec![Vec::new(); KINDS],
            tokens: Tokens::of([]),
        };
        let mut all_kinds = Vec::new();
        for (index, rule) in ALL.iter().enumerate() {
            let id = RuleId(index as u16);
            set.enabled[index] = is_enabled(id);
            if let Check::Nodes(kinds, check) = rule.check
                && set.enabled[index]
            {
                all_kinds.extend(kinds);
                for kind in kinds {
                    set.by_kind[*kind as usize].push((id, check));
                }
            }
        }
        set.tokens = Tokens::of(all_kinds);
        set
    }

    /// A set of all rules that are on by default.
    pub fn default_rules() -> Self {
        Self::new(|id| ALL[id.0 as usize].level != pycheck_model::Level::Off)
    }

    /// Whether the rule is enabled.
    pub fn contains(&self, id: RuleId) -> bool {
        self.enabled.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The checks that want nodes of this kind.
    pub(crate) fn for_kind(&self, kind: NodeKind) -> &[(RuleId, NodeCheck)] {
        &self.by_kind[kind as usize]
    }

    /// The tokens that the nodes have which some check wants.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Whether any rule looks at nodes at all.
    pub(crate) fn looks_at_nodes(&self) -> bool {
        self.by_kind.iter().any(|checks| !checks.is_empty())
    }

    /// What the rules about the program find.
    pub fn check_program(&self, program: &Program) -> Vec<ProgramFinding> {
        let mut found = Vec::new();
        for (index, rule) in ALL.iter().enumerate() {
            if let Check::Program(check) = rule.check
                && self.enabled[index]
            {
                check(
                    program,
                    &mut ProgramFindings {
                        rule: RuleId(index as u16),
                        enabled: &self.enabled,
                        found: &mut found,
                    },
                );
            }
        }
        found
    }
}
