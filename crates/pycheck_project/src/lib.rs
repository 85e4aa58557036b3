//! The outside world: configuration, walking, reading, the Python environment, sessions.

pub mod environment;

pub use environment::{Environment, EnvironmentError, EnvironmentRequest};
