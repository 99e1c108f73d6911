//! Plans of creates and updates.

use super::*;

#[tokio::test]
async fn a_create_plans_defaults_and_unknowns_and_no_write_only_value() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&Value::Null, &thing(&[("key", "hunter2".into())])).await;
    let expected = thing(&[
        ("id", Value::Unknown),
        ("place", "here".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
        ("key_version", 1.into()),
    ]);
    assert_eq!(decoded(plan.planned_state.as_ref()), expected);
    assert!(plan.requires_replace.is_empty());
}

#[tokio::test]
async fn an_update_makes_computed_values_unknown_except_those_kept_from_the_state() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("here"), &thing(&[("size", 4.into())])).await;
    let expected =
        thing(&[("id", "1".into()), ("place", "here".into()), ("size", 4.into()), ("revision", Value::Unknown)]);
    assert_eq!(decoded(plan.planned_state.as_ref()), expected);
}

#[tokio::test]
async fn an_unchanged_configuration_plans_the_prior_state() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("here"), &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn an_attribute_removed_from_the_configuration_returns_to_its_default() {
    let fixture = Fixture::new().await;
    let prior = with(existing("here"), "size", 7.into());
    let plan = fixture.plan(&prior, &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("size"), &Value::from(3));
}

#[tokio::test]
async fn a_configured_value_is_returned_as_it_was_written() {
    let fixture = Fixture::new().await;
    let nulls = ["create", "update", "delete"].map(|name| (name, Value::Null));
    let timeouts = object(&[("read", "90s".into())].into_iter().chain(nulls).collect::<Vec<_>>());
    let config = thing(&[("timeouts", timeouts.clone())]);
    let plan = fixture.plan(&Value::Null, &config).await;
    let planned = decoded(plan.planned_state.as_ref());
    assert_eq!(planned.attribute("timeouts").attribute("read").as_str(), Some("90s"));
    let state = with(existing("here"), "timeouts", timeouts);
    let planned = with(with(state.clone(), "id", Value::Unknown), "revision", Value::Unknown);
    let applied = fixture.apply(&Value::Null, &planned, &with(config, "key", "hunter2".into())).await;
    assert_eq!(summaries(&applied.diagnostics), [""; 0]);
    assert_eq!(decoded(applied.new_state.as_ref()), state);
    assert_eq!(decoded(fixture.read(&state).await.new_state.as_ref()), state);
}

#[tokio::test]
async fn a_removed_block_is_gone_even_if_terraform_proposes_it() {
    let fixture = Fixture::new().await;
    let nulls = ["create", "read", "update", "delete"].map(|name| (name, Value::Null));
    let prior = with(existing("here"), "timeouts", object(&nulls));
    let request = plan_resource_change::Request {
        type_name: name(),
        prior_state: Some(wire(&prior)),
        // As Terraform 1.0 does.
        proposed_new_state: Some(wire(&prior)),
        config: Some(wire(&thing(&[]))),
        ..Default::default()
    };
    let plan = fixture.service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("timeouts"), &Value::Null);
}

#[tokio::test]
async fn a_changed_default_of_the_provider_replaces_the_object() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("elsewhere"), &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("place"), &Value::from("here"));
    let path = plan.requires_replace.first().and_then(|path| path.steps.first()).and_then(|step| step.selector.clone());
    assert_eq!(path, Some(tfplugin5::attribute_path::step::Selector::AttributeName("place".to_owned())));
}

#[tokio::test]
async fn an_element_of_a_list_can_be_unknown_until_apply() {
    let fixture = Fixture::new().await;
    let config = thing(&[("tags", Value::List(vec!["a".into(), Value::Unknown]))]);
    assert_eq!(summaries(&fixture.validate(&config).await), [""; 0]);
    for prior in [Value::Null, existing("here")] {
        let plan = fixture.plan(&prior, &config).await;
        assert_eq!(summaries(&plan.diagnostics), [""; 0]);
        assert_eq!(decoded(plan.planned_state.as_ref()).attribute("tags"), config.attribute("tags"));
    }
}

#[tokio::test]
async fn a_block_that_is_unknown_as_a_whole_stays_so_until_it_is_known() {
    let fixture = Fixture::new().await;
    let open = thing(&[("size", 3.into()), ("timeouts", Value::Unknown)]);
    assert_eq!(summaries(&fixture.validate(&open).await), [""; 0]);
    let minutes =
        object(&[("create", "5m".into()), ("read", Value::Null), ("update", Value::Null), ("delete", Value::Null)]);
    for prior in [Value::Null, existing("here"), with(existing("here"), "timeouts", minutes.clone())] {
        let planned = fixture.plan(&prior, &open).await;
        assert_eq!(summaries(&planned.diagnostics), [""; 0]);
        assert_eq!(decoded(planned.planned_state.as_ref()).attribute("timeouts"), &Value::Unknown);
        for known in [Value::Null, minutes.clone()] {
            let config = with(open.clone(), "timeouts", known.clone());
            let planned = fixture.plan(&prior, &config).await;
            assert_eq!(summaries(&planned.diagnostics), [""; 0]);
            assert_eq!(decoded(planned.planned_state.as_ref()).attribute("timeouts"), &known);
        }
    }
}
