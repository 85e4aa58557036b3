//! What can be given to `pycheck graph`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use pycheck_report::GraphFormat;

use super::{ColorChoice, OUTPUT, SettingsArgs};

const PART: &str = "Which part";

/// Which modules, and how they are shown.
#[derive(Debug, Clone, Args)]
#[command(
    about = "Show which module imports which",
    after_help = "Exit status: 0 the graph was written, 2 there is none."
)]
pub struct GraphArgs {
    /// Files and folders to look at [default: .]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Only this module or package, and what is around it; a file may be named, too
    #[arg(long, value_name = "MODULE", help_heading = PART)]
    pub focus: Vec<String>,
    /// Through how many imports to go from there: a number, or `all`
    #[arg(long, value_name = "N", default_value = "1", value_parser = depth, requires = "focus", help_heading = PART)]
    pub depth: usize,
    /// Show what imports it, and not what it imports
    #[arg(long, requires = "focus", help_heading = PART)]
    pub up: bool,
    /// Show what it imports, and not what imports it
    #[arg(long, requires = "focus", help_heading = PART)]
    pub down: bool,
    /// The shortest chain of imports from one module to another
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "focus", help_heading = PART)]
    pub between: Vec<String>,
    /// Only modules that import each other
    #[arg(long, help_heading = PART)]
    pub cycles: bool,
    /// Packages in place of modules: so many parts of a name count
    #[arg(long, value_name = "N", value_parser = parts, help_heading = PART)]
    pub collapse: Option<usize>,
    /// What lies outside of the project as well, one for each top-level name
    #[arg(long, help_heading = PART)]
    pub external: bool,
    /// Only what changes since this revision of git can have an effect on
    #[arg(long, value_name = "REV", help_heading = PART)]
    pub affected: Option<String>,
    /// Only modules that nothing imports, tests and scripts left out
    #[arg(long, conflicts_with_all = ["cycles", "between", "focus"], help_heading = PART)]
    pub orphans: bool,

    /// What beats the configuration.
    #[command(flatten)]
    pub settings: SettingsArgs,

    /// How the graph is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = OUTPUT)]
    pub format: GraphFormatArg,
    /// When to use colour: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        help_heading = OUTPUT
    )]
    pub color: ColorChoice,
}

/// How a graph is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormatArg {
    /// Modules, what they import, and where
    #[default]
    Text,
    /// One JSON object
    Json,
    /// For Graphviz
    Dot,
    /// For Markdown that draws Mermaid
    Mermaid,
    /// A picture
    Svg,
    /// One page for a browser, to click through
    Html,
}

impl From<GraphFormatArg> for GraphFormat {
    fn from(format: GraphFormatArg) -> Self {
        match format {
            GraphFormatArg::Text => Self::Text,
            GraphFormatArg::Json => Self::Json,
            GraphFormatArg::Dot => Self::Dot,
            GraphFormatArg::Mermaid => Self::Mermaid,
            GraphFormatArg::Svg => Self::Svg,
            GraphFormatArg::Html => Self::Html,
        }
    }
}

fn depth(text: &str) -> Result<usize, String> {
    match text {
        "all" => Ok(usize::MAX),
        _ => text.parse().map_err(|_| "it should be a number, or `all`".to_owned()),
    }
}

fn parts(text: &str) -> Result<usize, String> {
    let parts = text.parse().ok().filter(|parts| *parts > 0);
    parts.ok_or_else(|| "it should be a number from 1 on".to_owned())
}
