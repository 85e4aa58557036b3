//! What is offered where something was found.

use serde_json::{Value, json};

use super::{Editor, codes, pulling, pushing, titled};

fn actions(editor: &mut Editor, name: &str, item: &Value, only: &[&str]) -> Value {
    let mut context = json!({"diagnostics": [item]});
    if !only.is_empty() {
        context["only"] = json!(only);
    }
    let document = json!({"uri": editor.uri(name)});
    let params = json!({"textDocument": document, "range": item["range"], "context": context});
    editor.request("textDocument/codeAction", params)
}

#[test]
fn a_line_can_be_ignored() {
    let mut editor = Editor::open(&[("a.py", "import nowhere  # why\n")], pushing());
    editor.edit_file("a.py");
    let items = editor.until("a.py", |items| !items.is_empty());
    let offered = actions(&mut editor, "a.py", &items[0], &[]);
    let action = titled(&offered, "Ignore");
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"][0]["code"], "unresolved-import");
    let edit = &action["edit"]["changes"][editor.uri("a.py")][0];
    assert_eq!(edit["newText"], "  # pycheck: ignore[unresolved-import]");
    assert_eq!(edit["range"]["start"], json!({"line": 0, "character": 21}));
    editor.change("a.py", 2, "import nowhere  # why  # pycheck: ignore[unresolved-import]\n");
    editor.until("a.py", <[_]>::is_empty);
    let document = json!({"uri": editor.uri("a.py"), "version": 3});
    let end = json!({"line": 0, "character": 999});
    let change = json!({"range": {"start": {"line": 0, "character": 14}, "end": end}, "text": ""});
    let params = json!({"textDocument": document, "contentChanges": [change]});
    editor.notify("textDocument/didChange", params);
    editor.until("a.py", |items| !items.is_empty());
}

#[test]
fn a_safe_fix_is_preferred_and_all_of_them_can_be_made_at_once() {
    let part = "try:\n    f()\nexcept:\n    if g():\n        raise\n";
    let text = format!("def f(): ...\ndef g(): ...\n{part}{part}");
    let mut editor = Editor::open(&[("a.py", &text)], pulling());
    editor.edit_file("a.py");
    let items = editor.pull("a.py");
    assert_eq!(items.len(), 2, "{:?}", codes(&items));
    let offered = actions(&mut editor, "a.py", &items[0], &["quickfix"]);
    let fix = &offered[0];
    assert_eq!(fix["isPreferred"], true);
    let change = &fix["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": editor.uri("a.py"), "version": 1}));
    for only in ["source.fixAll", "source.fixAll.pycheck", "source"] {
        let offered = actions(&mut editor, "a.py", &items[0], &[only]);
        let all = &offered[0]["edit"]["documentChanges"][0]["edits"];
        assert_eq!(all.as_array().unwrap().len(), 2, "{only}: {offered:#}");
        assert_eq!(offered.as_array().unwrap().len(), 1);
    }
    assert_eq!(actions(&mut editor, "a.py", &items[0], &["refactor"]), json!([]));
}

#[test]
fn a_text_that_can_not_be_parsed_keeps_the_diagnostics_of_its_imports() {
    let mut editor = Editor::open(&[("a.py", "import nowhere\nx = 1\n")], pushing());
    editor.edit_file("a.py");
    editor.until("a.py", |items| codes(items) == ["unresolved-import"]);
    editor.change("a.py", 2, "# new\nimport nowhere\nx = (\n");
    let items = editor.until("a.py", |items| codes(items).contains(&"syntax-error"));
    assert!(codes(&items).contains(&"unresolved-import"), "{items:#?}");
    editor.change("a.py", 3, "");
    editor.until("a.py", <[_]>::is_empty);
}
