//! What a number of objects consists of, for benchmarks and for budgets.

use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Objects of one or several kinds, in a number that the caller decides.
#[derive(Clone, Copy)]
pub struct Workload {
    /// The name in settings and in tables. A template of a configuration has this name too.
    pub name: &'static str,
    /// The layers in the order in which they are created. They are destroyed in the opposite order.
    pub layers: &'static [Layer],
}

/// Objects of one kind, none of which depends on another.
pub struct Layer {
    /// The type of the resource.
    pub resource: &'static str,
    /// Returns the number of objects for a workload of this many.
    pub objects: fn(usize) -> usize,
    /// The object that each depends on, if it does.
    pub parent: Option<Parent>,
    /// Returns the attributes of the object with this number, by the ID of its parent, except the organization.
    attributes: fn(usize, &str) -> Json,
}

/// The object that each object of a layer depends on.
#[derive(Clone, Copy)]
pub struct Parent {
    /// The position of its layer.
    pub layer: usize,
    /// Returns its number there, by the number of the object that depends on it.
    pub number: fn(usize) -> usize,
}

/// All workloads.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "sip_credentials", layers: &[CREDENTIALS] },
    Workload { name: "password_wo", layers: &[Layer { attributes: |number, _| password_wo(number), ..CREDENTIALS }] },
    Workload {
        name: "password_wo_version",
        layers: &[Layer { attributes: |number, _| password_wo_version(number), ..CREDENTIALS }],
    },
    Workload {
        name: "sip_phone_number",
        layers: &[
            Layer { objects: |_| 1, ..CREDENTIALS },
            Layer { parent: Some(Parent { layer: 0, number: |_| 0 }), ..NUMBERS },
        ],
    },
    Workload { name: "accounts", layers: &[CREDENTIALS, NUMBERS] },
    Workload { name: "assistant", layers: &[ASSISTANTS] },
    Workload { name: "agent", layers: &[AGENTS] },
    Workload { name: "llm_generation_strategy", layers: &[STRATEGIES] },
    Workload {
        name: "customer",
        layers: &[
            CREDENTIALS,
            Layer {
                objects: |count| 10 * count,
                parent: Some(Parent { layer: 0, number: |number| number / 10 }),
                ..NUMBERS
            },
            Layer {
                parent: Some(Parent { layer: 1, number: |number| 10 * number }),
                attributes: |number, phone_number| {
                    let mut attributes = assistant(number);
                    attributes["telephone_number_id"] = phone_number.into();
                    attributes
                },
                ..ASSISTANTS
            },
        ],
    },
];

const CREDENTIALS: Layer = Layer {
    resource: "deepslate_sip_credentials",
    objects: |count| count,
    parent: None,
    attributes: |number, _| sip_credentials(number),
};

/// A number for each of the credentials in the layer before.
const NUMBERS: Layer = Layer {
    resource: "deepslate_sip_phone_number",
    objects: |count| count,
    parent: Some(Parent { layer: 0, number: |number| number }),
    attributes: |number, credentials| json!({ "sip_credentials_id": credentials, "phone_number": format!("+4930{number:07}") }),
};

const ASSISTANTS: Layer = Layer {
    resource: "deepslate_assistant",
    objects: |count| count,
    parent: None,
    attributes: |number, _| assistant(number),
};

const AGENTS: Layer = Layer {
    resource: "deepslate_agent",
    objects: |count| count,
    parent: None,
    attributes: |number, _| {
        json!({
            "name": format!("caller-{number}"),
            "system_prompt_template": "You call {{name}} about the order.",
            "user_value_types": { "name": "STRING" },
        })
    },
};

const STRATEGIES: Layer = Layer {
    resource: "deepslate_llm_generation_strategy",
    objects: |count| count,
    parent: None,
    attributes: |number, _| {
        json!({
            "name": format!("voice-{number}"),
            "type": "phonebot-v2.1",
            "parameters": json!({ "temperature": 0.2, "voice": { "speed": 1 } }).to_string(),
        })
    },
};

fn sip_credentials(number: usize) -> Json {
    let mut attributes = without_password(number);
    attributes["password"] = format!("secret-{number}").into();
    attributes
}

fn password_wo(number: usize) -> Json {
    let mut attributes = without_password(number);
    attributes["password_wo"] = format!("secret-{number}").into();
    attributes
}

fn password_wo_version(number: usize) -> Json {
    let mut attributes = password_wo(number);
    attributes["password_wo_version"] = 1.into();
    attributes
}

fn without_password(number: usize) -> Json {
    json!({
        "hostname": "sip.example.com",
        "port": 5060,
        "username": format!("agent-{number}"),
        "max_agent_tasks": 10,
    })
}

fn assistant(number: usize) -> Json {
    json!({
        "name": format!("hotline-{number}"),
        "system_prompt": "You answer the calls of the customers of Acme.",
        "system_prompt_greeting": "Say hello.",
    })
}

impl Workload {
    /// Returns the workload with this name.
    pub fn named(name: &str) -> Option<Self> {
        WORKLOADS.iter().copied().find(|workload| workload.name == name)
    }

    /// Returns the number of objects in a workload of this many.
    pub fn objects(&self, count: usize) -> usize {
        self.layers.iter().map(|layer| (layer.objects)(count)).sum()
    }
}

impl Layer {
    /// Returns the configuration of the object with this number in an organization. `parent` is the ID of its parent, or empty.
    pub fn config(&self, number: usize, parent: &str, organization: Uuid) -> Json {
        let mut config = (self.attributes)(number, parent);
        config["organization_id"] = organization.to_string().into();
        config
    }
}
