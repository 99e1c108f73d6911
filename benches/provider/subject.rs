//! The subjects: Terraform's core, our provider, and other providers.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::{API_KEY, ORGANIZATION, VENDOR};

use crate::Result;

/// The subject that all others are compared with: Terraform's core alone.
pub(crate) const CORE: &str = "terraform_data";

/// The configuration of our own builds.
const OURS: &str = "benches/templates/deepslate.tf";

/// One way to manage SIP credentials.
pub(crate) struct Subject {
    /// As the tables call it.
    pub(crate) name: String,
    /// The plugin; none where core does it alone.
    pub(crate) binary: Option<PathBuf>,
    /// The configuration, with placeholders; none where there is just a start to measure.
    template: Option<String>,
    /// Whether it is a build of this project.
    pub(crate) ours: bool,
}

impl Subject {
    /// Core, ours, `before`, which is another build of ours, and those of `beside`: `name=binary:template` or `name=binary`,
    /// with blanks between them. A template's path, as all others, begins where the program is started.
    pub(crate) fn all(before: &str, beside: &str) -> Result<Vec<Self>> {
        let binary = testkit::provider_binary!();
        let core = fs::read_to_string("benches/templates/terraform_data.tf")?;
        let core = Self { name: CORE.to_owned(), binary: None, template: Some(core), ours: false };
        let mut subjects = vec![core, Self { ours: true, ..Self::plugin("deepslate", &binary, Some(OURS))? }];
        if !before.is_empty() {
            subjects.push(Self { ours: true, ..Self::plugin("deepslate before", before.as_ref(), Some(OURS))? });
        }
        for entry in beside.split_whitespace() {
            let (name, rest) = entry
                .split_once('=')
                .ok_or_else(|| format!("`BESIDE`: expected `name=binary:template`, got: {entry}"))?;
            let (binary, template) =
                rest.split_once(':').map_or((rest, None), |(binary, template)| (binary, Some(template)));
            subjects.push(Self::plugin(name, binary.as_ref(), template)?);
        }
        Ok(subjects)
    }

    fn plugin(name: &str, binary: &Path, template: Option<&str>) -> Result<Self> {
        let missing = |path: &Path| format!("`{name}` cannot be measured: {} cannot be read", path.display());
        let template = template.map(|path| fs::read_to_string(path).map_err(|_| missing(path.as_ref()))).transpose()?;
        let binary = fs::canonicalize(binary).map_err(|_| missing(binary))?;
        Ok(Self { name: name.to_owned(), binary: Some(binary), template, ours: false })
    }

    /// The configuration that manages `count` objects of the API at `url`; none where there is just a start to measure.
    pub(crate) fn configuration(&self, count: usize, url: &str) -> Option<String> {
        let values = [
            ("{{count}}", count.to_string().as_str()),
            ("{{url}}", url),
            ("{{key}}", API_KEY),
            ("{{vendor}}", VENDOR),
            ("{{organization}}", ORGANIZATION),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let template = self.template.clone()?;
        Some(values.iter().fold(template, |text, (name, value)| text.replace(name, value)))
    }

    /// The provider's source address, `namespace/type`, as the configuration has it; none of core's.
    pub(crate) fn source(&self) -> Option<&str> {
        let line = self.template.as_ref()?.lines().find(|line| line.trim_start().starts_with("source "))?;
        line.split('"').nth(1)
    }
}
