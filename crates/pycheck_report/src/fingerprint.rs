//! What tells the same finding from others in two runs, whatever line it stands on.

use pycheck_model::Diagnostic;
use rustc_hash::FxHashMap;

/// The fingerprints that were given so far: those that would be equal are numbered.
#[derive(Default)]
pub(crate) struct Fingerprints(FxHashMap<u64, u32>);

impl Fingerprints {
    /// The fingerprint of the next finding in a file. File, rule and message make it, so that lines
    /// that come or go above leave it as it was.
    pub(crate) fn next(&mut self, path: &str, diagnostic: &Diagnostic) -> String {
        let parts = [path, diagnostic.rule, &diagnostic.message];
        let hash =
            parts.into_iter().fold(OFFSET, |hash, part| add(add(hash, part.as_bytes()), &[0]));
        let count = self.0.entry(hash).or_default();
        *count += 1;
        match *count {
            1 => format!("{hash:016x}"),
            count => format!("{:016x}", add(hash, &count.to_be_bytes())),
        }
    }
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a, which is the same in every version and on every machine.
fn add(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;
    use crate::testing::found;

    #[test]
    fn the_line_is_no_part_and_equal_findings_are_told_apart() {
        let (above, below) = (found("a.py", 0..1, "no `x`"), found("a.py", 9..10, "no `x`"));
        let mut first = Fingerprints::default();
        let mut second = Fingerprints::default();
        let one = first.next("a.py", &above);
        assert_eq!(one, second.next("a.py", &below));
        assert_eq!(one, "1ea7ab5a27eefcc5");
        let again = first.next("a.py", &below);
        assert_ne!(again, one);
        assert_ne!(first.next("b.py", &above), one);
    }
}
