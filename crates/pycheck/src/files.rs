//! `--output`: findings go to files as well, each of which is replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use pycheck_report::{Format, Request, RuleFacts, Tool};
use pycheck_rules::ALL;
use tempfile::Builder;

use crate::args::OutputFile;

/// What may be read by whom: the umask takes away from it.
#[cfg(unix)]
const MODE: u32 = 0o666;

/// What is said of the rules in formats that tell.
pub(crate) fn rule_facts() -> Vec<RuleFacts<'static>> {
    let facts = |rule: &&'static pycheck_rules::Rule| RuleFacts {
        name: rule.name,
        summary: rule.summary,
        page: shown_part(rule.page),
        level: rule.level,
    };
    ALL.iter().map(facts).collect()
}

/// What proves a rule explains nothing.
fn shown_part(page: &str) -> &str {
    page.split_once("\n## Cases\n").map_or(page, |(shown, _)| shown).trim_end()
}

/// What machine formats say of pycheck.
pub(crate) fn tool<'a>(rules: &'a [RuleFacts<'a>], repository: &'a Path) -> Tool<'a> {
    Tool { version: env!("CARGO_PKG_VERSION"), rules, repository }
}

/// The folder that git keeps, around this one; this one if there is none.
pub(crate) fn repository(base: &Path) -> &Path {
    base.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(base)
}

/// Writes the findings to all files that were named.
pub(crate) fn write_all(outputs: &[OutputFile], request: &Request<'_>) -> anyhow::Result<()> {
    let targets: Vec<PathBuf> =
        outputs.iter().map(|output| target(&output.path, request.base)).collect();
    for (index, path) in targets.iter().enumerate() {
        if targets[..index].contains(path) {
            bail!("`{}` can't hold two reports", outputs[index].path.display());
        }
    }
    for (output, path) in outputs.iter().zip(&targets) {
        write_one(output.format.into(), path, request).map_err(|error| {
            anyhow!("the report `{}` can't be written: {}", output.path.display(), reason(&error))
        })?;
    }
    Ok(())
}

/// The file itself, where a link was named.
fn target(path: &Path, base: &Path) -> PathBuf {
    let path = base.join(path);
    if is_stream(&path) { path } else { path.canonicalize().unwrap_or(path) }
}

/// Whether a path stands for something that is open already, such as `/dev/stdout`.
fn is_stream(path: &Path) -> bool {
    ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder))
}

fn write_one(format: Format, path: &Path, request: &Request<'_>) -> io::Result<()> {
    // Opened again, a stream that is a file would have a place of its own in it.
    match path.to_str() {
        Some("/dev/stdout") => return write_stream(io::stdout().lock(), format, request),
        Some("/dev/stderr") => return write_stream(io::stderr().lock(), format, request),
        _ => {}
    }
    let known = fs::metadata(path).ok();
    if known.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::Error::other("it is a folder"));
    }
    // What is no file can't be replaced, and what is written to a stream stays.
    if is_stream(path) || known.as_ref().is_some_and(|known| !known.is_file()) {
        return write_to(File::options().append(true).open(path)?, format, request).map(drop);
    }
    let folder = path.parent().unwrap_or(path);
    if !folder.is_dir() {
        let shown = folder.strip_prefix(request.base).unwrap_or(folder).display();
        return Err(io::Error::other(format!("there is no folder `{shown}`")));
    }
    let mut builder = Builder::new();
    builder.prefix(".pycheck-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(MODE));
    let (file, temporary) = builder.tempfile_in(folder)?.into_parts();
    let file = write_to(file, format, request)?;
    if let Some(known) = known {
        if known.permissions().readonly() {
            return Err(io::Error::other("it is read-only"));
        }
        file.set_permissions(known.permissions())?;
    }
    temporary.persist(path)?;
    Ok(())
}

fn write_stream(stream: impl Write, format: Format, request: &Request<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(stream);
    pycheck_report::write(format, request, &mut out)?;
    out.flush()
}

fn write_to(file: File, format: Format, request: &Request<'_>) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    pycheck_report::write(format, request, &mut out)?;
    out.flush()?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// What an operating system says without its error number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
