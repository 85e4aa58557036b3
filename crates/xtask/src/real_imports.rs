//! `cargo xtask real-imports`: whether real packages fail where we say so, and only there.

use anyhow::{Result, anyhow, bail};
use pycheck_project::{Overrides, Request};
use pycheck_test::checked::Checked;
use pycheck_test::oracle::{Module, Prediction};
use pycheck_test::random::Random;

use environment::Environment;

mod compare;
mod environment;
mod oracle;

/// Which modules to import.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many modules to import; without it all, which takes long.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// The seed of the sample.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only modules of these packages; may be given several times.
    #[arg(long = "package", value_name = "NAME")]
    packages: Vec<String>,
}

/// Imports, checks and compares; an error if something was said that is not so.
pub(crate) fn run(options: &Options) -> Result<()> {
    let environment = Environment::prepare()?;
    let modules = options.chosen(environment.modules()?);
    eprintln!("checking all packages");
    let predictions = predictions(&environment)?;
    eprintln!("importing {} modules", modules.len());
    let imports = oracle::import_all(&environment, &modules)?;
    let comparison = compare::compare(&imports, &predictions, &environment.packages);
    println!("{}", comparison.text());
    if !comparison.false_alarms.is_empty() {
        bail!("{} errors in modules that work", comparison.false_alarms.len());
    }
    Ok(())
}

impl Options {
    fn chosen(&self, mut modules: Vec<Module>) -> Vec<Module> {
        let is_wanted = |module: &Module| {
            let package = module.name.split('.').next().unwrap_or_default();
            self.packages.is_empty() || self.packages.iter().any(|name| name == package)
        };
        modules.retain(is_wanted);
        let mut random = Random::new(self.seed);
        let size = self.sample.unwrap_or(modules.len()).min(modules.len());
        for index in 0..size {
            let other = index + random.below(modules.len() - index);
            modules.swap(index, other);
        }
        modules.truncate(size);
        modules
    }
}

fn predictions(environment: &Environment) -> Result<Vec<Prediction>> {
    let packages = environment.packages.clone();
    let request = Request {
        paths: vec![packages.clone()],
        working_directory: packages.clone(),
        overrides: Overrides {
            select: Some(vec!["imports".to_owned()]),
            isolated: true,
            src: vec![packages],
            python: Some(environment.folder.clone()),
            ..Overrides::default()
        },
        ignore_noqa: true,
        ..Request::default()
    };
    let checked = Checked::open_request(request, 2).map_err(|error| anyhow!(error))?;
    Ok(checked.predictions())
}
