//! The `timeouts` block, and the timeouts that apply without it.

use std::time::Duration;

use tfplugin_derive::Schema;

use super::attr::Attr;
use super::block::Block;

/// The name of the block, which is not part of the object: it configures the provider.
pub(crate) const TIMEOUTS: &str = "timeouts";

/// The `timeouts` block of a resource. Each limit includes retries and waits.
///
/// A resource declares it as `#[block(max = 1)] timeouts: Attr<Vec<Timeouts>>`. As a single block, Terraform would plan it
/// as present if it is `dynamic` and its `for_each` is unknown, and would refuse that it proves to be absent.
#[derive(Clone, Debug, Default, Schema)]
pub struct Timeouts {
    /// Timeout for creates.
    #[attribute(optional)]
    pub create: Attr<Duration>,
    /// Timeout for reads. A changed value takes effect after the next apply.
    #[attribute(optional)]
    pub read: Attr<Duration>,
    /// Timeout for updates.
    #[attribute(optional)]
    pub update: Attr<Duration>,
    /// Timeout for deletes.
    #[attribute(optional)]
    pub delete: Attr<Duration>,
}

/// The `timeouts` block of a data source, which only reads.
#[derive(Clone, Debug, Default, Schema)]
pub struct ReadTimeout {
    /// Timeout for reads, as a duration such as `90s`, above zero and at most 24 hours.
    #[attribute(optional)]
    pub read: Attr<Duration>,
}

/// The timeouts of a resource's operations that the `timeouts` block does not set.
#[derive(Clone, Copy, Debug)]
pub struct DefaultTimeouts {
    /// Of a create.
    pub create: Duration,
    /// Of a read.
    pub read: Duration,
    /// Of an update.
    pub update: Duration,
    /// Of a delete.
    pub delete: Duration,
}

impl DefaultTimeouts {
    /// The same timeout for all operations.
    #[must_use]
    pub const fn all(timeout: Duration) -> Self {
        Self { create: timeout, read: timeout, update: timeout, delete: timeout }
    }

    /// Each default under the name of its attribute in the `timeouts` block.
    pub(crate) fn by_name(&self) -> [(&'static str, Duration); 4] {
        [("create", self.create), ("read", self.read), ("update", self.update), ("delete", self.delete)]
    }
}

/// Adds the defaults to the descriptions in the `timeouts` block, if there is one.
pub(crate) fn describe_defaults(mut block: Block, defaults: &[(&str, Duration)]) -> Block {
    for nested in block.blocks.iter_mut().filter(|nested| nested.name == TIMEOUTS) {
        for attribute in &mut nested.block.attributes {
            if let Some((_, default)) = defaults.iter().find(|(name, _)| *name == attribute.name) {
                let default = humantime::format_duration(*default);
                attribute.description.to_mut().push_str(&format!(" Default: `{default}`."));
            }
        }
    }
    block
}
