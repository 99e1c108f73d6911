//! The subjects: Terraform's core, our provider, and other providers.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::workload::Workload;
use testkit::{ORGANIZATION, VENDOR};

use crate::Result;

/// The subject that all others are compared with: Terraform's core alone.
pub(crate) const CORE: &str = "terraform_data";

/// The API key. It is long enough that the provider recognizes unchanged write-only passwords by it.
pub(crate) const KEY: &str = "key-of-a-benchmark-8d1f63b2";

/// The workload that other providers are compared with.
pub(crate) const COMPARED: &str = "sip_credentials";

/// One way to manage the objects of a workload.
pub(crate) struct Subject {
    /// As the tables call it.
    pub(crate) name: String,
    /// The plugin; none where core does it alone.
    pub(crate) binary: Option<PathBuf>,
    templates: Templates,
    /// Whether it is a build of this project.
    pub(crate) ours: bool,
}

/// Configurations with placeholders.
enum Templates {
    /// There is just a start to measure.
    None,
    /// Of [`COMPARED`] only.
    File(PathBuf),
    /// Of each workload, by its name. `objects.tf` is that of all others, and `provider.tf` precedes each.
    Folder(&'static str),
}

impl Subject {
    /// Core, ours, `before`, which is another build of ours, and those of `beside`: `name=binary:template` or `name=binary`,
    /// with blanks between them. A template's path, as all others, begins where the program is started.
    pub(crate) fn all(before: &str, beside: &str) -> Result<Vec<Self>> {
        let core = Templates::Folder("benches/templates/terraform_data");
        let ours = |name, binary: &Path| {
            let templates = Templates::Folder("benches/templates/deepslate");
            Result::Ok(Self { ours: true, ..Self::plugin(name, binary, templates)? })
        };
        let mut subjects = vec![
            Self { name: CORE.to_owned(), binary: None, templates: core, ours: false },
            ours("deepslate", &testkit::provider_binary!())?,
        ];
        if !before.is_empty() {
            subjects.push(ours("before", before.as_ref())?);
        }
        for entry in beside.split_whitespace() {
            let (name, rest) = entry
                .split_once('=')
                .ok_or_else(|| format!("`BESIDE`: expected `name=binary:template`, got: {entry}"))?;
            let (binary, templates) = rest
                .split_once(':')
                .map_or((rest, Templates::None), |(binary, template)| (binary, Templates::File(template.into())));
            subjects.push(Self::plugin(name, binary.as_ref(), templates)?);
        }
        Ok(subjects)
    }

    fn plugin(name: &str, binary: &Path, templates: Templates) -> Result<Self> {
        let binary = fs::canonicalize(binary)
            .map_err(|_| format!("`{name}` cannot be measured: {} cannot be read", binary.display()))?;
        Ok(Self { name: name.to_owned(), binary: Some(binary), templates, ours: false })
    }

    /// The configuration that manages a workload of `count` at `url`, in this many organizations; none where there is no such template.
    pub(crate) fn configuration(
        &self,
        workload: &Workload,
        count: usize,
        organizations: usize,
        url: &str,
    ) -> Result<Option<String>> {
        let paths = match &self.templates {
            Templates::File(path) if workload.name == COMPARED && organizations == 1 => vec![path.clone()],
            Templates::None | Templates::File(_) => return Ok(None),
            Templates::Folder(folder) => {
                let path = |name| PathBuf::from(folder).join(name).with_extension("tf");
                let objects = [workload.name, "objects"].map(path).into_iter().find(|path| path.exists());
                let objects = objects.ok_or_else(|| format!("{folder} has no template for `{}`", workload.name))?;
                [path("provider")].into_iter().filter(|path| path.exists()).chain([objects]).collect()
            }
        };
        let mut template = String::new();
        for path in paths {
            template += &fs::read_to_string(&path)
                .map_err(|_| format!("`{}` cannot be measured: {} cannot be read", self.name, path.display()))?;
        }
        let values = [
            ("{{count}}", count.to_string()),
            ("{{organizations}}", organizations.to_string()),
            ("{{url}}", url.to_owned()),
            ("{{key}}", KEY.to_owned()),
            ("{{vendor}}", VENDOR.to_owned()),
            ("{{organization}}", ORGANIZATION.to_owned()),
        ];
        Ok(Some(values.iter().fold(template, |text, (name, value)| text.replace(name, value))))
    }
}

/// The provider's source address, `namespace/type`, in a configuration; none of core's.
pub(crate) fn source(configuration: &str) -> Option<&str> {
    let line = configuration.lines().find(|line| line.trim_start().starts_with("source "))?;
    line.split('"').nth(1)
}
