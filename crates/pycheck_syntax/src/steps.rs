//! From the statements of a module's top level to the steps that running it takes.

mod compound;
mod exports;
mod expressions;
mod risks;
mod statements;

use pycheck_model::{Body, Chain, CompactString, Import, ImportKind, NameIndex, Sites, Step};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ParsedFile;
use crate::conditions::Conditions;
use crate::nodes::dotted;

/// The steps of a file, whose imports have been collected before.
pub(crate) fn body<'a>(
    file: &'a ParsedFile,
    conditions: &Conditions<'a>,
    imports: &[Import],
    sites: &mut Sites,
) -> Body {
    let mut roots = FxHashSet::default();
    roots.extend(imports.iter().flat_map(|import| import.kind.bound_names()));
    let starts = imports.iter().map(|import| sites.range(import.site).start()).collect();
    let words = file.words();
    let mut steps = Steps {
        conditions,
        starts,
        roots,
        sites,
        known: FxHashMap::default(),
        is_placed: Vec::new(),
        body: Body { is_open: words.hidden_names, ..Body::default() },
        called: Vec::new(),
        class_names: Vec::new(),
        class_depth: 0,
        function_globals: None,
        function_names: FxHashSet::default(),
        handled_name: None,
        is_guarded: false,
        renames_exit: words.renamed_exit,
        evaluates_annotations: evaluates_annotations(file, conditions),
        has_calls: imports.iter().any(|it| matches!(it.kind, ImportKind::Call { .. })),
        has_globals: words.global,
        depth: 0,
    };
    steps.body.steps = steps.block(file.body());
    steps.follow_calls(imports);
    steps.body
}

/// Up to Python 3.13 annotations are evaluated where they stand, unless the module says otherwise.
fn evaluates_annotations(file: &ParsedFile, conditions: &Conditions<'_>) -> bool {
    let is_future = |stmt: &Stmt| match stmt {
        Stmt::ImportFrom(node) => {
            node.module.as_deref() == Some("__future__")
                && node.names.iter().any(|alias| alias.name.as_str() == "annotations")
        }
        _ => false,
    };
    conditions.target.version.minor < 14 && !file.body().iter().take(5).any(is_future)
}

/// Collects steps. Blocks return their own; names and functions are collected on the way.
struct Steps<'a, 'c> {
    conditions: &'c Conditions<'a>,
    /// Where the imports of the summary begin, in order.
    starts: Vec<TextSize>,
    /// The names that imports bind, which may stand for modules.
    roots: FxHashSet<&'c str>,
    sites: &'c mut Sites,
    known: FxHashMap<CompactString, NameIndex>,
    /// The names whose first place is known.
    is_placed: Vec<bool>,
    body: Body,
    /// Functions that are called, by name, in the order in which that was seen.
    called: Vec<NameIndex>,
    /// What the classes around have bound so far.
    class_names: Vec<CompactString>,
    class_depth: usize,
    /// In the body of a function: the names that it declares global.
    function_globals: Option<FxHashSet<CompactString>>,
    /// What the function binds itself, other than by imports.
    function_names: FxHashSet<CompactString>,
    /// The name after `as` of the handler around.
    handled_name: Option<CompactString>,
    /// Within a `try`: what may raise is of interest.
    is_guarded: bool,
    evaluates_annotations: bool,
    /// A function that ends the program may be imported under another name.
    renames_exit: bool,
    /// Some imports are calls.
    has_calls: bool,
    /// The text has a `global` statement somewhere.
    has_globals: bool,
    depth: usize,
}

impl Steps<'_, '_> {
    fn name(&mut self, name: &str) -> NameIndex {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let index = self.body.names.len() as NameIndex;
        let name = CompactString::from(name);
        self.body.names.push(name.clone());
        self.known.insert(name, index);
        index
    }

    /// The index of the import statement (or of its alias) whose first name begins in a range.
    fn import_in(&self, range: TextRange) -> Option<u32> {
        let index = self.starts.partition_point(|start| *start < range.start());
        self.starts.get(index).is_some_and(|start| *start < range.end()).then_some(index as u32)
    }

    /// A dotted name that begins with something that was imported.
    fn chain(&mut self, expr: &Expr) -> Option<Chain> {
        let parts = dotted(expr)?;
        let is_hidden = self.class_names.iter().any(|name| name == parts[0]);
        let is_local = self.function_names.contains(parts[0]);
        if is_local || is_hidden || !self.roots.contains(parts[0]) {
            return None;
        }
        let names = parts.iter().map(|part| self.name(part)).collect();
        let place = match expr {
            Expr::Attribute(attribute) => attribute.attr.range(),
            _ => expr.range(),
        };
        Some(Chain { names, site: self.sites.add(place) })
    }

    /// A name is bound here, by something that is no module.
    fn bind(&mut self, name: &str, steps: &mut Vec<Step>) {
        self.bind_as(name, Step::Bind, steps);
    }

    fn bind_as(&mut self, name: &str, step: fn(NameIndex) -> Step, steps: &mut Vec<Step>) {
        let is_local = self.function_globals.as_ref().is_some_and(|names| !names.contains(name));
        if self.in_class() {
            self.class_names.push(name.into());
        } else if !is_local {
            let name = self.name(name);
            steps.push(step(name));
        }
    }

    /// Notes the first place of the module that binds a name.
    fn note_binding(&mut self, name: &str, place: TextRange) {
        if self.in_class() || self.function_globals.is_some() {
            return;
        }
        let name = self.name(name);
        if self.is_placed.len() <= name as usize {
            self.is_placed.resize(name as usize + 1, false);
        }
        if !std::mem::replace(&mut self.is_placed[name as usize], true) {
            let site = self.sites.add(place);
            self.body.bindings.push((name, site));
        }
    }

    fn in_class(&self) -> bool {
        self.class_depth > 0
    }
}
