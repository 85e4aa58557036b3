//! How much was found, by file and rule: whether fixes hold what they promise is told by counting.

use std::collections::BTreeMap;

use pycheck_model::Diagnostic;

/// So much was found of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally<K: Ord>(BTreeMap<K, usize>);

impl<K: Ord + Copy> Tally<K> {
    pub(super) fn of(found: impl IntoIterator<Item = K>) -> Self {
        let mut counts = BTreeMap::new();
        for kind in found {
            *counts.entry(kind).or_insert(0) += 1;
        }
        Self(counts)
    }

    fn count(&self, kind: K) -> usize {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// Whether what was `fixed` is gone from what there was `before`, and nothing else has come.
    pub(super) fn is_better(&self, before: &Self, fixed: &Self) -> bool {
        let is_allowed =
            |(kind, now): (&K, &usize)| now + fixed.count(*kind) <= before.count(*kind);
        let is_gone = |(kind, _): (&K, &usize)| fixed.count(*kind) <= before.count(*kind);
        self.0.iter().all(is_allowed) && fixed.0.iter().all(is_gone)
    }
}

/// A file, by number, and a rule.
pub(super) type Kind = (usize, &'static str);

impl Tally<Kind> {
    pub(super) fn of_diagnostics<'d>(
        diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
        file: impl Fn(&Diagnostic) -> Option<usize>,
    ) -> Self {
        let kinds = diagnostics.into_iter();
        Self::of(kinds.filter_map(|it| Some((file(it)?, it.rule))))
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn what_is_fixed_must_be_gone_and_nothing_else_may_come() {
        let tally = |found: &str| Tally::of(found.bytes());
        assert!(tally("ab").is_better(&tally("aab"), &tally("a")));
        assert!(tally("").is_better(&tally("aab"), &tally("ab")));
        assert!(!tally("aab").is_better(&tally("aab"), &tally("a")));
        assert!(!tally("abc").is_better(&tally("aab"), &tally("a")));
        assert!(!tally("b").is_better(&tally("b"), &tally("a")));
    }
}
