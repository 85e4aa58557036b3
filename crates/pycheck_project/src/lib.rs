//! The outside world: configuration, walking, reading, the Python environment, sessions.

pub mod discover;
pub mod environment;
pub mod options;
pub mod roots;
pub mod settings;

pub use environment::{Environment, EnvironmentError, EnvironmentRequest};
