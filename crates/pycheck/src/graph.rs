//! `pycheck graph`: which module imports which.

use std::path::PathBuf;

use anyhow::anyhow;
use pycheck_project::{Focus, Request, Selection, charted};

use crate::args::GraphArgs;
use crate::progress::Bar;
use crate::{Status, color, output, run};

/// Writes the graph that the arguments ask for.
pub(crate) fn graph(args: &GraphArgs) -> anyhow::Result<Status> {
    let base = std::env::current_dir()
        .map_err(|error| anyhow!("the working directory can't be found: {error}"))?;
    run::prepare_threads(None);
    let paths = match args.paths.as_slice() {
        [] => vec![PathBuf::from(".")],
        paths => paths.to_vec(),
    };
    let overrides = args.settings.overrides(&base);
    let request =
        Request { paths, working_directory: base.clone(), overrides, ..Request::default() };
    let bar = Bar::new(true);
    let charted = charted(request, &selection(args), args.affected.as_deref(), &bar)?;
    drop(bar);
    for note in &charted.notes {
        output::say(&format!("note: {note}"));
    }
    if charted.files == 0 {
        output::say("warning: no Python files were found");
    }
    let color = color::for_stdout(args.color);
    output::print(|out| {
        pycheck_report::write_graph(args.format.into(), &charted.graph, &base, color, out)
    })?;
    // The process ends: to give back each of many small blocks of memory would only take time.
    std::mem::forget(charted);
    Ok(Status::Clean)
}

fn selection(args: &GraphArgs) -> Selection {
    let focus = (!args.focus.is_empty()).then(|| Focus {
        modules: args.focus.clone(),
        depth: args.depth,
        up: args.up,
        down: args.down,
    });
    let between = match args.between.as_slice() {
        [from, to] => Some((from.clone(), to.clone())),
        _ => None,
    };
    Selection {
        focus,
        between,
        cycles: args.cycles,
        collapse: args.collapse,
        external: args.external,
        changed: None,
        orphans: args.orphans,
    }
}
