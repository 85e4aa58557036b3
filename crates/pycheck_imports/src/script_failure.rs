//! A relative import that fails because its file is started, and not imported.

use pycheck_model::Site;

/// A relative import in a file that is started as a script, and works when the file is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFailure {
    /// The module part of the statement.
    pub at: Site,
    /// The file, from the project's folder.
    pub script: String,
    /// Why the file counts as one that is started.
    pub reason: Started,
    /// The command that works in its place, tried.
    pub help: Option<String>,
}

/// What shows that a file is started as a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It begins with a shebang line.
    Shebang,
    /// The project's configuration lists it.
    Declared,
    /// It has `if __name__ == "__main__":`.
    MainGuard,
}
