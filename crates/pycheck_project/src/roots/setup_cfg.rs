//! The part of `setup.cfg` that says where packages lie.

use std::collections::BTreeMap;

/// The sections of an INI file; the lines of a value that goes on are joined by newlines.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ini(BTreeMap<String, BTreeMap<String, String>>);

impl Ini {
    /// Reads what `configparser` would; lines that it refuses are passed over.
    pub fn parse(text: &str) -> Self {
        let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut section = String::new();
        let mut key = None;
        for line in text.lines().filter(|line| !is_comment(line)) {
            if line.starts_with(char::is_whitespace) {
                let value = key.as_ref().and_then(|key| sections.get_mut(&section)?.get_mut(key));
                if let Some(value) = value {
                    value.push('\n');
                    value.push_str(line.trim());
                }
            } else if let Some(name) = line.trim_end().strip_prefix('[') {
                name.trim_end_matches(']').clone_into(&mut section);
                key = None;
            } else if let Some((name, value)) = line.split_once(['=', ':']) {
                let name = name.trim().to_lowercase();
                let entries = sections.entry(section.clone()).or_default();
                entries.insert(name.clone(), value.trim().to_owned());
                key = Some(name);
            }
        }
        Self(sections)
    }

    /// The value of a key.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.0.get(section)?.get(key).map(String::as_str)
    }

    /// The value as a list: one item a line, or separated by commas.
    pub fn list(&self, section: &str, key: &str) -> Vec<&str> {
        let items = self.get(section, key).unwrap_or_default().split(['\n', ',']);
        items.map(str::trim).filter(|item| !item.is_empty()).collect()
    }
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with(['#', ';'])
}

/// The `package_dir` of setuptools: package name (empty for the root) and folder.
pub fn package_dir(ini: &Ini) -> Vec<(String, String)> {
    let pairs = ini.list("options", "package_dir").into_iter();
    let pair = |item: &str| {
        let (package, folder) = item.split_once('=')?;
        Some((package.trim().to_owned(), folder.trim().to_owned()))
    };
    pairs.filter_map(pair).collect()
}

/// The folders in which `packages = find:` looks.
pub fn find_where(ini: &Ini) -> Vec<String> {
    let folders = ini.list("options.packages.find", "where");
    folders.into_iter().map(ToOwned::to_owned).collect()
}

/// The `python_requires` of a `setup.cfg`.
pub fn python_requires(text: &str) -> Option<String> {
    Ini::parse(text).get("options", "python_requires").map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Ini, find_where, package_dir, python_requires};

    const TEXT: &str = "\
# a comment
[metadata]
name: thing

[options]
package_dir =
    = src
    # not this
    thing.extra = extra/code
Python_Requires = >=3.9
broken line
packages = find:
[options.packages.find]
where = src, lib
";

    #[test]
    fn says_where_packages_lie() {
        let ini = Ini::parse(TEXT);
        let owned = |pair: (&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
        assert_eq!(
            package_dir(&ini),
            [("", "src"), ("thing.extra", "extra/code")].map(owned).to_vec()
        );
        assert_eq!(find_where(&ini), ["src", "lib"]);
        assert_eq!(python_requires(TEXT).as_deref(), Some(">=3.9"));
        assert_eq!(ini.get("metadata", "name"), Some("thing"));
    }

    #[test]
    fn anything_else_says_nothing() {
        assert_eq!(Ini::parse("  = x\n]\n=\n\u{0}"), Ini::parse("="));
        assert_eq!(find_where(&Ini::parse("")), [""; 0]);
    }
}
