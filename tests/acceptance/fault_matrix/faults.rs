//! The faults: one half of the matrix.

use std::sync::Arc;
use std::time::Duration;

use deepslate_emulator::Effect;
use serde_json::{Map, Value, json};
use testkit::faults::{answer, changed_data, page, redirect, refusal, refusal_with};

use super::cell::Call;

/// A fault that every request of a cell meets.
pub(crate) struct Fault {
    /// What happens, as `tests/faults.md` names it.
    pub(crate) words: &'static str,
    /// What the API does.
    pub(crate) effect: Effect,
    /// The calls that it can happen to.
    pub(super) calls: &'static [Call],
    /// Whether its cells need a process each: after a 429, a process holds back all that it sends to that server.
    pub(super) alone: bool,
}

/// After this, a read finds that the object is gone.
pub(super) const GONE: &str = "404 of Deepslate";

/// After these, a warning may say that objects of the kind cannot be read. A process shows it once.
pub(super) const UNREAD: [&str; 2] = [FOREIGN, "405"];

const FOREIGN: &str = "404 of another server";

/// After this, two resources could have one object.
pub(super) const OTHER_ID: &str = "200 with the id of another object";

/// A create may have made its object, and the list shows that only after some seconds.
pub(super) const LATE_LIST: &str = "502 after Deepslate has done the work, and a list that is late";

/// The faults that can happen to a list, except those after which no requests are sent for some time.
pub(crate) fn of_lists() -> impl Iterator<Item = Fault> {
    faults().into_iter().filter(|fault| fault.calls.contains(&Call::List) && !fault.alone)
}

/// All faults.
pub(super) fn faults() -> Vec<Fault> {
    const NEITHER_DELETE_NOR_LIST: &[Call] = &[Call::Create, Call::Read, Call::Update];
    const NO_DELETE: &[Call] = &[Call::Create, Call::Read, Call::Update, Call::List];
    let hour = [("retry-after", "3600")];
    vec![
        fault("the connection breaks before Deepslate has the request", Effect::DropBefore),
        fault("the connection breaks after Deepslate has done the work", Effect::DropAfter),
        fault("no answer", Effect::Delay(Duration::from_secs(3600))),
        fault("an answer that takes too long", Effect::Drip { interval: Duration::from_millis(500) }),
        fault("an answer that breaks off", Effect::Cut),
        fault("400", refusal(400, "what is wrong")),
        fault("401", refusal(401, "what is wrong")),
        fault("403", refusal(403, "what is wrong")),
        fault(GONE, refusal(404, "what is wrong")),
        fault(FOREIGN, page(404)),
        fault("405", refusal(405, "what is wrong")),
        fault("408", page(408)),
        fault("409", refusal(409, "what is wrong")),
        fault("422", refusal(422, "what is wrong")),
        fault("425", page(425)),
        Fault { alone: true, ..fault("429", refusal(429, "what is wrong")) },
        Fault {
            alone: true,
            ..fault("429 with a `Retry-After` of an hour", refusal_with(429, "what is wrong", &hour))
        },
        fault("500", page(500)),
        fault("502", page(502)),
        fault("503", page(503)),
        fault("504", page(504)),
        fault("520", page(520)),
        fault("521", page(521)),
        fault("522", page(522)),
        fault("523", page(523)),
        fault("524", page(524)),
        fault("525", page(525)),
        fault("526", page(526)),
        Fault { calls: &[Call::Create], ..fault(LATE_LIST, after_with(502, "")) },
        fault("a redirect", redirect("https://login.example.com/?session=1")),
        fault("`success: false` with 200", refusal(200, "what is wrong")),
        fault("200 compressed with gzip", Effect::Gzip),
        fault("200 with a byte order mark", Effect::ByteOrderMark),
        fault("200 that is not JSON", Effect::Garble),
        fault("200 with an empty body", after("")),
        fault("200 with a body of 10 MiB", after(&"x".repeat(10 << 20))),
        Fault { calls: NO_DELETE, ..fault("200 with fields of another type", rewrite(all_but_the_id)) },
        Fault { calls: NO_DELETE, ..fault("200 without the id", rewrite(|object| drop(object.remove("id")))) },
        Fault { calls: NEITHER_DELETE_NOR_LIST, ..fault(OTHER_ID, with_id("99999999-9999-4999-8999-999999999999")) },
    ]
}

fn fault(words: &'static str, effect: Effect) -> Fault {
    Fault { words, effect, calls: &Call::ALL, alone: false }
}

/// The work is done, and this is all that comes back.
fn after(body: &str) -> Effect {
    after_with(200, body)
}

fn after_with(status: u16, body: &str) -> Effect {
    match answer(status, "application/json", &[], body) {
        Effect::Answer { status, headers, body } => Effect::AnswerAfter { status, headers, body },
        other => other,
    }
}

/// The work is done, and each object in the answer is changed.
fn rewrite(change: fn(&mut Map<String, Value>)) -> Effect {
    changed_data(move |data| match data {
        Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(change),
        Value::Object(object) => change(object),
        _ => {}
    })
}

fn all_but_the_id(object: &mut Map<String, Value>) {
    let fields = object.iter_mut().filter(|(name, _)| *name != "id");
    fields.for_each(|(_, value)| *value = if value.is_array() { json!(1) } else { json!([]) });
}

/// The work is done, and the answer is about the object with this id.
fn with_id(id: &str) -> Effect {
    let id = id.to_owned();
    changed_data(move |data| data["id"] = json!(id))
}

/// A list that does not show any object yet.
pub(super) fn empty_list() -> Effect {
    Effect::Rewrite(Arc::new(|page| {
        page["data"] = json!([]);
        page["totalElements"] = json!(0);
    }))
}

/// The API returns the object with this ID instead of creating one.
pub(super) fn upserted(id: &str) -> Effect {
    let envelope = json!({ "success": true, "timestamp": "2026-01-01T00:00:00Z", "data": { "id": id } });
    answer(201, "application/json", &[], &envelope.to_string())
}
