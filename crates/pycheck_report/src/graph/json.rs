//! A graph for programs: one object with modules, imports and cycles.

use std::io;
use std::path::Path;

use pycheck_model::{Graph, GraphModule};
use serde::Serialize;

use super::{cycles, portable};
use crate::escaped;

/// The number that changes when a reader would have to.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Object<'a> {
    version: u32,
    modules: Vec<ModuleObject<'a>>,
    imports: Vec<ImportObject<'a>>,
    cycles: Vec<Vec<&'a str>>,
}

#[derive(Serialize)]
struct ModuleObject<'a> {
    name: &'a str,
    path: Option<String>,
    package: bool,
    origin: &'static str,
    modules: usize,
    chosen: bool,
    cycle: Option<usize>,
}

#[derive(Serialize)]
struct ImportObject<'a> {
    from: &'a str,
    to: &'a str,
    path: String,
    line: usize,
    kind: &'static str,
    runs_on_import: bool,
    breaks_cycle: bool,
    failure: Option<&'a str>,
}

pub(super) fn write(graph: &Graph, base: &Path, out: &mut dyn io::Write) -> io::Result<()> {
    let name = |number: usize| graph.modules[number].name.as_str();
    let cycles = cycles(graph);
    let imports = graph.edges.iter().flat_map(|edge| {
        edge.statements.iter().map(move |statement| ImportObject {
            from: name(edge.from),
            to: name(edge.to),
            path: portable(&statement.path, base),
            line: statement.line,
            kind: statement.kind.as_str(),
            runs_on_import: statement.runs,
            breaks_cycle: statement.is_cut,
            failure: statement.failure.as_deref(),
        })
    });
    let module = |(number, module): (usize, &'_ GraphModule)| {
        let cycle = cycles.iter().position(|cycle| cycle.contains(&number));
        module_object(graph, number, base, cycle.filter(|_| module.cycle.is_some()))
    };
    let object = Object {
        version: SCHEMA,
        modules: graph.modules.iter().enumerate().map(module).collect(),
        imports: imports.collect(),
        cycles: cycles.iter().map(|cycle| cycle.iter().map(|it| name(*it)).collect()).collect(),
    };
    escaped::pretty(&object, out)
}

fn module_object<'g>(
    graph: &'g Graph,
    number: usize,
    base: &Path,
    cycle: Option<usize>,
) -> ModuleObject<'g> {
    let module = &graph.modules[number];
    ModuleObject {
        name: &module.name,
        path: module.path.as_ref().map(|path| portable(path, base)),
        package: module.is_package,
        origin: module.origin.as_str(),
        modules: module.size,
        chosen: module.is_chosen,
        cycle,
    }
}
