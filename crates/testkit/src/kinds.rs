//! The kinds of resources, for tests that cover all of them.

use std::collections::{BTreeMap, BTreeSet};

use deepslate_emulator::Emulator;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Workspace;
use crate::fixtures::existing;

/// A kind of resource.
pub struct Kind {
    /// The resource's type.
    pub name: &'static str,
    /// The name of one object in messages.
    pub one: &'static str,
    /// The name of several objects in messages.
    pub many: &'static str,
    /// The data source that lists the objects, if there is one.
    pub list: Option<List>,
    /// Creates the objects in an organization that these resources depend on.
    pub prepare: fn(&Emulator, organization: Uuid),
    /// The attributes of resource `number` in an organization. Each number is another object.
    pub attributes: fn(organization: Uuid, number: usize) -> String,
    /// The attributes of the same resource after a change in place.
    pub changed: fn(organization: Uuid, number: usize) -> String,
    /// The objects in an organization.
    pub objects: fn(&Emulator, organization: Uuid) -> Objects,
    /// Changes an object outside of Terraform, so that a read shows it.
    pub drift: fn(&Emulator, id: Uuid),
    /// Deletes an object outside of Terraform.
    pub remove: fn(&Emulator, id: Uuid) -> bool,
}

/// A data source that lists the objects of a kind.
#[derive(Clone, Copy)]
pub struct List {
    /// Its type.
    pub name: &'static str,
    /// The attributes that list all objects of an organization.
    pub attributes: fn(organization: Uuid) -> String,
}

/// Objects by ID, each with all attributes that Terraform sets.
pub type Objects = BTreeMap<String, Map<String, Value>>;

/// All kinds.
pub const KINDS: &[Kind] = &[SIP_CREDENTIALS, SIP_PHONE_NUMBER, ASSISTANT, AGENT, LLM_GENERATION_STRATEGY];

const SIP_CREDENTIALS: Kind = Kind {
    name: "deepslate_sip_credentials",
    one: "SIP credentials",
    many: "SIP credentials",
    list: Some(List { name: "deepslate_sip_credentials_list", attributes: in_organization }),
    prepare: |_, _| {},
    attributes: |organization, number| sip_credentials(organization, number, 5060, "password"),
    changed: |organization, number| sip_credentials(organization, number, 5061, "changed"),
    objects: |api, organization| {
        let own = api.credentials().into_iter().filter(|object| object.organization_id == organization);
        own.map(|object| {
            let attributes = json!({
                "hostname": object.hostname,
                "port": object.port,
                "username": object.username,
                "password": object.password,
                "max_agent_tasks": object.max_agent_tasks,
            });
            (object.id.to_string(), attributes.as_object().cloned().unwrap_or_default())
        })
        .collect()
    },
    drift: |api, id| {
        api.change(id, |object| object.max_agent_tasks += 1);
    },
    remove: Emulator::remove,
};

const SIP_PHONE_NUMBER: Kind = Kind {
    name: "deepslate_sip_phone_number",
    one: "phone number",
    many: "phone numbers",
    list: Some(List {
        name: "deepslate_sip_phone_numbers",
        attributes: |organization| {
            in_organization(organization) + &format!("sip_credentials_id = \"{organization}\"\n")
        },
    }),
    prepare: |api, organization| {
        // A test of phone numbers has one object of SIP credentials. Its ID is that of the organization.
        api.insert(existing(&organization.to_string(), &organization.to_string()));
    },
    attributes: |organization, number| sip_phone_number(organization, number, 0),
    changed: |organization, number| sip_phone_number(organization, number, 1),
    objects: |api, organization| {
        let own = api.phone_numbers().into_iter().filter(|object| object.sip_credentials_id == organization);
        own.map(|object| {
            let attributes = json!({ "phone_number": object.phone_number, "fallback": object.fallback });
            (object.id.to_string(), attributes.as_object().cloned().unwrap_or_default())
        })
        .collect()
    },
    drift: |api, id| {
        api.change_phone_number(id, |object| object.fallback = !object.fallback);
    },
    remove: Emulator::remove_phone_number,
};

const ASSISTANT: Kind = Kind {
    name: "deepslate_assistant",
    one: "assistant",
    many: "assistants",
    list: Some(List { name: "deepslate_assistants", attributes: in_organization }),
    prepare: |_, _| {},
    attributes: |organization, number| assistant(organization, number, "Answer."),
    changed: |organization, number| assistant(organization, number, "Answer at once."),
    objects: |api, organization| {
        let own = api.assistants().into_iter().filter(|object| object.organization_id == organization);
        own.map(|object| {
            let attributes = json!({
                "name": object.fields["name"],
                "system_prompt": object.fields["systemPrompt"],
                "system_prompt_greeting": object.fields["systemPromptGreeting"],
            });
            (object.id.to_string(), attributes.as_object().cloned().unwrap_or_default())
        })
        .collect()
    },
    drift: |api, id| {
        api.change_assistant(id, |object| {
            let parts = object.fields["extensions"].as_array_mut();
            for part in parts.into_iter().flatten() {
                part["parameters"]["number"] = json!("elsewhere");
            }
        });
    },
    remove: Emulator::remove_assistant,
};

const AGENT: Kind = Kind {
    name: "deepslate_agent",
    one: "agent",
    many: "agents",
    list: None,
    prepare: |_, _| {},
    attributes: |organization, number| agent(organization, number, "Call."),
    changed: |organization, number| agent(organization, number, "Call at once."),
    objects: |api, organization| {
        let own = api.agents().into_iter().filter(|object| object.organization_id == organization);
        own.map(|object| {
            let attributes = json!({
                "name": object.fields["name"],
                "system_prompt_template": object.fields["systemPromptTemplate"],
                "user_value_types": object.fields["userValueTypes"],
            });
            (object.id.to_string(), attributes.as_object().cloned().unwrap_or_default())
        })
        .collect()
    },
    drift: |api, id| {
        api.change_agent(id, |object| object.fields["userValueTypes"]["age"] = json!("FLOAT"));
    },
    remove: Emulator::remove_agent,
};

const LLM_GENERATION_STRATEGY: Kind = Kind {
    name: "deepslate_llm_generation_strategy",
    one: "LLM generation strategy",
    many: "LLM generation strategies",
    list: None,
    prepare: |_, _| {},
    attributes: |organization, number| strategy(organization, number, "phonebot-v2.1"),
    changed: |organization, number| strategy(organization, number, "phonebot-v3"),
    objects: |api, organization| {
        let own = api.strategies().into_iter().filter(|object| object.organization_id == organization);
        own.map(|object| {
            let attributes = json!({ "name": object.fields["name"], "type": object.fields["type"] });
            (object.id.to_string(), attributes.as_object().cloned().unwrap_or_default())
        })
        .collect()
    },
    drift: |api, id| {
        api.change_strategy(id, |object| object.fields["parameters"]["voice"]["speed"] = json!(9));
    },
    remove: Emulator::remove_strategy,
};

fn in_organization(organization: Uuid) -> String {
    format!("organization_id = \"{organization}\"\n")
}

/// Two consecutive resources differ only in the extension, so the provider could confuse their objects.
fn assistant(organization: Uuid, number: usize, prompt: &str) -> String {
    format!(
        "organization_id = \"{organization}\"\nname = \"hotline-{}\"\nsystem_prompt = \"{prompt}\"\nsystem_prompt_greeting = \
         \"Greet.\"\nextension {{\n  type = \"transfer\"\n  parameters = jsonencode({{ number = \"{number}\" }})\n}}\n",
        number / 2
    )
}

/// Two consecutive resources differ only in the extension too.
fn agent(organization: Uuid, number: usize, prompt: &str) -> String {
    format!(
        "organization_id = \"{organization}\"\nname = \"caller-{}\"\nsystem_prompt_template = \
         \"{prompt}\"\nuser_value_types = {{\"name\":\"STRING\",\"age\":\"INTEGER\"}}\nextension {{\n  type = \
         \"transfer\"\n  parameters = jsonencode({{ number = \"{number}\" }})\n}}\n",
        number / 2
    )
}

/// Two consecutive resources differ only in the parameters.
fn strategy(organization: Uuid, number: usize, kind: &str) -> String {
    format!(
        "organization_id = \"{organization}\"\nname = \"voice-{}\"\ntype = \"{kind}\"\nparameters = jsonencode({{ voice \
         = {{ voiceId = \"{number}\", speed = 1 }} }})\n",
        number / 2
    )
}

/// Two consecutive resources differ only in the password, so the provider could confuse their objects.
fn sip_credentials(organization: Uuid, number: usize, port: u16, password: &str) -> String {
    format!(
        "organization_id = \"{organization}\"\nhostname = \"sip.example.com\"\nport = {port}\nusername = \
         \"agent-{}\"\npassword = \"{password}-{number}\"\n",
        number / 2
    )
}

fn sip_phone_number(organization: Uuid, number: usize, last: usize) -> String {
    format!(
        "organization_id = \"{organization}\"\nsip_credentials_id = \"{organization}\"\nphone_number = \
         \"+4930{number:06}{last}\"\nfallback = {}\n",
        number.is_multiple_of(2)
    )
}

impl Kind {
    /// Returns a resource with these attributes, named by its number.
    pub fn resource(&self, number: usize, attributes: &str) -> String {
        format!("resource \"{}\" \"number_{number}\" {{\n{attributes}}}\n", self.name)
    }

    /// Asserts that `count` resources are in the state, that each has an object of its own with the same attributes, and that a plan
    /// is empty.
    #[track_caller]
    pub fn assert_managed(&self, workspace: &Workspace, organization: Uuid, count: usize) {
        let state = workspace.state();
        assert_eq!(state.len(), count);
        let mut objects = (self.objects)(&workspace.api, organization);
        for (name, state) in state {
            let id = state["id"].as_str().unwrap_or_default();
            let object =
                objects.remove(id).unwrap_or_else(|| panic!("{name} has no object, or one of another: `{id}`"));
            for (attribute, value) in object {
                assert_eq!(state.get(&attribute), Some(&value), "`{attribute}` of {name}, in the state and at the API");
            }
        }
        workspace.assert_plan_is_empty();
    }

    /// Returns the objects of an organization that are not in the state.
    pub fn orphans(&self, workspace: &Workspace, organization: Uuid) -> Objects {
        let state = workspace.state();
        let managed: BTreeSet<_> = state.iter().filter_map(|(_, state)| state["id"].as_str()).collect();
        let mut objects = (self.objects)(&workspace.api, organization);
        objects.retain(|id, _| !managed.contains(id.as_str()));
        objects
    }
}
