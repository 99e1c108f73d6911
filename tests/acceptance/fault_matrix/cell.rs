//! A cell of the matrix: one call that meets one fault, in an organization of its own.

use deepslate_emulator::Fault as ApiFault;
use serde_json::Value;
use testkit::{Kind, Objects, Workspace};
use uuid::Uuid;

use super::faults::{Fault, GONE, LATE_LIST, OTHER_ID, UNREAD, empty_list, upserted};

/// Begins the names of resources that are no longer managed when the fault comes, but for their objects.
pub(super) const UNMANAGED: &str = "unmanaged_";

/// What meets a fault: the other half of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    Create,
    Read,
    Update,
    Delete,
    List,
}

/// One call of one kind of resource, and what it meets.
#[derive(Clone)]
pub(super) struct Cell<'a> {
    pub(super) kind: &'static Kind,
    pub(super) call: Call,
    pub(super) fault: &'a Fault,
    /// An organization that no other cell uses.
    pub(super) organization: Uuid,
    /// The name of its resource or data source, and of its file.
    pub(super) name: String,
    /// Whether it needs a process of its own.
    pub(super) alone: bool,
}

// === impl Call ===

impl Call {
    pub(super) const ALL: [Call; 5] = [Call::Create, Call::Read, Call::Update, Call::Delete, Call::List];

    pub(super) fn method(self) -> &'static str {
        match self {
            Call::Create => "POST",
            Call::Read | Call::List => "GET",
            Call::Update => "PUT",
            Call::Delete => "DELETE",
        }
    }

    /// Whether Terraform makes it before it changes anything.
    pub(super) fn only_reads(self) -> bool {
        matches!(self, Call::Read | Call::List)
    }
}

// === impl Cell ===

impl<'a> Cell<'a> {
    /// The cell of this call and the `number`-th fault.
    pub(super) fn new(kind: &'static Kind, call: Call, number: usize, fault: &'a Fault) -> Self {
        let word = format!("{call:?}").to_lowercase();
        let organization = format!("44444444-4444-4444-8444-{:04}{number:08}", call as u8);
        let organization = Uuid::parse_str(&organization).expect("a UUID");
        // A read that others make fail does not show that the object is planned anew.
        let alone = fault.alone || (call == Call::Read && (fault.words == GONE || UNREAD.contains(&fault.words)));
        Cell { kind, call, fault, organization, name: format!("{word}_{number}"), alone }
    }

    /// Its block in the configuration before the fault. What is to be created is not there yet, unless it is another's.
    pub(super) fn before(&self) -> Option<String> {
        match (self.call, self.fault.words) {
            (Call::List, _) | (Call::Create, OTHER_ID) => Some(self.resource(UNMANAGED, self.kind.attributes)),
            (Call::Create, _) => None,
            _ => Some(self.resource("", self.kind.attributes)),
        }
    }

    /// Its block in the configuration that meets the fault. What is to be deleted is not there any more.
    pub(super) fn during(&self) -> Option<String> {
        match self.call {
            Call::Create | Call::Read => Some(self.resource("", self.kind.attributes)),
            Call::Update => Some(self.resource("", self.kind.changed)),
            Call::Delete => None,
            Call::List => self.kind.list.map(|list| {
                let attributes = (list.attributes)(self.organization) + "timeouts {\n  read = \"8s\"\n}\n";
                block("data", list.name, &self.name, &attributes)
            }),
        }
    }

    /// What the API holds of it, by id.
    pub(super) fn objects(&self, workspace: &Workspace) -> Objects {
        (self.kind.objects)(&workspace.api, self.organization)
    }

    /// What Terraform calls it.
    pub(super) fn address(&self) -> String {
        match (self.call, self.kind.list) {
            (Call::List, Some(list)) => format!("data.{}.{}", list.name, self.name),
            _ => format!("{}.{}", self.kind.name, self.name),
        }
    }

    /// Makes the API misbehave in the requests of this cell.
    pub(super) fn meet(&self, workspace: &Workspace) {
        let mut ids = self.objects(workspace).into_keys();
        let effect = match (self.call, self.fault.words) {
            (Call::Read | Call::Update | Call::Delete, GONE) => {
                for id in ids {
                    (self.kind.remove)(&workspace.api, Uuid::parse_str(&id).expect("a UUID"));
                }
                return;
            }
            (Call::Create, OTHER_ID) => upserted(&ids.next().expect("another object")),
            _ => self.fault.effect.clone(),
        };
        let path = format!("/organizations/{}/", self.organization);
        if self.fault.words == LATE_LIST {
            // One list before the create, and the first one after it.
            workspace.api.fault(ApiFault {
                method: Some("GET"),
                path: path.clone(),
                times: Some(2),
                effect: empty_list(),
            });
        }
        workspace.api.fault(ApiFault { method: Some(self.call.method()), path, times: None, effect });
    }

    /// After a healthy apply, the resource has an object with all that is in the state, and no object is left over.
    #[track_caller]
    pub(super) fn assert_healed(&self, workspace: &Workspace) {
        let mut objects = self.objects(workspace);
        let managed = self.state(workspace).map(|state| state["attributes"].clone());
        assert_eq!(managed.is_some(), !matches!(self.call, Call::Delete | Call::List), "{} in the state", self.name);
        if let Some(attributes) = managed {
            let id = attributes["id"].as_str().expect("an id");
            let object = objects.remove(id).unwrap_or_else(|| panic!("{} has no object", self.name));
            for (name, value) in object {
                assert_eq!(attributes[&name], value, "`{name}` of {}", self.name);
            }
        }
        let unmanaged = usize::from(self.before().is_some_and(|block| block.contains(UNMANAGED)));
        assert_eq!(objects.len(), unmanaged, "objects of {} that no resource has", self.name);
    }

    /// The instance in the state.
    pub(super) fn state(&self, workspace: &Workspace) -> Option<Value> {
        let state = workspace.read_state();
        let mut resources = state["resources"].as_array()?.iter();
        let own = resources.find(|resource| resource["type"] == self.kind.name && resource["name"] == *self.name)?;
        Some(own["instances"][0].clone())
    }

    fn resource(&self, prefix: &str, attributes: fn(Uuid, usize) -> String) -> String {
        // Before a create comes a list that may take a quarter of its time, and many come at once.
        let create = if self.alone { "6s" } else { "20s" };
        let timeouts = format!(
            "timeouts {{\n  create = {create:?}\n  read   = \"8s\"\n  update = \"6s\"\n  delete = \"6s\"\n}}\n"
        );
        block(
            "resource",
            self.kind.name,
            &format!("{prefix}{}", self.name),
            &(attributes(self.organization, 0) + &timeouts),
        )
    }
}

fn block(keyword: &str, resource_type: &str, name: &str, lines: &str) -> String {
    format!("{keyword} {resource_type:?} {name:?} {{\n{lines}}}\n")
}
