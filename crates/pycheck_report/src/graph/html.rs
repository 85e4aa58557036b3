//! A graph as one page that needs nothing else, to be looked at in a browser.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use pycheck_model::{Graph, GraphEdge, Statement};
use serde::Serialize;

use super::portable;
use crate::escaped;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Bits of a statement.
const RUNS: u8 = 1;
const CUT: u8 = 2;

#[derive(Serialize)]
struct Data<'a> {
    files: Vec<String>,
    /// Name, path, origin, whether it is a package.
    modules: Vec<(&'a str, Option<String>, &'static str, bool)>,
    /// From, to, statements.
    edges: Vec<(usize, usize, Vec<StatementData<'a>>)>,
}

/// File, line, kind, bits, why it fails.
type StatementData<'a> = (usize, usize, u8, u8, Option<&'a str>);

pub(super) fn write(graph: &Graph, base: &Path, out: &mut dyn io::Write) -> io::Result<()> {
    let mut json = Vec::new();
    escaped::line(&data(graph, base), &mut json)?;
    let json = String::from_utf8_lossy(&json);
    // Outside of strings JSON has none of these, and in a string nothing may end the script.
    let json =
        json.trim_end().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    for (text, name) in parts(PAGE) {
        out.write_all(text.as_bytes())?;
        let part = match name {
            "style" => STYLE,
            "script" => SCRIPT,
            "data" => json.as_str(),
            _ => "",
        };
        out.write_all(part.as_bytes())?;
    }
    Ok(())
}

/// A text, cut at the names in braces, each of which follows its piece.
fn parts(page: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    page.split('}').map(|piece| piece.rsplit_once('{').unwrap_or((piece, "")))
}

fn data<'g>(graph: &'g Graph, base: &Path) -> Data<'g> {
    let statements = graph.edges.iter().flat_map(|edge| &edge.statements);
    let paths: std::collections::BTreeSet<&Path> =
        statements.map(|statement| statement.path.as_path()).collect();
    let numbers: BTreeMap<&Path, usize> =
        paths.iter().enumerate().map(|(number, path)| (*path, number)).collect();
    let modules = graph.modules.iter().map(|module| {
        let path = module.path.as_ref().map(|path| portable(path, base));
        (module.name.as_str(), path, module.origin.as_str(), module.is_package)
    });
    let statement = |statement: &'g Statement| {
        let bits = u8::from(statement.runs) * RUNS + u8::from(statement.is_cut) * CUT;
        let file = numbers.get(statement.path.as_path()).copied().unwrap_or_default();
        (file, statement.line, statement.kind as u8, bits, statement.failure.as_deref())
    };
    let edge =
        |edge: &'g GraphEdge| (edge.from, edge.to, edge.statements.iter().map(statement).collect());
    Data {
        files: paths.iter().map(|path| portable(path, base)).collect(),
        modules: modules.collect(),
        edges: graph.edges.iter().map(edge).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pycheck_model::{Graph, GraphModule, Origin};

    use super::{PAGE, SCRIPT, STYLE, write};

    fn page(name: &str) -> String {
        let module = GraphModule {
            name: name.to_owned(),
            path: None,
            is_package: false,
            origin: Origin::Project,
            is_entry: false,
            size: 1,
            cycle: None,
            is_chosen: true,
        };
        let graph = Graph { modules: vec![module], edges: Vec::new() };
        let mut out = Vec::new();
        write(&graph, Path::new("/"), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_name_cannot_end_the_script() {
        let ends = |page: &str| page.matches("</script").count() + page.matches("<!--").count();
        assert_eq!(ends(&page("a</script><!--<script>")), ends(&page("a")));
        assert!(page("a</script>").contains(r"a\u003c/script\u003e"));
    }

    #[test]
    fn the_page_is_whole_and_needs_nothing_else() {
        let page = page("app");
        assert!(page.contains(STYLE) && page.contains(SCRIPT) && page.ends_with("</html>\n"));
        assert!(PAGE.len() + STYLE.len() + SCRIPT.len() < 100_000);
        let addresses = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!addresses.contains("http:") && !addresses.contains("https:"));
    }
}
