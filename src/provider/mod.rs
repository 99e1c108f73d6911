//! What a user writes in HCL.
//!
//! # Layout
//! - `sip_credentials`, `sip_phone_number`: a file per resource, which says what the object is and what create, read, update and delete do
//! - `config`: the provider block; `client`: what it is made into
//! - `organization`: `vendor_id` and `organization_id`, which all resources share; `hostname`, `phone_number`: types of attributes
//! - `organizations`: data sources that find an organization
//! - `takeover`: objects that other providers manage, for `moved` blocks
//! - `errors`: the API's errors as diagnostics

mod client;
mod config;
mod errors;
mod hostname;
mod organization;
mod organizations;
mod phone_number;
mod sip_credentials;
mod sip_phone_number;
mod takeover;

use self::client::Client;
use self::config::Config;
use self::organizations::{OrganizationDataSource, OrganizationsDataSource};
use self::sip_credentials::SipCredentials;
use self::sip_credentials::data_source::SipCredentialsDataSource;
use self::sip_credentials::list_data_source::SipCredentialsListDataSource;
use self::sip_credentials::list_resource::SipCredentialsListResource;
use self::sip_phone_number::SipPhoneNumber;
use self::sip_phone_number::list_data_source::SipPhoneNumbersDataSource;
use self::sip_phone_number::list_resource::SipPhoneNumberListResource;
use crate::framework::{AnyDataSource, AnyListResource, AnyResource, Provider, Result};

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
