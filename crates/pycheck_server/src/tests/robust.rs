//! Odd input, and clients that die.

use serde_json::{Value, json};

use super::{Editor, codes, pulling, pushing};

const MISSING: &[(&str, &str)] = &[("a.py", "import nowhere\n")];

fn hover(editor: &Editor, line: u32) -> Value {
    let document = json!({"uri": editor.uri("a.py")});
    json!({"textDocument": document, "position": {"line": line, "character": 99_999}})
}

#[test]
fn a_document_that_was_never_saved_is_checked_from_the_first_folder() {
    let mut editor = Editor::open(&[("b.py", "x = 1\n")], pushing());
    editor.edit_text("untitled:Untitled-1", "import b\nimport nowhere\n");
    let items = editor.until_uri("untitled:Untitled-1", |items| !items.is_empty());
    assert_eq!(codes(&items), ["unresolved-import"]);
    assert_eq!(items[0]["range"]["start"]["line"], 1);
}

#[test]
fn no_folder_is_needed() {
    let mut editor = Editor::with(MISSING, |_| json!({"capabilities": {}}));
    editor.edit_text("untitled:Untitled-1", "import nowhere_at_all\n");
    editor.until_uri("untitled:Untitled-1", |items| !items.is_empty());
    editor.edit_file("a.py");
    editor.until("a.py", |items| !items.is_empty());
}

#[test]
fn edits_that_make_no_sense_change_nothing_else() {
    let mut editor = Editor::open(MISSING, pulling());
    editor.change("never_opened.py", 2, "x");
    editor.edit_file("a.py");
    let document = json!({"uri": editor.uri("a.py"), "version": 2});
    let far = json!({"start": {"line": 900, "character": 0}, "end": {"line": 901, "character": 5}});
    let changes = json!([{"range": far, "text": "import nor_here\n"}]);
    let params = json!({"textDocument": document, "contentChanges": changes});
    editor.notify("textDocument/didChange", params);
    editor.notify("textDocument/didChange", json!({"nonsense": true}));
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": "file:///no/where.py"}}));
    assert_eq!(editor.pull("a.py").len(), 2);
}

#[test]
fn requests_are_refused_in_the_words_of_the_protocol() {
    let mut editor = Editor::silent(MISSING);
    let params = hover(&editor, 0);
    assert_eq!(editor.try_request("textDocument/hover", params.clone()), Err(-32002));
    editor.request("initialize", json!({"capabilities": {}}));
    editor.notify("initialized", json!({}));
    assert_eq!(editor.try_request("initialize", json!({"capabilities": {}})), Err(-32600));
    assert_eq!(editor.try_request("textDocument/noSuchThing", json!({})), Err(-32601));
    let wrong = json!({"bad": true});
    assert_eq!(editor.try_request("textDocument/codeAction", wrong), Err(-32602));
    editor.request("shutdown", Value::Null);
    assert_eq!(editor.try_request("textDocument/hover", params), Err(-32600));
    editor.notify("exit", Value::Null);
    assert_eq!(editor.server.take().unwrap().join().unwrap(), 0);
}

#[test]
fn the_server_ends_with_its_client() {
    let mut editor = Editor::open(MISSING, pushing());
    editor.notify("exit", Value::Null);
    assert_eq!(editor.server.take().unwrap().join().unwrap(), 1);
    let Editor { connection, server, .. } = Editor::open(MISSING, pushing());
    drop(connection);
    assert_eq!(server.unwrap().join().unwrap(), 1);
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let dead = json!({"processId": child.id(), "capabilities": {}});
    let mut editor = Editor::silent(MISSING);
    editor.request("initialize", dead);
    assert_eq!(editor.server.take().unwrap().join().unwrap(), 1);
}

#[test]
fn a_failure_of_ours_fails_one_request_and_no_more() {
    let mut editor = Editor::open(MISSING, pulling());
    editor.edit_file("a.py");
    assert_eq!(editor.try_request("pycheck/panic", Value::Null), Err(-32603));
    assert_eq!(codes(&editor.pull("a.py")), ["unresolved-import"]);
}

#[test]
fn a_request_that_nobody_waits_for_is_not_worked_on() {
    let mut editor = Editor::open(MISSING, pulling());
    editor.edit_file("a.py");
    let params = json!({"textDocument": {"uri": editor.uri("a.py")}});
    // The cancellation overtakes the request while the project is read.
    editor.notify("$/cancelRequest", json!({"id": editor.next_id}));
    let id = editor.send("textDocument/diagnostic", params);
    assert_eq!(editor.wait_for(&id), Err(-32800));
}

#[test]
fn a_document_keeps_the_name_that_the_client_gives_it() {
    let mut editor = Editor::open(MISSING, pushing());
    let uri = editor.uri("a.py").replace("a.py", "%61%2Epy");
    editor.edit_text(&uri, "import nowhere\n");
    editor.until_uri(&uri, |items| !items.is_empty());
}

#[test]
fn columns_are_counted_as_the_client_does() {
    for (encoding, column) in [("utf-8", 15), ("utf-16", 13), ("utf-32", 12)] {
        let capabilities = json!({"general": {"positionEncodings": [encoding]}});
        let mut editor = Editor::open(MISSING, capabilities);
        editor.edit_text(&editor.uri("a.py"), "\"😀\"; import nowhere\n");
        let items = editor.until("a.py", |items| !items.is_empty());
        assert_eq!(items[0]["range"]["start"]["character"], column, "{encoding}");
    }
}
