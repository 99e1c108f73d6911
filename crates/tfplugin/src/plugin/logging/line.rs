//! The format of a log line.

use std::time::{SystemTime, UNIX_EPOCH};

use prost_types::Timestamp;
use serde_json::{Map, Value};
use tracing::Level;

/// The host reads lines of less than 64 KiB, with the line feed.
const LIMIT: usize = (64 << 10) - 1;

/// If even values of this length do not fit, there are too many of them.
const SHORTEST: usize = 64;

/// A JSON object and a line feed. Long values are cut.
pub(super) fn format(
    level: Level,
    module: &str,
    time: SystemTime,
    message: String,
    mut fields: Map<String, Value>,
) -> Vec<u8> {
    let level = level.as_str().to_ascii_lowercase();
    for (name, value) in
        [("@level", level), ("@message", message), ("@module", module.to_owned()), ("@timestamp", timestamp(time))]
    {
        fields.insert(name.to_owned(), value.into());
    }
    loop {
        // This cannot fail, since all keys are strings.
        let mut line = serde_json::to_vec(&fields).unwrap_or_default();
        if line.len() < LIMIT {
            line.push(b'\n');
            return line;
        }
        shorten(&mut fields);
    }
}

/// Halves the longest value. If that value is short already, removes all fields except the host's own.
fn shorten(fields: &mut Map<String, Value>) {
    let strings =
        fields.values_mut().filter_map(|value| if let Value::String(text) = value { Some(text) } else { None });
    match strings.max_by_key(|text| text.len()) {
        Some(longest) if longest.len() > SHORTEST => {
            let half = (0..=longest.len() / 2).rev().find(|index| longest.is_char_boundary(*index)).unwrap_or(0);
            longest.truncate(half);
            longest.push('…');
        }
        _ => fields.retain(|name, _| name.starts_with('@')),
    }
}

/// RFC 3339 in UTC with exactly six fractional digits, since the host does not parse another number of them.
fn timestamp(time: SystemTime) -> String {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = Timestamp { seconds: i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX), nanos: 0 }.to_string();
    format!("{}.{:06}Z", seconds.trim_end_matches('Z'), since_epoch.subsec_micros())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parsed(line: &[u8]) -> Map<String, Value> {
        assert!(line.len() < 64 << 10, "{} bytes", line.len());
        assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
        serde_json::from_slice(line).unwrap()
    }

    #[test]
    fn a_timestamp_always_has_six_digits() {
        let at = |nanoseconds| timestamp(UNIX_EPOCH + Duration::new(1_700_000_000, nanoseconds));
        assert_eq!(at(0), "2023-11-14T22:13:20.000000Z");
        assert_eq!(at(5_000_000), "2023-11-14T22:13:20.005000Z");
        assert_eq!(at(123_456_789), "2023-11-14T22:13:20.123456Z");
    }

    #[test]
    fn a_long_message_is_cut() {
        let line = format(Level::INFO, "provider.test", UNIX_EPOCH, "\u{1}é".repeat(100_000), Map::new());
        let message = parsed(&line)["@message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("\u{1}é\u{1}é") && message.ends_with('…'), "{message}");
    }

    #[test]
    fn fields_that_are_too_many_are_left_out() {
        let fields = (0..10_000).map(|number| (format!("field_{number}"), "a value".into())).collect();
        let line = parsed(&format(Level::INFO, "provider.test", UNIX_EPOCH, "hello".to_owned(), fields));
        assert_eq!(line.len(), 4);
        assert_eq!(line["@message"], "hello");
    }
}
