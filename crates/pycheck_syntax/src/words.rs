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

type Finders = Vec<Finder<'static>>;

static SUPPRESSION: LazyLock<Finders> =
    LazyLock::new(|| finders(&["noqa", "NOQA", "NoQA", "pycheck:"]));
static IMPORT_SYSTEM: LazyLock<Finders> = LazyLock::new(|| {
    finders(&[
        "sys.path",
        "sys.modules",
        "__path__",
        "meta_path",
        "path_hooks",
        "addsitedir",
        "declare_namespace",
        "import sys as",
        "syspath_prepend",
    ])
});
static FROM_SYS: LazyLock<Finders> = LazyLock::new(|| finders(&["from sys import"]));

fn finders(words: &'static [&'static str]) -> Finders {
    words.iter().map(Finder::new).collect()
}

/// Looks for all words.
pub(crate) fn words(text: &str) -> Words {
    let has =
        |finders: &Finders| finders.iter().any(|finder| finder.find(text.as_bytes()).is_some());
    Words {
        suppression: has(&SUPPRESSION),
        import_system: has(&IMPORT_SYSTEM),
        from_sys: has(&FROM_SYS),
    }
}
