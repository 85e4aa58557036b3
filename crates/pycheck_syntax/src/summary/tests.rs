//! Under which conditions imports run, as the summary sees it.

use pycheck_model::{ContextKind, ImportKind, PackagePath, PythonVersion};

use super::summarize;
use crate::conditions::Target;
use crate::parse;

/// Each import's module with the kinds of its contexts, innermost first.
fn imports(text: &str) -> Vec<String> {
    let version = PythonVersion { major: 3, minor: 11 };
    let file = parse(text.to_owned(), version);
    assert!(!file.has_errors(), "{text}");
    let (summary, _) = summarize(&file, &Target { version, ..Target::default() });
    let describe = |kind: ContextKind| match kind {
        ContextKind::Guarded(catches) if catches.catches("ImportError") => "guarded".to_owned(),
        ContextKind::Guarded(catches) if catches.catches("ModuleNotFoundError") => {
            "guarded from not found".to_owned()
        }
        ContextKind::Guarded(_) => "unguarded".to_owned(),
        ContextKind::Handler { .. } => "handler".to_owned(),
        ContextKind::Else { .. } => "else".to_owned(),
        kind => format!("{kind:?}").to_lowercase(),
    };
    let line = |import: &pycheck_model::Import| {
        let mut parts = vec![match &import.kind {
            ImportKind::Module { name, .. } => name.clone(),
            ImportKind::From { level, module, .. } | ImportKind::Call { level, module, .. } => {
                ".".repeat(*level as usize) + module
            }
        }];
        let mut context = import.context;
        while let Some(index) = context {
            let entry = &summary.contexts[index as usize];
            parts.push(describe(entry.kind));
            context = entry.parent;
        }
        parts.join(" ")
    };
    summary.imports.iter().map(line).collect()
}

#[test]
fn guards_go_by_the_exception() {
    assert_eq!(
        imports("try:\n import a\nexcept ImportError:\n import b\n"),
        ["a guarded", "b handler"]
    );
    assert_eq!(
        imports("try:\n import a\nexcept ModuleNotFoundError:\n pass\n"),
        ["a guarded from not found"]
    );
    assert_eq!(imports("try:\n import a\nexcept (OSError, ImportError):\n pass\n"), ["a guarded"]);
    assert_eq!(imports("try:\n import a\nexcept KeyError:\n pass\n"), ["a unguarded"]);
    assert_eq!(imports("try:\n import a\nexcept ImportError:\n log()\n raise\n"), ["a unguarded"]);
    assert_eq!(imports("try:\n import a\nexcept ImportError as e:\n raise e\n"), ["a unguarded"]);
    assert_eq!(imports("with suppress(ImportError):\n import a\n"), ["a guarded"]);
}

#[test]
fn conditions_that_are_known_are_followed() {
    assert_eq!(imports("if TYPE_CHECKING:\n import a\nelse:\n import b\n"), ["a never", "b"]);
    assert_eq!(
        imports("if sys.version_info >= (3, 12):\n import a\nelif x:\n import b\n"),
        ["a never", "b unknown"]
    );
    assert_eq!(
        imports("if x:\n import a\nelse:\n import b\nimport c\n"),
        ["a unknown", "b unknown", "c"]
    );
    assert_eq!(imports("if __name__ == '__main__':\n import a\n"), ["a mainguard"]);
    assert_eq!(imports("while True:\n import a\n break\n"), ["a"]);
}

#[test]
fn what_comes_after_an_exit_is_not_reached() {
    assert_eq!(imports("import a\nraise SystemExit\nimport b\n"), ["a", "b never"]);
    assert_eq!(
        imports("if sys.platform != 'win32':\n raise ImportError\nimport winreg\n"),
        ["winreg never"]
    );
    assert_eq!(imports("if x:\n raise ImportError\nimport a\n"), ["a unknown"]);
    assert_eq!(imports("if x:\n raise ImportError\nelse:\n sys.exit()\nimport a\n"), ["a never"]);
    assert_eq!(imports("def f():\n if x:\n  return\n import a\n"), ["a unknown function"]);
}

#[test]
fn the_module_part_of_a_relative_import_is_its_place() {
    let text = "from  .. import a\nfrom . .b import c\nfrom x.y import z\n";
    let file = parse(text.to_owned(), PythonVersion::NEWEST);
    let (summary, sites) = summarize(&file, &Target::default());
    let places: Vec<&str> =
        summary.imports.iter().map(|import| &text[sites.range(import.site)]).collect();
    assert_eq!(places, ["..", ". .b", "x.y"]);
}

#[test]
fn changes_to_the_import_system_are_noted() {
    let summary = |text: &str| {
        summarize(&parse(text.to_owned(), PythonVersion::NEWEST), &Target::default()).0
    };
    let legacy = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
    assert_eq!(summary(legacy).package_path, PackagePath::Legacy);
    assert_eq!(
        summary("__import__('pkg_resources').declare_namespace(__name__)\n").package_path,
        PackagePath::Legacy
    );
    assert_eq!(summary("__path__.append('x')\n").package_path, PackagePath::Unknown);
    assert_eq!(summary("print(__path__)\n").package_path, PackagePath::Own);
    assert_eq!(summary("import sys\nsys.modules['a'] = b\n").registers, ["a"]);
    assert!(summary("import sys\nsys.modules[a] = b\n").alters_imports);
    assert!(summary("import sys\nsys.path.insert(0, x)\n").edits_sys_path);
    let known = summary("import sys\nsys.path.insert(0, 'x')\nimport y\n");
    assert!(!known.edits_sys_path);
    assert_eq!(known.path_edits[0].before, 1);
    assert!(!summary("import sys\nprint(sys.path)\n").edits_sys_path);
}
