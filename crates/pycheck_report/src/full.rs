//! For people: the message, the source lines that it speaks of, and what to do.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use codespan_reporting::diagnostic::{Diagnostic as Drawing, Label, LabelStyle};
use codespan_reporting::files::{self, Files, Location};
use codespan_reporting::term::termcolor::{Buffer, WriteColor};
use codespan_reporting::term::{self, Chars, Config};
use pycheck_model::{Diagnostic, Level, Related, Safety, TextRange};

use crate::excerpt::{Excerpt, LINES_AFTER_START, LINES_BEFORE_END};
use crate::texts::{Text, Texts};
use crate::{Request, paths, plain, style};

pub(crate) fn write(
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let config = Config {
        chars: Chars::ascii(),
        start_context_lines: LINES_AFTER_START,
        end_context_lines: LINES_BEFORE_END,
        ..Config::default()
    };
    let mut header = style::buffer(request.color);
    let mut drawn = Vec::new();
    for diagnostic in request.diagnostics {
        write_header(diagnostic, &mut header)?;
        out.write_all(header.as_slice())?;
        header.clear();
        if plain::draw(diagnostic, advice(diagnostic).as_deref(), request, texts, &mut drawn) {
            out.write_all(&drawn)?;
            drawn.clear();
            continue;
        }
        let picture = Picture::new(diagnostic, request, texts);
        let body = style::buffer(request.color);
        write_body(&picture, &config, body, out)?;
    }
    Ok(())
}

/// `error[rule-name]: message`
fn write_header(diagnostic: &Diagnostic, out: &mut Buffer) -> io::Result<()> {
    let word = match diagnostic.level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Off => "info",
    };
    out.set_color(&style::level(diagnostic.level))?;
    write_parts(out, &[word, "[", diagnostic.rule, "]"])?;
    out.reset()?;
    out.set_color(&style::strong())?;
    write_parts(out, &[": ", &paths::lines(&diagnostic.message)])?;
    out.reset()?;
    write_parts(out, &["\n"])
}

fn write_parts(out: &mut Buffer, parts: &[&str]) -> io::Result<()> {
    parts.iter().try_for_each(|part| io::Write::write_all(out, part.as_bytes()))
}

/// What codespan draws, without the header that it would write itself, and without trailing
/// blanks.
fn write_body(
    picture: &Picture,
    config: &Config,
    mut buffer: Buffer,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    term::emit_to_write_style(&mut buffer, config, picture, &picture.drawing).map_err(to_io)?;
    if let Some(place) = &picture.place {
        writeln!(out, " --> {place}")?;
    }
    for line in buffer.as_slice().split_inclusive(|byte| *byte == b'\n').skip(1) {
        out.write_all(line.trim_ascii_end())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn to_io(error: files::Error) -> io::Error {
    match error {
        files::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// A diagnostic in codespan's terms: what to draw, and the lines to draw it on.
struct Picture {
    drawing: Drawing<usize>,
    excerpts: Vec<Excerpt>,
    /// Where it is, when there is no line to draw it on.
    place: Option<String>,
}

/// A range of one file, and what is said about it.
struct Mark<'a> {
    style: LabelStyle,
    range: TextRange,
    message: &'a str,
}

impl Picture {
    fn new(diagnostic: &Diagnostic, request: &Request<'_>, texts: &mut Texts<'_>) -> Self {
        let mut picture = Self {
            drawing: Drawing::new(style::severity(diagnostic.level)),
            excerpts: Vec::new(),
            place: None,
        };
        let mut notes = Vec::new();
        for (path, marks) in marks_by_file(diagnostic) {
            let name = paths::shown(path, request.base).into_owned();
            match texts.get(path) {
                Some(text) => picture.add_file(name, &text, &marks, &mut notes),
                None => picture.add_unreadable(&name, &marks, &mut notes),
            }
        }
        notes.extend(advice(diagnostic));
        picture.drawing.notes = notes;
        picture
    }

    /// Draws what is said about one file. What is said about the file as such becomes a note.
    fn add_file(
        &mut self,
        name: String,
        text: &Rc<Text>,
        marks: &[Mark<'_>],
        notes: &mut Vec<String>,
    ) {
        let (whole, placed): (Vec<_>, Vec<_>) = marks.iter().partition(|mark| mark.is_whole());
        notes.extend(whole.into_iter().map(|mark| mark.note(&name)));
        if placed.is_empty() {
            return;
        }
        let ranges: Vec<TextRange> = placed.iter().map(|mark| mark.range).collect();
        let (excerpt, places) = Excerpt::new(name, text, &ranges);
        let file = self.excerpts.len();
        self.excerpts.push(excerpt);
        for (mark, place) in placed.into_iter().zip(places) {
            let message = paths::lines(mark.message);
            self.drawing.labels.push(Label::new(mark.style, file, place).with_message(message));
        }
    }

    fn add_unreadable(&mut self, name: &str, marks: &[Mark<'_>], notes: &mut Vec<String>) {
        for mark in marks {
            match mark.style {
                LabelStyle::Primary => self.place = Some(format!("{name}:1:1")),
                LabelStyle::Secondary => notes.push(mark.note(name)),
            }
        }
    }
}

impl Mark<'_> {
    /// Whether a second place means its file and no line of it.
    fn is_whole(&self) -> bool {
        self.style == LabelStyle::Secondary && self.range == TextRange::default()
    }

    fn note(&self, name: &str) -> String {
        format!("{name}: {}", paths::lines(self.message))
    }
}

/// What is said, by file; the file of the diagnostic itself first, then in the order of mention.
fn marks_by_file(diagnostic: &Diagnostic) -> Vec<(&Path, Vec<Mark<'_>>)> {
    let range = diagnostic.range;
    let primary = Mark { style: LabelStyle::Primary, range, message: "" };
    let mut files = vec![(diagnostic.path.as_path(), vec![primary])];
    let mut known = BTreeMap::from([(diagnostic.path.as_path(), 0)]);
    for Related { path, range, message } in &diagnostic.related {
        let index = *known.entry(path.as_path()).or_insert(files.len());
        if index == files.len() {
            files.push((path.as_path(), Vec::new()));
        }
        files[index].1.push(Mark { style: LabelStyle::Secondary, range: *range, message });
    }
    files
}

/// What to do, in the words of the help or else of the fix.
fn advice(diagnostic: &Diagnostic) -> Option<String> {
    if let Some(help) = &diagnostic.help {
        return Some(format!("help: {}", paths::lines(help)));
    }
    let fix = diagnostic.fix.as_ref()?;
    let safety = match fix.safety {
        Safety::Safe => "",
        Safety::Unsafe => " (unsafe)",
    };
    Some(format!("help: {}{safety}", paths::lines(&fix.title)))
}

impl<'a> Files<'a> for Picture {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, file: usize) -> Result<&'a str, files::Error> {
        Ok(&self.excerpt(file)?.name)
    }

    fn source(&'a self, file: usize) -> Result<&'a str, files::Error> {
        Ok(&self.excerpt(file)?.shown)
    }

    fn line_index(&'a self, file: usize, offset: usize) -> Result<usize, files::Error> {
        Ok(self.excerpt(file)?.line_at(offset))
    }

    fn line_range(&'a self, file: usize, line: usize) -> Result<Range<usize>, files::Error> {
        Ok(self.excerpt(file)?.line_range(line))
    }

    fn location(&'a self, file: usize, offset: usize) -> Result<Location, files::Error> {
        let at = self.excerpt(file)?.position(offset);
        Ok(Location { line_number: at.row, column_number: at.column })
    }
}

impl Picture {
    fn excerpt(&self, file: usize) -> Result<&Excerpt, files::Error> {
        self.excerpts.get(file).ok_or(files::Error::FileMissing)
    }
}

#[cfg(test)]
mod tests;
