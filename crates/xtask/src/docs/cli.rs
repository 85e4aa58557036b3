//! The page of all commands and arguments, from their definitions.

use std::fmt::Write as _;

use clap::{Arg, Command};

/// The page.
pub(crate) fn page(mut command: Command) -> String {
    command.build();
    let mut page = "# Command line\n\n".to_owned();
    for part in [command.get_about(), command.get_after_help()].into_iter().flatten() {
        let _ = writeln!(page, "{}\n", sentences(&part.to_string()));
    }
    let shown = |command: &&mut Command| !command.is_hide_set() && command.get_name() != "help";
    for command in command.get_subcommands_mut().filter(shown) {
        write_command(&mut page, command);
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

fn write_command(page: &mut String, command: &mut Command) {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim().to_owned();
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let _ = writeln!(page, "## {name}\n");
    if let Some(about) = command.get_about() {
        let _ = writeln!(page, "{}\n", sentences(&about.to_string()));
    }
    let _ = writeln!(page, "```console\n$ {usage}\n```\n");
    let shown = |arg: &&Arg| !arg.is_hide_set() && arg.get_id() != "help";
    let arguments: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    for heading in headings(&arguments) {
        if let Some(heading) = heading {
            let _ = writeln!(page, "### {heading}\n");
        }
        for argument in arguments.iter().filter(|arg| arg.get_help_heading() == heading) {
            let _ = writeln!(page, "- {}", describe(argument));
        }
        page.push('\n');
    }
}

/// The headings of the arguments, each once, those without a heading first.
fn headings<'a>(arguments: &[&'a Arg]) -> Vec<Option<&'a str>> {
    let mut headings = Vec::new();
    for argument in arguments {
        if !headings.contains(&argument.get_help_heading()) {
            headings.push(argument.get_help_heading());
        }
    }
    headings.sort_by_key(Option::is_some);
    headings
}

/// One argument: how it is written, what it does, what it may be.
fn describe(argument: &Arg) -> String {
    let mut text = format!("`{}`", spelling(argument));
    if let Some(help) = argument.get_help() {
        let _ = write!(text, ": {}.", help.to_string().trim_end_matches('.'));
    }
    let takes_value = argument.get_action().takes_values();
    let values = argument.get_possible_values();
    let values: Vec<String> =
        values.iter().map(|value| format!("`{}`", value.get_name())).collect();
    if takes_value && !values.is_empty() {
        let _ = write!(text, " One of {}.", values.join(", "));
    }
    let defaults = argument.get_default_values();
    if takes_value && !defaults.is_empty() {
        let shown: Vec<String> =
            defaults.iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
        let _ = write!(text, " Default: {}.", shown.join(", "));
    }
    if let Some(variable) = argument.get_env() {
        let _ = write!(text, " Also set by the variable `{}`.", variable.to_string_lossy());
    }
    text
}

/// The argument as one types it, such as `-o, --output-format <FORMAT>`.
fn spelling(argument: &Arg) -> String {
    let takes_value = argument.get_action().takes_values();
    let default_name = argument.get_id().as_str().to_uppercase();
    let names = argument.get_value_names().unwrap_or_default();
    let value = names.first().map_or(default_name.as_str(), |name| name.as_str());
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    match (flags.is_empty(), takes_value) {
        (true, _) => value.to_owned(),
        (false, true) => format!("{} <{value}>", flags.join(", ")),
        (false, false) => flags.join(", "),
    }
}

/// Lines as sentences, one per line, each with its full stop.
fn sentences(text: &str) -> String {
    let ended = |line: &str| {
        if line.ends_with(['.', ':']) { line.to_owned() } else { format!("{line}.") }
    };
    text.lines().map(str::trim).map(ended).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command};

    use super::page;

    #[test]
    fn arguments_stand_under_their_headings() {
        let check = Command::new("check")
            .about("Check files")
            .arg(Arg::new("when").long("when").value_parser(["now", "later"]).default_value("now"))
            .arg(
                Arg::new("quiet")
                    .short('q')
                    .long("quiet")
                    .action(ArgAction::SetTrue)
                    .help("Say less")
                    .help_heading("Output"),
            )
            .arg(Arg::new("paths").help("What to check"));
        let hidden = Command::new("secret").hide(true);
        let command = Command::new("tool").about("A tool").subcommands([check, hidden]);
        assert_eq!(
            page(command),
            "# Command line\n\nA tool.\n\n## tool check\n\nCheck files.\n\n\
             ```console\n$ tool check [OPTIONS] [paths]\n```\n\n\
             - `--when <WHEN>` One of `now`, `later`. Default: `now`.\n\
             - `PATHS`: What to check.\n\n\
             ### Output\n\n\
             - `-q, --quiet`: Say less.\n"
        );
    }
}
