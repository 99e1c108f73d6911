//! Calls with values as they go over the wire, for any resource. Benchmarks time these, without the conversion from and to JSON.

use tfplugin::proto::tfplugin5::{
    ClientCapabilities, DynamicValue, ResourceIdentityData, apply_resource_change, plan_resource_change, read_resource,
};

use super::{Core, Object};
use crate::core::values::{decode, encode};
use crate::plugin::within;

/// An [`Object`] as it goes over the wire.
#[derive(Clone)]
pub struct WireObject {
    /// Encoded by the type of the resource.
    pub state: Option<DynamicValue>,
    /// The provider's private data.
    pub private: Vec<u8>,
    /// `None` for an object without an identity.
    pub identity: Option<ResourceIdentityData>,
}

impl Core {
    /// Encodes an object.
    pub fn to_wire(&self, object: &Object) -> WireObject {
        WireObject {
            state: Some(encode(&object.state, &self.resource_type())),
            private: object.private.clone(),
            identity: self.identity(&object.identity),
        }
    }

    /// Decodes an object.
    pub fn from_wire(&self, object: WireObject) -> Object {
        Object {
            state: decode(object.state.as_ref(), &self.resource_type()),
            private: object.private,
            identity: self.read_identity(object.identity),
        }
    }

    /// Calls `PlanResourceChange` for a type of resource.
    pub async fn send_plan(
        &self,
        type_name: &str,
        prior: WireObject,
        proposed: DynamicValue,
        config: DynamicValue,
    ) -> plan_resource_change::Response {
        let request = plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: prior.state,
            proposed_new_state: Some(proposed),
            config: Some(config),
            prior_private: prior.private,
            prior_identity: prior.identity,
            client_capabilities: Some(ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() }),
            ..Default::default()
        };
        within(self.client.clone().plan_resource_change(request)).await.unwrap().into_inner()
    }

    /// Calls `ApplyResourceChange` for a type of resource.
    pub async fn send_apply(
        &self,
        type_name: &str,
        prior: WireObject,
        planned: WireObject,
        config: DynamicValue,
    ) -> apply_resource_change::Response {
        let request = apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: prior.state,
            planned_state: planned.state,
            config: Some(config),
            planned_private: planned.private,
            planned_identity: planned.identity,
            ..Default::default()
        };
        within(self.client.clone().apply_resource_change(request)).await.unwrap().into_inner()
    }

    /// Calls `ReadResource` for a type of resource.
    pub async fn send_read(&self, type_name: &str, object: WireObject) -> read_resource::Response {
        let request = read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: object.state,
            private: object.private,
            current_identity: object.identity,
            ..Default::default()
        };
        within(self.client.clone().read_resource(request)).await.unwrap().into_inner()
    }
}
