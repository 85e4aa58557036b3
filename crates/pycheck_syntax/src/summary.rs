//! From the tree to what other files may know of a module: its imports, with the conditions under
//! which each of them runs.

mod calls;

use pycheck_model::{
    Catches, Context, ContextIndex, ContextKind, Import, ImportKind, ImportedName, ModuleSummary,
    Sites,
};
use ruff_python_ast::{
    Expr, Stmt, StmtFunctionDef, StmtIf, StmtImport, StmtImportFrom, StmtMatch, StmtTry, StmtWith,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::catching::{Handled, Manager, handled, manager, replaces_exceptions};
use crate::conditions::{Conditions, Target, Truth};
use crate::names::Names;
use crate::side_effects::note_side_effects;
use crate::{MAX_DEPTH, ParsedFile, steps};

/// Summarizes a file. The sites are the places that the summary speaks of.
pub fn summarize(file: &ParsedFile, target: &Target) -> (ModuleSummary, Sites) {
    let mut walk = Walk {
        conditions: Conditions::new(Names::new(file.body()), target),
        text: file.text(),
        import_words: &file.words().imports,
        call_words: &file.words().import_calls,
        renames_exit: file.words().renamed_exit,
        summary: ModuleSummary::default(),
        sites: Sites::default(),
        last_import: None,
        context: None,
        depth: 0,
    };
    walk.summary.has_syntax_errors = file.has_errors();
    walk.summary.has_shebang = file.text().starts_with("#!");
    walk.summary.is_script = walk.summary.has_shebang;
    walk.visit_block(file.body());
    let starts = walk.summary.imports.iter().map(|it| walk.sites.range(it.site).start());
    let starts: Vec<TextSize> = starts.collect();
    note_side_effects(file, &walk.conditions, &starts, &mut walk.summary);
    let Walk { conditions, mut summary, mut sites, .. } = walk;
    summary.body = steps::body(file, &conditions, &summary.imports, &mut sites);
    (summary, sites)
}

/// Whether control reaches the statement after this one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Goes,
    /// It does unless the body of this `try` raises what one of its handlers ends the block for.
    Unless(Catches, ContextIndex),
    MayStop,
    Stops,
}

struct Walk<'a> {
    conditions: Conditions<'a>,
    text: &'a str,
    /// Where the word `import` stands, in order.
    import_words: &'a [TextSize],
    /// Where functions are named that import, in order.
    call_words: &'a [TextSize],
    summary: ModuleSummary,
    sites: Sites,
    /// Where the word `import` stands last in the outermost function around the place.
    last_import: Option<TextSize>,
    context: Option<ContextIndex>,
    depth: usize,
    /// The text may import a function that ends the program under another name.
    renames_exit: bool,
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
            if self.last_import.is_some_and(|last| last < stmt.start()) {
                break;
            }
            let flow = self.visit_stmt(stmt);
            if flow == Flow::Goes || result == Flow::Stops {
                continue;
            }
            if result != Flow::MayStop || flow == Flow::Stops {
                let kind = match flow {
                    Flow::Goes | Flow::MayStop => ContextKind::Unknown,
                    Flow::Unless(catches, body) => ContextKind::After { catches, body },
                    Flow::Stops => ContextKind::Never,
                };
                self.context = Some(self.push(kind));
                result = result.max_of(flow);
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
        self.visit_calls(stmt);
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
                self.visit_function(def);
                Flow::Goes
            }
            Stmt::ClassDef(def) => self.visit_block(&def.body),
            Stmt::If(node) => self.visit_if(node),
            Stmt::Try(node) => self.visit_try(node),
            Stmt::With(node) => self.visit_with(node),
            Stmt::For(node) => self.visit_loop(Truth::Unknown, &node.body, &node.orelse),
            Stmt::While(node) => {
                self.visit_loop(self.conditions.decide(&node.test), &node.body, &node.orelse)
            }
            Stmt::Match(node) => self.visit_match(node),
            Stmt::Raise(_) | Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => Flow::Stops,
            Stmt::Expr(node) => self.flow_of(&node.value),
            Stmt::Assign(node) => self.flow_of(&node.value),
            Stmt::Assert(node) if self.conditions.decide(&node.test) == Truth::False => Flow::Stops,
            _ => Flow::Goes,
        }
    }

    /// Most functions are left alone: the word `import` does not stand in them. In the others, what
    /// comes after it matters to no import, as how a function is left matters to nothing around it.
    fn visit_function(&mut self, def: &StmtFunctionDef) {
        let Some(last) = self.last_import_in(def.range()) else { return };
        let outer = self.last_import;
        self.last_import.get_or_insert(last);
        self.within(ContextKind::Function, &def.body);
        self.last_import = outer;
    }

    /// Where the word `import` stands last in a range.
    fn last_import_in(&self, range: TextRange) -> Option<TextSize> {
        let next = self.import_words.partition_point(|at| *at < range.end());
        let last = *self.import_words[..next].last()?;
        (last >= range.start()).then_some(last)
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
        if let Some(flow) = self.visit_found_if(node) {
            return flow;
        }
        let clauses = node.elif_else_clauses.iter();
        let others = clauses.map(|clause| (clause.test.as_ref(), clause.body.as_slice()));
        let mut reach = Truth::True;
        let mut flows: Vec<Flow> = Vec::new();
        let mut is_certain = true;
        for (test, body) in std::iter::once((Some(&*node.test), node.body.as_slice())).chain(others)
        {
            let own = test.map_or(Truth::True, |test| self.conditions.decide(test));
            self.note_main_guard(own);
            let taken = reach.and(own);
            let flow = self.visit_branch(taken, body);
            if !matches!(taken, Truth::False | Truth::MainGuard) {
                flows.push(flow);
            }
            is_certain &= taken != Truth::Unknown;
            reach = reach.and(own.not());
        }
        if reach == Truth::Unknown {
            flows.push(Flow::Goes);
        }
        match flows[..] {
            [flow] if is_certain => flow,
            _ if flows.iter().all(|flow| *flow == Flow::Goes) => Flow::Goes,
            _ if flows.iter().all(|flow| *flow == Flow::Stops) => Flow::Stops,
            _ => Flow::MayStop,
        }
    }

    fn note_main_guard(&mut self, truth: Truth) {
        self.summary.is_script |= truth == Truth::MainGuard && self.context.is_none();
    }

    /// One branch; what a branch that is never taken does to the flow does not count.
    fn visit_branch(&mut self, truth: Truth, body: &[Stmt]) -> Flow {
        match truth {
            Truth::True | Truth::Imported => self.visit_block(body),
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
        let flow = match truth {
            // The first round of a loop that is surely entered runs like a block.
            Truth::True | Truth::Imported => self.visit_block(body),
            Truth::False => {
                self.within(ContextKind::Never, body);
                return self.visit_block(orelse);
            }
            Truth::MainGuard | Truth::Unknown => self.within(ContextKind::Unknown, body),
        };
        let is_endless = truth == Truth::True && !contains(body, &|stmt| stmt.is_break_stmt());
        let kind = if is_endless { ContextKind::Never } else { ContextKind::Unknown };
        self.within(kind, orelse);
        let leaves = |stmt: &Stmt| match stmt {
            Stmt::Raise(_) | Stmt::Return(_) => true,
            Stmt::Expr(node) => self.call_flow(&node.value) == Flow::Stops,
            _ => false,
        };
        match flow {
            _ if is_endless => Flow::Stops,
            Flow::Goes => Flow::Goes,
            _ if contains(body, &leaves) => Flow::MayStop,
            _ => Flow::Goes,
        }
    }

    fn visit_match(&mut self, node: &StmtMatch) -> Flow {
        let flows: Vec<Flow> =
            node.cases.iter().map(|case| self.within(ContextKind::Unknown, &case.body)).collect();
        let is_exhaustive = node
            .cases
            .last()
            .is_some_and(|case| case.guard.is_none() && case.pattern.is_irrefutable());
        if flows.iter().all(|flow| *flow == Flow::Goes) {
            Flow::Goes
        } else if is_exhaustive && flows.iter().all(|flow| *flow == Flow::Stops) {
            Flow::Stops
        } else {
            Flow::MayStop
        }
    }

    fn visit_with(&mut self, node: &StmtWith) -> Flow {
        let managers: Vec<Manager> = node
            .items
            .iter()
            .map(|item| manager(&item.context_expr, &self.conditions))
            .filter(|manager| *manager != Manager::Harmless)
            .collect();
        if managers.is_empty() {
            return self.visit_block(&node.body);
        }
        let catches = managers.iter().try_fold(Catches::default(), |all, manager| match manager {
            Manager::Suppresses(catches) => Some(all.or(*catches)),
            Manager::Unknown | Manager::Harmless => None,
        });
        let kind = catches.map_or(ContextKind::Unknown, ContextKind::Guarded);
        let flow = self.within(kind, &node.body);
        if flow == Flow::Goes { Flow::Goes } else { Flow::MayStop }
    }

    fn visit_try(&mut self, node: &StmtTry) -> Flow {
        let handled = handled(node, &self.conditions);
        let lasting = handled.iter().filter(|handler| !handler.raises_again);
        let guard = lasting.map(|handler| handler.catches).reduce(Catches::or).unwrap_or_default();
        let guard = if replaces_exceptions(&node.finalbody) { Catches::ALL } else { guard };
        let body = self.push(ContextKind::Guarded(guard));
        let mut flow = self.within_index(body, &node.body);
        let mut handlers_stop = true;
        let mut stopping = Catches::default();
        for Handled { catches, raises_again, body: statements } in handled {
            let handler_flow = self.within(ContextKind::Handler { catches, body }, statements);
            handlers_stop &= handler_flow == Flow::Stops;
            if handler_flow == Flow::Stops && !raises_again {
                stopping = stopping.or(catches);
            }
        }
        if !node.orelse.is_empty() {
            flow = flow.max_of(self.visit_else(node, body));
        }
        let last = self.visit_block(&node.finalbody);
        let result = match (flow, handlers_stop) {
            (Flow::Goes, _) if stopping != Catches::default() => Flow::Unless(stopping, body),
            (Flow::Goes, _) => Flow::Goes,
            (Flow::Stops, true) => Flow::Stops,
            _ => Flow::MayStop,
        };
        result.max_of(last)
    }

    /// The `else` of a `try` whose body can raise more than what its imports raise may not run.
    fn visit_else(&mut self, node: &StmtTry, body: ContextIndex) -> Flow {
        let outer = self.context;
        if !node.handlers.is_empty() && !node.body.iter().all(is_plain) {
            self.context = Some(self.push(ContextKind::Unknown));
        }
        let flow = self.within(ContextKind::Else { body }, &node.orelse);
        self.context = outer;
        flow
    }

    /// Whether a callee can be one that ends the program: a look at its last name.
    fn may_end(&self, callee: &Expr) -> bool {
        match callee {
            Expr::Attribute(node) => is_end(node.attr.as_str()),
            Expr::Name(node) => self.renames_exit || is_end(&node.id),
            _ => false,
        }
    }

    /// Calls that end the program or skip the rest of the module.
    fn call_flow(&self, expr: &Expr) -> Flow {
        let Expr::Call(call) = expr else { return Flow::Goes };
        if !self.may_end(&call.func) {
            return Flow::Goes;
        }
        let Some(callee) = self.conditions.names.resolve(&call.func) else { return Flow::Goes };
        match callee[..] {
            ["sys" | "os", "exit" | "_exit" | "abort"] | ["exit" | "quit"] => Flow::Stops,
            [.., "importorskip"] => Flow::MayStop,
            [.., "skip"] if call.arguments.find_keyword("allow_module_level").is_some() => {
                Flow::Stops
            }
            _ => Flow::Goes,
        }
    }
}

fn is_end(name: &str) -> bool {
    matches!(name, "exit" | "_exit" | "abort" | "quit" | "importorskip" | "skip")
}

/// Whether a statement raises nothing, if it is no import.
fn is_plain(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Pass(_) => true,
        Stmt::Expr(node) => node.value.is_literal_expr(),
        Stmt::Assign(node) => {
            node.targets.iter().all(Expr::is_name_expr) && node.value.is_literal_expr()
        }
        _ => false,
    }
}

/// Whether a loop's body holds such a statement, which is about this loop or what is around it.
fn contains(body: &[Stmt], is_meant: &dyn Fn(&Stmt) -> bool) -> bool {
    body.iter().any(|stmt| {
        is_meant(stmt)
            || match stmt {
                Stmt::If(node) => {
                    contains(&node.body, is_meant)
                        || node.elif_else_clauses.iter().any(|it| contains(&it.body, is_meant))
                }
                Stmt::With(node) => contains(&node.body, is_meant),
                Stmt::Match(node) => node.cases.iter().any(|case| contains(&case.body, is_meant)),
                Stmt::Try(node) => {
                    let handlers = node.handlers.iter().filter_map(|it| it.as_except_handler());
                    contains(&node.body, is_meant)
                        || handlers.into_iter().any(|handler| contains(&handler.body, is_meant))
                        || contains(&node.orelse, is_meant)
                        || contains(&node.finalbody, is_meant)
                }
                Stmt::For(node) => contains(&node.orelse, is_meant),
                Stmt::While(node) => contains(&node.orelse, is_meant),
                _ => false,
            }
    })
}

impl Flow {
    fn max_of(self, other: Self) -> Self {
        match (self, other) {
            (Self::Stops, _) | (_, Self::Stops) => Self::Stops,
            (Self::MayStop, _) | (_, Self::MayStop) => Self::MayStop,
            (Self::Goes, other) | (other, _) => other,
        }
    }
}

#[cfg(test)]
mod tests;
