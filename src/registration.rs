//! The list of everything that the provider offers.

use tfplugin::{AnyDataSource, AnyListResource, AnyResource, Provider, Result, Secrets};

use crate::agent::Agent;
use crate::assistant::Assistant;
use crate::llm_generation_strategy::LlmGenerationStrategy;
use crate::managed::Registry;
use crate::organization::{OrganizationDataSource, OrganizationsDataSource};
use crate::provider::{Client, Config, configure};
use crate::sip_credentials::SipCredentials;
use crate::sip_phone_number::SipPhoneNumber;

/// The provider `deepslate`.
#[derive(Debug)]
pub struct DeepslateProvider;

/// All kinds of objects that the provider manages.
fn kinds() -> Registry {
    Registry::default()
        .with::<SipCredentials>()
        .with::<SipPhoneNumber>()
        .with::<LlmGenerationStrategy>()
        .with::<Assistant>()
        .with::<Agent>()
}

impl Provider for DeepslateProvider {
    type Config = Config;
    type Client = Client;

    fn configure(&self, config: Config, terraform_version: &str, secrets: &Secrets) -> Result<Client> {
        configure(config, terraform_version, secrets)
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<Client>>> {
        kinds().resources
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Client>>> {
        let mut data_sources = kinds().data_sources;
        data_sources.push(Box::new(OrganizationDataSource));
        data_sources.push(Box::new(OrganizationsDataSource));
        data_sources
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Client>>> {
        kinds().list_resources
    }
}
