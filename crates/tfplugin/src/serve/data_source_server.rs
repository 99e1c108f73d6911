//! The calls about one data source.

use redaction::Secrets;

use super::codec::{decode_object, encode};
use super::returned::{Destination, without_secrets};
use super::session::Session;
use super::timeout::timeout;
use super::validate::validate;
use crate::author::block::Block;
use crate::author::data_source::AnyDataSource;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::author::provider::Client;
use crate::author::timeouts::describe_defaults;
use crate::cty::{Type, Value};
use crate::proto::tfplugin5::{read_data_source, validate_data_source_config};

/// A data source and what follows from its schema.
pub(super) struct DataSourceServer<C> {
    data_source: Box<dyn AnyDataSource<C>>,
    pub(super) block: Block,
    ty: Type,
}

impl<C: Client> DataSourceServer<C> {
    pub(super) fn new(data_source: Box<dyn AnyDataSource<C>>) -> Self {
        let block = describe_defaults(data_source.block(), &[("read", data_source.read_timeout())]);
        let ty = block.ty();
        Self { data_source, block, ty }
    }

    pub(super) fn validate(
        &self,
        request: &validate_data_source_config::Request,
        secrets: &Secrets,
    ) -> Result<validate_data_source_config::Response> {
        let config = decode_object(request.config.as_ref(), &self.block, &self.ty, "the configuration", secrets)?;
        let mut diagnostics = validate(&self.block, &config, false, secrets);
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
        let config =
            decode_object(request.config.as_ref(), &self.block, &self.ty, "the configuration", &session.secrets)?;
        let call = session.ready_call(timeout(&config, "read", self.data_source.read_timeout()))?;
        let state = call.warned(self.data_source.read(&call, config.clone()).await)?;
        let (state, warnings) =
            call.warned(without_secrets(&self.block, &config, state, Destination::Data, &session.secrets))?;
        let state = as_written(config, state);
        if !state.is_wholly_known() {
            return Err(Diagnostic::bug("A data source left a value unknown").into());
        }
        let diagnostics = call.with_warnings(warnings).into();
        Ok(read_data_source::Response { state: Some(encode(&state, &self.ty)?), diagnostics, ..Default::default() })
    }
}

/// The state with each configured value in the configuration's own spelling.
fn as_written(config: Value, state: Value) -> Value {
    let (Value::Map(config), Value::Map(mut values)) = (config, state) else { return Value::Null };
    values.extend(config.into_iter().filter(|(_, value)| !value.is_null()));
    Value::Map(values)
}
