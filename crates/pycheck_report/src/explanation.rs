//! How an import is resolved: for people as an indented list below what becomes of it, for programs
//! as one object.

use std::io::{self, Write as _};
use std::path::Path;

use codespan_reporting::term::termcolor::{Buffer, WriteColor as _};
use pycheck_model::Level;
use pycheck_model::explanation::{Explanation, Outcome, Place, Step, Subject, Verdict};
use serde::Serialize;

use crate::{Format, paths, style};

/// Writes an explanation; paths are shown relative to `base`. In the concise format that is one line
/// for each import.
pub fn write_explanation(
    format: Format,
    explanation: &Explanation,
    base: &Path,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if format == Format::Json {
        return write_json(explanation, out);
    }
    let mut buffer = style::buffer(color);
    for (index, subject) in explanation.subjects.iter().enumerate() {
        if format != Format::Full {
            write_line(subject, explanation, &mut buffer)?;
            continue;
        }
        if index > 0 {
            writeln!(buffer)?;
        }
        write_subject(subject, explanation, base, &mut buffer)?;
    }
    out.write_all(buffer.as_slice())
}

fn write_line(subject: &Subject, explanation: &Explanation, buffer: &mut Buffer) -> io::Result<()> {
    let Verdict { outcome, text, .. } = &subject.verdict;
    let line = format!("{}: {}: {text}", title(subject, explanation), outcome.as_str());
    writeln!(buffer, "{}", paths::one_line(&line))
}

fn title(subject: &Subject, explanation: &Explanation) -> String {
    let Explanation { target, .. } = explanation;
    if subject.text.is_empty() { target.clone() } else { format!("{target}: {}", subject.text) }
}

fn write_subject(
    subject: &Subject,
    explanation: &Explanation,
    base: &Path,
    buffer: &mut Buffer,
) -> io::Result<()> {
    let verdict = &subject.verdict;
    writeln!(buffer, "{}", paths::one_line(&title(subject, explanation)))?;
    buffer.set_color(&style::level(match verdict.outcome {
        Outcome::Fails => Level::Error,
        Outcome::Unknown => Level::Warn,
        Outcome::Resolves => Level::Info,
    }))?;
    write!(buffer, "{}", verdict.outcome.as_str())?;
    buffer.reset()?;
    let place = verdict.path.as_deref().map(|path| format!(", {}", shown(path, base)));
    let text = format!(": {}{}", verdict.text, place.unwrap_or_default());
    writeln!(buffer, "{}", paths::one_line(&text))?;
    if let Some(because) = &verdict.because {
        writeln!(buffer, "why: {}", paths::one_line(because))?;
    }
    if let Some(help) = &verdict.help {
        writeln!(buffer, "help: {}", paths::one_line(help))?;
    }
    writeln!(buffer)?;
    for step in subject.steps.iter().filter(|step| step.kind != "statement") {
        write_step(step, 0, base, buffer)?;
    }
    Ok(())
}

fn write_step(
    step: &Step<Place>,
    depth: usize,
    base: &Path,
    buffer: &mut Buffer,
) -> io::Result<()> {
    let text = match &step.at {
        None => step.text.clone(),
        Some(place) => {
            let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
            let place = format!("{}{line}", shown(&place.path, base));
            if is_about_its_place(step.kind) {
                format!("{place}: {}", step.text)
            } else {
                format!("{}, {place}", step.text)
            }
        }
    };
    writeln!(buffer, "{:1$}{2}", "", depth * 2, paths::one_line(&text))?;
    step.children.iter().try_for_each(|child| write_step(child, depth + 1, base, buffer))
}

/// Whether the place of such a step stands before its text.
fn is_about_its_place(kind: &str) -> bool {
    matches!(kind, "entry" | "candidate" | "hidden" | "name" | "related" | "import" | "other-path")
}

fn shown(path: &Path, base: &Path) -> String {
    if path == base { ".".to_owned() } else { paths::shown(path, base).into_owned() }
}

#[derive(Serialize)]
struct Object<'a> {
    target: &'a str,
    steps: Vec<StepObject<'a>>,
    result: ResultObject<'a>,
}

#[derive(Serialize)]
struct StepObject<'a> {
    kind: &'a str,
    text: &'a str,
    path: Option<String>,
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ResultObject<'a>>,
    children: Vec<StepObject<'a>>,
}

#[derive(Serialize)]
struct ResultObject<'a> {
    outcome: &'static str,
    text: &'a str,
    because: Option<&'a str>,
    help: Option<&'a str>,
    exception: Option<ExceptionObject<'a>>,
    path: Option<String>,
}

#[derive(Serialize)]
struct ExceptionObject<'a> {
    r#type: &'a str,
    message: &'a str,
}

fn write_json(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    let of_outcome = |subject: &&Subject| subject.verdict.outcome;
    // The first of those that weigh most.
    let Some(worst) = explanation.subjects.iter().rev().max_by_key(of_outcome) else {
        return Ok(());
    };
    let object = Object {
        target: &explanation.target,
        steps: explanation.subjects.iter().map(subject_object).collect(),
        result: result_object(&worst.verdict),
    };
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn subject_object(subject: &Subject) -> StepObject<'_> {
    let statement = subject.steps.iter().find(|step| step.kind == "statement");
    let at = statement.and_then(|step| step.at.as_ref());
    let children = subject.steps.iter().filter(|step| step.kind != "statement");
    StepObject {
        kind: if subject.text.is_empty() { "file" } else { "import" },
        text: if subject.text.is_empty() { &subject.verdict.text } else { &subject.text },
        path: at.map(|place| place.path.display().to_string()),
        line: at.and_then(|place| place.line),
        result: Some(result_object(&subject.verdict)),
        children: children.map(step_object).collect(),
    }
}

fn step_object(step: &Step<Place>) -> StepObject<'_> {
    StepObject {
        kind: step.kind,
        text: &step.text,
        path: step.at.as_ref().map(|place| place.path.display().to_string()),
        line: step.at.as_ref().and_then(|place| place.line),
        result: None,
        children: step.children.iter().map(step_object).collect(),
    }
}

fn result_object(verdict: &Verdict) -> ResultObject<'_> {
    ResultObject {
        outcome: verdict.outcome.as_str(),
        text: &verdict.text,
        because: verdict.because.as_deref(),
        help: verdict.help.as_deref(),
        exception: verdict
            .exception
            .as_ref()
            .map(|(class, message)| ExceptionObject { r#type: class, message }),
        path: verdict.path.as_ref().map(|path| path.display().to_string()),
    }
}
