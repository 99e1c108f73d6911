//! What the client logs.

use std::fmt::{self, Write};
use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::server::json;
use super::*;

/// Notes the events of this crate, each on a line.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // The time is another each time.
        if field.name() != "duration_ms" {
            write!(self.0, "{}={value:?} ", field.name()).expect("memory");
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Notes {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().contains("deepslate") {
            let mut notes = self.0.lock().expect("not poisoned");
            write!(notes, "{} ", event.metadata().level()).expect("memory");
            event.record(&mut Line(&mut notes));
            notes.push('\n');
        }
    }
}

#[tokio::test]
async fn one_event_an_attempt_without_headers_or_bodies() {
    let notes = Notes::default();
    // While there is one subscriber only, `tracing` asks the first thread that comes to an event whether a subscriber is
    // interested, and keeps the answer for all threads. That thread may be another test's.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(notes.clone()));
    let server = server_for_create([json("429 ", r#"{"success":false}"#), json("200 OK", FOUND)]).await;
    let created = collection_of(&server).create(&operation(), &request()).await;
    assert_eq!(created.expect("created").id, ID);
    let line = |method: &str, query: &str, status: u16, attempt: u32| {
        format!(
            "DEBUG message=request to Deepslate http_method=\"{method}\" http_path=\"{COLLECTION}{query}\" \
             http_status={status} attempt={attempt} \n"
        )
    };
    let expected =
        [line("GET", "?page=0&size=100&sort=id,asc", 200, 1), line("POST", "", 429, 1), line("POST", "", 200, 2)]
            .concat();
    assert_eq!(*notes.0.lock().expect("not poisoned"), expected);
}
