//! The outside world: configuration, walking, reading, the Python environment, sessions.

pub mod declared;
pub mod discover;
pub mod environment;
pub mod options;
pub mod roots;
pub mod settings;

pub use environment::{Environment, EnvironmentError, EnvironmentRequest};
