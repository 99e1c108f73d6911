//! The traits of a data source: the one to implement, and the one in Terraform's types that the server works with.

use std::time::Duration;

use super::attribute_type::AttributeType;
use super::block::Block;
use super::call::{Answer, Call};
use super::diagnostics::{Diagnostics, Result};
use super::resource::model;
use super::schema::Schema;
use crate::cty::Value;

/// Data that Terraform reads and does not manage.
pub trait DataSource: Send + Sync + 'static {
    /// The client that the provider made from its configuration.
    type Client: Send + Sync;
    /// Schema and values.
    type Model: Schema + Send;
    /// The name of the data source in HCL.
    const TYPE_NAME: &'static str;
    /// The timeout of a read that the `timeouts` block does not set.
    const READ_TIMEOUT: Duration;

    /// Checks a configuration beyond the rules of its schema. Values can still be unknown.
    fn validate(&self, _config: &Self::Model) -> Diagnostics {
        Diagnostics::default()
    }

    /// Reads the data that the configuration asks for, and returns it together with the configuration.
    fn read(
        &self,
        call: &Call<'_, Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;
}

/// A data source in Terraform's types, which is what the server works with. Each [`DataSource`] is one.
pub trait AnyDataSource<C>: Send + Sync {
    /// The name of the data source in HCL.
    fn type_name(&self) -> &'static str;
    /// See [`DataSource::READ_TIMEOUT`].
    fn read_timeout(&self) -> Duration;
    /// The schema.
    fn block(&self) -> Block;
    /// See [`DataSource::validate`].
    fn validate(&self, config: Value) -> Result<Diagnostics>;
    /// See [`DataSource::read`].
    fn read<'a>(&'a self, call: &'a Call<'a, C>, config: Value) -> Answer<'a, Value>;
}

impl<D: DataSource> AnyDataSource<D::Client> for D {
    fn type_name(&self) -> &'static str {
        D::TYPE_NAME
    }

    fn read_timeout(&self) -> Duration {
        D::READ_TIMEOUT
    }

    fn block(&self) -> Block {
        D::Model::block()
    }

    fn validate(&self, config: Value) -> Result<Diagnostics> {
        Ok(DataSource::validate(self, &model(config)?))
    }

    fn read<'a>(&'a self, call: &'a Call<'a, D::Client>, config: Value) -> Answer<'a, Value> {
        Box::pin(async move { Ok(DataSource::read(self, call, model(config)?).await?.into_value()) })
    }
}
