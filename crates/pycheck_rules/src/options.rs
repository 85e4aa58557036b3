//! What a user can set about single rules.

/// The options of all rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Full names of callables whose result is mutable (`mutable-default-argument`).
    pub extend_mutable_calls: Vec<String>,
    /// Full names of callables whose result is immutable (`mutable-default-argument`).
    pub extend_immutable_calls: Vec<String>,
    /// Full names of callables that call their argument at once (`late-binding-closure`).
    pub immediate_callees: Vec<String>,
    /// A main guard shows that a file is started as a script (`relative-import-in-script`).
    pub main_guard_scripts: bool,
}
