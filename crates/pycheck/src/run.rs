//! From arguments to an open session.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use pycheck_project::{Overrides, Progress, Request, Session};

use crate::args::CheckArgs;

/// The size of a worker's stack: code that is nested deeply is walked by functions that call
/// themselves.
const STACK_SIZE: usize = 64 * 1024 * 1024;

/// Opens a session on what the arguments name.
pub(crate) fn open(
    args: &CheckArgs,
    working_directory: &Path,
    progress: &dyn Progress,
) -> anyhow::Result<Session> {
    prepare_threads(args.threads);
    let request = request(args, working_directory)?;
    Ok(Session::open(request, progress)?)
}

/// Makes the threads that files are analysed in.
pub(crate) fn prepare_threads(wanted: Option<u16>) {
    // None leaves it to the number of processors, and to `RAYON_NUM_THREADS`.
    let threads = usize::from(wanted.unwrap_or(0));
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_SIZE).num_threads(threads);
    // Fails if there is a pool already, which is as good.
    let _ = pool.build_global();
}

fn request(args: &CheckArgs, working_directory: &Path) -> anyhow::Result<Request> {
    let stdin = standard_input(args)?;
    let paths = match (&stdin, args.paths.as_slice()) {
        (Some(_), _) => Vec::new(),
        (None, []) => vec![PathBuf::from(".")],
        (None, paths) => paths.to_vec(),
    };
    Ok(Request {
        paths,
        stdin,
        working_directory: working_directory.to_owned(),
        overrides: overrides(args, working_directory),
        ignore_noqa: args.ignore_noqa,
        force_exclude: args.force_exclude,
        whole_project: args.whole_project,
        cache: args.cache.place(working_directory),
        only_look: args.show_files || args.show_settings,
        is_kept: false,
    })
}

fn overrides(args: &CheckArgs, working_directory: &Path) -> Overrides {
    Overrides {
        select: args.select.clone(),
        extend_select: args.extend_select.clone(),
        ignore: args.ignore.clone(),
        exclude: args.exclude.clone(),
        extend_exclude: args.extend_exclude.clone(),
        ignores_gitignore: args.no_respect_gitignore,
        ..args.settings.overrides(working_directory)
    }
}

/// Whether standard input is checked in place of files.
pub(crate) fn reads_standard_input(args: &CheckArgs) -> bool {
    args.stdin_filename.is_some() || args.paths.iter().any(|path| is_dash(path))
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What is read from standard input, and its name, if the arguments ask for it.
fn standard_input(args: &CheckArgs) -> anyhow::Result<Option<(PathBuf, Vec<u8>)>> {
    if !reads_standard_input(args) {
        return Ok(None);
    }
    if let Some(other) = args.paths.iter().find(|path| !is_dash(path)) {
        bail!("standard input is checked alone; leave out `{}`", other.display());
    }
    let mut content = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut content)
        .map_err(|error| anyhow!("standard input can't be read: {error}"))?;
    let name = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("-"));
    Ok(Some((name, content)))
}

#[cfg(test)]
mod tests {
    use super::request;
    use crate::args::CheckArgs;
    use std::path::{Path, PathBuf};

    #[test]
    fn no_path_means_the_working_directory() {
        let request = request(&CheckArgs::default(), Path::new("/work")).unwrap();
        assert_eq!(request.paths, [PathBuf::from(".")]);
    }

    #[test]
    fn standard_input_is_checked_alone() {
        let args = CheckArgs { paths: vec!["-".into(), "a.py".into()], ..CheckArgs::default() };
        let error = request(&args, Path::new("/work")).err().unwrap();
        assert_eq!(error.to_string(), "standard input is checked alone; leave out `a.py`");
    }
}
