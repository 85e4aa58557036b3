//! The difference of two texts, line by line, as it stands in `diff` blocks.

/// All lines of both texts, each after ` `, `-` or `+`. Empty common lines stay empty.
pub fn lines(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let common = common_lengths(&old, &new);
    let (mut i, mut j) = (0, 0);
    let mut result = String::new();
    while i < old.len() || j < new.len() {
        let (sign, line) = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            (' ', old[i - 1])
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', old[i - 1])
        } else {
            j += 1;
            ('+', new[j - 1])
        };
        if !(sign == ' ' && line.is_empty()) {
            result.push(sign);
        }
        result.push_str(line);
        result.push('\n');
    }
    result
}

/// For each pair of tails the length of their longest common subsequence.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn common_lines_are_kept_together() {
        assert_eq!(lines("a\n\nb\nc\n", "a\n\nx\nc\nd\n"), " a\n\n-b\n+x\n c\n+d\n");
        assert_eq!(lines("", "a\n"), "+a\n");
        assert_eq!(lines("a\n", "a\n"), " a\n");
    }
}
