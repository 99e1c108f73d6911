//! What a resource is, to whoever writes one.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::attr::{AttributeType, Schema};
use super::diagnostics::{Diagnostic, Diagnostics, Result};
use super::schema::Block;
use crate::cty::Value;

/// A kind of object that Terraform manages.
///
/// The framework does what is the same for all: it validates, plans, keeps to what Terraform demands of states, and
/// turns panics into diagnostics. A resource says what its attributes are (its model) and which calls create, read,
/// update and delete an object.
pub trait Resource: Send + Sync + 'static {
    /// What the provider's configuration was made into.
    type Client: Send + Sync;
    /// Schema and values.
    type Model: Schema + Send;
    /// The name of the resource in HCL.
    const TYPE_NAME: &'static str;

    /// Sets what the provider's configuration gives where the resource's own does not. `plan` holds the proposed
    /// values.
    ///
    /// # Errors
    /// Where neither gives a value that is needed.
    fn defaults(&self, client: &Self::Client, config: &Self::Model, plan: &mut Self::Model) -> Result<()>;

    /// What the user should know of an update that is planned for the object: `prior` is its state, `config` what it is
    /// to become, and `client` what the provider's configuration was made into, perhaps not known yet.
    fn warnings(&self, _client: &Self::Client, _config: &Self::Model, _prior: &Self::Model) -> Diagnostics {
        Diagnostics::default()
    }

    /// Makes the object. `plan` also holds write-only values. What is returned becomes the state.
    fn create(
        &self,
        call: &Call<'_, Self::Client>,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Reads the object; `None` where it is gone. What the service does not return is carried over from the state.
    fn read(
        &self,
        call: &Call<'_, Self::Client>,
        state: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>>> + Send;

    /// Changes the object in place. `plan` also holds write-only values. What is returned becomes the state; where the
    /// update fails, that is the prior state, unless [`Call::keep`] said otherwise.
    fn update(
        &self,
        call: &Call<'_, Self::Client>,
        state: Self::Model,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Destroys the object. That it is gone already is a success.
    fn delete(&self, call: &Call<'_, Self::Client>, state: Self::Model) -> impl Future<Output = Result<()>> + Send;

    /// Takes the id that a user gave to `terraform import` apart. `defaults` then fills in what it leaves open, and the
    /// object is read right afterwards.
    ///
    /// # Errors
    /// Where the id has not the form expected, which the diagnostic shows.
    fn import(&self, id: &str) -> Result<Self::Model>;

    /// Takes over an object that another provider's resource manages, for a `moved` block: what names the object is
    /// enough, since it is read right afterwards. `None` where the source is not one that is known.
    fn take_over(&self, _source: &Source<'_>) -> Option<Self::Model> {
        None
    }
}

/// A resource of another type, to be moved.
pub struct Source<'a> {
    /// Its type: `restapi_object`.
    pub type_name: &'a str,
    /// Its attributes. They may hold secrets.
    pub state: &'a serde_json::Value,
}

/// What one operation has at hand.
#[derive(Debug)]
pub struct Call<'a, C> {
    /// What the provider's configuration was made into.
    pub client: &'a C,
    /// How long the operation may take, from now, all its requests together.
    pub timeout: Duration,
    /// Is cancelled when Terraform asks to stop: waits end, and nothing new is begun.
    pub stop: CancellationToken,
    /// Is cancelled when the process is to end, within 1.5 s, answer included.
    pub shutdown: CancellationToken,
    /// The sensitive values of the object, old and new: no message may show them, whoever wrote it.
    pub secrets: Vec<SecretString>,
    kept: Mutex<Option<Value>>,
    warnings: Mutex<Diagnostics>,
}

impl<'a, C> Call<'a, C> {
    pub(super) fn new(client: &'a C, timeout: Duration, stop: CancellationToken, shutdown: CancellationToken) -> Self {
        Self {
            client,
            timeout,
            stop,
            shutdown,
            secrets: Vec::new(),
            kept: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    pub(super) fn hiding(self, secrets: Vec<SecretString>) -> Self {
        Self { secrets, ..self }
    }

    /// Says what the state is to hold even if the operation fails, or panics, from here on: of a create, the object's
    /// id as soon as there is one; of an update that may have been carried out, nothing that may no longer be true.
    pub fn keep(&self, model: impl Schema) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(model.into_value());
    }

    /// Tells the user something about a read that succeeds, or about a create or an update, whether it succeeds or not.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    /// The warnings, and behind them these.
    pub(super) fn with_warnings(&self, others: Diagnostics) -> Diagnostics {
        let mut all = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        all.append(others);
        all
    }

    pub(super) fn kept(&self) -> Option<Value> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A resource of any type, in Terraform's terms: what the service works with.
pub trait AnyResource<C>: Send + Sync {
    /// The name of the resource in HCL.
    fn type_name(&self) -> &'static str;
    /// The schema.
    fn block(&self) -> Block;
    /// See [`Resource::defaults`].
    fn defaults(&self, client: &C, config: Value, plan: Value) -> Result<Value>;
    /// See [`Resource::warnings`].
    fn warnings(&self, client: &C, config: Value, prior: Value) -> Result<Diagnostics>;
    /// See [`Resource::create`].
    fn create<'a>(&'a self, call: &'a Call<'a, C>, plan: Value) -> Answer<'a, Value>;
    /// See [`Resource::read`]. Null where the object is gone.
    fn read<'a>(&'a self, call: &'a Call<'a, C>, state: Value) -> Answer<'a, Value>;
    /// See [`Resource::update`].
    fn update<'a>(&'a self, call: &'a Call<'a, C>, state: Value, plan: Value) -> Answer<'a, Value>;
    /// See [`Resource::delete`].
    fn delete<'a>(&'a self, call: &'a Call<'a, C>, state: Value) -> Answer<'a, ()>;
    /// See [`Resource::import`].
    fn import(&self, id: &str) -> Result<Value>;
    /// See [`Resource::take_over`].
    fn take_over(&self, source: &Source<'_>) -> Option<Value>;
}

/// What an operation returns in time.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

impl<R: Resource> AnyResource<R::Client> for R {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn block(&self) -> Block {
        R::Model::block()
    }

    fn defaults(&self, client: &R::Client, config: Value, plan: Value) -> Result<Value> {
        let mut plan = model(plan)?;
        Resource::defaults(self, client, &model(config)?, &mut plan)?;
        Ok(plan.into_value())
    }

    fn warnings(&self, client: &R::Client, config: Value, prior: Value) -> Result<Diagnostics> {
        Ok(Resource::warnings(self, client, &model(config)?, &model(prior)?))
    }

    fn create<'a>(&'a self, call: &'a Call<'a, R::Client>, plan: Value) -> Answer<'a, Value> {
        Box::pin(async move { Ok(Resource::create(self, call, model(plan)?).await?.into_value()) })
    }

    fn read<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            Ok(Resource::read(self, call, model(state)?).await?.map_or(Value::Null, AttributeType::into_value))
        })
    }

    fn update<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value, plan: Value) -> Answer<'a, Value> {
        Box::pin(async move { Ok(Resource::update(self, call, model(state)?, model(plan)?).await?.into_value()) })
    }

    fn delete<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value) -> Answer<'a, ()> {
        Box::pin(async move { Resource::delete(self, call, model(state)?).await })
    }

    fn import(&self, id: &str) -> Result<Value> {
        Ok(Resource::import(self, id)?.into_value())
    }

    fn take_over(&self, source: &Source<'_>) -> Option<Value> {
        Resource::take_over(self, source).map(AttributeType::into_value)
    }
}

/// The model of an object's values.
pub(super) fn model<M: Schema>(value: Value) -> Result<M> {
    Ok(M::from_value(value).map_err(Diagnostic::from)?)
}

#[cfg(test)]
mod tests {
    use super::super::attr::Attr;
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let call = Call::new(&(), Duration::ZERO, CancellationToken::new(), CancellationToken::new())
            .hiding(vec!["hunter2".into()]);
        *call.kept.lock().expect("not poisoned") = Some("hunter2".into());
        let shown = format!("{call:?} {:?}", Attr::Known(SecretString::from("hunter2")));
        assert!(shown.contains("REDACTED") && !shown.contains("hunter2"), "{shown}");
    }
}
