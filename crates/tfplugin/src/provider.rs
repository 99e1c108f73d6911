//! What a provider is, to whoever writes one.

use super::attr::Schema;
use super::data_source::AnyDataSource;
use super::diagnostics::Result;
use super::list_resource::AnyListResource;
use super::resource::AnyResource;

/// A provider: its configuration, and the kinds of objects that it manages.
pub trait Provider: Send + Sync + 'static {
    /// Schema and values of the provider block.
    type Config: Schema;
    /// What the configuration is made into.
    type Client: Client;

    /// Makes the client. While Terraform plans, values of the configuration may still be unknown; that is no error.
    fn configure(&self, config: Self::Config, terraform_version: &str) -> Result<Self::Client>;

    /// The resources.
    fn resources(&self) -> Vec<Box<dyn AnyResource<Self::Client>>>;

    /// The data sources.
    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Self::Client>>> {
        Vec::new()
    }

    /// The list resources. Each has a resource of the same name.
    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Self::Client>>> {
        Vec::new()
    }
}

/// What resources reach their service through. One serves all calls of a process.
pub trait Client: Send + Sync + 'static {
    /// The argument of the provider block without which no request can be made and whose value is not known yet, if
    /// there is one. The framework then leaves objects unread while planning, and refuses to change any.
    fn waits_for(&self) -> Option<&'static str>;
}
