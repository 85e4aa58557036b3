//! Whether to use colour, as users of other tools expect.

use std::io::IsTerminal;

use crate::args::ColorChoice;

/// Whether what goes to standard output is coloured.
pub(crate) fn for_stdout(choice: ColorChoice) -> bool {
    let variable = |name: &str| std::env::var(name).ok();
    decide(choice, &variable, std::io::stdout().is_terminal())
}

/// The argument decides, then `NO_COLOR`, then what forces colour, then whether it is a terminal.
fn decide(
    choice: ColorChoice,
    variable: &dyn Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let is_forced = |name| is_set(name) && variable(name).as_deref() != Some("0");
    let is_plain = || variable("TERM").as_deref() == Some("dumb");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set("NO_COLOR") => false,
        ColorChoice::Auto if is_forced("FORCE_COLOR") || is_forced("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => is_terminal && !is_plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::args::ColorChoice;

    fn auto(variables: &[(&str, &str)], is_terminal: bool) -> bool {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        decide(ColorChoice::Auto, &variable, is_terminal)
    }

    #[test]
    fn a_terminal_gets_colour_and_a_pipe_does_not() {
        assert!(auto(&[], true));
        assert!(!auto(&[], false));
        assert!(!auto(&[("TERM", "dumb")], true));
    }

    #[test]
    fn colour_can_be_forced_and_forbidden() {
        assert!(auto(&[("FORCE_COLOR", "1")], false));
        assert!(auto(&[("CLICOLOR_FORCE", "1")], false));
        assert!(!auto(&[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "")], false));
        assert!(!auto(&[("NO_COLOR", "1")], true));
        assert!(!auto(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true));
        assert!(auto(&[("NO_COLOR", "")], true), "an empty value counts as unset");
    }

    #[test]
    fn the_argument_beats_all_variables() {
        let all = |_: &str| Some("1".to_owned());
        assert!(decide(ColorChoice::Always, &all, false));
        assert!(!decide(ColorChoice::Never, &all, true));
    }
}
