//! Write-only attributes and their versions.

use super::*;

/// A thing in the state whose key was set once.
fn keyed(version: i64) -> Value {
    with(existing("here"), "key_version", version.into())
}

#[tokio::test]
async fn a_changed_write_only_value_is_noticed_by_its_hash() {
    let fixture = Fixture::new().await;
    let (old, new) = (thing(&[("key", "hunter2".into())]), thing(&[("key", "hunter3".into())]));
    let planned = with(keyed(1), "revision", Value::Unknown);
    let created = fixture.apply(&Value::Null, &with(planned, "id", Value::Unknown), &old).await;
    assert_eq!(decoded(created.new_state.as_ref()), keyed(1));
    let private = created.private;
    assert!(!private.is_empty() && !String::from_utf8_lossy(&private).contains("hunter2"));

    let version = async |private: &[u8], config: &Value| {
        let plan = fixture.plan_with(private, &keyed(1), config).await;
        decoded(plan.planned_state.as_ref()).attribute("key_version").clone()
    };
    assert_eq!(version(&private, &old).await, 1.into());
    assert_eq!(version(&private, &new).await, Value::Unknown, "only apply sees the last value");
    assert_eq!(version(b"", &old).await, Value::Unknown, "what is not known to be the same is set once");
    assert_eq!(version(&private, &with(old.clone(), "size", 4.into())).await, Value::Unknown);
    assert_eq!(version(&private, &with(old.clone(), "key", Value::Unknown)).await, Value::Unknown);
    assert_eq!(version(&private, &with(old.clone(), "key", Value::Null)).await, Value::Null);

    let planned = with(with(keyed(1), "key_version", Value::Unknown), "revision", Value::Unknown);
    for (config, counted) in [(&old, 1), (&new, 2)] {
        let applied = fixture.apply_with(&private, &keyed(1), &planned, config).await;
        assert_eq!(decoded(applied.new_state.as_ref()).attribute("key_version"), &counted.into());
    }
}

#[tokio::test]
async fn another_secret_of_the_provider_changes_no_write_only_value() {
    let (old, new) = (thing(&[("key", "hunter2".into())]), thing(&[("key", "hunter3".into())]));
    let fixture = async |token: Value| Fixture::with_token("here".into(), token, None).await;
    let planned = with(with(keyed(1), "revision", Value::Unknown), "id", Value::Unknown);
    let first = fixture("first".into()).await;
    let mut private = first.apply(&Value::Null, &planned, &old).await.private;
    for token in ["first".into(), "second".into(), Value::Null, "second".into()] {
        let fixture = fixture(token).await;
        for (config, version) in [(&old, 1.into()), (&new, Value::Unknown)] {
            let plan = fixture.plan_with(&private, &keyed(1), config).await;
            assert_eq!(decoded(plan.planned_state.as_ref()).attribute("key_version"), &version);
        }
        let larger = with(old.clone(), "size", 4.into());
        let planned = with(with(keyed(1), "size", 4.into()), "revision", Value::Unknown);
        let before = private.clone();
        private = fixture.apply_with(&private, &keyed(1), &planned, &larger).await.private;
        let hash = |private: &[u8]| serde_json::from_slice::<serde_json::Value>(private).unwrap()["hashes"].clone();
        assert_eq!(hash(&before), hash(&private), "what did not change keeps its hash");
    }
}

#[tokio::test]
async fn a_version_that_the_user_sets_decides_alone() {
    let fixture = Fixture::new().await;
    let config = |version: i64| thing(&[("key", "another".into()), ("key_version", version.into())]);
    let plan = fixture.plan_with(b"", &keyed(1), &config(1)).await;
    assert_eq!(decoded(plan.planned_state.as_ref()), keyed(1));
    let plan = fixture.plan_with(b"", &keyed(1), &config(2)).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("key_version"), &2.into());
    let applied = fixture.apply(&keyed(1), &with(keyed(2), "revision", Value::Unknown), &config(2)).await;
    assert_eq!(applied.private, b"private", "no hash is kept");
}

#[tokio::test]
async fn write_only_values_need_a_terraform_that_supports_them() {
    let fixture = Fixture::new().await;
    let found = fixture.validate_where(false, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&found), ["`key` needs Terraform 1.11 or OpenTofu 1.11"]);
    let request = plan_resource_change::Request {
        type_name: name(),
        prior_state: Some(wire(&Value::Null)),
        proposed_new_state: Some(wire(&thing(&[("key", Value::Unknown)]))),
        config: Some(wire(&thing(&[("key", Value::Unknown)]))),
        ..Default::default()
    };
    let plan = fixture.service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(summaries(&plan.diagnostics), ["`key` needs Terraform 1.11 or OpenTofu 1.11"]);
    let found = fixture.validate(&thing(&[("key_version", 1.into())])).await;
    assert_eq!(summaries(&found), ["`key_version` without `key`"]);
    assert!(fixture.validate(&thing(&[("key", Value::Unknown), ("key_version", 1.into())])).await.is_empty());
}
