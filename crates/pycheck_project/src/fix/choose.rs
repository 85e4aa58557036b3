//! Which fixes can be applied together, and which of them hold what they promise.

use pycheck_model::{Diagnostic, Edit, Fix};

/// The diagnostics whose fixes do not touch each other; of two that do, the earlier one.
pub(super) fn compatible<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
) -> Vec<&'d Diagnostic> {
    let mut chosen: Vec<(&Diagnostic, &Fix)> = Vec::new();
    for diagnostic in diagnostics {
        let Some(fix) = &diagnostic.fix else { continue };
        if chosen.iter().all(|(_, other)| are_apart(fix, other)) {
            chosen.push((diagnostic, fix));
        }
    }
    chosen.into_iter().map(|(diagnostic, _)| diagnostic).collect()
}

fn are_apart(fix: &Fix, other: &Fix) -> bool {
    let is_apart = |edit: &Edit, other: &Edit| {
        edit.range.end() < other.range.start() || other.range.end() < edit.range.start()
    };
    fix.edits.iter().all(|edit| other.edits.iter().all(|other| is_apart(edit, other)))
}

/// As many of the items as `holds` for together, found by halving what does not.
pub(super) fn largest<T: Copy>(items: &[T], mut holds: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    let mut pending = vec![items];
    while let Some(group) = pending.pop() {
        let with: Vec<T> = kept.iter().chain(group).copied().collect();
        if group.is_empty() || holds(&with) {
            kept = with;
        } else if group.len() > 1 {
            let (first, second) = group.split_at(group.len() / 2);
            pending.extend([second, first]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::largest;

    #[test]
    fn what_does_not_hold_is_left_out_alone() {
        let mut asked = 0;
        let kept = largest(&[1, 2, 3, 4, 5, 6, 7, 8], |items| {
            asked += 1;
            !items.contains(&3) && !items.contains(&8)
        });
        assert_eq!(kept, [1, 2, 4, 5, 6, 7]);
        assert!(asked < 12, "{asked}");
    }

    #[test]
    fn what_holds_alone_but_not_together_is_taken_once() {
        let kept = largest(&[1, 2, 3], |items| !(items.contains(&1) && items.contains(&2)));
        assert_eq!(kept, [1, 3]);
    }
}
