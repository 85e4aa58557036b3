//! What can be given on the command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint, value_parser};
use clap_complete::Shell;
use pycheck_project::settings::filter::check_glob;

mod cache;
mod fixing;
pub mod format;
mod graph;
mod settings;

pub use self::cache::{CacheArgs, CleanArgs};
pub use self::fixing::FixArgs;
pub use self::format::{OutputFile, OutputFormat};
pub use self::graph::{GraphArgs, GraphFormatArg};
pub use self::settings::SettingsArgs;

/// Where the output format comes from when no argument names one.
const FORMAT_VARIABLE: &str = "PYCHECK_OUTPUT_FORMAT";

/// All that can be given.
#[derive(Debug, Parser)]
#[command(
    name = "pycheck",
    version,
    about = "A fast linter for Python that knows what your imports do",
    after_help = "`pycheck PATH…` is short for `pycheck check PATH…`.\n\
                  Exit status: 0 nothing found, 1 something found, 2 could not run.",
    args_conflicts_with_subcommands = true,
    args_override_self = true
)]
pub struct Cli {
    /// What to do; to check when there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to check when no command is named.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files and folders
    Check(Box<CheckArgs>),
    /// Explain a rule, or list all rules
    Rule {
        /// The name of a rule, or a code that another linter uses for it
        name: Option<String>,
    },
    /// Explain step by step how an import is resolved
    Explain(ExplainArgs),
    /// Write a commented configuration, made of what is found
    Init(InitArgs),
    /// Remove what earlier runs have kept of files
    Clean(CleanArgs),
    /// Show which module imports which
    Graph(GraphArgs),
    /// Serve an editor: the language server protocol on standard input and output
    Server(ServerArgs),
    /// Print a script that completes the arguments in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Where to write a configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct InitArgs {
    /// The folder of the project, if not the one around the working directory
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// How to serve an editor. What clients add to the command is accepted and has no effect.
#[derive(Debug, Clone, Default, Args)]
pub struct ServerArgs {
    /// Use standard input and output, as is done anyway
    #[arg(long)]
    pub stdio: bool,
    /// The process that has started the server, which it says again itself
    #[arg(long = "clientProcessId", hide = true)]
    pub client_process_id: Option<u32>,
}

/// How to check.
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArgs {
    /// Files and folders to check, or `-` for standard input [default: .]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Rules and groups to enable, instead of those that the configuration selects
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub select: Option<Vec<String>>,
    /// Rules and groups to enable besides the selected ones
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub extend_select: Vec<String>,
    /// Rules and groups to disable
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub ignore: Vec<String>,
    /// Report what comments in the code suppress, too
    #[arg(long, help_heading = RULES)]
    pub ignore_noqa: bool,

    /// A file with findings that are not reported; see `--update-baseline`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = RULES)]
    pub baseline: Option<PathBuf>,
    /// Write what is found into the baseline, and report nothing
    #[arg(long, help_heading = RULES, requires = "baseline", conflicts_with_all = ["fix", "fix_only", "diff", "add_ignore", "stdin_filename"])]
    pub update_baseline: bool,

    /// Whether findings are mended.
    #[command(flatten)]
    pub fixing: FixArgs,

    /// What beats the configuration.
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Globs of what is left out, instead of those of the configuration
    #[arg(long, value_name = "GLOB", value_delimiter = ',', value_parser = glob, help_heading = SETTINGS)]
    pub exclude: Option<Vec<String>>,
    /// Globs of what is left out as well
    #[arg(long, value_name = "GLOB", value_delimiter = ',', value_parser = glob, help_heading = SETTINGS)]
    pub extend_exclude: Vec<String>,
    /// Check files that git ignores, too
    #[arg(long, help_heading = SETTINGS)]
    pub no_respect_gitignore: bool,
    /// Leave out excluded files even if they are named on the command line
    #[arg(long, help_heading = SETTINGS)]
    pub force_exclude: bool,
    /// Look at the whole project, and report what is found in the named files
    #[arg(long, help_heading = SETTINGS)]
    pub whole_project: bool,
    /// The name of what is read from standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = SETTINGS)]
    pub stdin_filename: Option<PathBuf>,
    /// How many threads do the work; as many as there are processors if left out
    #[arg(short = 'j', long, value_name = "N", value_parser = value_parser!(u16).range(1..), help_heading = SETTINGS)]
    pub threads: Option<u16>,
    /// Where what is known of files is kept.
    #[command(flatten)]
    pub cache: CacheArgs,

    /// How findings are written: full, concise, json, json-lines, github, gitlab, junit, sarif, rdjson,
    /// azure or pylint
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        env = FORMAT_VARIABLE,
        help_heading = OUTPUT
    )]
    pub output_format: OutputFormat,
    /// Write findings to a file as well, as in `sarif=report.sarif`; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = format::output_file, help_heading = OUTPUT)]
    pub output: Vec<OutputFile>,
    /// Show findings of level `info`, too
    #[arg(long, help_heading = OUTPUT)]
    pub show_info: bool,
    /// Exit with status 0 even if something was found
    #[arg(long, help_heading = OUTPUT)]
    pub exit_zero: bool,
    /// Exit with status 0 if there are warnings and no errors
    #[arg(long, help_heading = OUTPUT)]
    pub exit_zero_on_warning: bool,
    /// Show how often each rule found something, instead of the findings
    #[arg(long, help_heading = OUTPUT)]
    pub statistics: bool,
    /// Show which files would be checked, and check nothing
    #[arg(long, help_heading = OUTPUT, conflicts_with = "show_settings")]
    pub show_files: bool,
    /// Show the settings that would be used, and check nothing
    #[arg(long, help_heading = OUTPUT)]
    pub show_settings: bool,
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
    /// Write findings and nothing else
    #[arg(short, long, help_heading = OUTPUT, action = ArgAction::Count)]
    pub quiet: u8,
    /// Tell what is used and how long it takes
    #[arg(short, long, help_heading = OUTPUT, action = ArgAction::Count)]
    pub verbose: u8,
}

/// What to explain.
#[derive(Debug, Clone, Args)]
#[command(
    about = "Explain step by step how an import is resolved",
    after_help = "Exit status: 0 it resolves or nothing can be claimed, 1 it fails, 2 could not run."
)]
pub struct ExplainArgs {
    /// A line of a file as `FILE:LINE`, a file for the names that it has, or the name of a module
    #[arg(value_hint = ValueHint::AnyPath)]
    pub target: String,
    /// The file that would import the module, if not one in the project's folder
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub from: Option<PathBuf>,

    /// What beats the configuration.
    #[command(flatten)]
    pub settings: SettingsArgs,

    /// How the explanation is written: full, concise or json
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        help_heading = OUTPUT
    )]
    pub output_format: OutputFormat,
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

const RULES: &str = "Rules";
const SETTINGS: &str = "Settings";
const OUTPUT: &str = "Output";

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless variables say otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn glob(text: &str) -> Result<String, String> {
    check_glob(text).map(|()| text.to_owned()).map_err(|problem| problem.message)
}

/// The command without variables that are set to nothing, as workflows do when they mean unset.
pub(crate) fn without_empty_variables(command: clap::Command) -> clap::Command {
    if std::env::var_os(FORMAT_VARIABLE).is_none_or(|value| !value.is_empty()) {
        return command;
    }
    let unset = |command: clap::Command| {
        command.mut_arg("output_format", |arg| arg.env(clap::builder::Resettable::Reset))
    };
    unset(command).mut_subcommand("check", unset)
}

#[cfg(test)]
mod tests {
    use super::{Cli, Command};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_paths_are_checked() {
        let cli = Cli::parse_from(["pycheck", "src", "-q", "tests"]);
        assert!(cli.command.is_none());
        assert_eq!(cli.check.paths, ["src".as_ref(), "tests".as_ref()] as [&std::path::Path; 2]);
        let cli = Cli::parse_from(["pycheck", "check", "src"]);
        assert!(matches!(cli.command, Some(Command::Check(args)) if args.paths.len() == 1));
    }

    #[test]
    fn flags_may_be_given_twice_and_lists_add_up() {
        let arguments = [
            "pycheck",
            "check",
            "--force-exclude",
            "--force-exclude",
            "--ignore",
            "a,b",
            "--ignore=c",
            "--color=never",
            "--color=always",
        ];
        let Some(Command::Check(args)) = Cli::parse_from(arguments).command else {
            unreachable!("`check` was named")
        };
        assert_eq!(args.ignore, ["a", "b", "c"]);
        assert_eq!(args.color, super::ColorChoice::Always);
    }
}
