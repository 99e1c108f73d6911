//! What a data source is, to whoever writes one, and how requests about it are answered.

use super::attr::{AttributeType, Schema};
use super::codec::{decode, encode};
use super::diagnostics::{Diagnostic, Diagnostics, Result};
use super::provider::Client;
use super::resource::{Answer, Call, model};
use super::schema::Block;
use super::session::Session;
use super::timeouts::Operation;
use super::validate::validate;
use crate::cty::{Type, Value};
use crate::proto::tfplugin5::{read_data_source, validate_data_source_config};

/// Something that is read and not managed.
pub trait DataSource: Send + Sync + 'static {
    /// What the provider's configuration was made into.
    type Client: Send + Sync;
    /// Schema and values.
    type Model: Schema + Send;
    /// The name of the data source in HCL.
    const TYPE_NAME: &'static str;

    /// What is wrong with a configuration beyond the rules of its schema. Values may still be unknown.
    fn validate(&self, _config: &Self::Model) -> Diagnostics {
        Diagnostics::default()
    }

    /// Reads what the configuration asks for, and returns it together with the configuration.
    fn read(
        &self,
        call: &Call<'_, Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;
}

/// A data source of any type, in Terraform's terms.
pub trait AnyDataSource<C>: Send + Sync {
    /// The name of the data source in HCL.
    fn type_name(&self) -> &'static str;
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

/// A data source and what its schema comes to.
pub(super) struct RegisteredDataSource<C> {
    data_source: Box<dyn AnyDataSource<C>>,
    pub(super) block: Block,
    ty: Type,
}

impl<C: Client> RegisteredDataSource<C> {
    pub(super) fn new(data_source: Box<dyn AnyDataSource<C>>) -> Self {
        let block = data_source.block();
        let ty = block.ty();
        Self { data_source, block, ty }
    }

    pub(super) fn validate(
        &self,
        request: &validate_data_source_config::Request,
    ) -> Result<validate_data_source_config::Response> {
        let config = decode(request.config.as_ref(), &self.ty)?;
        let mut diagnostics = validate(&self.block, &config, false);
        if !diagnostics.has_errors() {
            diagnostics.append(self.data_source.validate(config)?);
        }
        Ok(validate_data_source_config::Response { diagnostics: diagnostics.into() })
    }

    pub(super) async fn read(
        &self,
        session: &Session<C>,
        request: &read_data_source::Request,
    ) -> Result<read_data_source::Response> {
        let config = decode(request.config.as_ref(), &self.ty)?;
        let call = session.ready_call(Operation::Read.timeout(&config))?;
        let state = self.data_source.read(&call, config).await?;
        if !state.is_wholly_known() {
            return Err(Diagnostic::bug("A data source left a value unknown").into());
        }
        Ok(read_data_source::Response { state: Some(encode(&state, &self.ty)?), ..Default::default() })
    }
}
