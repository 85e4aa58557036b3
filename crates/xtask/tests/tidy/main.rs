//! Tidy: what holds for every file of the project and that no compiler checks.

#![expect(clippy::unwrap_used, reason = "a test that can't read the project fails")]

mod dependencies;
mod files;
mod literals;
mod rules;
mod sources;
mod texts;

/// Fails with one line for each thing that is not as it should be.
#[track_caller]
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
