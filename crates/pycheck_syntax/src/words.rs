//! Words without which some things can't be written: most files have few of them, and are spared a
//! closer look. One search finds them all.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use ruff_text_size::TextSize;

/// What of the words stands in a text, in code, strings or comments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// A comment may suppress findings.
    pub(crate) suppression: bool,
    /// The import system may be changed.
    pub(crate) import_system: bool,
    /// `from sys import …` may make `path` and `modules` names of their own.
    pub(crate) from_sys: bool,
    /// Names may be bound in ways that no statement shows.
    pub(crate) hidden_names: bool,
    /// A function that ends the program may be imported under another name.
    pub(crate) renamed_exit: bool,
    /// `global` may stand somewhere.
    pub(crate) global: bool,
    /// Where `import` stands, in order.
    pub(crate) imports: Vec<TextSize>,
    /// Where functions are named that import, or ask whether there is a module, in order.
    pub(crate) import_calls: Vec<TextSize>,
}

/// A word, and what a place where it stands tells.
type Note = fn(&mut Words, Place<'_>);

/// Where a word stands.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    at: usize,
}

impl Place<'_> {
    /// Whether the text goes on with this, from the word's own start on.
    fn begins(self, with: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(with.as_bytes())
    }

    /// Whether this stands before the word.
    fn follows(self, before: &str) -> bool {
        self.text.as_bytes()[..self.at].ends_with(before.as_bytes())
    }

    fn offset(self) -> TextSize {
        TextSize::new(self.at as u32)
    }
}

/// The words that are looked for. None begins within another.
const WORDS: &[(&str, Note)] = &[
    ("import", |words, place| {
        words.imports.push(place.offset());
        if ["import_module", "import__(", "importlib"].iter().any(|call| place.begins(call)) {
            words.import_calls.push(place.offset());
        }
    }),
    ("find_spec", |words, place| words.import_calls.push(place.offset())),
    ("sys", |words, place| {
        let changes = ["sys.path", "sys.modules", "syspath_prepend"];
        words.import_system |= changes.iter().any(|change| place.begins(change))
            || place.follows("import ") && place.begins("sys as");
        words.from_sys |= place.follows("from ") && place.begins("sys import");
    }),
    ("path", |words, place| {
        words.import_system |= place.follows("__") && place.begins("path__")
            || place.follows("meta_")
            || place.begins("path_hooks");
    }),
    ("addsitedir", |words, _| words.import_system = true),
    ("declare_namespace", |words, _| words.import_system = true),
    ("global", |words, place| {
        words.global |= place.begins("global ");
        words.hidden_names |= place.begins("globals()") || place.begins("global_enum");
    }),
    ("exec(", |words, _| words.hidden_names = true),
    ("vars()", |words, _| words.hidden_names = true),
    ("modules[__name__]", |words, _| words.hidden_names = true),
    ("exit as ", |words, _| words.renamed_exit = true),
    ("pycheck:", |words, _| words.suppression = true),
    ("noqa", |words, _| words.suppression = true),
    ("NOQA", |words, _| words.suppression = true),
    ("NoQA", |words, _| words.suppression = true),
];

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(WORDS.iter().map(|(word, _)| word))
        .expect("a few short words can be searched for")
});

/// Looks for all words.
pub(crate) fn words(text: &str) -> Words {
    let mut words = Words::default();
    for found in SEARCH.find_iter(text) {
        let (_, note) = WORDS[found.pattern().as_usize()];
        note(&mut words, Place { text, at: found.start() });
    }
    let lib = |at: &TextSize| text[usize::from(*at)..].starts_with("importlib");
    if !words.import_calls.iter().any(lib) {
        // `find_spec` is a method of other things, too.
        words.import_calls.retain(|at| !text[usize::from(*at)..].starts_with("find_spec"));
    }
    words
}
