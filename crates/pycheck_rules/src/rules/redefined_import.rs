//! The rule `redefined-import`; what it is for and its cases are in `redefined_import.md`.

mod meaning;

use pycheck_model::Level;
use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::{Reference, SymbolId};
use ruff_python_ast::{AnyNodeRef, Identifier, NodeKind, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use crate::rule::{Check, Context, Findings, Group, Rule};
use meaning::{Meaning, Relation};

pub(crate) static RULE: Rule = Rule {
    name: "redefined-import",
    aliases: &["F811", "W0404", "reimported"],
    group: Group::Imports,
    level: Level::Warn,
    summary: "an import that replaces another one of the same name before that was used",
    page: include_str!("redefined_import.md"),
    check: Check::Nodes(&[NodeKind::StmtImport, NodeKind::StmtImportFrom], check),
};

/// One name that an import statement binds.
struct Imported<'a> {
    name: &'a str,
    /// The name's place: that after `as` where there is one.
    at: &'a Identifier,
    meaning: Meaning<'a>,
    /// `import a.b`, which loads more than what it binds.
    loads_submodule: bool,
}

/// Looks at all imports of a suite when the first of them is met.
fn check<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, findings: &mut Findings<'_>) {
    let Some(suite) = suite_of(cx) else { return };
    let is_first = suite
        .iter()
        .find(|stmt| is_import(stmt))
        .is_some_and(|first| first.range() == node.range());
    if !is_first {
        return;
    }
    let mut last: FxHashMap<&str, Imported<'a>> = FxHashMap::default();
    for stmt in suite.iter().filter(|stmt| is_import(stmt)) {
        for imported in imported(stmt) {
            if let Some(first) = last.get(imported.name) {
                report(cx, first, &imported, findings);
            }
            last.insert(imported.name, imported);
        }
    }
}

/// The statements around an import that all run, one after the other: those of the module, of a
/// function or of a class. Anything else may be a choice between imports.
fn suite_of<'a>(cx: &Context<'a>) -> Option<&'a [Stmt]> {
    match cx.ancestors().next() {
        None => Some(cx.file.body()),
        Some(AnyNodeRef::StmtFunctionDef(def)) => Some(&def.body),
        Some(AnyNodeRef::StmtClassDef(def)) => Some(&def.body),
        Some(_) => None,
    }
}

fn is_import(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))
}

/// The names that a statement binds.
fn imported(stmt: &Stmt) -> Vec<Imported<'_>> {
    let (aliases, module) = match stmt {
        Stmt::Import(node) => (&node.names, None),
        Stmt::ImportFrom(node) if node.module.as_deref() == Some("__future__") => {
            return Vec::new();
        }
        Stmt::ImportFrom(node) => {
            (&node.names, Some((node.level, node.module.as_deref().unwrap_or_default())))
        }
        _ => return Vec::new(),
    };
    let named = aliases.iter().filter(|alias| alias.name.as_str() != "*").map(|alias| {
        let at = alias.asname.as_ref().unwrap_or(&alias.name);
        let name = at.as_str().split('.').next().unwrap_or_default();
        let meaning = match module {
            Some((level, module)) => Meaning { level, module, name: Some(alias.name.as_str()) },
            None if alias.asname.is_some() => Meaning::module(alias.name.as_str()),
            None => Meaning::module(name),
        };
        let loads_submodule = name.len() < at.len();
        Imported { name, at, meaning, loads_submodule }
    });
    named.collect()
}

/// A module from which another one was loaded is often the same one, by way of a third.
fn relation(first: &Imported<'_>, second: &Imported<'_>) -> Relation {
    match first.meaning.relation(&second.meaning) {
        Relation::Different if first.loads_submodule && second.meaning.name == Some(first.name) => {
            Relation::MayBeSame
        }
        relation => relation,
    }
}

fn report<'a>(
    cx: &Context<'a>,
    first: &Imported<'a>,
    second: &Imported<'a>,
    findings: &mut Findings<'_>,
) {
    let relation = relation(first, second);
    if relation == Relation::SameModule || is_touched_between(cx, first, second) {
        return;
    }
    let name = second.name;
    let (before, after) = (first.meaning.to_string(), second.meaning.to_string());
    let (level, message, help) = match relation {
        Relation::Same => (
            Level::Info,
            format!("`{name}` is imported a second time, and was not used since the first"),
            "remove one of the two imports".to_owned(),
        ),
        Relation::MayBeSame => (
            Level::Info,
            format!("`{name}` is `{after}` from here on: the import of `{before}` was not used"),
            "remove one of the two imports".to_owned(),
        ),
        Relation::SameModule | Relation::Different => (
            Level::Warn,
            format!(
                "`{name}` is `{after}` from here on: this replaces `{before}`, which was not used before"
            ),
            format!(
                "give one of the two another name (`as …`), or remove the import of `{before}`"
            ),
        ),
    };
    findings
        .report(second.at, message)
        .level(level)
        .related(first.at, format!("`{name}` is bound to `{before}` here"))
        .help(help);
}

/// Whether anything may read the first, or binds the name anew, before the second does.
fn is_touched_between(cx: &Context<'_>, first: &Imported<'_>, second: &Imported<'_>) -> bool {
    let bindings = cx.bindings();
    let Some(symbol) = bindings.symbol_at(second.at.start()) else { return true };
    if bindings.symbol_at(first.at.start()) != Some(symbol) {
        return true;
    }
    let between = TextRange::new(first.at.end(), second.at.start().max(first.at.end()));
    let data = bindings.symbol(symbol);
    let is_read = data.references.iter().any(|it| between.contains_range(it.range));
    let is_bound = data.bindings.iter().any(|it| between.contains_range(it.range));
    is_read
        || is_bound
        || is_read_by_earlier_function(bindings, symbol, first)
        || reads_all_names(cx, between)
}

/// A function that stands before the first import may be called between the two.
fn is_read_by_earlier_function(
    bindings: &Bindings<'_>,
    symbol: SymbolId,
    first: &Imported<'_>,
) -> bool {
    let data = bindings.symbol(symbol);
    let own = bindings.enclosing_function(data.scope);
    let is_deferred = |it: &Reference| bindings.enclosing_function(it.within) != own;
    data.references.iter().any(|it| it.range.end() <= first.at.start() && is_deferred(it))
}

/// Whether code between the two may look at all names: `globals()`, `exec(…)`.
fn reads_all_names(cx: &Context<'_>, between: TextRange) -> bool {
    let text = &cx.file.text()[between];
    ["globals(", "locals(", "vars(", "dir(", "eval(", "exec("]
        .iter()
        .any(|call| text.contains(call))
}
