//! An import of a name, or the use of one, that CPython refuses, and why.

use std::path::PathBuf;

use pycheck_model::{PythonVersion, Site, Trail};

use crate::failure::Certainty;

/// A name that is not there when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFailure {
    /// The name in the import statement, the attribute, or the star.
    pub at: Site,
    /// How it is asked for.
    pub asked: Asked,
    /// The name that is missing.
    pub name: String,
    /// The module that does not have it.
    pub module: String,
    /// Its file; `None` for a namespace package.
    pub file: Option<PathBuf>,
    /// The module is running and has not come to its end.
    pub is_half_made: bool,
    /// The module stands directly on an import root.
    pub is_on_root: bool,
    /// The module has the name of one of the standard library.
    pub hides_standard: bool,
    /// The module comes from outside of the project.
    pub is_outside: bool,
    /// In which runs it fails.
    pub when: When,
    /// Places that explain it, in the order in which they are reached.
    pub trail: Vec<Trail>,
    /// The name of the module that is most like it.
    pub nearest: Option<String>,
}

/// How a name is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// `from module import name`.
    Imported,
    /// `module.name` at the top level.
    Read(Lack),
    /// It stands in the module's `__all__`, and the module is imported with a star.
    Starred,
    /// It stands in the module's own `__all__`; the place is there.
    Listed,
}

/// Why a module lacks an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The module has not come to the line that binds it.
    HalfMade,
    /// It is a submodule that is still running.
    RunningSubmodule,
    /// It is a submodule that nothing has imported.
    UnimportedSubmodule,
    /// Nothing binds it, and there is no such submodule.
    Nowhere,
}

/// In which runs a name is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Whenever the line runs; how sure it is that it does.
    Always(Certainty),
    /// Whichever module of a cycle is imported first.
    Circular,
    /// When one of these modules is imported first.
    First(Vec<String>),
}

impl NameFailure {
    /// The exception's class and its message, as CPython of this version gives them.
    ///
    /// `import_from` in `Python/ceval.c`, `module_getattro` in `Objects/moduleobject.c`.
    pub fn exception(&self, version: PythonVersion) -> (&'static str, String) {
        let Self { name, module, .. } = self;
        match self.asked {
            Asked::Imported => ("ImportError", self.import_error(version)),
            // Before 3.11 there were no words of its own for this.
            Asked::Read(Lack::RunningSubmodule) if version.minor >= 11 => {
                let why = "(most likely due to a circular import)";
                let words = format!("cannot access submodule '{name}' of module '{module}' {why}");
                ("AttributeError", words)
            }
            Asked::Read(_) | Asked::Starred | Asked::Listed => {
                ("AttributeError", self.attribute_error(version))
            }
        }
    }

    fn renaming(&self, version: PythonVersion) -> Option<String> {
        let file = self.file.as_ref().filter(|_| self.is_on_root && version.minor >= 13)?;
        let file = file.display();
        if self.hides_standard {
            let module = &self.module;
            Some(format!(
                "(consider renaming '{file}' since it has the same name as the standard library module named '{module}' and prevents importing that standard library module)"
            ))
        } else if self.is_half_made {
            Some(format!(
                "(consider renaming '{file}' if it has the same name as a library you intended to import)"
            ))
        } else {
            None
        }
    }

    fn import_error(&self, version: PythonVersion) -> String {
        let Self { name, module, .. } = self;
        if let Some(advice) = self.renaming(version) {
            return format!("cannot import name '{name}' from '{module}' {advice}");
        }
        let place = match &self.file {
            Some(file) => format!("({})", file.display()),
            None => "(unknown location)".to_owned(),
        };
        if self.is_half_made {
            return format!(
                "cannot import name '{name}' from partially initialized module '{module}' (most likely due to a circular import) {place}"
            );
        }
        format!("cannot import name '{name}' from '{module}' {place}")
    }

    fn attribute_error(&self, version: PythonVersion) -> String {
        let Self { name, module, .. } = self;
        if let Some(advice) = self.renaming(version) {
            return format!("module '{module}' has no attribute '{name}' {advice}");
        }
        if let Some(file) = self.file.as_ref().filter(|_| self.is_half_made && version.minor >= 13)
        {
            let file = file.display();
            return format!(
                "partially initialized module '{module}' from '{file}' has no attribute '{name}' (most likely due to a circular import)"
            );
        }
        if self.is_half_made {
            return format!(
                "partially initialized module '{module}' has no attribute '{name}' (most likely due to a circular import)"
            );
        }
        format!("module '{module}' has no attribute '{name}'")
    }
}
