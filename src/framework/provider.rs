//! What a provider is, to whoever writes one.

use super::attr::Model;
use super::diagnostics::Result;
use super::resource::AnyResource;

/// A provider: its configuration, and the kinds of objects that it manages.
pub trait Provider: Send + Sync + 'static {
    /// Schema and values of the provider block.
    type Config: Model;
    /// What the configuration is made into.
    type Client: Client;

    /// Makes the client. While Terraform plans, values of the configuration may still be unknown; that is no error.
    fn configure(&self, config: Self::Config, terraform_version: &str) -> Result<Self::Client>;

    /// The resources.
    fn resources(&self) -> Vec<Box<dyn AnyResource<Self::Client>>>;
}

/// What resources reach their service through. One serves all calls of a process.
pub trait Client: Send + Sync + 'static {
    /// The argument of the provider block without which no request can be made and whose value is not known yet, if there is one.
    /// The framework then leaves objects unread while planning, and refuses to change any.
    fn waits_for(&self) -> Option<&'static str>;
}
