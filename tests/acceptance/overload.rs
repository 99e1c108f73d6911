//! More at once than the API, or the connections to it, can take.

use std::time::Duration;

use deepslate_emulator::Effect;

use crate::new_workspace;
use testkit::{credentials, for_each_cli};

#[test]
fn a_hundred_calls_at_once() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", "count = 100\nusername = \"agent-${count.index}\""));
        workspace.fault("POST", "", Effect::Delay(Duration::from_millis(100)));
        workspace.succeed(&["apply", "-auto-approve", "-parallelism=100"]);
        assert_eq!((workspace.api.credentials().len(), workspace.received("POST").len()), (100, 100));
        workspace.assert_plan_is_empty();
        workspace.succeed(&["destroy", "-auto-approve", "-parallelism=100"]);
        assert!(workspace.api.credentials().is_empty());
    });
}
