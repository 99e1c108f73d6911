//! Calls in flight when the plugin ends or panics, with a provider that is slow, does not answer or panics.
#![cfg(unix)]

use std::env;
use std::process::Stdio;

use serde_json::Value;
use testkit::plugin::{channel, is_cleaned_up, signal, within};
use tfplugin::Info;
use tfplugin::plugin::{self, Mode, logging};
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tfplugin::proto::tfplugin5::provider_server::Provider;
use tfplugin::proto::tfplugin5::{get_metadata, get_provider_schema, stop};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

/// What the broken provider panics with.
const SECRET: &str = "hunter2";

/// Logged when a call is in flight.
const IN_FLIGHT: &str = "in flight";

const RUN_TROUBLED_PLUGIN: &str = "RUN_TROUBLED_PLUGIN";

struct Troubled {
    stop: CancellationToken,
}

#[tonic::async_trait]
impl Provider for Troubled {
    /// Slow: answers after a stop.
    async fn get_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        tracing::warn!("{IN_FLIGHT}");
        self.stop.cancelled().await;
        Ok(Response::new(get_provider_schema::Response::default()))
    }

    /// Deaf: never answers.
    async fn get_metadata(
        &self,
        _: Request<get_metadata::Request>,
    ) -> Result<Response<get_metadata::Response>, Status> {
        tracing::warn!("{IN_FLIGHT}");
        std::future::pending().await
    }

    /// Broken.
    async fn stop(&self, _: Request<stop::Request>) -> Result<Response<stop::Response>, Status> {
        panic!("{SECRET}")
    }
}

/// Not a test, but the process that the tests look at: this binary, started by them with `RUN_TROUBLED_PLUGIN`.
#[tokio::test]
async fn troubled_plugin() {
    if env::var_os(RUN_TROUBLED_PLUGIN).is_none() {
        return;
    }
    logging::init(&Info {
        name: "troubled",
        addresses: &["troubled"],
        version: "",
        repository: "",
        crates: &["plugin_end"],
        commands: &[],
    });
    let stop = CancellationToken::new();
    plugin::serve(|| Troubled { stop: stop.clone() }, stop.clone(), Mode::Debug(&["troubled"])).await.unwrap();
}

struct Process {
    child: Child,
    stderr: BufReader<ChildStderr>,
    socket: String,
}

impl Process {
    async fn start() -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "troubled_plugin", "--nocapture"])
            .env(RUN_TROUBLED_PLUGIN, "1")
            .env("TF_LOG", "warn")
            .env("RUST_BACKTRACE", "full")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The test harness speaks first.
        let line = loop {
            let line = within(lines.next_line()).await.unwrap().expect("the process has ended");
            if let Some((_, line)) = line.split_once("TF_REATTACH_PROVIDERS=") {
                break line.to_owned();
            }
        };
        let providers: Value = serde_json::from_str(line.trim_matches('\'')).unwrap();
        let socket = providers["troubled"]["Addr"]["String"].as_str().unwrap().to_owned();
        // The harness has more to say, and must not fail at it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { stderr: BufReader::new(child.stderr.take().unwrap()), child, socket }
    }

    async fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(channel(&self.socket, None).await)
    }

    async fn call_in_flight(&mut self) {
        let mut line = String::new();
        within(self.stderr.read_line(&mut line)).await.unwrap();
        assert!(line.contains(IN_FLIGHT), "{line}");
    }

    async fn terminate(&mut self) {
        signal(self.child.id().unwrap(), "TERM").await;
    }

    /// Waits for the end, and returns what was written to standard error.
    async fn end(&mut self) -> String {
        let mut stderr = String::new();
        within(self.stderr.read_to_string(&mut stderr)).await.unwrap();
        assert!(within(self.child.wait()).await.unwrap().success());
        assert!(is_cleaned_up(&self.socket));
        stderr
    }
}

#[tokio::test]
async fn a_stop_reaches_a_call_in_flight() {
    let mut process = Process::start().await;
    let mut client = process.client().await;
    let call = tokio::spawn(async move { client.get_schema(get_provider_schema::Request {}).await });
    process.call_in_flight().await;
    process.terminate().await;
    within(call).await.unwrap().expect("the answer arrives");
    let stderr = process.end().await;
    assert!(!stderr.contains("still in flight"), "{stderr}");
}

#[tokio::test]
async fn a_call_that_does_not_stop_is_cut_off() {
    let mut process = Process::start().await;
    let mut client = process.client().await;
    let call = tokio::spawn(async move { client.get_metadata(get_metadata::Request {}).await });
    process.call_in_flight().await;
    process.terminate().await;
    let stderr = process.end().await;
    assert!(stderr.contains("still in flight"), "{stderr}");
    assert!(within(call).await.unwrap().is_err());
}

#[tokio::test]
async fn a_panic_shows_its_location_but_not_its_message() {
    let mut process = Process::start().await;
    let status = within(process.client().await.stop(stop::Request {})).await.unwrap_err();
    assert_ne!(status.code(), Code::Unimplemented);
    assert!(!status.message().contains(SECRET));
    process.terminate().await;
    let stderr = process.end().await;
    assert!(stderr.contains("tests/plugin_end.rs:"), "{stderr}");
    assert!(!stderr.contains(SECRET), "{stderr}");
}
