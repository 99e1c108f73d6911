//! What the SDK has to know of a provider to serve it.

/// What the SDK has to know of a provider to serve it.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name: the last part of its addresses, and of the name of its binary, `terraform-provider-<name>`.
    pub name: &'static str,
    /// Its addresses, such as `registry.terraform.io/hashicorp/random`: one for each registry.
    pub addresses: &'static [&'static str],
    /// Its version, such as `1.2.3`.
    pub version: &'static str,
    /// The URL of its repository, where users report bugs.
    pub repository: &'static str,
    /// The crates that are part of the provider, such as `env!("CARGO_CRATE_NAME")`. All their log lines are shown. Other
    /// crates show warnings and errors only.
    pub crates: &'static [&'static str],
    /// The commands that the provider's `main` adds, for the text of `--help`: each with what it does.
    pub commands: &'static [(&'static str, &'static str)],
}
