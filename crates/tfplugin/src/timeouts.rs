//! The `timeouts` block: how long each operation on a resource or data source may take.

use std::time::Duration;

use tfplugin_derive::Schema;

use super::attr::{Attr, AttributeType};
use crate::cty::Value;

/// How long each operation may take, retries and waits included.
#[derive(Clone, Debug, Default, Schema)]
pub struct Timeouts {
    /// How long creating may take, as a duration such as `90s`, above zero and of at most 24 hours. Default: `5m`.
    #[attribute(optional)]
    pub create: Attr<Duration>,
    /// How long reading may take, as the state of the last apply has it. Default: `2m`.
    #[attribute(optional)]
    pub read: Attr<Duration>,
    /// How long updating may take. Default: `5m`.
    #[attribute(optional)]
    pub update: Attr<Duration>,
    /// How long deleting may take. Default: `5m`.
    #[attribute(optional)]
    pub delete: Attr<Duration>,
}

/// How long a data source may take, which does nothing but read.
#[derive(Clone, Debug, Default, Schema)]
pub struct ReadTimeout {
    /// How long reading may take, as a duration such as `90s`, above zero and of at most 24 hours. Default: `2m`.
    #[attribute(optional)]
    pub read: Attr<Duration>,
}

/// An operation that has a timeout of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

impl Operation {
    /// Its timeout: from the `timeouts` block of a configuration or state, else the default.
    pub(super) fn timeout(self, object: &Value) -> Duration {
        let (name, default) = match self {
            Self::Create => ("create", Duration::from_secs(5 * 60)),
            Self::Read => ("read", Duration::from_secs(2 * 60)),
            Self::Update => ("update", Duration::from_secs(5 * 60)),
            Self::Delete => ("delete", Duration::from_secs(5 * 60)),
        };
        Duration::from_value(object.attribute("timeouts").attribute(name).clone()).unwrap_or(default)
    }
}
