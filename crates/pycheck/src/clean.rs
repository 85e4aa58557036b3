//! `pycheck clean`: removes what earlier runs have kept of files.

use anyhow::{Context as _, anyhow};
use pycheck_project::{CachePlace, Progress, Request, Session, clean_cache};

use crate::args::CleanArgs;
use crate::{Status, output};

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

/// Removes the kept records of the project in the working directory.
pub(crate) fn clean(args: &CleanArgs) -> anyhow::Result<Status> {
    let base = std::env::current_dir()
        .map_err(|error| anyhow!("the working directory can't be found: {error}"))?;
    let (place, root) = if let Some(folder) = &args.cache_dir {
        (CachePlace::Folder(base.join(folder)), base.clone())
    } else {
        let request = Request {
            paths: vec![args.folder.clone().unwrap_or_else(|| base.clone())],
            working_directory: base.clone(),
            only_look: true,
            ..Request::default()
        };
        let session = Session::open(request, &Silent)?;
        (CachePlace::Project, session.project_root().to_owned())
    };
    let folder = pycheck_project::cache_folder(&place, &root);
    let shown = pycheck_report::shown_path(&folder, &base);
    let was_there = clean_cache(&place, &root).with_context(|| format!("{shown} stays"))?;
    let said = if was_there {
        format!("Removed {shown}.")
    } else {
        format!("Nothing to remove: {shown} holds nothing that pycheck has kept.")
    };
    output::print(|out| writeln!(out, "{said}"))?;
    Ok(Status::Clean)
}
