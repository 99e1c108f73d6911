//! The provider: its configuration, and all that it offers.

use crate::client::Client;
use crate::config::{self, Config};
use crate::organizations::{OrganizationDataSource, OrganizationsDataSource};
use crate::sip_credentials::SipCredentials;
use crate::sip_credentials::data_source::SipCredentialsDataSource;
use crate::sip_credentials::list_data_source::SipCredentialsListDataSource;
use crate::sip_credentials::list_resource::SipCredentialsListResource;
use crate::sip_phone_number::SipPhoneNumber;
use crate::sip_phone_number::list_data_source::SipPhoneNumbersDataSource;
use crate::sip_phone_number::list_resource::SipPhoneNumberListResource;
use tfplugin::{AnyDataSource, AnyListResource, AnyResource, Provider, Result};

/// The provider `deepslate`.
#[derive(Debug)]
pub struct DeepslateProvider;

impl Provider for DeepslateProvider {
    type Config = Config;
    type Client = Client;

    fn configure(&self, config: Config, terraform_version: &str) -> Result<Client> {
        config::client(config, terraform_version)
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<Client>>> {
        vec![Box::new(SipCredentials), Box::new(SipPhoneNumber)]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Client>>> {
        vec![
            Box::new(SipCredentialsDataSource),
            Box::new(SipCredentialsListDataSource),
            Box::new(SipPhoneNumbersDataSource),
            Box::new(OrganizationDataSource),
            Box::new(OrganizationsDataSource),
        ]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Client>>> {
        vec![Box::new(SipCredentialsListResource), Box::new(SipPhoneNumberListResource)]
    }
}
