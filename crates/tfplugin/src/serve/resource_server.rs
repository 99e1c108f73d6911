//! The calls about one resource.

use std::sync::Arc;

use redaction::Secrets;

use super::codec::{decode, encode};
use super::diagnostics::attribute_path;
use super::plan;
use super::private::Private;
use super::resource_schema::ResourceSchema;
use super::returned::{Destination, changed_texts, without_secrets};
use super::rpc::caught;
use super::secrets::{Counted, count, unless_ended};
use super::sensitive::remember;
use super::session::Session;
use super::stored;
use super::timeout::timeout;
use super::validate::{validate, write_only_not_allowed};
use crate::author::call::Call;
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::author::provider::{Client, not_known_yet};
use crate::author::resource::{AnyResource, Change, MoveSource};
use crate::author::timeouts::{DefaultTimeouts, describe_defaults};
use crate::cty::Value;
use crate::proto::tfplugin5::{
    ResourceIdentityData, apply_resource_change, generate_resource_config, import_resource_state, move_resource_state,
    plan_resource_change, read_resource, upgrade_resource_identity, upgrade_resource_state,
    validate_resource_type_config,
};

/// A resource and what follows from its schema.
pub(super) struct ResourceServer<C> {
    resource: Box<dyn AnyResource<C>>,
    timeouts: DefaultTimeouts,
    pub(super) schema: Arc<ResourceSchema>,
}

impl<C: Client> ResourceServer<C> {
    pub(super) fn new(resource: Box<dyn AnyResource<C>>) -> Self {
        let timeouts = resource.timeouts();
        let block = describe_defaults(resource.block(), &timeouts.by_name());
        Self { resource, timeouts, schema: Arc::new(ResourceSchema::new(block)) }
    }

    /// The version of the schema: how often the form of the state has changed.
    pub(super) fn schema_version(&self) -> i64 {
        i64::try_from(self.resource.upgraders().len()).unwrap_or(i64::MAX)
    }

    pub(super) fn validate(
        &self,
        request: &validate_resource_type_config::Request,
        secrets: &Secrets,
    ) -> Result<validate_resource_type_config::Response> {
        let config = self.schema.decode_object(request.config.as_ref(), CONFIG, secrets)?;
        let write_only_allowed = request.client_capabilities.is_some_and(|can| can.write_only_attributes_allowed);
        let mut diagnostics = validate(&self.schema.block, &config, write_only_allowed, secrets);
        if !diagnostics.has_errors() {
            diagnostics.append(self.resource.validate(config)?);
        }
        Ok(validate_resource_type_config::Response { diagnostics: diagnostics.into() })
    }

    pub(super) fn upgrade(
        &self,
        request: &upgrade_resource_state::Request,
        secrets: &Secrets,
    ) -> Result<upgrade_resource_state::Response> {
        let state =
            stored::state(&self.schema, self.resource.upgraders(), request.version, request.raw_state.as_ref())?;
        remember(&self.schema.block, &state, secrets);
        let state = plan::refreshed(&self.schema.block, &Value::Null, state);
        Ok(upgrade_resource_state::Response {
            upgraded_state: Some(self.schema.encode(state.clone())?),
            ..Default::default()
        })
    }

    pub(super) fn upgrade_identity(
        &self,
        request: &upgrade_resource_identity::Request,
    ) -> Result<upgrade_resource_identity::Response> {
        let identity = stored::identity(&self.schema, request.version, request.raw_identity.as_ref())?;
        let upgraded_identity =
            Some(ResourceIdentityData { identity_data: Some(encode(&identity, &self.schema.identity_type)?) });
        Ok(upgrade_resource_identity::Response { upgraded_identity, ..Default::default() })
    }

    /// Reads the object, or leaves the state as it is if the provider's configuration is not known yet.
    pub(super) async fn read(
        &self,
        session: &Session<C>,
        request: read_resource::Request,
    ) -> Result<read_resource::Response> {
        if let Some(argument) = session.client.unknown_argument() {
            return Ok(read_resource::Response {
                diagnostics: vec![not_refreshed(argument).into()],
                new_state: request.current_state,
                private: request.private,
                new_identity: request.current_identity,
                ..Default::default()
            });
        }
        let prior = self.schema.decode_object(request.current_state.as_ref(), "the current state", &session.secrets)?;
        self.schema.require_identity(&prior)?;
        let mut private = Private::read(&request.private);
        let mut call = session.ready_call(timeout(&prior, "read", self.timeouts.read))?;
        call.is_import = std::mem::take(&mut private.unread);
        call.notes.clone_from(&private.notes);
        let state = call.warned(self.resource.read(&call, private.trusted(&prior)).await)?;
        let changed = changed_texts(&self.schema.block, &prior, &state);
        for text in Box::pin(private.hashes.matching(&changed)).await {
            session.secrets.remember(&text);
        }
        let destination = if call.is_import { Destination::Import } else { Destination::State };
        let (state, warnings) =
            call.warned(without_secrets(&self.schema.block, &prior, state, destination, &session.secrets))?;
        let state = plan::refreshed(&self.schema.block, &prior, state);
        private.trust_values(&self.schema.block, &state);
        private.note_found(&self.schema.block, &prior, &state);
        Ok(read_resource::Response {
            diagnostics: call.with_warnings(warnings).into(),
            new_state: Some(self.schema.encode(state.clone())?),
            private: private.write(&request.private),
            new_identity: self.schema.identity(&state)?.or(request.current_identity),
            ..Default::default()
        })
    }

    pub(super) async fn plan(
        &self,
        session: &Session<C>,
        request: plan_resource_change::Request,
    ) -> Result<plan_resource_change::Response> {
        let proposed = self.schema.decode_or_null(request.proposed_new_state.as_ref(), &session.secrets)?;
        if proposed.is_null() {
            session.client.ready()?;
            return Ok(plan_resource_change::Response {
                planned_state: request.proposed_new_state,
                planned_private: request.prior_private,
                planned_identity: request.prior_identity,
                ..Default::default()
            });
        }
        let prior = self.schema.decode_or_null(request.prior_state.as_ref(), &session.secrets)?;
        let config = self.schema.decode_object(request.config.as_ref(), CONFIG, &session.secrets)?;
        if prior.is_null() {
            session.client.ready()?;
        }
        // A value that was unknown during validation can be known now, and would get into the plan.
        let write_only_allowed = request.client_capabilities.is_some_and(|can| can.write_only_attributes_allowed);
        let mut write_only = self.schema.block.attributes.iter().filter(|attribute| attribute.write_only);
        if let Some(secret) = write_only.find(|secret| !write_only_allowed && !config.attribute(secret.name).is_null())
        {
            return Err(write_only_not_allowed(secret.name, self.schema.block.other_of(secret.name)).into());
        }
        let defaults = |plan| self.resource.defaults(&session.client, config.clone(), plan);
        let Private { hashes, found, .. } = Private::read(&request.prior_private);
        let changed = Counted::of(&self.schema.block, &config, session).await.changed(&prior, &hashes).await;
        let planned = plan::plan(&self.schema.block, &prior, proposed, &config, &changed, &found, defaults)?;
        let mut warnings = Diagnostics::default();
        if planned.state != prior {
            session.client.ready()?;
            let change = match prior {
                Value::Null => Change::Create,
                prior if planned.requires_replace.is_empty() => Change::Update(prior),
                prior => Change::Replace(prior),
            };
            warnings = self.resource.review(&session.client, config, planned.state.clone(), change)?;
            if warnings.has_errors() {
                return Err(warnings);
            }
        }
        Ok(plan_resource_change::Response {
            diagnostics: warnings.into(),
            planned_state: Some(self.schema.encode(planned.state)?),
            requires_replace: planned.requires_replace.into_iter().map(attribute_path).collect(),
            planned_private: request.prior_private,
            planned_identity: request.prior_identity,
            ..Default::default()
        })
    }

    pub(super) async fn apply(
        &self,
        session: &Session<C>,
        request: apply_resource_change::Request,
    ) -> Result<apply_resource_change::Response> {
        let prior = self.schema.decode_or_null(request.prior_state.as_ref(), &session.secrets)?;
        let mut planned = self.schema.decode_or_null(request.planned_state.as_ref(), &session.secrets)?;
        let config = match planned {
            Value::Null if prior.is_null() => return Err(nothing_to_apply().into()),
            Value::Null => Value::Null,
            _ => self.schema.decode_object(request.config.as_ref(), CONFIG, &session.secrets)?,
        };
        // The private data of a replaced object does not apply to its replacement.
        let mut private = if prior.is_null() { Private::default() } else { Private::read(&request.planned_private) };
        let counted = Counted::of(&self.schema.block, &config, session).await;
        let changed = counted.changed(&prior, &private.hashes).await;
        count(&self.schema.block, &prior, &mut planned, &changed);
        if !prior.is_null() {
            self.schema.require_identity(&prior)?;
        }
        let (state, diagnostics) = if planned.is_null() {
            let call = session.ready_call(timeout(&prior, "delete", self.timeouts.delete))?;
            let (state, diagnostics) = match caught(self.resource.delete(&call, prior.clone())).await {
                Ok(()) => (Value::Null, Diagnostics::default()),
                Err(diagnostics) => (prior, diagnostics),
            };
            (state, call.with_warnings(diagnostics))
        } else {
            let limit = if prior.is_null() {
                timeout(&planned, "create", self.timeouts.create)
            } else {
                timeout(&planned, "update", self.timeouts.update)
            };
            let mut call = session.ready_call(limit)?;
            call.notes.clone_from(&private.notes);
            call.changes = plan::changes(&self.schema.block, &prior, &planned);
            let trusted = private.trusted(&prior);
            let work = caught(self.create_or_update(&call, &prior, trusted, &planned, &config));
            // While the request is in progress, so that the hash takes no additional time.
            let remember = counted.remember(&prior, &changed, &private.hashes);
            let (remembered, result) = tokio::join!(unless_ended(&session.shutdown, remember), work);
            let returned =
                |object| without_secrets(&self.schema.block, &planned, object, Destination::State, &session.secrets);
            let (state, diagnostics) = match result {
                Ok(result) => {
                    private.hashes = remembered;
                    private.note_sent(&self.schema.block, &config, &planned);
                    if plan::changes_object(&self.schema.block, &prior, &planned) {
                        private.trust_all();
                    }
                    let (result, warnings) = call.warned(returned(result))?;
                    call.warn(warnings);
                    let (state, diagnostics, distrusted) = plan::outcome(
                        &self.schema.block,
                        &prior,
                        &planned,
                        result,
                        call.is_adopted(),
                        &session.secrets,
                    );
                    call.distrust(distrusted);
                    let diagnostics = if prior.is_null() { self.naming(&state, diagnostics) } else { diagnostics };
                    (state, diagnostics)
                }
                Err(diagnostics) => match call.kept() {
                    Some(kept) => {
                        let (kept, _) = call.warned(returned(kept))?;
                        let state =
                            plan::outcome(&self.schema.block, &prior, &planned, kept, false, &session.secrets).0;
                        let diagnostics = if prior.is_null() { self.naming(&state, diagnostics) } else { diagnostics };
                        (state, diagnostics)
                    }
                    None => (prior, diagnostics),
                },
            };
            private.distrust(&self.schema.block, &call.distrusted());
            private.notes.append(&mut call.noted());
            (state, call.with_warnings(diagnostics))
        };
        Ok(apply_resource_change::Response {
            new_state: Some(self.schema.encode(state.clone())?),
            private: private.write(&request.planned_private),
            new_identity: self.schema.identity(&state)?.or(request.planned_identity),
            diagnostics: diagnostics.into(),
            ..Default::default()
        })
    }

    /// Finds the object by the ID or identity that the user gave, and checks that it exists. Terraform's own message
    /// about a missing object does not name the place where the provider looked.
    pub(super) async fn import(
        &self,
        session: &Session<C>,
        request: import_resource_state::Request,
    ) -> Result<import_resource_state::Response> {
        let named = match request.identity.and_then(|identity| identity.identity_data) {
            Some(identity) if request.id.is_empty() => {
                self.schema.named_by(&decode(Some(&identity), &self.schema.identity_type)?, &session.secrets)?
            }
            _ => self.resource.import(&request.id)?,
        };
        let named = self.resource.defaults(&session.client, named.clone(), named)?;
        if let Some(unknown) = self.schema.block.identity().find(|part| named.attribute(part.name).is_unknown()) {
            return Err(not_known_yet(unknown.name).into());
        }
        let mut call = session.ready_call(timeout(&named, "read", self.timeouts.read))?;
        call.is_import = true;
        let found = call.warned(self.resource.read(&call, named.clone()).await)?;
        if found.is_null() {
            return call.warned(Err(self.not_found(&request.type_name, &named, &session.secrets).into()));
        }
        remember(&self.schema.block, &found, &session.secrets);
        let imported = import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: Some(self.schema.encode(named.clone())?),
            private: Private::of_unread(),
            identity: self.schema.identity(&named)?,
        };
        let diagnostics = call.with_warnings(Diagnostics::default()).into();
        Ok(import_resource_state::Response { imported_resources: vec![imported], diagnostics, ..Default::default() })
    }

    /// Makes a state from that of another provider's resource, or from that of the same resource under another address of
    /// the provider. Terraform calls this before it configures the provider.
    pub(super) fn move_state(&self, request: &move_resource_state::Request) -> Result<move_resource_state::Response> {
        if request.source_type_name == request.target_type_name {
            return self.move_address(request);
        }
        let json = request.source_state.as_ref().map(|state| state.json.as_slice()).unwrap_or_default();
        let state = serde_json::from_slice(json).unwrap_or_default();
        let source = MoveSource { type_name: &request.source_type_name, state: &state };
        let moved = self.resource.move_state(&source).ok_or_else(|| cannot_move(request, self.resource.move_hint()))?;
        Ok(move_resource_state::Response {
            target_state: Some(self.schema.encode(moved.clone())?),
            target_identity: self.schema.identity(&moved)?,
            target_private: Private::of_unread(),
            ..Default::default()
        })
    }

    /// Passes on what another version of this provider stored.
    fn move_address(&self, request: &move_resource_state::Request) -> Result<move_resource_state::Response> {
        let version = request.source_schema_version;
        let state = stored::state(&self.schema, self.resource.upgraders(), version, request.source_state.as_ref())?;
        self.schema.require_identity(&state)?;
        let state = plan::refreshed(&self.schema.block, &Value::Null, state);
        Ok(move_resource_state::Response {
            target_state: Some(self.schema.encode(state.clone())?),
            target_identity: self.schema.identity(&state)?,
            target_private: request.source_private.clone(),
            ..Default::default()
        })
    }

    /// Generates a configuration for an imported object.
    pub(super) fn generate(
        &self,
        request: &generate_resource_config::Request,
        secrets: &Secrets,
    ) -> Result<generate_resource_config::Response> {
        let state = self.schema.decode_object(request.state.as_ref(), "the state", secrets)?;
        let config = plan::configuration(&self.schema.block, state);
        Ok(generate_resource_config::Response { config: Some(self.schema.encode(config)?), ..Default::default() })
    }

    fn not_found(&self, type_name: &str, named: &Value, secrets: &Secrets) -> Diagnostic {
        let parts = self
            .schema
            .block
            .identity()
            .map(|part| format!("{} = {}", part.name, part.show(named.attribute(part.name), secrets)));
        let detail = format!(
            "The provider found no object with {}. Check each value. A value that is not in the import comes from the \
             provider.",
            parts.collect::<Vec<_>>().join(", ")
        );
        Diagnostic::error(format!("Could not import {type_name}: not found"), detail)
    }

    /// Adds to each error how to import the object with this state. A host may drop a state that comes with an error.
    fn naming(&self, state: &Value, mut diagnostics: Diagnostics) -> Diagnostics {
        if diagnostics.has_errors()
            && let Some(id) = self.resource.import_id(state.clone())
        {
            let import = format!(
                "\n\nThe object exists. If the object is not in the state, import it:\n\nterraform import <address of \
                 this resource> {id}"
            );
            diagnostics.add_to_errors(&import);
        }
        diagnostics
    }

    async fn create_or_update(
        &self,
        call: &Call<'_, C>,
        prior: &Value,
        trusted: Value,
        planned: &Value,
        config: &Value,
    ) -> Result<Value> {
        let plan = plan::with_write_only(&self.schema.block, planned.clone(), config);
        if prior.is_null() {
            self.resource.create(call, plan).await
        } else if plan::changes_object(&self.schema.block, prior, planned) {
            self.resource.update(call, trusted, plan).await
        } else {
            Ok(plan)
        }
    }
}

/// The object that most calls carry, in messages.
const CONFIG: &str = "the configuration";

fn nothing_to_apply() -> Diagnostic {
    Diagnostic::host_fault("The host sent a change without an object: the prior and the planned state are both null.")
}

fn cannot_move(request: &move_resource_state::Request, hint: Option<&str>) -> Diagnostic {
    let move_resource_state::Request { source_type_name, target_type_name, .. } = request;
    let expected = hint.map(|hint| format!("Expected {hint}. ")).unwrap_or_default();
    Diagnostic::error(
        format!("Could not move {source_type_name} to {target_type_name}"),
        format!("{expected}Use an `import` block instead, and a `removed` block for {source_type_name}"),
    )
}

fn not_refreshed(argument: &str) -> Diagnostic {
    Diagnostic::warning(
        "Object not refreshed",
        format!(
            "The provider's `{argument}` is not known until other resources are applied, so the provider could not \
             read the object. The plan uses the values in the state. To read the object, first apply the resources \
             that `{argument}` comes from, for example with `-target`."
        ),
    )
}
