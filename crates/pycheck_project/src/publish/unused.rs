//! Comments of ours that suppress nothing.

use pycheck_model::{Diagnostic, Edit, Fix, Level, ProgramFinding, RuleId, Safety, TextRange};
use pycheck_rules::rules::{UNUSED_SUPPRESSION, find, id_of};
use pycheck_syntax::suppressions::{Scope, Suppression};
use ruff_text_size::{TextLen as _, TextSize};

use super::{Publication, is_called};

/// A finding as comments see it: its rule, and the places whose comments speak of it.
type Seen = (RuleId, [Option<TextRange>; 2]);

/// The diagnostics about the comments of all files, each with the number of its file.
pub(super) fn unused(
    publication: &Publication<'_>,
    program: &[ProgramFinding],
) -> Vec<(usize, Diagnostic)> {
    let level = publication.settings.rules.level_of(id_of(UNUSED_SUPPRESSION), None);
    if level == Level::Off || publication.ignore_suppressions {
        return Vec::new();
    }
    let with_comments = publication.records.iter().enumerate();
    let with_comments =
        with_comments.filter(|(_, record)| record.suppressions.own().next().is_some());
    let files = with_comments.map(|(file, _)| file);
    files.flat_map(|file| in_file(publication, file, program, level)).collect()
}

fn in_file(
    publication: &Publication<'_>,
    file: usize,
    program: &[ProgramFinding],
    level: Level,
) -> Vec<(usize, Diagnostic)> {
    let ignored = publication.settings.per_file_ignores.ignores(&publication.files[file]);
    if ignored.contains(&id_of(UNUSED_SUPPRESSION)) {
        return Vec::new();
    }
    let seen = seen_in(publication, file, program);
    let record = &publication.records[file];
    let text = publication.texts.text(&publication.files[file]);
    let diagnostic = |comment: &Suppression| {
        let unused = unused_names(publication, comment, &seen)?;
        let range = comment.own?;
        let fix = text.as_deref().and_then(|text| removal(text, comment, &unused));
        let path = publication.files[file].clone();
        let message = message(&unused);
        let help = Some("remove it".to_owned());
        let rule = UNUSED_SUPPRESSION.name;
        let found = Diagnostic {
            path,
            range,
            rule,
            level,
            message,
            related: Vec::new(),
            help,
            fix,
            runtime_error: None,
        };
        Some((file, found))
    };
    record.suppressions.own().filter_map(diagnostic).collect()
}

/// What is found in a file, suppressed or not.
fn seen_in(publication: &Publication<'_>, file: usize, program: &[ProgramFinding]) -> Vec<Seen> {
    let record = &publication.records[file];
    let local = record.findings.iter().map(|it| {
        let places = [Some(it.range), it.suppressible_at];
        (it.rule, it.level, places)
    });
    let program = program.iter().filter(|it| it.at.file as usize == file);
    let program =
        program.map(|it| (it.rule, it.level, [Some(record.sites.range(it.at.index)), None]));
    let ignored = publication.settings.per_file_ignores.ignores(&publication.files[file]);
    let is_shown = |rule: RuleId, own| {
        publication.settings.rules.level_of(rule, own) != Level::Off && !ignored.contains(&rule)
    };
    let all = local.chain(program).filter(|(rule, own, _)| is_shown(*rule, *own));
    all.map(|(rule, _, places)| (rule, places)).collect()
}

/// The names in the comment that suppress nothing, or no names if it has none; `None` if it is used.
fn unused_names<'c>(
    publication: &Publication<'_>,
    comment: &'c Suppression,
    seen: &[Seen],
) -> Option<Vec<&'c str>> {
    let is_here =
        |(_, places): &&Seen| places.iter().flatten().any(|place| comment.speaks_of(place.start()));
    let here: Vec<RuleId> = seen.iter().filter(is_here).map(|(rule, _)| *rule).collect();
    let Scope::Rules(names) = &comment.scope else {
        return here.is_empty().then(Vec::new);
    };
    let is_used = |name: &str| here.iter().any(|rule| is_called(*rule, name));
    let is_off = |name: &str| {
        find(name).is_some_and(|(rule, _)| !publication.settings.rules.is_enabled(rule))
    };
    let names = names.iter().map(String::as_str);
    let unused: Vec<&str> = names.filter(|name| !is_used(name) && !is_off(name)).collect();
    (!unused.is_empty()).then_some(unused)
}

fn message(unused: &[&str]) -> String {
    if unused.is_empty() {
        return "this comment suppresses nothing".to_owned();
    }
    let shown: Vec<String> = unused.iter().map(|name| shown(name)).collect();
    format!("this comment suppresses nothing of {}", shown.join(" and "))
}

fn shown(name: &str) -> String {
    let known = if find(name).is_none() { ", which is no rule" } else { "" };
    format!("`{name}`{known}")
}

/// Takes the names out of the comment, or the comment out of the line.
fn removal(text: &str, comment: &Suppression, unused: &[&str]) -> Option<Fix> {
    let range = comment.own?;
    let written = text.get(usize::from(range.start())..usize::from(range.end()))?;
    let left: Vec<&str> = match &comment.scope {
        Scope::All => Vec::new(),
        Scope::Rules(names) => {
            let names = names.iter().map(String::as_str);
            names.filter(|name| !unused.contains(name)).collect()
        }
    };
    let (edit, title) = if left.is_empty() {
        (Edit { range: whole(text, range), content: String::new() }, "Remove the comment")
    } else {
        let (open, close) = (written.find('[')? + 1, written.find(']')?);
        let at = |offset: usize| range.start() + TextSize::new(offset as u32);
        let names = TextRange::new(at(open), at(close));
        (Edit { range: names, content: left.join(", ") }, "Remove what suppresses nothing")
    };
    Some(Fix { title: title.to_owned(), safety: Safety::Safe, edits: vec![edit] })
}

/// The comment with the blanks before it, or its whole line if nothing else stands there.
fn whole(text: &str, comment: TextRange) -> TextRange {
    let before = &text[..usize::from(comment.start())];
    let kept = before.trim_end_matches([' ', '\t']);
    let after = &text[usize::from(comment.end())..];
    let is_alone = kept.is_empty() || kept.ends_with(['\n', '\r']);
    let line_end = if after.starts_with("\r\n") { 2 } else { 1 };
    let start = kept.text_len();
    match after.chars().next() {
        Some('\n' | '\r') if is_alone => {
            TextRange::new(start, comment.end() + TextSize::new(line_end))
        }
        None | Some('\n' | '\r') => TextRange::new(start, comment.end()),
        // Another comment follows.
        Some(_) => {
            let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
            TextRange::new(comment.start(), comment.end() + TextSize::new(blanks as u32))
        }
    }
}
