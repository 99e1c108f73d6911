//! The number of requests for many objects of each kind, which does not depend on the speed of the machine.
//!
//! Each command of Terraform has a process of its own, so nothing that one has learned helps the next.

use std::sync::Arc;

use deepslate_emulator::{Config, Emulator};
use serde_json::json;
use testkit::calls::Calls;
use testkit::workload::{WORKLOADS, Workload};
use testkit::{API_KEY, Core, Plugin};

/// The size of each workload.
const COUNT: usize = 30;

/// One after the other, because what is in progress at the same time decides who needs a request.
const AT_ONCE: usize = 1;

/// A workload, the number of organizations, and the requests of an apply, of a refresh, and of a destroy without a refresh.
///
/// - An apply lists each collection once, so that a new object can be told from others if a response is lost.
/// - A refresh needs one page for a hundred objects, and one GET before it knows that lists are useful. Lists of assistants and agents
///   do not show whole objects, so each object needs a GET.
const BUDGET: &[(&str, usize, [u64; 3])] = &[
    ("sip_credentials", 1, [31, 2, 30]),
    ("sip_credentials", 10, [40, 20, 30]),
    ("password_wo", 1, [31, 2, 30]),
    ("password_wo_version", 1, [31, 2, 30]),
    ("sip_phone_number", 1, [33, 3, 31]),
    ("accounts", 1, [91, 32, 60]),
    ("accounts", 10, [100, 50, 60]),
    ("assistant", 1, [31, 31, 30]),
    ("assistant", 10, [40, 31, 30]),
    ("agent", 1, [31, 31, 30]),
    ("agent", 10, [40, 31, 30]),
    ("llm_generation_strategy", 1, [31, 2, 30]),
    ("llm_generation_strategy", 10, [40, 20, 30]),
    ("customer", 1, [392, 64, 360]),
    ("customer", 10, [410, 82, 360]),
];

#[tokio::test]
async fn each_operation_needs_few_requests() {
    for workload in WORKLOADS {
        assert!(BUDGET.iter().any(|(name, ..)| *name == workload.name), "{} has no budget", workload.name);
    }
    for (name, organizations, budget) in BUDGET {
        let workload = Workload::named(name).expect("a workload");
        assert_eq!(requests(workload, *organizations).await, *budget, "{name} in {organizations} organizations");
    }
}

/// The requests of each operation.
async fn requests(workload: Workload, organizations: usize) -> [u64; 3] {
    let config = Config { api_key: API_KEY.to_owned(), log_requests: false, ..Config::default() };
    let api = Arc::new(Emulator::start(config).expect("the API starts"));
    let (created, ..) = start(&api, workload, organizations).await.create().await.expect("all are created");
    let applied = api.request_count();
    let (read, _) = start(&api, workload, organizations).await.read(created).await.expect("all are read");
    let refreshed = api.request_count() - applied;
    start(&api, workload, organizations).await.destroy(read).await.expect("all are destroyed");
    [applied, refreshed, api.request_count() - applied - refreshed]
}

/// Starts a provider.
async fn start(api: &Arc<Emulator>, workload: Workload, organizations: usize) -> Calls {
    let mut core = Core::connect(Plugin::launch(&testkit::provider_binary!()).await, Arc::clone(api)).await;
    core.configure(API_KEY, &json!({})).await;
    Calls::new(core, workload, COUNT, AT_ONCE, organizations)
}
