//! `pycheck init`: writes a first configuration.

use anyhow::anyhow;
use pycheck_project::{Progress, Request, Session, init};

use crate::args::InitArgs;
use crate::{Status, output};

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

/// Writes the configuration of the project in the working directory.
pub(crate) fn init_project(args: &InitArgs) -> anyhow::Result<Status> {
    let base = std::env::current_dir()
        .map_err(|error| anyhow!("the working directory can't be found: {error}"))?;
    let folder = args.folder.clone().unwrap_or_else(|| base.clone());
    let request = Request {
        paths: vec![folder],
        working_directory: base.clone(),
        only_look: true,
        ..Request::default()
    };
    let session = Session::open(request, &Silent)?;
    let path = init::init(&session)?;
    let shown = pycheck_report::shown_path(&path, &base);
    output::print(|out| writeln!(out, "Wrote {shown}: what was found, as comments."))?;
    Ok(Status::Clean)
}
