//! Operations in flight when SIGTERM ends the plugin.

use std::sync::Arc;
use std::time::Duration;

use deepslate_emulator::{Effect, Fault};
use serde_json::{Value, json};
use testkit::Core;
use testkit::core::Object;
use testkit::plugin::{is_cleaned_up, signal, within};
use tokio::time::sleep;

use crate::start_core;

/// Makes the API answer no request of this method any more. The future ends the plugin as soon as one has arrived.
fn end_during(core: &Core, method: &'static str) -> impl Future<Output = ()> + 'static {
    let effect = Effect::Delay(Duration::from_secs(600));
    core.api.fault(Fault { method: Some(method), path: String::new(), times: None, effect });
    core.api.clear_requests();
    let (api, plugin) = (core.api.clone(), core.plugin.pid());
    async move {
        within(async {
            while !api.requests().iter().any(|request| request.method == method) {
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        signal(plugin, "TERM").await;
    }
}

async fn assert_ended(mut core: Core) {
    assert!(Arc::get_mut(&mut core.plugin).expect("nobody shares it").wait().await.success());
    assert!(is_cleaned_up(&core.plugin.handshake.socket));
}

fn config(password: &str) -> Value {
    json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent", "password": password })
}

async fn created(core: &mut Core) -> Object {
    let (object, diagnostics) = core.apply(&Object::default(), &config("hunter2")).await;
    assert_eq!(diagnostics, Vec::<String>::new());
    object
}

#[tokio::test]
async fn a_read_ends_at_once_and_keeps_the_state() {
    let mut core = start_core().await;
    let object = created(&mut core).await;
    let end = end_during(&core, "GET");
    let ((read, diagnostics), ()) = tokio::join!(core.read(&object), end);
    assert!(diagnostics[0].starts_with("ERROR: Could not read SIP credentials: stopped"), "{diagnostics:?}");
    assert_eq!(read.state, object.state);
    assert_ended(core).await;
}

#[tokio::test]
async fn a_create_without_an_answer_says_that_the_object_may_exist() {
    let core = start_core().await;
    let (nothing, config) = (Object::default(), config("hunter2"));
    let end = end_during(&core, "POST");
    let ((object, diagnostics), ()) = tokio::join!(core.apply(&nothing, &config), end);
    assert!(diagnostics[0].starts_with("ERROR: The SIP credentials may exist"), "{diagnostics:?}");
    assert!(diagnostics[0].contains("terraform import"), "{diagnostics:?}");
    assert!(object.state.is_null());
    assert_ended(core).await;
}

#[tokio::test]
async fn an_update_without_an_answer_forgets_the_password() {
    let mut core = start_core().await;
    let object = created(&mut core).await;
    let config = config("hunter3");
    let end = end_during(&core, "PUT");
    let ((updated, diagnostics), ()) = tokio::join!(core.apply(&object, &config), end);
    assert!(diagnostics[0].starts_with("ERROR: Could not update SIP credentials: stopped"), "{diagnostics:?}");
    assert!(updated.state["password"].is_null());
    assert_eq!(updated.state["id"], object.state["id"]);
    assert_ended(core).await;
}
