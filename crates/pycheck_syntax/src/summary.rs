//! From the tree to what other files may know of a module: its imports, with the conditions under
//! which each of them runs.

use pycheck_model::{
    Catches, Context, ContextIndex, ContextKind, Import, ImportKind, ImportedName, ModuleSummary,
    Sites,
};
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtIf, StmtImport, StmtImportFrom, StmtTry, StmtWith,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::conditions::{Target, Truth, decide};
use crate::nodes::dotted;
use crate::side_effects::note_side_effects;
use crate::{MAX_DEPTH, ParsedFile};

/// Summarizes a file. The sites are the places that the summary speaks of.
pub fn summarize(file: &ParsedFile, target: &Target) -> (ModuleSummary, Sites) {
    let mut walk = Walk {
        target,
        text: file.text(),
        import_words: import_words(file.text()),
        summary: ModuleSummary::default(),
        sites: Sites::default(),
        context: None,
        depth: 0,
    };
    walk.summary.has_syntax_errors = file.has_errors();
    walk.summary.is_script = file.text().starts_with("#!");
    walk.visit_block(file.body());
    note_side_effects(file, &mut walk.summary);
    (walk.summary, walk.sites)
}

fn import_words(text: &str) -> Vec<TextSize> {
    memchr::memmem::find_iter(text.as_bytes(), "import")
        .map(|at| TextSize::new(at as u32))
        .collect()
}

/// Whether control reaches the statement after this one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Goes,
    MayStop,
    Stops,
}

struct Walk<'a> {
    target: &'a Target,
    text: &'a str,
    /// Where the word `import` stands, in order.
    import_words: Vec<TextSize>,
    summary: ModuleSummary,
    sites: Sites,
    context: Option<ContextIndex>,
    depth: usize,
}

impl Walk<'_> {
    fn push(&mut self, kind: ContextKind) -> ContextIndex {
        self.summary.contexts.push(Context { parent: self.context, kind });
        (self.summary.contexts.len() - 1) as ContextIndex
    }

    fn within(&mut self, kind: ContextKind, body: &[Stmt]) -> Flow {
        let index = self.push(kind);
        self.within_index(index, body)
    }

    fn within_index(&mut self, index: ContextIndex, body: &[Stmt]) -> Flow {
        let outer = self.context.replace(index);
        let flow = self.visit_block(body);
        self.context = outer;
        flow
    }

    /// Statements in order; what comes after one that stops is never reached, what comes after one
    /// that may stop is under an unknown condition.
    fn visit_block(&mut self, body: &[Stmt]) -> Flow {
        let outer = self.context;
        let mut result = Flow::Goes;
        for stmt in body {
            let flow = self.visit_stmt(stmt);
            if flow == Flow::Goes || result == Flow::Stops {
                continue;
            }
            if result == Flow::Goes || flow == Flow::Stops {
                let kind =
                    if flow == Flow::Stops { ContextKind::Never } else { ContextKind::Unknown };
                self.context = Some(self.push(kind));
                result = flow;
            }
        }
        self.context = outer;
        result
    }

    fn visit_stmt(&mut self, stmt: &Stmt) -> Flow {
        if self.depth >= MAX_DEPTH {
            return Flow::Goes;
        }
        self.depth += 1;
        let flow = self.visit_kind(stmt);
        self.depth -= 1;
        flow
    }

    fn visit_kind(&mut self, stmt: &Stmt) -> Flow {
        match stmt {
            Stmt::Import(node) => {
                self.visit_import(node);
                Flow::Goes
            }
            Stmt::ImportFrom(node) => {
                self.visit_import_from(node);
                Flow::Goes
            }
            Stmt::FunctionDef(def) => {
                if self.mentions_import(def.range()) {
                    self.within(ContextKind::Function, &def.body);
                }
                Flow::Goes
            }
            Stmt::ClassDef(def) => self.visit_block(&def.body),
            Stmt::If(node) => self.visit_if(node),
            Stmt::Try(node) => self.visit_try(node),
            Stmt::With(node) => self.visit_with(node),
            Stmt::For(node) => self.visit_loop(Truth::Unknown, &node.body, &node.orelse),
            Stmt::While(node) => {
                self.visit_loop(decide(&node.test, self.target), &node.body, &node.orelse)
            }
            Stmt::Match(node) => {
                let flows =
                    node.cases.iter().map(|case| self.within(ContextKind::Unknown, &case.body));
                let stops = flows.filter(|flow| *flow != Flow::Goes).count() > 0;
                if stops { Flow::MayStop } else { Flow::Goes }
            }
            Stmt::Raise(_) | Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => Flow::Stops,
            Stmt::Expr(node) => call_flow(&node.value),
            Stmt::Assign(node) => call_flow(&node.value),
            Stmt::Assert(node) if decide(&node.test, self.target) == Truth::False => Flow::Stops,
            _ => Flow::Goes,
        }
    }

    /// Whether the word `import` stands in the range: most functions are done with this question.
    fn mentions_import(&self, range: TextRange) -> bool {
        let next = self.import_words.partition_point(|at| *at < range.start());
        self.import_words.get(next).is_some_and(|at| *at < range.end())
    }

    fn visit_import(&mut self, node: &StmtImport) {
        let deferred = node.is_lazy.then(|| self.push(ContextKind::Function));
        for alias in &node.names {
            let bound = alias.asname.as_ref().map(ToString::to_string);
            let kind = ImportKind::Module { name: alias.name.to_string(), alias: bound };
            let site = self.sites.add(alias.name.range());
            self.summary.imports.push(Import { kind, context: deferred.or(self.context), site });
        }
    }

    fn visit_import_from(&mut self, node: &StmtImportFrom) {
        let module = node.module.as_ref().map(ToString::to_string).unwrap_or_default();
        if node.level == 0 && module == "__future__" {
            return;
        }
        let deferred = node.is_lazy.then(|| self.push(ContextKind::Function));
        let site = self.sites.add(self.module_range(node));
        let names = node.names.iter().map(|alias| ImportedName {
            name: alias.name.to_string(),
            alias: alias.asname.as_ref().map(ToString::to_string),
            site: self.sites.add(alias.name.range()),
        });
        let kind = ImportKind::From { level: node.level, module, names: names.collect() };
        self.summary.imports.push(Import { kind, context: deferred.or(self.context), site });
    }

    /// From the first dot (or letter) after `from` to the end of the module's name.
    fn module_range(&self, node: &StmtImportFrom) -> TextRange {
        let statement = &self.text[node.range()];
        let keyword = statement.find("from").map_or(0, |at| at + "from".len());
        let is_name = |c: char| !c.is_whitespace() && c != '\\';
        let first = statement[keyword..].find(is_name).map_or(keyword, |at| keyword + at);
        let start = node.start() + TextSize::new(first as u32);
        let end = node.module.as_ref().map_or_else(
            || {
                let dots = statement[first..].trim_start_matches(|c: char| c == '.' || !is_name(c));
                let used = statement[first..].len() - dots.len();
                start
                    + TextSize::new(
                        statement[first..first + used].trim_end_matches(|c| c != '.').len() as u32,
                    )
            },
            Ranged::end,
        );
        TextRange::new(start.min(end), end)
    }

    fn visit_if(&mut self, node: &StmtIf) -> Flow {
        let truth = decide(&node.test, self.target);
        self.note_main_guard(truth);
        let mut flow = self.visit_branch(truth, &node.body);
        let mut decided = truth == Truth::True;
        let mut uncertain = !matches!(truth, Truth::True | Truth::False);
        let mut always_stops = truth != Truth::False && flow == Flow::Stops;
        let mut has_else = false;
        for clause in &node.elif_else_clauses {
            let own = clause.test.as_ref().map_or(Truth::True, |test| decide(test, self.target));
            let truth = match (decided, own) {
                (true, _) | (_, Truth::False) => Truth::False,
                (false, Truth::True) if !uncertain => Truth::True,
                (false, _) => Truth::Unknown,
            };
            self.note_main_guard(own);
            let branch = self.visit_branch(truth, &clause.body);
            if truth != Truth::False {
                always_stops &= branch == Flow::Stops || flow == Flow::Goes && !uncertain;
                flow = if truth == Truth::True { branch } else { flow.max_of(branch) };
            }
            has_else |= own == Truth::True;
            decided |= truth == Truth::True || own == Truth::True;
            uncertain |= !matches!(own, Truth::True | Truth::False);
        }
        match (uncertain, flow) {
            (false, flow) => flow,
            (true, Flow::Goes) => Flow::Goes,
            (true, _) if has_else && always_stops => Flow::Stops,
            (true, _) => Flow::MayStop,
        }
    }

    fn note_main_guard(&mut self, truth: Truth) {
        self.summary.is_script |= truth == Truth::MainGuard && self.context.is_none();
    }

    /// One branch; what a branch that is never taken does to the flow does not count.
    fn visit_branch(&mut self, truth: Truth, body: &[Stmt]) -> Flow {
        match truth {
            Truth::True => self.visit_block(body),
            Truth::False => {
                self.within(ContextKind::Never, body);
                Flow::Goes
            }
            Truth::MainGuard => {
                self.within(ContextKind::MainGuard, body);
                Flow::Goes
            }
            Truth::Unknown => self.within(ContextKind::Unknown, body),
        }
    }

    fn visit_loop(&mut self, truth: Truth, body: &[Stmt], orelse: &[Stmt]) -> Flow {
        match truth {
            // The first round of a loop that is surely entered runs like a block.
            Truth::True => self.visit_block(body),
            Truth::False => self.within(ContextKind::Never, body),
            Truth::MainGuard | Truth::Unknown => self.within(ContextKind::Unknown, body),
        };
        self.within(ContextKind::Unknown, orelse);
        Flow::Goes
    }

    fn visit_with(&mut self, node: &StmtWith) -> Flow {
        let suppressed = node.items.iter().filter_map(|item| suppressed_by(&item.context_expr));
        let catches = suppressed.reduce(Catches::or);
        match catches {
            Some(catches) => {
                let flow = self.within(ContextKind::Guarded(catches), &node.body);
                if flow == Flow::Goes { Flow::Goes } else { Flow::MayStop }
            }
            None => self.visit_block(&node.body),
        }
    }

    fn visit_try(&mut self, node: &StmtTry) -> Flow {
        let handled = handled(node);
        let lasting = handled.iter().filter(|handler| !handler.raises_again);
        let guard = lasting.map(|handler| handler.catches).reduce(Catches::or).unwrap_or_default();
        let body = self.push(ContextKind::Guarded(guard));
        let mut flow = self.within_index(body, &node.body);
        let mut handlers_stop = true;
        for Handled { catches, body: statements, .. } in handled {
            let handler_flow = self.within(ContextKind::Handler { catches, body }, statements);
            handlers_stop &= handler_flow == Flow::Stops;
        }
        if !node.orelse.is_empty() {
            flow = flow.max_of(self.within(ContextKind::Else { body }, &node.orelse));
        }
        let last = self.visit_block(&node.finalbody);
        let result = match (flow, handlers_stop) {
            (Flow::Goes, _) => Flow::Goes,
            (Flow::Stops, true) => Flow::Stops,
            _ => Flow::MayStop,
        };
        result.max_of(last)
    }
}

impl Flow {
    fn max_of(self, other: Self) -> Self {
        match (self, other) {
            (Self::Stops, _) | (_, Self::Stops) => Self::Stops,
            (Self::MayStop, _) | (_, Self::MayStop) => Self::MayStop,
            _ => Self::Goes,
        }
    }
}

/// What one handler of a `try` does.
struct Handled<'a> {
    /// What it catches, and no handler above it does.
    catches: Catches,
    /// It ends by raising the same exception again.
    raises_again: bool,
    body: &'a [Stmt],
}

fn handled(node: &StmtTry) -> Vec<Handled<'_>> {
    let mut above = Catches::default();
    let mut handled = Vec::new();
    for ExceptHandler::ExceptHandler(handler) in &node.handlers {
        let all = handler.type_.as_deref().map_or(Catches::ALL, caught_by);
        let catches = all.without(above);
        above = above.or(all);
        let name = handler.name.as_ref().map(ruff_python_ast::Identifier::as_str);
        let last = handler.body.last();
        let raises_again = !node.is_star && last.is_some_and(|last| raises_again(last, name));
        handled.push(Handled { catches, raises_again, body: &handler.body });
    }
    handled
}

fn raises_again(stmt: &Stmt, name: Option<&str>) -> bool {
    let Stmt::Raise(raise) = stmt else { return false };
    match raise.exc.as_deref() {
        None => true,
        Some(Expr::Name(raised)) => Some(raised.id.as_str()) == name,
        Some(_) => false,
    }
}

/// Which exceptions of the import system the classes after `except` catch. A name that is no
/// builtin may stand for anything: then nothing is claimed to escape.
fn caught_by(classes: &Expr) -> Catches {
    match classes {
        Expr::Tuple(tuple) => {
            tuple.elts.iter().map(caught_by).reduce(Catches::or).unwrap_or_default()
        }
        Expr::Starred(starred) => caught_by(&starred.value),
        Expr::Name(_) | Expr::Attribute(_) => {
            dotted(classes).map_or(Catches::ALL, |parts| caught_by_name(&parts))
        }
        _ => Catches::ALL,
    }
}

fn caught_by_name(parts: &[&str]) -> Catches {
    match parts.last().copied().unwrap_or_default() {
        "Exception" | "BaseException" => Catches::ALL,
        "ImportError" => Catches { value_error: false, ..Catches::ALL },
        "ModuleNotFoundError" => Catches { module_not_found: true, ..Catches::default() },
        "ValueError" => Catches { value_error: true, ..Catches::default() },
        name if ruff_python_stdlib::builtins::is_exception(name, u8::MAX) => Catches::default(),
        _ if parts.len() > 1 => Catches::default(),
        _ => Catches::ALL,
    }
}

/// What `suppress(…)`, `pytest.raises(…)` and the like keep from going on.
fn suppressed_by(manager: &Expr) -> Option<Catches> {
    let Expr::Call(call) = manager else { return None };
    let callee = dotted(&call.func)?;
    let suppresses = matches!(
        callee.last(),
        Some(&("suppress" | "raises" | "assertRaises" | "assertRaisesRegex"))
    );
    suppresses
        .then(|| call.arguments.args.iter().map(caught_by).reduce(Catches::or).unwrap_or_default())
}

/// Calls that end the program or skip the rest of the module.
fn call_flow(expr: &Expr) -> Flow {
    let Expr::Call(call) = expr else { return Flow::Goes };
    let Some(callee) = dotted(&call.func) else { return Flow::Goes };
    match callee[..] {
        ["sys" | "os", "exit" | "_exit" | "abort"] | ["exit" | "quit"] => Flow::Stops,
        [.., "importorskip"] => Flow::MayStop,
        [.., "skip"] if call.arguments.find_keyword("allow_module_level").is_some() => Flow::Stops,
        _ => Flow::Goes,
    }
}

#[cfg(test)]
mod tests;
