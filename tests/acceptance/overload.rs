//! More calls at the same time than the API, or the connections to it, can serve.

use std::collections::BTreeSet;
use std::time::Duration;

use deepslate_emulator::Effect;
use testkit::{ORGANIZATION, credentials, credentials_path, for_each_cli};

use crate::new_workspace;

/// The provider's limit for requests at the same time.
const LIMIT: usize = 32;

#[test]
fn a_hundred_calls_at_once() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let lines = "for_each = toset([for n in range(100) : tostring(n)])\nusername = \"agent-${each.key}\"";
        workspace.write("main", credentials("main", lines));
        workspace.fault("POST", "", Effect::Delay(Duration::from_millis(100)));
        workspace.succeed(&["apply", "-auto-approve", "-parallelism=100"]);
        let names: BTreeSet<_> = workspace.api.credentials().into_iter().map(|object| object.username).collect();
        assert_eq!((names.len(), workspace.api.credentials().len()), (100, 100));
        assert_eq!((workspace.received("GET").len(), workspace.received("POST").len()), (1, 100));
        assert!(workspace.api.requests().iter().all(|request| request.path == credentials_path(ORGANIZATION)));
        workspace.assert_plan_is_empty();
        workspace.succeed(&["destroy", "-auto-approve", "-parallelism=100"]);
        assert!(workspace.api.credentials().is_empty());
        let most = workspace.api.most_requests_at_once();
        // Terraform makes ten calls at once unless it is asked for more.
        assert!((11..=LIMIT).contains(&most), "{most} requests at once");
    });
}
