//! What is shown, when, and in which of the two ways.

use serde_json::json;

use super::{Editor, codes, pulling, pushing};

const MISSING: &[(&str, &str)] = &[("a.py", "import nowhere\n")];

#[test]
fn diagnostics_are_sent_to_a_client_that_can_not_be_told_to_ask_again() {
    let asks_only = json!({"textDocument": {"diagnostic": {}}});
    for capabilities in [pushing(), asks_only] {
        let mut editor = Editor::open(MISSING, capabilities);
        editor.edit_file("a.py");
        let items = editor.until("a.py", |items| !items.is_empty());
        assert_eq!(codes(&items), ["unresolved-import"]);
        assert_eq!(items[0]["source"], "pycheck");
        assert_eq!(items[0]["severity"], 1);
        assert_eq!(editor.leave(), 0);
    }
}

#[test]
fn a_client_that_asks_is_never_sent_any() {
    let mut editor = Editor::open(MISSING, pulling());
    editor.edit_file("a.py");
    assert_eq!(codes(&editor.pull("a.py")), ["unresolved-import"]);
    editor.change("a.py", 2, "");
    assert_eq!(editor.pull("a.py"), [json!(null); 0]);
    assert!(editor.heard.iter().all(|it| it.method != "textDocument/publishDiagnostics"));
}

#[test]
fn what_has_not_changed_is_not_sent_again_to_one_who_asks() {
    let mut editor = Editor::open(MISSING, pulling());
    editor.edit_file("a.py");
    let document = json!({"uri": editor.uri("a.py")});
    let first = editor.request("textDocument/diagnostic", json!({"textDocument": document}));
    let params = json!({"textDocument": document, "previousResultId": first["resultId"]});
    let second = editor.request("textDocument/diagnostic", params);
    assert_eq!(second["kind"], "unchanged");
    assert_eq!(second["resultId"], first["resultId"]);
}

#[test]
fn an_edit_changes_what_other_files_show() {
    let files = [("a.py", "from b import name\n"), ("b.py", "name = 1\n")];
    let mut editor = Editor::open(&files, pushing());
    editor.edit_file("a.py");
    editor.edit_file("b.py");
    editor.until("a.py", <[_]>::is_empty);
    editor.change("b.py", 2, "other = 1\n");
    let items = editor.until("a.py", |items| !items.is_empty());
    assert_eq!(codes(&items), ["unresolved-import-name"]);

    let mut editor = Editor::open(&files, pulling());
    editor.edit_file("a.py");
    editor.edit_file("b.py");
    assert!(editor.pull("a.py").is_empty());
    editor.change("b.py", 2, "other = 1\n");
    assert_eq!(codes(&editor.pull("a.py")), ["unresolved-import-name"]);
    assert!(editor.asked.contains(&"workspace/diagnostic/refresh".to_owned()));
}

#[test]
fn a_module_that_appears_on_the_disk_clears_what_was_said_of_it() {
    let mut editor = Editor::open(MISSING, pushing());
    editor.edit_file("a.py");
    editor.until("a.py", |items| !items.is_empty());
    let begin = std::time::Instant::now();
    editor.write("nowhere/__init__.py", "");
    editor.until("a.py", <[_]>::is_empty);
    assert!(begin.elapsed().as_millis() < 1000, "{:?}", begin.elapsed());
    std::fs::remove_dir_all(editor.path("nowhere")).unwrap();
    editor.until("a.py", |items| !items.is_empty());
}

#[test]
fn settings_of_the_project_are_read_again_when_they_change() {
    let mut editor = Editor::open(&[("a.py", "x = None\nx == None\n")], pushing());
    editor.edit_file("a.py");
    let items = editor.until("a.py", |items| !items.is_empty());
    let rule = codes(&items)[0].to_owned();
    editor.write("pycheck.toml", &format!("ignore = [\"{rule}\"]\n"));
    editor.until("a.py", <[_]>::is_empty);
    editor.write("pycheck.toml", "ignore = 3\n");
    while !editor.heard.iter().any(|it| it.method == "window/showMessage") {
        editor.hear(super::PATIENCE);
    }
}

#[test]
fn all_files_are_shown_if_the_user_wants() {
    let files = [("a.py", "import nowhere\n"), ("b.py", "x = 1\n")];
    let mut editor = Editor::with(&files, |folder| {
        json!({
            "capabilities": pushing(),
            "rootUri": super::uri(folder),
            "initializationOptions": {"diagnosticMode": "workspace"},
        })
    });
    editor.edit_file("b.py");
    editor.until("a.py", |items| !items.is_empty());
    editor.write("nowhere.py", "");
    editor.until("a.py", <[_]>::is_empty);
}

#[test]
fn all_files_can_be_asked_for() {
    let mut editor = Editor::with(MISSING, |folder| {
        json!({
            "capabilities": pulling(),
            "rootUri": super::uri(folder),
            "initializationOptions": {"diagnosticMode": "workspace"},
        })
    });
    let report = editor.request("workspace/diagnostic", json!({"previousResultIds": []}));
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["uri"], editor.uri("a.py"));
    let known = json!([{"uri": items[0]["uri"], "value": items[0]["resultId"]}]);
    let again = editor.request("workspace/diagnostic", json!({"previousResultIds": known}));
    assert_eq!(again["items"][0]["kind"], "unchanged");
}

#[test]
fn settings_of_the_editor_beat_those_of_the_project() {
    let capabilities = json!({"workspace": {"configuration": true}});
    let mut editor = Editor::silent(MISSING);
    editor.settings = json!({"ignore": ["unresolved-import"]});
    let folders = json!([{"uri": editor.uri(""), "name": "folder"}]);
    let params = json!({"capabilities": capabilities, "workspaceFolders": folders});
    editor.request("initialize", params);
    editor.notify("initialized", json!({}));
    editor.edit_file("a.py");
    editor.until("a.py", <[_]>::is_empty);
    editor.settings = json!({"diagnosticMode": "openFiles", "ignore": []});
    editor.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    editor.until("a.py", |items| !items.is_empty());
}

#[test]
fn each_folder_has_its_own_settings() {
    let files = [("one/a.py", "import nowhere\n"), ("two/a.py", "import nowhere\n")];
    let mut editor = Editor::with(&files, |folder| {
        let folders = ["one", "two"];
        let folders = folders.map(|it| json!({"uri": super::uri(&folder.join(it)), "name": it}));
        json!({"capabilities": pushing(), "workspaceFolders": folders})
    });
    editor.write("two/pycheck.toml", "ignore = [\"imports\"]\n");
    editor.edit_file("one/a.py");
    editor.edit_file("two/a.py");
    editor.until("one/a.py", |items| !items.is_empty());
    editor.until("two/a.py", <[_]>::is_empty);
    let gone = json!([{"uri": editor.uri("two"), "name": "two"}]);
    let event = json!({"event": {"added": [], "removed": gone}});
    editor.notify("workspace/didChangeWorkspaceFolders", event);
    editor.change("one/a.py", 2, "import os\n");
    editor.until("one/a.py", <[_]>::is_empty);
}

#[test]
fn what_can_go_is_shown_faded() {
    let files = [
        ("a.py", "x = 1  # pycheck: ignore[bare-except]\n"),
        ("pycheck.toml", "extend-select = [\"unused-suppression\"]\n"),
    ];
    let mut editor = Editor::open(&files, pushing());
    editor.edit_file("a.py");
    let items = editor.until("a.py", |items| !items.is_empty());
    assert_eq!(items[0]["tags"], json!([1]), "{items:#?}");
}

#[test]
fn other_places_are_linked() {
    let files = [("a.py", "from b import y\nx = 1\n"), ("b.py", "from a import x\ny = 2\n")];
    let mut editor = Editor::open(&files, pushing());
    editor.edit_file("b.py");
    let items = editor.until("b.py", |items| !items.is_empty());
    let related = &items[0]["relatedInformation"];
    assert_eq!(related[0]["location"]["uri"], editor.uri("a.py"), "{items:#?}");
    editor.edit_file("a.py");
    editor.change("a.py", 2, "# new\nfrom b import y\nx = 1\n");
    let line = |items: &[serde_json::Value]| {
        items
            .first()
            .map(|item| item["relatedInformation"][0]["location"]["range"]["start"]["line"].clone())
    };
    editor.until("b.py", |items| line(items) == Some(json!(1)));
}
