//! Questions about Python names: what is an identifier, and which known name is near a misspelt one.

/// Whether `text` can be one part of a dotted module name in an import statement.
///
/// Keywords are not refused: no folder is hidden by being called `class`, and the parser has
/// already refused an import statement that names one.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    starts && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// The candidate that is near enough to `name` to be what was meant, if one is.
///
/// Near means: equal but for case, or at most a third of the letters apart (edit distance, a
/// swap of neighbours counting one), and at least one letter kept. Ties go to the first candidate
/// in alphabetical order, so that the answer does not depend on the order of the candidates.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(name, name.chars().count().div_ceil(3).clamp(1, 3), candidates)
}

/// The candidate that is at most `limit` edits away from `name`, or equal but for case.
pub fn nearest_within<'a>(
    name: &str,
    limit: usize,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let own = Letters::of(name);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let other = Letters::of(candidate);
            if own.least_distance(&other) > limit && !candidate.eq_ignore_ascii_case(name) {
                return None;
            }
            let distance = if candidate.eq_ignore_ascii_case(name) {
                0
            } else {
                distance(name, candidate, limit)?
            };
            let kept = distance < own.count.min(other.count);
            kept.then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether `written` is `meant` with letters left out or swapped, or one typed twice: a slip of the
/// fingers, and not the name of something else.
pub fn is_slip(written: &str, meant: &str) -> bool {
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.to_lowercase().chars().collect();
        letters.sort_unstable();
        letters
    };
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    let (old, new) = (letters(written), letters(meant));
    let mut rest = new.clone();
    let is_within = old.iter().all(|letter| {
        rest.iter().position(|other| other == letter).map(|at| rest.remove(at)).is_some()
    });
    let is_doubled = || {
        let mut chars: Vec<char> = written.chars().collect();
        chars.dedup();
        chars.into_iter().eq(meant.chars())
    };
    first(written) == first(meant) && (is_within && new.len() <= old.len() + 2 || is_doubled())
}

/// Whether two names are the same but for their digits, as `v1` and `v2` are.
pub fn differ_in_digits(left: &str, right: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(left) != digits(right)
}

/// How many letters a name has, and which, as far as 64 bits tell.
struct Letters {
    count: usize,
    set: u64,
}

impl Letters {
    fn of(name: &str) -> Self {
        let add = |letters: Self, c: u32| Self {
            count: letters.count + 1,
            set: letters.set | 1 << (c % 64),
        };
        let none = Self { count: 0, set: 0 };
        if name.is_ascii() {
            name.bytes().map(u32::from).fold(none, add)
        } else {
            name.chars().map(u32::from).fold(none, add)
        }
    }

    /// No edit distance is less than the difference in length, or the number of letters that only one
    /// of the two has.
    fn least_distance(&self, other: &Self) -> usize {
        let (own, others) = (self.set & !other.set, other.set & !self.set);
        let apart = own.count_ones().max(others.count_ones()) as usize;
        apart.max(self.count.abs_diff(other.count))
    }
}

/// The optimal string alignment distance, if it is at most `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let beyond = limit + 1;
    let mut before = vec![beyond; right.len() + 1];
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let mut current = vec![beyond; right.len() + 1];
    for (i, a) in left.iter().enumerate() {
        // What lies further from the diagonal costs more than the limit.
        let (first, end) = (i.saturating_sub(limit), right.len().min(i + limit + 1));
        current[first] = if first == 0 { i + 1 } else { beyond };
        for j in first..end {
            let b = right[j];
            let substituted = previous[j] + usize::from(*a != b);
            let mut cost = substituted.min(previous[j + 1] + 1).min(current[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == b {
                cost = cost.min(before[j - 1] + 1);
            }
            current[j + 1] = cost;
        }
        if end < right.len() {
            current[end + 1] = beyond;
        }
        // No later row has a cost below the least of this one.
        if current[first..=end].iter().all(|cost| *cost > limit) {
            return None;
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    previous.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::{differ_in_digits, is_identifier, is_slip, nearest};

    #[test]
    fn finds_the_name_that_was_meant() {
        let known = ["requests", "rich", "numpy", "devices"];
        assert_eq!(nearest("reqeusts", known), Some("requests"));
        assert_eq!(nearest("Numpy", known), Some("numpy"));
        assert_eq!(nearest("device", known), Some("devices"));
        assert_eq!(nearest("pandas", known), None);
        assert_eq!(nearest("x", known), None);
    }

    #[test]
    fn three_letters_of_ten_may_differ_anywhere() {
        let near =
            ["bcdefghijk", "abcdefg", "xabcdefghijyz", "badcfeghij", "abcxyzghij", "abcjdefghi"];
        for candidate in near {
            assert_eq!(nearest("abcdefghij", [candidate]), Some(candidate));
        }
        for candidate in ["cdefghijkl", "abcdef", "wxabcdefghijyz", "badcfehgij", "abcwxyzhij"] {
            assert_eq!(nearest("abcdefghij", [candidate]), None, "{candidate}");
        }
    }

    #[test]
    fn a_folder_with_a_hyphen_is_no_identifier() {
        assert!(is_identifier("modules"));
        assert!(is_identifier("größe"));
        assert!(!is_identifier("sd-iclight"));
        assert!(!is_identifier("1st"));
        assert!(!is_identifier(""));
    }

    #[test]
    fn a_slip_is_told_from_another_name() {
        for (written, meant) in [
            ("reqeusts", "requests"),
            ("jsn", "json"),
            ("collectons", "collections"),
            ("Mony", "Money"),
            ("ossys", "osys"),
            ("Numpy", "numpy"),
        ] {
            assert!(is_slip(written, meant), "{written}");
        }
        for (written, meant) in
            [("slack", "black"), ("bcrypt", "crypt"), ("crypt", "bcrypt"), ("redis", "regis")]
        {
            assert!(!is_slip(written, meant), "{written}");
        }
        assert!(differ_in_digits("v1", "v2") && !differ_in_digits("v1a", "v1b"));
    }
}
