//! Workspaces of uv: several projects that share one environment and see each other.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use toml::{Table, Value};

use super::project_file::ProjectFile;

/// The folder above `project`, out of `folders`, whose workspace has it as a member.
pub(super) fn workspace_of(project: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    let above = folders.iter().filter(|folder| project.starts_with(folder) && *folder != project);
    above.into_iter().find(|folder| has_member(folder, project)).cloned()
}

fn has_member(workspace: &Path, project: &Path) -> bool {
    let Some(table) = ProjectFile::read(&workspace.join("pyproject.toml")).table() else {
        return false;
    };
    let Ok(member) = project.strip_prefix(workspace) else { return false };
    matches(&table, "members", member) && !matches(&table, "exclude", member)
}

/// Whether one of the globs under `key` of the workspace matches the folder.
fn matches(table: &Table, key: &str, member: &Path) -> bool {
    let workspace = table.get("tool").and_then(|tool| tool.get("uv")?.get("workspace"));
    let globs = workspace.and_then(|workspace| workspace.get(key)).and_then(Value::as_array);
    let fits = |glob: &str| {
        let glob = glob.trim_start_matches("./").trim_end_matches('/');
        let matcher = GlobBuilder::new(glob).literal_separator(true).build();
        matcher.is_ok_and(|glob| glob.compile_matcher().is_match(member))
    };
    globs.into_iter().flatten().filter_map(Value::as_str).any(fits)
}
