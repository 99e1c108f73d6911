//! What a user writes in HCL.
//!
//! # Layout
//! - `sip_credentials`: a file per resource, which says what the object is and what create, read, update and delete do
//! - `config`: the provider block; `client`: what it is made into
//! - `organization`: `vendor_id` and `organization_id`, which all resources share; `hostname`: a type of attribute
//! - `takeover`: objects that other providers manage, for `moved` blocks
//! - `errors`: the API's errors as diagnostics

mod client;
mod config;
mod errors;
mod hostname;
mod organization;
mod sip_credentials;
mod takeover;

use self::client::Client;
use self::config::Config;
use self::sip_credentials::SipCredentials;
use self::sip_credentials::data_source::SipCredentialsDataSource;
use self::sip_credentials::list_data_source::SipCredentialsListDataSource;
use self::sip_credentials::list_resource::SipCredentialsListResource;
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
        vec![Box::new(SipCredentials)]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Client>>> {
        vec![Box::new(SipCredentialsDataSource), Box::new(SipCredentialsListDataSource)]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Client>>> {
        vec![Box::new(SipCredentialsListResource)]
    }
}
