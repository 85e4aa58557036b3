//! Options that say whether findings are mended, and which.

use clap::Args;
use pycheck_model::Safety;

/// The heading of these options.
const FIXES: &str = "Fixes";

/// Whether findings are mended, and which.
#[derive(Debug, Clone, Default, Args)]
pub struct FixArgs {
    /// Mend what can be mended safely, and report the rest
    #[arg(long, help_heading = FIXES)]
    pub fix: bool,
    /// With `--fix`, `--fix-only` and `--diff`: apply fixes, too, after which the program may do something else
    #[arg(long, help_heading = FIXES)]
    pub unsafe_fixes: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, help_heading = FIXES, conflicts_with = "statistics")]
    pub diff: bool,
    /// List what was mended
    #[arg(long, help_heading = FIXES)]
    pub show_fixes: bool,
    /// Mend what can be mended safely, and do not report the rest
    #[arg(long, help_heading = FIXES)]
    pub fix_only: bool,
    /// Exit with status 1 if something was mended
    #[arg(long, help_heading = FIXES)]
    pub exit_non_zero_on_fix: bool,
    /// Write comments that suppress what is found
    #[arg(long, help_heading = FIXES, conflicts_with_all = ["fix", "fix_only", "unsafe_fixes"])]
    pub add_ignore: bool,
}

impl FixArgs {
    /// Whether texts are to be mended, be it on paper.
    pub(crate) fn is_wanted(&self) -> bool {
        self.fix || self.fix_only || self.diff || self.add_ignore
    }

    /// The least safe fixes that are applied.
    pub(crate) fn safety(&self) -> Safety {
        if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe }
    }
}
