//! The literal arguments of `setup()` in a `setup.py` that say where packages lie.

use pycheck_syntax::literals::{Literal, call_keywords};

/// What a `setup.py` says about folders, as far as it can be read without running it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SetupPy {
    /// Package name (empty for the root) and folder.
    pub package_dir: Vec<(String, String)>,
    /// The folders in which `find_packages` looks.
    pub find_where: Vec<String>,
}

/// Reads the source of a `setup.py`.
pub fn read(source: &str) -> SetupPy {
    let Some(keywords) = call_keywords(source, "setup") else { return SetupPy::default() };
    let package_dir = keywords.get("package_dir").and_then(Literal::as_dict).unwrap_or_default();
    let find_where = keywords.get("packages").and_then(where_argument);
    SetupPy {
        package_dir: package_dir.iter().filter_map(literal_pair).collect(),
        find_where: find_where.map(ToOwned::to_owned).into_iter().collect(),
    }
}

/// The `python_requires` of a `setup.py`.
pub fn python_requires(source: &str) -> Option<String> {
    let keywords = call_keywords(source, "setup")?;
    keywords.get("python_requires")?.as_str().map(ToOwned::to_owned)
}

fn literal_pair((package, folder): &(Literal, Literal)) -> Option<(String, String)> {
    Some((package.as_str()?.to_owned(), folder.as_str()?.to_owned()))
}

/// The folder given to `find_packages` or `find_namespace_packages`.
fn where_argument(packages: &Literal) -> Option<&str> {
    let Literal::Call { name, arguments, keywords } = packages else { return None };
    let is_finder = matches!(
        name.as_str(),
        "find_packages" | "find_namespace_packages" | "find" | "PEP420PackageFinder"
    );
    let folder = keywords.get("where").or_else(|| arguments.first()).filter(|_| is_finder);
    folder.and_then(Literal::as_str)
}

#[cfg(test)]
mod tests {
    use super::{SetupPy, python_requires, read};

    #[test]
    fn literal_arguments_are_read() {
        let source = r#"
from setuptools import setup, find_packages
SOURCE = "src"
setup(name="x", package_dir={"": SOURCE, "x.extra": "extra"},
      packages=find_packages(SOURCE), python_requires=">=3.9")
"#;
        let pair = |package: &str, folder: &str| (package.to_owned(), folder.to_owned());
        assert_eq!(
            read(source),
            SetupPy {
                package_dir: vec![pair("", "src"), pair("x.extra", "extra")],
                find_where: vec!["src".to_owned()],
            }
        );
        assert_eq!(python_requires(source).as_deref(), Some(">=3.9"));
    }

    #[test]
    fn what_is_computed_says_nothing() {
        assert_eq!(read("setup(package_dir=make(), packages=make('src'))"), SetupPy::default());
        assert_eq!(read("not ( python"), SetupPy::default());
    }
}
