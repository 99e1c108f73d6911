use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};

use super::*;

/// The lines that `work` logs at this level.
fn logged(level: LevelFilter, work: impl FnOnce()) -> Vec<Map<String, Value>> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let output = {
        let written = Arc::clone(&written);
        move || Shared(Arc::clone(&written))
    };
    tracing::subscriber::with_default(
        tracing_subscriber::registry().with(Hclog {
            level,
            module: "provider.test".to_owned(),
            targets: &["ours"],
            output,
        }),
        work,
    );
    let written = written.lock().unwrap();
    written.split_inclusive(|byte| *byte == b'\n').map(|line| serde_json::from_slice(line).unwrap()).collect()
}

struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_event_becomes_a_line_with_typed_fields() {
    let lines = logged(LevelFilter::TRACE, || {
        tracing::warn!(number = -5, ratio = 0.5, yes = true, text = "a\nb", shown = %7, "hello {}", "you");
    });
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(line["@level"], "warn");
    assert_eq!(line["@message"], "hello you");
    assert_eq!(line["@module"], "provider.test");
    assert_eq!(line["number"], -5);
    assert_eq!(line["ratio"], 0.5);
    assert_eq!(line["yes"], true);
    assert_eq!(line["text"], "a\nb");
    assert_eq!(line["shown"], "7");
}

#[test]
fn no_field_can_take_the_place_of_the_hosts_own() {
    let lines = logged(LevelFilter::TRACE, || {
        let _span = tracing::info_span!("outer", "@module" = 2).entered();
        tracing::info!("@message" = 1, "@level" = 2, "@timestamp" = 3, "@@message" = 4, "kept");
        tracing::info!(message = 5);
    });
    assert_eq!(lines[0]["@message"], "kept");
    assert_eq!(lines[1]["@message"], "5");
    for line in &lines {
        assert_eq!(line["@level"], "info");
        assert_eq!(line["@module"], "provider.test");
        assert!(line["@timestamp"].is_string());
    }
}

#[test]
fn a_line_has_the_fields_of_the_spans_around_it() {
    let lines = logged(LevelFilter::WARN, || {
        let _outer = tracing::info_span!("outer", both = "outer", tf_rpc = "ReadResource").entered();
        let inner = tracing::info_span!("inner", both = "inner", later = tracing::field::Empty).entered();
        inner.record("later", 3);
        tracing::error!("failed");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["tf_rpc"], "ReadResource");
    assert_eq!(lines[0]["both"], "inner");
    assert_eq!(lines[0]["later"], 3);
}

#[test]
fn only_warnings_of_dependencies_are_shown() {
    let lines = logged(LevelFilter::TRACE, || {
        tracing::info!(target: "h2::codec", "a frame with a password");
        tracing::warn!(target: "h2::codec", "a warning");
        let _span = tracing::error_span!(target: "hyper", "span", payload = "secret").entered();
        tracing::trace!("ours");
    });
    let messages: Vec<_> = lines.iter().map(|line| line["@message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["a warning", "ours"]);
    assert!(!lines[1].contains_key("payload"));
}

#[test]
fn lines_below_the_log_level_are_left_out() {
    let events = || {
        tracing::error!("error");
        tracing::warn!("warn");
        tracing::info!("info");
        tracing::debug!("debug");
        tracing::trace!("trace");
    };
    for (level, count) in
        [(LevelFilter::OFF, 0), (LevelFilter::ERROR, 1), (LevelFilter::INFO, 3), (LevelFilter::TRACE, 5)]
    {
        assert_eq!(logged(level, events).len(), count, "{level}");
    }
}

#[test]
fn the_most_special_variable_decides_the_level() {
    let of = |variables: &[(&str, &str)]| {
        level("test", |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(of(&[]), LevelFilter::WARN);
    assert_eq!(of(&[("TF_LOG", "INFO")]), LevelFilter::INFO);
    assert_eq!(of(&[("TF_LOG", "json")]), LevelFilter::TRACE);
    assert_eq!(of(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")]), LevelFilter::OFF);
    assert_eq!(of(&[("TF_LOG_PROVIDER", "debug"), ("TF_LOG_PROVIDER_TEST", "error")]), LevelFilter::ERROR);
    assert_eq!(of(&[("TF_LOG_PROVIDER", ""), ("TF_LOG", "debug")]), LevelFilter::DEBUG);
    assert_eq!(of(&[("RUST_LOG", "trace")]), LevelFilter::WARN);
}
