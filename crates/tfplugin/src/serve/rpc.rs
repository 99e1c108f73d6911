//! What surrounds every call: the span of its log lines, its duration, and a net for panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use redaction::Secrets;
use tonic::{Response, Status};
use tracing::Instrument;

use super::diagnostics::finish;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::proto::tfplugin5;

/// A response that can carry diagnostics.
pub(super) trait Diagnosed {
    fn diagnostics(&mut self) -> &mut Vec<tfplugin5::Diagnostic>;
}

/// Answers one call. If the work fails or panics, the answer is `otherwise` with the diagnostics: Terraform removes from
/// the state what a response leaves out. The answer is never a gRPC status, since Terraform shows one badly.
pub(super) async fn answer<R: Diagnosed>(
    name: &'static str,
    type_name: &str,
    secrets: &Secrets,
    otherwise: R,
    work: impl Future<Output = Result<R>>,
) -> Result<Response<R>, Status> {
    let answer = async {
        let mut answer = match caught(work).await {
            Ok(answer) => answer,
            Err(diagnostics) => {
                let mut answer = otherwise;
                answer.diagnostics().extend(Vec::from(diagnostics));
                answer
            }
        };
        finish(answer.diagnostics(), secrets);
        answer
    };
    Ok(Response::new(logged(name, type_name, answer).await))
}

/// Does the work of one call in a span whose fields are part of each log line, and logs the duration.
pub(super) async fn logged<T>(name: &'static str, type_name: &str, work: impl Future<Output = T>) -> T {
    let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid();
    let span = tracing::info_span!("rpc", tf_rpc = name, tf_req_id = %id, tf_resource_type = tracing::field::Empty);
    if !type_name.is_empty() {
        span.record("tf_resource_type", type_name);
    }
    let work = async {
        let started = Instant::now();
        let outcome = work.await;
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(tf_req_duration_ms = milliseconds, "served request");
        outcome
    };
    work.instrument(span).await
}

/// Does the work and turns a panic into an error. The message of the panic is not shown, since it may hold a secret.
pub(super) async fn caught<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        Err(Diagnostic::bug(
            "The provider panicked. Its log shows the place in the code (`TF_LOG=error`). Other operations are not \
             affected. If this operation was a create or a change, it may have been applied even if the state does \
             not show it.",
        )
        .into())
    })
}

macro_rules! diagnosed {
    ($($message:ident),* $(,)?) => {$(
        impl Diagnosed for tfplugin5::$message::Response {
            fn diagnostics(&mut self) -> &mut Vec<tfplugin5::Diagnostic> {
                &mut self.diagnostics
            }
        }
    )*};
}

diagnosed!(
    apply_resource_change,
    configure,
    generate_resource_config,
    get_provider_schema,
    get_resource_identity_schemas,
    import_resource_state,
    move_resource_state,
    plan_resource_change,
    prepare_provider_config,
    read_data_source,
    read_resource,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_data_source_config,
    validate_list_resource_config,
    validate_resource_type_config,
);
