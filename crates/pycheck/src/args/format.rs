//! In which format findings are written, and where to.

use std::path::PathBuf;

use clap::ValueEnum;
use pycheck_report::Format;

/// How findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// With the lines that they speak of
    #[default]
    Full,
    /// One line each
    Concise,
    /// One JSON array
    Json,
    /// One JSON object a line
    JsonLines,
    /// Annotations in a GitHub workflow
    Github,
    /// A report on code quality for GitLab
    Gitlab,
    /// A report of tests, which most CI servers show
    Junit,
    /// SARIF, which hosts of repositories show beside the code
    Sarif,
    /// What reviewdog reads
    Rdjson,
    /// Issues of a run of Azure Pipelines
    Azure,
    /// One line each, as pylint writes it
    Pylint,
}

impl OutputFormat {
    /// Whether an explanation or a table of counts can be written in it.
    pub(crate) fn is_general(self) -> bool {
        matches!(self, Self::Full | Self::Concise | Self::Json)
    }

    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Full => Self::Full,
            OutputFormat::Concise => Self::Concise,
            OutputFormat::Json => Self::Json,
            OutputFormat::JsonLines => Self::JsonLines,
            OutputFormat::Github => Self::Github,
            OutputFormat::Gitlab => Self::Gitlab,
            OutputFormat::Junit => Self::Junit,
            OutputFormat::Sarif => Self::Sarif,
            OutputFormat::Rdjson => Self::Rdjson,
            OutputFormat::Azure => Self::Azure,
            OutputFormat::Pylint => Self::Pylint,
        }
    }
}

/// A file that findings are written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// How.
    pub format: OutputFormat,
    /// The file, as it was given.
    pub path: PathBuf,
}

/// Reads `FORMAT=FILE`.
pub(super) fn output_file(text: &str) -> Result<OutputFile, String> {
    let (format, path) =
        text.split_once('=').ok_or("it should be `FORMAT=FILE`, as in `sarif=report.sarif`")?;
    if path.is_empty() {
        return Err("no file is named after the `=`".to_owned());
    }
    let format = OutputFormat::from_str(format, false).map_err(|_| {
        let names: Vec<String> =
            OutputFormat::value_variants().iter().map(|format| format.name()).collect();
        let near = pycheck_model::nearest(format, names.iter().map(String::as_str));
        let advice = near.map_or_else(
            || format!("the formats are {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        format!("there is no format `{format}`; {advice}")
    })?;
    Ok(OutputFile { format, path: PathBuf::from(path) })
}

#[cfg(test)]
mod tests {
    use super::{OutputFormat, output_file};

    #[test]
    fn a_format_and_a_file_are_told_apart_at_the_first_sign() {
        let read = output_file("json-lines=a=b.txt").unwrap();
        assert_eq!((read.format, read.path.to_str()), (OutputFormat::JsonLines, Some("a=b.txt")));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(output_file("report.sarif").unwrap_err().contains("FORMAT=FILE"));
        assert_eq!(
            output_file("sarf=a").unwrap_err(),
            "there is no format `sarf`; did you mean `sarif`?"
        );
        assert!(output_file("yaml=a").unwrap_err().contains("the formats are full, concise, json"));
        assert!(output_file("json=").unwrap_err().contains("no file"));
    }
}
