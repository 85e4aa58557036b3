//! What is told of imports to somebody who looks at them.

use serde_json::{Value, json};

use super::{Editor, pulling, pushing};

const FILES: &[(&str, &str)] = &[
    ("pkg/__init__.py", "from .inner import Thing as Renamed\n"),
    ("pkg/inner.py", "import os\n\n\nclass Thing:\n    pass\n"),
    ("a.py", "import os.path\nfrom pkg import inner, Renamed\nimport pkg.inner\nimport nowhere\n"),
];

fn at(editor: &Editor, name: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": {"uri": editor.uri(name)},
        "position": {"line": line, "character": character},
    })
}

fn hover(editor: &mut Editor, line: u32, character: u32) -> String {
    let answer = editor.request("textDocument/hover", at(editor, "a.py", line, character));
    answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_import_tells_where_it_leads_and_why() {
    let mut editor = Editor::open(FILES, pulling());
    editor.edit_file("a.py");
    let told = hover(&mut editor, 0, 8);
    assert!(told.starts_with("module `os`"), "{told}");
    assert!(told.contains("the standard library of Python 3."), "{told}");
    let told = hover(&mut editor, 2, 12);
    assert!(told.contains("module `pkg.inner`") && told.contains("pkg/inner.py"), "{told}");
    assert!(told.contains("the project"), "{told}");
    let told = hover(&mut editor, 1, 25);
    assert!(told.starts_with("name `pkg.inner.Thing`"), "{told}");
    assert_eq!(hover(&mut editor, 3, 8), "");
    assert_eq!(hover(&mut editor, 99_999, 99_999), "");
}

#[test]
fn a_rule_in_a_comment_tells_its_page() {
    let mut editor = Editor::open(&[("a.py", "x = 1  # noqa: E722\n")], pulling());
    editor.edit_file("a.py");
    let told = hover(&mut editor, 0, 17);
    assert!(told.starts_with("# "), "{told}");
}

#[test]
fn a_definition_is_found_through_the_statements_that_bind_a_name() {
    let mut editor = Editor::open(FILES, pushing());
    editor.edit_file("a.py");
    let found = editor.request("textDocument/definition", at(&editor, "a.py", 1, 25));
    assert_eq!(found["uri"], editor.uri("pkg/inner.py"));
    assert_eq!(found["range"]["start"], json!({"line": 3, "character": 6}));
    let found = editor.request("textDocument/definition", at(&editor, "a.py", 1, 18));
    assert_eq!(found["uri"], editor.uri("pkg/inner.py"));
    assert_eq!(found["range"]["start"]["line"], 0);
    let found = editor.request("textDocument/definition", at(&editor, "a.py", 2, 8));
    assert_eq!(found["uri"], editor.uri("pkg/__init__.py"));
    let found = editor.request("textDocument/definition", at(&editor, "a.py", 3, 8));
    assert_eq!(found, Value::Null);
}

#[test]
fn modules_are_links_to_their_files() {
    let mut editor = Editor::open(FILES, pushing());
    editor.edit_file("a.py");
    let document = json!({"textDocument": {"uri": editor.uri("a.py")}});
    let links = editor.request("textDocument/documentLink", document);
    let targets = links.as_array().unwrap().iter().map(|link| link["target"].clone());
    let targets: Vec<Value> = targets.collect();
    assert!(targets.contains(&json!(editor.uri("pkg/inner.py"))), "{targets:?}");
    assert!(targets.contains(&json!(editor.uri("pkg/__init__.py"))), "{targets:?}");
}

#[test]
fn what_can_be_imported_is_offered() {
    let mut editor = Editor::open(FILES, pushing());
    editor.edit_file("a.py");
    let mut offered = |line: &str, character: u32| -> Vec<String> {
        editor.change("a.py", 2, line);
        let list = editor.request("textDocument/completion", at(&editor, "a.py", 0, character));
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let top = offered("import \n", 7);
    assert!(["json", "pkg"].iter().all(|name| top.contains(&(*name).to_owned())), "{top:?}");
    assert_eq!(offered("import pkg.\n", 11), ["inner"]);
    assert_eq!(offered("from pkg import \n", 16), ["Renamed", "inner"]);
    assert_eq!(offered("from pkg.inner import Th\n", 24), ["Thing", "os"]);
    assert_eq!(offered("x = pkg.\n", 8), [""; 0]);
}

#[test]
fn imports_follow_a_module_that_moves() {
    let files = [
        ("pkg/__init__.py", ""),
        ("pkg/old.py", "from .other import x\n"),
        ("pkg/other.py", "x = 1\n"),
        ("pkg/near.py", "from .old import y\nfrom . import old\n"),
        ("a.py", "import pkg.old\nimport pkg.old as o\n\nprint(pkg.old.y, pkg.older)\n"),
        ("b.py", "from pkg import old, other\nfrom pkg.old import y\n"),
    ];
    let mut editor = Editor::open(&files, pushing());
    editor.edit_file("b.py");
    let params = |old: &str, new: &str| json!({"files": [{"oldUri": editor.uri(old), "newUri": editor.uri(new)}]});
    let (file, folder) = (params("pkg/old.py", "pkg/new.py"), params("pkg", "box"));
    let edit = editor.request("workspace/willRenameFiles", file);
    let texts = |edit: &Value, name: &str| -> Vec<String> {
        let edits = edit["changes"][editor.uri(name)].as_array().cloned().unwrap_or_default();
        edits.iter().map(|edit| edit["newText"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&edit, "a.py"), ["pkg.new", "pkg.new", "pkg.new"]);
    assert_eq!(texts(&edit, "b.py"), ["new as old", "pkg.new"]);
    assert_eq!(texts(&edit, "pkg/near.py"), [".new", "new as old"]);
    assert_eq!(texts(&edit, "pkg/old.py"), [""; 0]);
    let line = &edit["changes"][editor.uri("a.py")][2]["range"];
    assert_eq!(line["start"], json!({"line": 3, "character": 6}));
    let id = editor.send("workspace/willRenameFiles", folder);
    let edit = editor.wait_for(&id).unwrap();
    let texts = |name: &str| -> Vec<String> {
        let edits = edit["changes"][editor.uri(name)].as_array().cloned().unwrap_or_default();
        edits.iter().map(|edit| edit["newText"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts("b.py"), ["box", "box.old"]);
    assert_eq!(texts("a.py")[0], "box.old");
    assert_eq!(texts("pkg/near.py"), [""; 0]);
}

#[test]
fn what_was_decided_can_be_printed() {
    let mut editor = Editor::open(FILES, pushing());
    let params = json!({"command": "pycheck.printDebugInformation"});
    let text = editor.request("workspace/executeCommand", params);
    assert!(text.as_str().unwrap().contains("python-version: "), "{text}");
}
