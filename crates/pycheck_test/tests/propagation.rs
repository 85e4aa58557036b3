//! What fails is told once, at its origin, with what it takes down.

use std::fs;

use pycheck_test::checked::{Checked, How};
use pycheck_test::suite;

#[test]
fn the_origin_names_the_scripts_and_modules_that_fail_with_it() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().canonicalize().unwrap().join("project");
    suite::write_environment(&root, suite::VERSION).unwrap();
    let main = "import app\n\nif __name__ == \"__main__\":\n    app\n";
    let guarded = "try:\n    import core\nexcept ImportError:\n    core = None\n";
    let files = [
        ("core.py", "import nope_at_all\n"),
        ("app.py", "from core import run\n"),
        ("start.py", main),
        ("guarded.py", guarded),
        ("later.py", "def run():\n    import core\n"),
    ];
    for (name, text) in files {
        fs::write(root.join(name), text).unwrap();
    }
    let checked = Checked::open(&root, How { threads: 1, with_environment: true }).unwrap();
    let found = checked
        .diagnostics()
        .iter()
        .find(|found| found.message.contains("nope_at_all"))
        .expect("the missing module is found");
    let told: Vec<String> = found
        .related
        .iter()
        .map(|place| {
            let file = place.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            format!("{file}: {}", place.message)
        })
        .collect();
    assert_eq!(
        told,
        [
            "start.py: the script `start.py` fails with it by this import",
            "app.py: `app` fails with it by this import",
        ]
    );
}
