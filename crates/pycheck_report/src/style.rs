//! Colours of the text formats.

use codespan_reporting::diagnostic::Severity;
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec};
use pycheck_model::Level;

/// A buffer that keeps colours, or drops them.
pub(crate) fn buffer(color: bool) -> Buffer {
    if color { Buffer::ansi() } else { Buffer::no_color() }
}

/// How the word for a level and the rule's name are drawn.
pub(crate) fn level(level: Level) -> ColorSpec {
    let color = match level {
        Level::Error => Color::Red,
        Level::Warn => Color::Yellow,
        Level::Info | Level::Off => Color::Cyan,
    };
    let mut spec = ColorSpec::new();
    spec.set_bold(true).set_fg(Some(color));
    spec
}

/// How the message and paths are drawn.
pub(crate) fn strong() -> ColorSpec {
    let mut spec = ColorSpec::new();
    spec.set_bold(true);
    spec
}

/// The severity that gives carets the colour of the level.
pub(crate) fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warn => Severity::Warning,
        Level::Info | Level::Off => Severity::Help,
    }
}
