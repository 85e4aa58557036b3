//! Exceptions by class: what is raised, and which classes a handler catches.

use serde::{Deserialize, Serialize};

/// The built-in classes, each with its base. An index into this table is a class.
const BUILTINS: &[(&str, u8)] = &[
    ("BaseException", 0),
    ("Exception", 0),
    ("SystemExit", 0),
    ("ImportError", 1),
    ("ModuleNotFoundError", 3),
    ("AttributeError", 1),
    ("ValueError", 1),
    ("KeyboardInterrupt", 0),
    ("GeneratorExit", 0),
    ("BaseExceptionGroup", 0),
    ("ExceptionGroup", 1),
    ("ArithmeticError", 1),
    ("FloatingPointError", 11),
    ("OverflowError", 11),
    ("ZeroDivisionError", 11),
    ("AssertionError", 1),
    ("BufferError", 1),
    ("EOFError", 1),
    ("LookupError", 1),
    ("IndexError", 18),
    ("KeyError", 18),
    ("MemoryError", 1),
    ("NameError", 1),
    ("UnboundLocalError", 22),
    ("OSError", 1),
    ("EnvironmentError", 24),
    ("IOError", 24),
    ("BlockingIOError", 24),
    ("ChildProcessError", 24),
    ("ConnectionError", 24),
    ("BrokenPipeError", 29),
    ("ConnectionAbortedError", 29),
    ("ConnectionRefusedError", 29),
    ("ConnectionResetError", 29),
    ("FileExistsError", 24),
    ("FileNotFoundError", 24),
    ("InterruptedError", 24),
    ("IsADirectoryError", 24),
    ("NotADirectoryError", 24),
    ("PermissionError", 24),
    ("ProcessLookupError", 24),
    ("TimeoutError", 24),
    ("ReferenceError", 1),
    ("RuntimeError", 1),
    ("NotImplementedError", 43),
    ("RecursionError", 43),
    ("StopAsyncIteration", 1),
    ("StopIteration", 1),
    ("SyntaxError", 1),
    ("IndentationError", 48),
    ("TabError", 49),
    ("SystemError", 1),
    ("TypeError", 1),
    ("UnicodeError", 6),
    ("UnicodeDecodeError", 53),
    ("UnicodeEncodeError", 53),
    ("UnicodeTranslateError", 53),
    ("Warning", 1),
    ("BytesWarning", 57),
    ("DeprecationWarning", 57),
    ("EncodingWarning", 57),
    ("FutureWarning", 57),
    ("ImportWarning", 57),
    ("PendingDeprecationWarning", 57),
    ("ResourceWarning", 57),
    ("RuntimeWarning", 57),
    ("SyntaxWarning", 57),
    ("UnicodeWarning", 57),
    ("UserWarning", 57),
];

/// These are other names of `OSError`, and so they catch what it catches.
const OS_ERROR: u8 = 24;
const OS_ERROR_NAMES: [u8; 2] = [25, 26];

fn index(name: &str) -> Option<u8> {
    let found = BUILTINS.iter().position(|(known, _)| *known == name)? as u8;
    Some(if OS_ERROR_NAMES.contains(&found) { OS_ERROR } else { found })
}

/// The class of an exception that is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exception {
    /// The built-in class that it is, or that its class is derived from; `None` if that is not known.
    class: Option<u8>,
    /// It is of a class of the program's own.
    is_own: bool,
}

impl Exception {
    /// `SystemExit`.
    pub const EXIT: Self = Self { class: Some(2), is_own: false };
    /// `ImportError`.
    pub const IMPORT: Self = Self { class: Some(3), is_own: false };
    /// `AttributeError`.
    pub const ATTRIBUTE: Self = Self { class: Some(5), is_own: false };
    /// A class of which nothing is known.
    pub const UNKNOWN: Self = Self { class: None, is_own: true };

    /// From the name of a built-in class.
    pub fn from_class(name: &str) -> Self {
        index(name).map_or(Self::UNKNOWN, |class| Self { class: Some(class), is_own: false })
    }

    /// An exception of a class that is derived from the one of this exception.
    pub fn derived(self) -> Self {
        Self { is_own: true, ..self }
    }

    /// Whether a handler catches it; `None` when that depends on more than is known.
    pub fn is_caught(self, catches: Catches) -> Option<bool> {
        match self.class {
            Some(class) if catches.has(class) => Some(true),
            Some(_) => (!self.is_own || !catches.has_own()).then_some(false),
            None if catches.everything() => Some(true),
            None => (catches == Catches::default()).then_some(false),
        }
    }
}

/// Which classes of exception a handler catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catches(u128);

/// Stands for all classes that are not built in.
const OWN: u32 = 127;

impl Catches {
    /// All of them, as `except:` does.
    pub const ALL: Self = Self(u128::MAX);
    /// Some class that is not built in.
    pub const OWN: Self = Self(1 << OWN);

    /// What a handler for a built-in class catches: the class, and all that are derived from it.
    pub fn of(name: &str) -> Option<Self> {
        let wanted = index(name)?;
        let is_derived = |class: usize| {
            let mut class = class as u8;
            while class != wanted && class != 0 {
                class = BUILTINS[class as usize].1;
            }
            class == wanted
        };
        let own = if wanted < 2 { Self::OWN.0 } else { 0 };
        let classes = (0..BUILTINS.len()).filter(|class| is_derived(*class));
        Some(Self(classes.fold(own, |all, class| all | 1 << class)))
    }

    fn has(self, class: u8) -> bool {
        self.0 & (1 << class) != 0
    }

    fn has_own(self) -> bool {
        self.0 & Self::OWN.0 != 0
    }

    /// Every exception but those that end the program.
    pub fn everything(self) -> bool {
        self.has(1)
    }

    /// Whether an exception of the class named `exception` is caught.
    pub fn catches(self, exception: &str) -> bool {
        index(exception).map_or(self.everything(), |class| self.has(class))
    }

    /// Whether some failure of an import is caught.
    pub fn guards_imports(self) -> bool {
        self.catches("ImportError") || self.catches("ModuleNotFoundError")
    }

    /// What either of the two catches.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What this one catches and the other does not.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Catches, Exception};

    #[test]
    fn classes_are_caught_by_the_handlers_of_their_bases() {
        let caught = |raised: &str, by: &str| {
            Exception::from_class(raised).is_caught(Catches::of(by).unwrap())
        };
        assert_eq!(caught("KeyError", "LookupError"), Some(true));
        assert_eq!(caught("LookupError", "KeyError"), Some(false));
        assert_eq!(caught("RuntimeError", "ImportError"), Some(false));
        assert_eq!(caught("FileNotFoundError", "IOError"), Some(true));
        assert_eq!(caught("SystemExit", "Exception"), Some(false));
        assert_eq!(caught("SystemExit", "BaseException"), Some(true));
        assert_eq!(caught("UnicodeDecodeError", "ValueError"), Some(true));
    }

    #[test]
    fn of_classes_of_ones_own_only_the_base_is_known() {
        let raised = Exception::from_class("ImportError").derived();
        assert_eq!(raised.is_caught(Catches::of("ImportError").unwrap()), Some(true));
        assert_eq!(raised.is_caught(Catches::of("KeyError").unwrap()), Some(false));
        assert_eq!(raised.is_caught(Catches::OWN), None);
        assert_eq!(Exception::UNKNOWN.is_caught(Catches::of("KeyError").unwrap()), None);
        assert_eq!(Exception::UNKNOWN.is_caught(Catches::of("Exception").unwrap()), Some(true));
    }
}
