//! The comments that say which findings are expected on a line, and how they are compared.

use pycheck_model::Level;

/// One expected finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The line it speaks of, from 1.
    pub line: usize,
    /// The level that is expected.
    pub level: Level,
    /// The rule; `None` for the rule that the page is about.
    pub rule: Option<String>,
    /// A part of the message.
    pub text: Option<String>,
}

/// A finding as far as markers can speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line it begins on, from 1.
    pub line: usize,
    /// Its level.
    pub level: Level,
    /// Its rule.
    pub rule: String,
    /// Its message.
    pub message: String,
}

/// Something that was expected and not found, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The line, from 1.
    pub line: usize,
    /// What the markers of the line say; empty for none.
    pub expected: Vec<String>,
    /// What was found on the line; empty for nothing.
    pub found: Vec<String>,
}

/// Splits Python text into the text without its markers and the markers.
///
/// A marker that stands alone speaks of the next line that has something else in it, for lines
/// that can't end in a comment.
pub fn markers(text: &str) -> (String, Vec<Marker>) {
    let mut plain = String::with_capacity(text.len());
    let mut markers: Vec<Marker> = Vec::new();
    let mut waiting = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        let (kept, found) = split_line(content, index + 1);
        plain.push_str(kept);
        plain.push_str(&line[content.len()..]);
        if kept.is_empty() && !found.is_empty() {
            waiting.extend(found);
            continue;
        }
        let above = waiting.drain(..).map(|marker| Marker { line: index + 1, ..marker });
        markers.extend(above.chain(found));
    }
    markers.extend(waiting);
    (plain, markers)
}

fn split_line(line: &str, number: usize) -> (&str, Vec<Marker>) {
    for (at, _) in line.match_indices('#') {
        if let Some(markers) = parse_all(&line[at..], number) {
            return (line[..at].trim_end(), markers);
        }
    }
    (line, Vec::new())
}

/// Reads `# error  # warn: [rule] "text"` when nothing else stands there.
fn parse_all(text: &str, line: usize) -> Option<Vec<Marker>> {
    let mut rest = text.trim_end();
    let mut markers = Vec::new();
    while !rest.is_empty() {
        let (marker, after) = parse_one(rest, line)?;
        markers.push(marker);
        rest = after.trim_start();
    }
    Some(markers)
}

fn parse_one(text: &str, line: usize) -> Option<(Marker, &str)> {
    let text = text.strip_prefix("# ")?;
    let word = text.split(|c: char| !c.is_ascii_lowercase()).next()?;
    let level: Level = word.parse().ok().filter(|level| *level != Level::Off)?;
    let mut marker = Marker { line, level, rule: None, text: None };
    let mut rest = &text[word.len()..];
    let Some(details) = rest.strip_prefix(": ") else {
        return (rest.is_empty() || rest.starts_with(' ')).then_some((marker, rest));
    };
    rest = details.trim_start();
    if let Some(inner) = rest.strip_prefix('[') {
        let (rule, after) = inner.split_once(']')?;
        marker.rule = Some(rule.to_owned());
        rest = after.trim_start();
    }
    if let Some(inner) = rest.strip_prefix('"') {
        let (message, after) = quoted(inner)?;
        marker.text = Some(message);
        rest = after;
    }
    (marker.rule.is_some() || marker.text.is_some()).then_some((marker, rest))
}

/// The text up to the closing quote, where `\"` means a quote, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut message = String::new();
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' if !escaped => return Some((message, &text[index + 1..])),
            '\\' if !escaped => escaped = true,
            _ => {
                if escaped && c != '"' {
                    message.push('\\');
                }
                message.push(c);
                escaped = false;
            }
        }
    }
    None
}

/// Compares what was expected with what was found; `default_rule` is what a bare marker means.
///
/// Findings of level info need no marker, all others do.
pub fn compare(markers: &[Marker], found: &[Found], default_rule: Option<&str>) -> Vec<Mismatch> {
    let mut lines: Vec<usize> =
        markers.iter().map(|m| m.line).chain(found.iter().map(|f| f.line)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.into_iter().filter_map(|line| compare_line(line, markers, found, default_rule)).collect()
}

fn compare_line(
    line: usize,
    markers: &[Marker],
    found: &[Found],
    default_rule: Option<&str>,
) -> Option<Mismatch> {
    let mut expected: Vec<&Marker> = markers.iter().filter(|marker| marker.line == line).collect();
    // What says more chooses first, so that a bare marker does not take its finding away.
    expected.sort_by_key(|marker| (marker.text.is_none(), marker.rule.is_none()));
    let here: Vec<&Found> = found.iter().filter(|found| found.line == line).collect();
    let mut open = here.clone();
    let mut unmet = false;
    for marker in &expected {
        match open.iter().position(|found| is_met(marker, found, default_rule)) {
            Some(index) => _ = open.remove(index),
            None => unmet = true,
        }
    }
    let unasked = open.iter().any(|found| found.level > Level::Info);
    (unmet || unasked).then(|| Mismatch {
        line,
        expected: expected.iter().map(|marker| shown(marker, default_rule)).collect(),
        found: here
            .iter()
            .map(|found| format!("{}[{}] {}", found.level, found.rule, found.message))
            .collect(),
    })
}

fn is_met(marker: &Marker, found: &Found, default_rule: Option<&str>) -> bool {
    let rule = marker.rule.as_deref().or(default_rule);
    marker.level == found.level
        && rule.is_none_or(|rule| rule == found.rule)
        && marker.text.as_ref().is_none_or(|text| found.message.contains(text.as_str()))
}

fn shown(marker: &Marker, default_rule: Option<&str>) -> String {
    let rule = marker.rule.as_deref().or(default_rule).unwrap_or("any rule");
    let text = marker.text.as_ref().map(|text| format!(" \"{text}\"")).unwrap_or_default();
    format!("{}[{rule}]{text}", marker.level)
}

#[cfg(test)]
mod tests {
    use super::{Found, compare, markers};
    use pycheck_model::Level;

    fn found(line: usize, level: Level, message: &str) -> Found {
        Found { line, level, rule: "some-rule".to_owned(), message: message.to_owned() }
    }

    #[test]
    fn markers_are_taken_off_the_line() {
        let (plain, markers) =
            markers("a = '# error'\nb  # noqa  # warn: [x] \"say \\\"y\\\"\"  # info\n");
        assert_eq!(plain, "a = '# error'\nb  # noqa\n");
        assert_eq!(markers.len(), 2);
        assert_eq!(markers[0].rule.as_deref(), Some("x"));
        assert_eq!(markers[0].text.as_deref(), Some("say \"y\""));
        assert_eq!((markers[1].level, markers[1].line), (Level::Info, 2));
    }

    #[test]
    fn other_comments_stay() {
        for line in ["x  # error handling", "x  # errors", "x  # error: see below", "x  # off"] {
            assert_eq!(markers(line), (line.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn a_marker_alone_speaks_of_the_next_line() {
        let (plain, markers) = markers("  # error\nx = \\\n  1\n");
        assert_eq!(plain, "\nx = \\\n  1\n");
        assert_eq!(markers[0].line, 2);
    }

    #[test]
    fn every_warning_must_be_marked_and_every_marker_met() {
        let (_, expected) = markers("a  # error\nb\nc  # warn: \"two\"\n");
        let right = [
            found(1, Level::Error, ""),
            found(2, Level::Info, ""),
            found(3, Level::Warn, "one two"),
        ];
        assert_eq!(compare(&expected, &right, Some("some-rule")), []);
        assert_eq!(compare(&expected, &right, Some("other-rule")).len(), 2);
        let wrong =
            [found(1, Level::Warn, ""), found(2, Level::Warn, ""), found(3, Level::Warn, "one")];
        assert_eq!(compare(&expected, &wrong, None).len(), 3);
    }

    #[test]
    fn one_finding_meets_one_marker() {
        let (_, expected) = markers("a  # error  # error: \"x\"\n");
        assert_eq!(compare(&expected, &[found(1, Level::Error, "x")], None).len(), 1);
        let two = [found(1, Level::Error, "x"), found(1, Level::Error, "y")];
        assert_eq!(compare(&expected, &two, None), []);
    }
}
