//! Words without which some things can't be written: most files have none of them, and are spared a
//! closer look.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// What of the words stands in a text, in code, strings or comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// A comment may suppress findings.
    pub(crate) suppression: bool,
    /// The import system may be changed.
    pub(crate) import_system: bool,
    /// `from sys import …` may make `path` and `modules` names of their own.
    pub(crate) from_sys: bool,
}

static PYCHECK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("pycheck:"));
static SYS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("sys"));
static PATH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("path"));
static NAMESPACE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("declare_namespace"));
static SITE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("addsitedir"));

/// Words with `sys` in them that may change the import system.
const WITH_SYS: &[&str] = &["sys.path", "sys.modules", "import sys as", "syspath_prepend"];
/// Words with `path` in them that may.
const WITH_PATH: &[&str] = &["__path__", "meta_path", "path_hooks"];

/// Looks for all words. Those that hold a rarer word are looked for where that stands only: each
/// search reads the whole text.
pub(crate) fn words(text: &str) -> Words {
    let has = |finder: &Finder<'_>| finder.find(text.as_bytes()).is_some();
    let has_any = |words: &[&str]| words.iter().any(|word| has(&Finder::new(word)));
    let has_sys = has(&SYS);
    Words {
        suppression: has_noqa(text.as_bytes()) || has(&PYCHECK),
        import_system: (has_sys && has_any(WITH_SYS))
            || (has(&PATH) && has_any(WITH_PATH))
            || has(&SITE)
            || has(&NAMESPACE),
        from_sys: has_sys && has_any(&["from sys import"]),
    }
}

/// Whether `noqa` stands in the text, in the ways in which it is spelt: `q` is rare.
fn has_noqa(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'q', b'Q', text).any(|at| {
        let word = at.checked_sub(2).and_then(|start| text.get(start..at + 2));
        matches!(word, Some(b"noqa" | b"NOQA" | b"NoQA"))
    })
}
