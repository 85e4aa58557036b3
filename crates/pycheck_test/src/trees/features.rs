//! What may occur in a random tree. This is the one place that says what is tried where.

use std::str::FromStr;

use pycheck_model::PythonVersion;

/// Something that may occur in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Folders without `__init__.py` that are imported as packages.
    Namespaces,
    /// Imports of modules that are not there.
    MissingModules,
    /// Relative imports with more dots than there are packages.
    WrongDots,
    /// `try` statements and `contextlib.suppress` around imports.
    Guards,
    /// Branches that are known to be taken or not.
    Conditions,
    /// Names other than those that surely exist: all that binds and unbinds, and names that are nowhere.
    Names,
    /// Names that `match` captures.
    Matches,
    /// Functions that bind global names when they are called.
    Globals,
    /// `from m import *`, with and without `__all__`.
    Stars,
    /// Names in `__all__` that the module does not have.
    WrongAll,
    /// `__getattr__` of modules.
    Getattr,
    /// Modules that import each other while they run.
    Cycles,
    /// Attributes of modules in expressions, decorators, base classes and defaults.
    Attributes,
    /// Functions of the module that import when they are called as the module runs.
    Calls,
    /// Modules that raise something of their own, or end the program.
    Raises,
    /// Modules with the name of something that they bind.
    Collisions,
    /// Modules that import themselves.
    SelfImports,
    /// Literal arguments of `importlib.import_module` and `__import__`.
    Dynamic,
    /// What is decided when the program runs; then only errors that do not happen count.
    Unknown,
}

/// All that can be predicted for sure.
const PLAIN: &[Feature] = &[
    Feature::Namespaces,
    Feature::MissingModules,
    Feature::WrongDots,
    Feature::Guards,
    Feature::Conditions,
    Feature::Names,
    Feature::Matches,
    Feature::Globals,
    Feature::Stars,
    Feature::WrongAll,
    Feature::Getattr,
    Feature::Cycles,
    Feature::Attributes,
    Feature::Calls,
    Feature::Raises,
    Feature::Collisions,
    Feature::SelfImports,
    Feature::Dynamic,
];

/// What is not yet predicted without a contradiction: the trees of the test do without.
const UNPROVED: &[Feature] = &[];

/// A set of features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features(Vec<Feature>);

impl Features {
    /// What the tests of the project hold to.
    pub fn proved() -> Self {
        let proved = PLAIN.iter().filter(|feature| !UNPROVED.contains(feature));
        Self(proved.copied().collect())
    }

    /// All that can be predicted for sure.
    pub fn plain() -> Self {
        Self(PLAIN.to_vec())
    }

    /// Whether a feature is among them.
    pub fn has(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    /// Without what an interpreter does not know.
    pub fn for_version(&self, version: PythonVersion) -> Self {
        let is_known = |feature: &Feature| {
            *feature != Feature::Matches || version >= PythonVersion { major: 3, minor: 10 }
        };
        Self(self.0.iter().copied().filter(is_known).collect())
    }
}

impl FromStr for Features {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "proved" => Ok(Self::proved()),
            "plain" => Ok(Self::plain()),
            "all" => Ok(Self([PLAIN, &[Feature::Unknown]].concat())),
            _ => Err("the features are `proved`, `plain` or `all`".to_owned()),
        }
    }
}
