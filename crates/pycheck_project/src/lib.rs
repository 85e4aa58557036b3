//! The outside world: configuration, walking, reading, the Python environment, sessions.

pub mod analyze;
pub mod baseline;
mod cache;
pub mod declared;
pub mod decode;
pub mod discover;
mod disk;
pub mod environment;
pub mod fix;
mod git;
pub mod init;
mod installed;
mod memory;
pub mod options;
mod outside;
mod pages;
mod publish;
pub mod roots;
mod script_block;
pub mod session;
pub mod settings;
mod walk;
mod watch;

pub use cache::{CachePlace, clean as clean_cache, folder as cache_folder};
pub use environment::{Environment, EnvironmentError, EnvironmentRequest};
pub use pages::rule_page;
pub use pycheck_imports::graph::{Focus, Selection};
pub use session::changes::{Applied, Change};
pub use session::explain::{Inquiry, explained};
pub use session::graph::{Charted, charted};
pub use session::linking::{LinkJob, Linked};
pub use session::lookup::Destination;
pub use session::renames::Moved;
pub use session::{Progress, ProjectError, Request, Session, Stats};
pub use settings::overrides::{ConfigArgument, Overrides};
pub use watch::Watcher;
