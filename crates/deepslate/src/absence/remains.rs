//! The values that an update leaves behind: the API need not remove a value that a PUT leaves out.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::Inquiry;
use crate::kinds::{Fields, Item, Kind, Left, differing, kept_keys, to_fields, without_parts};
use crate::objects;

/// The waits between looks at an object whose update was answered without it: a replica may be some seconds behind.
const LOOKS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_millis(1500), Duration::from_secs(2)];

/// What an object still has after an update that left it out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remains {
    /// The parts that are still there.
    pub parts: Vec<Left>,
    /// The keys of JSON fields that are still there, each behind the name of its field.
    pub keys: Vec<String>,
    /// The fields that do not show their new value.
    pub fields: Vec<&'static str>,
}

impl Remains {
    /// Whether the object is as it should be.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.keys.is_empty() && self.fields.is_empty()
    }

    /// The values in `found` that the update should have removed. `left` are the parts that were left out.
    pub(super) fn of<K: Kind>(found: &Item<K>, before: &Fields, wanted: &Fields, left: &[Left]) -> Remains {
        let ids = parts(&found.fields);
        let parts: Vec<_> = left.iter().filter(|left| ids.contains(&left.id)).cloned().collect();
        let ids: Vec<_> = parts.iter().map(|part| part.id).collect();
        let fields = without_parts(found.clone(), &ids).fields;
        let keys = kept_keys::<K>(&fields, before, wanted);
        Remains { parts, keys, fields: differing::<K>(&fields, wanted) }
    }
}

/// The IDs of all parts.
fn parts(fields: &Fields) -> Vec<Uuid> {
    let parts = fields.values().filter_map(Value::as_array).flatten();
    parts.filter_map(|part| part.get("id")?.as_str()?.parse().ok()).collect()
}

/// Looks at an object whose update was answered without it, until it is as it should be or 5 s are over. A look that fails
/// shows nothing.
pub(super) async fn look<K: Kind>(inquiry: Inquiry<'_>, id: Uuid, before: &K, wanted: &K, left: &[Left]) -> Remains {
    let (before, wanted) = (to_fields(before), to_fields(wanted));
    let mut looks = LOOKS.iter();
    loop {
        let remains = match objects::get::<K>(inquiry.target, id).await {
            Ok(item) => Remains::of(&without_parts(item, inquiry.ignored), &before, &wanted, left),
            Err(error) => {
                tracing::debug!("could not verify an update: {error}");
                return Remains::default();
            }
        };
        match looks.next() {
            Some(&wait) if !remains.is_empty() && inquiry.target.operation.wait(wait).await => {}
            _ => return remains,
        }
    }
}
