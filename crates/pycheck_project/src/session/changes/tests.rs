//! A session that is kept says what a fresh one would say.

use std::fs;
use std::path::{Path, PathBuf};

use pycheck_model::Diagnostic;
use tempfile::TempDir;

use super::{Applied, Change};
use crate::session::{Progress, Request, Session};

struct Silent;

impl Progress for Silent {
    fn found(&self, _files: usize) {}
    fn done_one(&self) {}
}

struct Project {
    folder: TempDir,
    session: Session,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "pyproject.toml", "[project]\nname = \"p\"\nversion = \"1\"\n");
        for (name, text) in files {
            write(folder.path(), name, text);
        }
        let session = open(folder.path());
        Self { folder, session }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn text(&mut self, name: &str, text: &str) -> Applied {
        let change = Change::Text(self.path(name), text.into());
        self.session.apply([change])
    }

    /// Writes a file, or deletes it, and tells the session.
    fn disk(&mut self, name: &str, text: Option<&str>) -> Applied {
        match text {
            Some(text) => write(self.folder.path(), name, text),
            None => fs::remove_file(self.path(name)).unwrap(),
        }
        let applied = self.session.apply([Change::Disk(self.path(name))]);
        assert_eq!(
            shown(self.session.diagnostics()),
            shown(open(self.folder.path()).diagnostics())
        );
        applied
    }

    fn messages(&self, name: &str) -> Vec<String> {
        let own = self.session.diagnostics_of(&self.path(name)).iter();
        own.map(|it| format!("{}: {}", u32::from(it.range.start()), it.message)).collect()
    }
}

fn open(folder: &Path) -> Session {
    let folder = folder.canonicalize().unwrap();
    let request =
        Request { paths: vec![folder.clone()], working_directory: folder, ..Request::default() };
    Session::open(request, &Silent).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn shown(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|it| format!("{} {:?} {}", it.path.display(), it.range, it.message))
        .collect()
}

#[test]
fn a_module_that_appears_is_found_and_one_that_goes_is_missed() {
    let mut project = Project::new(&[("a.py", "import later\n")]);
    assert_eq!(project.messages("a.py").len(), 1);
    let applied = project.disk("later.py", Some("x = 1\n"));
    assert!(applied.files.iter().any(|file| file.ends_with("a.py")), "{applied:?}");
    assert_eq!(project.messages("a.py"), [""; 0]);
    project.disk("later.py", None);
    assert_eq!(project.messages("a.py").len(), 1);
    project.disk("later/__init__.py", Some(""));
    assert_eq!(project.messages("a.py"), [""; 0]);
}

#[test]
fn an_unsaved_text_counts_for_others() {
    let mut project = Project::new(&[("a.py", "from b import name\n"), ("b.py", "name = 1\n")]);
    assert_eq!(project.messages("a.py"), [""; 0]);
    let applied = project.text("b.py", "other = 1\n");
    assert!(applied.files.iter().any(|file| file.ends_with("a.py")), "{applied:?}");
    assert_eq!(project.messages("a.py").len(), 1);
    project.session.apply([Change::Closed(project.path("b.py"))]);
    assert_eq!(project.messages("a.py"), [""; 0]);
}

#[test]
fn a_file_that_only_an_editor_has_can_be_imported() {
    let mut project = Project::new(&[("a.py", "import fresh.part\n")]);
    project.text("fresh/part.py", "import nowhere_at_all\n");
    assert_eq!(project.messages("a.py"), [""; 0]);
    assert_eq!(project.messages("fresh/part.py").len(), 1);
    project.session.apply([Change::Closed(project.path("fresh/part.py"))]);
    assert_eq!(project.messages("a.py").len(), 1);
}

#[test]
fn a_line_above_moves_what_is_found_and_nothing_is_linked_again() {
    let text = "import nowhere_at_all\n\ndef f():\n    return 1\n";
    let mut project = Project::new(&[("a.py", text), ("b.py", "import a\n")]);
    let applied = project.text("a.py", &format!("# hello\n{text}"));
    assert!(!applied.is_linked);
    assert_eq!(applied.files.len(), 1);
    assert!(project.messages("a.py")[0].starts_with("15: "), "{:?}", project.messages("a.py"));
    assert!(!project.text("a.py", &text.replace('1', "2 + 3")).is_linked);
    assert!(project.text("a.py", "import somewhere\n").is_linked);
}

#[test]
fn a_text_that_can_not_be_parsed_keeps_what_was_known() {
    let mut project = Project::new(&[
        ("a.py", "import nowhere_at_all\nx = 1\nimport nor_here\n"),
        ("b.py", "from a import x, missing\n"),
    ]);
    project.text("a.py", "import nowhere_at_all\nx = 1\nimport nor_here\n");
    let before = project.messages("b.py");
    let applied = project.text("a.py", "import nowhere_at_all\nx = (1\nimport nor_here\n");
    assert!(!applied.is_linked);
    assert_eq!(project.messages("b.py"), before);
    let shown = project.messages("a.py");
    assert!(shown.iter().any(|it| it.contains("nowhere_at_all")), "{shown:?}");
    assert!(shown.iter().any(|it| it.starts_with("36: ") && it.contains("nor_here")), "{shown:?}");
    project.text("a.py", "");
    assert_eq!(project.messages("a.py"), [""; 0]);
}

#[test]
fn settings_are_read_again_and_broken_ones_leave_those_from_before() {
    let mut project = Project::new(&[("a.py", "try:\n    pass\nexcept:\n    pass\n")]);
    assert_eq!(project.messages("a.py").len(), 1);
    let applied = project.disk("pycheck.toml", Some("ignore = [\"pitfalls\"]\n"));
    assert!(applied.error.is_none());
    assert_eq!(project.messages("a.py"), [""; 0]);
    write(project.folder.path(), "pycheck.toml", "ignore = [\n");
    let applied = project.session.apply([Change::Disk(project.path("pycheck.toml"))]);
    assert!(applied.error.is_some());
    assert_eq!(project.messages("a.py"), [""; 0]);
    project.disk("pycheck.toml", None);
    assert_eq!(project.messages("a.py").len(), 1);
}

#[test]
fn what_was_found_stays_in_its_place_until_all_is_known() {
    let text = "import nowhere_at_all\nimport nor_here\n";
    let mut project = Project::new(&[("a.py", text)]);
    project.text("a.py", text);
    let change = |text: &str| [Change::Text(project.path("a.py"), text.into())];
    let (first, second) = (change("x = 1\nimport nor_here\n"), change("import nor_here\n"));
    project.session.take(first);
    let shown = project.messages("a.py");
    assert!(shown.len() == 1 && shown[0].starts_with("13: "), "{shown:?}");
    let job = project.session.link_job().unwrap();
    project.session.take(second);
    let shown = project.messages("a.py");
    assert!(shown.len() == 1 && shown[0].starts_with("7: "), "{shown:?}");
    assert!(project.session.adopt(job.run()).is_none());
    let job = project.session.link_job().unwrap();
    assert!(project.session.adopt(job.run()).is_some());
    assert_eq!(project.messages("a.py"), shown);
    assert!(project.session.link_job().is_none());
}

#[test]
fn what_an_editor_puts_beside_a_file_is_of_no_interest() {
    let mut project = Project::new(&[("a.py", "import later\n")]);
    for name in [".a.py.swp", "4913", "a.py~"] {
        assert!(!project.disk(name, Some("")).is_linked, "{name}");
    }
    assert!(project.disk("later.py", Some("")).is_linked);
}

#[test]
fn after_any_changes_all_is_as_in_a_fresh_session() {
    let texts = [
        "x = 1\n",
        "from a import x\n",
        "import b\nfrom b import x, y\n",
        "from . import c\nx = 2\n",
        "from c import *\nfrom d.e import y\n",
        "import d.e\nprint(d.e.x)\ny = 3\n",
        "# nothing\n\nx = y = 1\n",
        "try:\n    import d\nexcept ImportError:\n    d = None\n",
        "x = (\n",
    ];
    let names = ["a.py", "b.py", "c.py", "d/__init__.py", "d/e.py", "d/f/g.py"];
    let mut project = Project::new(&[("a.py", texts[1]), ("b.py", texts[0])]);
    let mut random: usize = 7;
    let mut next = |below: usize| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for _ in 0..120 {
        let (name, text) = (names[next(names.len())], texts[next(texts.len())]);
        let is_there = project.path(name).exists();
        match next(4) {
            // Compared with a fresh session each time.
            0 if is_there => drop(project.disk(name, None)),
            0 | 1 => drop(project.disk(name, Some(text))),
            _ => {
                // A text in an editor, which is saved and closed.
                project.text(name, "x = 1\n");
                project.text(name, text);
                write(project.folder.path(), name, text);
                let path = project.path(name);
                project.session.apply([Change::Disk(path.clone()), Change::Closed(path)]);
            }
        }
        let fresh = open(project.folder.path());
        assert_eq!(
            shown(project.session.diagnostics()),
            shown(fresh.diagnostics()),
            "{name} {text}"
        );
    }
}
