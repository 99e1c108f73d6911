//! The traits of a provider and of what it makes of its configuration.

use redaction::Secrets;
use secrecy::SecretString;

use super::data_source::AnyDataSource;
use super::diagnostics::{Diagnostic, Result};
use super::list_resource::AnyListResource;
use super::resource::AnyResource;
use super::schema::Schema;

/// A provider: its configuration and the kinds of objects that it manages.
pub trait Provider: Send + Sync + 'static {
    /// Schema and values of the provider block.
    type Config: Schema;
    /// The client that the configuration becomes.
    type Client: Client;

    /// Makes the client. While Terraform plans, values of the configuration can still be unknown; that is not an error.
    ///
    /// `secrets` has the sensitive values of the configuration, and gets those of all objects as they pass. Secrets from
    /// elsewhere, such as the environment, are added here.
    fn configure(&self, config: Self::Config, terraform_version: &str, secrets: &Secrets) -> Result<Self::Client>;

    /// The resources.
    fn resources(&self) -> Vec<Box<dyn AnyResource<Self::Client>>>;

    /// The data sources.
    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Self::Client>>> {
        Vec::new()
    }

    /// The list resources. Each needs a resource of the same name.
    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Self::Client>>> {
        Vec::new()
    }
}

/// The client through which resources reach their service. One client serves all calls of a connection: those of one
/// provider block in one run of Terraform.
pub trait Client: Send + Sync + 'static {
    /// Returns the argument of the provider block that requests need and whose value is still unknown, if there is one.
    /// The SDK then skips reads while Terraform plans, and refuses to change any object.
    fn unknown_argument(&self) -> Option<&'static str> {
        None
    }

    /// Checks that the configuration has all that requests need. The SDK calls this before each operation on an object, and
    /// for each change that it plans. So a provider without an API key can still plan that there is nothing to do.
    ///
    /// # Errors
    /// If something is missing.
    fn ready(&self) -> Result<(), Diagnostic> {
        Ok(())
    }

    /// Returns a secret that Terraform stores nowhere, that is the same in most runs, and that nobody can guess, such as a
    /// generated API key. With it, the SDK recognizes an unchanged write-only value in a fraction of a millisecond. Without it, or after
    /// the secret changed, this takes a hash of some 13 ms for each value.
    fn lasting_secret(&self) -> Option<&SecretString> {
        None
    }
}

/// The client of a provider that needs none.
impl Client for () {}

/// The error if a request needs an argument of the provider block whose value is still unknown.
pub fn not_known_yet(argument: &str) -> Diagnostic {
    let detail = format!(
        "The provider's `{argument}` is not known until other resources are applied. First apply the resources that \
         it comes from, for example with `-target`."
    );
    Diagnostic::error("The provider is not configured yet", detail)
}
