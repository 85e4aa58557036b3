//! `pycheck explain`: how an import is resolved, step by step.

use anyhow::{anyhow, bail};
use pycheck_model::explanation::Outcome;
use pycheck_project::{Inquiry, Request, explained};
use pycheck_report::Format;

use crate::args::ExplainArgs;
use crate::output::Reader;
use crate::{Status, color, output, run};

/// Explains what the arguments name.
pub(crate) fn explain(args: &ExplainArgs) -> anyhow::Result<Status> {
    if !args.output_format.is_general() {
        let name = args.output_format.name();
        bail!("an explanation can be written as `full`, `concise` or `json`, not as `{name}`");
    }
    let base = std::env::current_dir()
        .map_err(|error| anyhow!("the working directory can't be found: {error}"))?;
    run::prepare_threads(None);
    let inquiry = Inquiry { target: args.target.clone(), from: args.from.clone() };
    let overrides = args.settings.overrides(&base);
    let request = Request { working_directory: base.clone(), overrides, ..Request::default() };
    let (explanation, notes) = explained(&inquiry, request)?;
    for note in notes {
        output::say(&format!("note: {note}"));
    }
    let format = Format::from(args.output_format);
    let color = color::for_stdout(args.color);
    let reader = output::print(|out| {
        pycheck_report::write_explanation(format, &explanation, &base, color, out)
    })?;
    let fails = |verdict: Outcome| verdict == Outcome::Fails;
    let has_failed = explanation.subjects.iter().any(|subject| fails(subject.verdict.outcome));
    Ok(if has_failed && reader == Reader::Listening { Status::Found } else { Status::Clean })
}
