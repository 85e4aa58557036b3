//! The page of all keys of the configuration.

use std::fmt::Write as _;

use pycheck_project::options::ALL;

const INTRODUCTION: &str = include_str!("../../templates/configuration.md");

/// The page.
pub(crate) fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for option in ALL {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n- type: {}\n- default: {}\n\n```toml\n[tool.pycheck]\n{}\n```\n",
            option.key,
            option.summary,
            option.kind,
            code_if_toml(option.default),
            option.example,
        );
    }
    page
}

/// A default that is a value rather than words.
fn code_if_toml(default: &str) -> String {
    if default.starts_with(['[', '{', '"']) { format!("`{default}`") } else { default.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{ALL, code_if_toml, page};

    #[test]
    fn every_key_is_explained() {
        let page = page();
        for option in ALL {
            assert!(page.contains(&format!("\n## {}\n", option.key)), "{}", option.key);
        }
    }

    #[test]
    fn values_are_set_as_code_and_words_are_not() {
        assert_eq!(code_if_toml("[]"), "`[]`");
        assert_eq!(code_if_toml("the oldest version"), "the oldest version");
    }
}
