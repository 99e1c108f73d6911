//! Lists for `terraform query`.

use tokio_stream::StreamExt;

use super::*;
use crate::author::call::Answer;
use crate::author::list_resource::Sink;
use crate::proto::tfplugin5::list_resource;

/// Finds three things, and works with Terraform's types.
pub(super) struct AllThings;

impl AnyListResource<World> for AllThings {
    fn type_name(&self) -> &'static str {
        "test_thing"
    }

    fn read_timeout(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn block(&self) -> Block {
        Config::block()
    }

    fn list<'a>(&'a self, call: &'a Call<'a, World>, config: Value, mut sink: Sink) -> Answer<'a, ()> {
        Box::pin(async move {
            for number in ["1", "2", "3"] {
                call.client.calls.fetch_add(1, Ordering::Relaxed);
                let thing = with(existing(config.attribute("place").as_str().unwrap_or("here")), "id", number.into());
                if !sink.send(format!("thing {number}"), &thing).await {
                    return Ok(());
                }
            }
            Err(Diagnostic::error("No more", "than three").into())
        })
    }
}

async fn listed(limit: i64, include_resource_object: bool) -> (Vec<list_resource::Event>, usize) {
    let Fixture { service, calls } = Fixture::new().await;
    let config = Some(encoded(&object(&[("place", "there".into()), ("token", Value::Null)]), &Config::block().ty()));
    let request = list_resource::Request { type_name: name(), config, limit, include_resource_object };
    let events = service.list_resource(Request::new(request)).await.expect("no status").into_inner();
    let events = events.collect::<std::result::Result<_, _>>().await.expect("no status");
    (events, calls.load(Ordering::Relaxed))
}

#[tokio::test]
async fn each_object_that_is_found_becomes_an_event() {
    let (events, _) = listed(0, true).await;
    let names: Vec<_> = events.iter().map(|event| event.display_name.as_str()).collect();
    assert_eq!(names, ["thing 1", "thing 2", "thing 3", ""]);
    assert_eq!(decoded(events[1].resource_object.as_ref()), with(existing("there"), "id", "2".into()));
    assert!(events[1].identity.is_some());
    assert_eq!(summaries(&events[3].diagnostic), ["No more"]);
}

#[tokio::test]
async fn a_list_ends_at_the_limit() {
    let (events, sent) = listed(2, false).await;
    assert_eq!((events.len(), sent), (2, 2));
    assert!(events.iter().all(|event| event.resource_object.is_none() && event.diagnostic.is_empty()));
}
