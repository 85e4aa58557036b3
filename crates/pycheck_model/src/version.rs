//! The version of Python that a project is checked for.

use std::fmt;
use std::str::FromStr;

/// A minor version of Python 3, such as 3.12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    /// Always 3 for a version that can be a target.
    pub major: u8,
    /// The number after the dot.
    pub minor: u8,
}

impl PythonVersion {
    /// The oldest version that can be a target.
    pub const OLDEST: Self = Self { major: 3, minor: 8 };
    /// The newest version that the parser knows.
    pub const NEWEST: Self = Self { major: 3, minor: 15 };

    /// Whether the version can be a target.
    pub fn is_supported(self) -> bool {
        (Self::OLDEST..=Self::NEWEST).contains(&self)
    }

    /// The nearest version that can be a target.
    pub fn clamped(self) -> Self {
        self.clamp(Self::OLDEST, Self::NEWEST)
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for PythonVersion {
    type Err = String;

    /// Reads `3.12`, and `3.12.4` as 3.12. The error says what was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.trim().split('.');
        let major = parts.next().and_then(|part| part.parse().ok());
        let minor = parts.next().and_then(|part| part.parse().ok());
        match (major, minor) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(format!("`{text}` is not a Python version such as `3.12`")),
        }
    }
}
