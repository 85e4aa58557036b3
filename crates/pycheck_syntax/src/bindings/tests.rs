//! What CPython's symbol table says about small texts, and what [`Bindings`] says.

use pycheck_model::PythonVersion;
use ruff_text_size::TextSize;

use super::{BindingKind, Bindings, ScopeKind, SymbolId};
use crate::{ParsedFile, parse};

fn file(text: &str) -> ParsedFile {
    let file = parse(text.to_owned(), PythonVersion { major: 3, minor: 13 });
    assert!(!file.has_errors(), "{:?}", file.errors());
    file
}

/// The symbol of the name at the `nth` place (from 0) where `name` stands as a word.
fn nth(file: &ParsedFile, bindings: &Bindings<'_>, name: &str, nth: usize) -> Option<SymbolId> {
    let text = file.text();
    let is_word = |at: usize| {
        let letter = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(letter) && !text[at + name.len()..].starts_with(letter)
    };
    let at = text.match_indices(name).map(|(at, _)| at).filter(|at| is_word(*at)).nth(nth)?;
    bindings.symbol_at(TextSize::try_from(at).unwrap())
}

/// The groups of places of `x` that mean the same variable, as one letter per place; `-` for none.
fn groups(text: &str) -> String {
    let file = file(text);
    let bindings = Bindings::new(&file);
    let mut known: Vec<SymbolId> = Vec::new();
    let count = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| *w == "x");
    (0..count.count())
        .map(|index| match nth(&file, &bindings, "x", index) {
            None => '-',
            Some(symbol) => {
                let position = known.iter().position(|other| *other == symbol);
                let position = position.unwrap_or_else(|| {
                    known.push(symbol);
                    known.len() - 1
                });
                char::from(b'a' + u8::try_from(position).unwrap())
            }
        })
        .collect()
}

#[test]
fn a_function_reads_the_variable_around_it() {
    assert_eq!(groups("x = 1\ndef f():\n    return x\n"), "aa");
    assert_eq!(groups("x = 1\ndef f():\n    x = 2\n    return x\n"), "abb");
    assert_eq!(groups("def f(x):\n    return lambda: x\n"), "aa");
}

#[test]
fn the_names_of_a_class_are_hidden_from_its_functions() {
    assert_eq!(
        groups("x = 1\nclass C:\n    x = 2\n    y = x\n    def f(self):\n        x\n"),
        "abba"
    );
    assert_eq!(groups("x = 1\nclass C:\n    x = 2\n    y = [x for _ in z]\n"), "aba");
    assert_eq!(groups("x = 1\nclass C:\n    x = [2]\n    y = [1 for _ in x]\n"), "abb");
    assert_eq!(groups("x = 1\nclass C:\n    x = 2\n    y = lambda: x\n"), "aba");
    assert_eq!(groups("x = 1\nclass C:\n    x = 2\n    def f(self, y=x): pass\n"), "abb");
}

#[test]
fn a_class_sees_its_names_in_the_annotations_of_generic_methods() {
    assert_eq!(groups("x = 1\nclass C:\n    x = 2\n    def f[T](self, y: x): x\n"), "abba");
}

#[test]
fn global_and_nonlocal_are_followed() {
    assert_eq!(groups("x = 1\ndef f():\n    global x\n    x = 2\n"), "a-a");
    assert_eq!(
        groups("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n"),
        "a-a"
    );
    assert_eq!(
        groups(
            "def f():\n    x = 1\n    def g():\n        nonlocal x\n        def h():\n            \
             nonlocal x\n            x = 2\n"
        ),
        "a--a"
    );
    assert_eq!(
        groups(
            "x = 0\ndef f():\n    x = 1\n    class C:\n        global x\n        x\n        def g(s): x\n"
        ),
        "ab-ab"
    );
}

#[test]
fn comprehensions_have_variables_of_their_own() {
    assert_eq!(groups("x = [1]\ny = [x for x in x]\n"), "abba");
    assert_eq!(groups("x = [1]\ny = [1 for z in q for x in x]\n"), "abb");
    assert_eq!(groups("x = 1\ny = {x: x for x in q if x}\n"), "abbbb");
}

#[test]
fn a_walrus_binds_outside_of_comprehensions() {
    assert_eq!(groups("x = 1\ny = [(x := z) for z in q]\n"), "aa");
    assert_eq!(groups("def f():\n    return [[(x := z) for z in r] for r in q], x\n"), "aa");
    assert_eq!(groups("x = 1\ny = lambda: (x := 2)\n"), "ab");
}

#[test]
fn every_way_to_bind_makes_a_local() {
    for text in [
        "x = 1\ndef f():\n    for x in y: x\n",
        "x = 1\ndef f():\n    with y as x: x\n",
        "x = 1\ndef f():\n    try: pass\n    except E as x: x\n",
        "x = 1\ndef f():\n    import x; x\n",
        "x = 1\ndef f():\n    from m import x; x\n",
        "x = 1\ndef f():\n    from m import y as x; x\n",
        "x = 1\ndef f():\n    def x(): pass\n    x\n",
        "x = 1\ndef f():\n    class x: pass\n    x\n",
        "x = 1\ndef f():\n    del x; x\n",
        "x = 1\ndef f():\n    x: int\n    x\n",
        "x = 1\ndef f():\n    [*x], y = z; x\n",
        "x = 1\ndef f(*x): x\n",
        "x = 1\ndef f(**x): x\n",
        "x = 1\ndef f():\n    match y:\n        case [*x]: x\n",
        "x = 1\ndef f():\n    match y:\n        case {1: 2, **x}: x\n",
        "x = 1\ndef f():\n    match y:\n        case C(a=x): x\n",
        "x = 1\ndef f():\n    match y:\n        case int() as x: x\n",
        "x = 1\ndef f[x](): x\n",
        "x = 1\ndef f():\n    type x = int\n    x\n",
    ] {
        assert_eq!(groups(text), "abb", "{text}");
    }
}

#[test]
fn defaults_decorators_and_bases_are_read_outside() {
    assert_eq!(groups("x = 1\ndef f(x=x): x\n"), "abab");
    assert_eq!(groups("x = 1\n@x\ndef f(x): x\n"), "aabb");
    assert_eq!(groups("x = 1\ny = lambda x=x: x\n"), "abab");
    assert_eq!(groups("x = 1\nclass C(x):\n    x = 2\n"), "aab");
}

#[test]
fn type_parameters_are_seen_by_bases_annotations_and_body() {
    assert_eq!(groups("x = 1\nclass C[x](B[x]):\n    y: x\n"), "abbb");
    assert_eq!(groups("x = 1\ndef f[x](y: x, z=x): x\n"), "abbab");
    assert_eq!(groups("x = 1\ntype A[x] = list[x]\n"), "abb");
}

#[test]
fn an_augmented_assignment_reads_and_binds() {
    let file = file("x = 1\nx += 2\n");
    let bindings = Bindings::new(&file);
    let symbol = bindings.symbol(bindings.symbol_in(Bindings::MODULE, "x").unwrap());
    assert_eq!(symbol.bindings.len(), 2);
    assert_eq!(symbol.references.len(), 1);
    assert!(matches!(symbol.bindings[1].kind, BindingKind::AugAssign(_)));
}

#[test]
fn only_whole_targets_have_their_value() {
    let file = file("a = 1\nb, c = 2, 3\nd: int = 4\ne: int\n");
    let bindings = Bindings::new(&file);
    let value = |name| {
        let symbol = bindings.symbol_in(Bindings::MODULE, name).unwrap();
        bindings.only_value(symbol).map(|value| file.source(value))
    };
    assert_eq!(value("a"), Some("1"));
    assert_eq!(value("b"), None);
    assert_eq!(value("d"), Some("4"));
    assert_eq!(value("e"), None);
}

#[test]
fn names_are_qualified_through_imports_and_builtins() {
    let file = file(
        "import numpy as np\nimport os.path\nfrom ..m import x\nfrom a.b import c as d\n\
         np.where\nos.path.join\nx.y\nd\nlist\nfile_local\ndef dict(): pass\ndict\n",
    );
    let bindings = Bindings::new(&file);
    let names: Vec<Option<String>> = file
        .body()
        .iter()
        .filter_map(|stmt| stmt.as_expr_stmt())
        .map(|stmt| bindings.qualified_name(&stmt.value))
        .collect();
    let expected = [
        Some("numpy.where"),
        Some("os.path.join"),
        Some("..m.x.y"),
        Some("a.b.c"),
        Some("builtins.list"),
        None,
        None,
    ];
    assert_eq!(names, expected.map(|name| name.map(str::to_owned)));
}

#[test]
fn scopes_know_what_opens_them() {
    let file = file("class C:\n    def f(self):\n        return (lambda: 1), (y for y in z)\n");
    let bindings = Bindings::new(&file);
    let kinds: Vec<&str> = bindings
        .scopes
        .iter()
        .map(|scope| match scope.kind {
            ScopeKind::Module => "module",
            ScopeKind::Class(_) => "class",
            ScopeKind::Function(_) => "function",
            ScopeKind::Lambda(_) => "lambda",
            ScopeKind::Comprehension => "comprehension",
            ScopeKind::Generator => "generator",
            ScopeKind::TypeParams => "type parameters",
        })
        .collect();
    assert_eq!(kinds, ["module", "class", "function", "lambda", "generator"]);
}
