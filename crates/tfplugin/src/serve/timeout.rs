//! The time limit of one operation.

use std::time::Duration;

use crate::author::attribute_type::AttributeType;
use crate::author::timeouts::TIMEOUTS;
use crate::cty::Value;

/// The limit in the `timeouts` block of a configuration or a state, or else the default.
pub(super) fn timeout(object: &Value, operation: &str, default: Duration) -> Duration {
    let timeouts = match object.attribute(TIMEOUTS) {
        Value::List(blocks) => blocks.first().unwrap_or(&Value::Null),
        block => block,
    };
    Duration::from_value(timeouts.attribute(operation).clone()).unwrap_or(default)
}
