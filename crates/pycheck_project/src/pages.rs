//! The pages of rules as files, for editors that link to them.

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_rules::Rule;

/// The file with the page of a rule, in the folder of the user's caches; `None` if there is none that
/// can be written to.
pub fn rule_page(rule: &Rule) -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let caches = named.filter(|path| path.is_absolute());
    let caches = caches.or_else(|| Some(std::env::home_dir()?.join(".cache")))?;
    written(&caches.join("pycheck").join("rules"), rule)
}

/// Writes the page, unless it is there as it should be.
fn written(folder: &Path, rule: &Rule) -> Option<PathBuf> {
    let path = folder.join(rule.name).with_extension("md");
    let text = rule.explanation();
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Some(path);
    }
    fs::create_dir_all(folder).ok()?;
    // Another server may read it at this moment, so it comes whole or not at all.
    let partial = folder.join(format!(".{}-{}", rule.name, std::process::id()));
    fs::write(&partial, text).ok()?;
    fs::rename(&partial, &path).ok()?;
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_page_is_written_and_an_old_one_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let rule = pycheck_rules::ALL[0];
        let path = written(folder.path(), rule).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), rule.explanation());
        std::fs::write(&path, "old").unwrap();
        assert_eq!(written(folder.path(), rule).as_ref(), Some(&path));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), rule.explanation());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_a_place_there_is_no_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(written(&file, pycheck_rules::ALL[0]), None);
    }
}
