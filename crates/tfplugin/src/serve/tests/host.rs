//! A host that behaves differently from Terraform.

use super::*;
use crate::proto::tfplugin5::{generate_resource_config, prepare_provider_config, read_data_source};

const FAULT: &str = "Unexpected call from the host";

fn assert_fault(diagnostics: &[tfplugin5::Diagnostic], told: &str) {
    assert_eq!(summaries(diagnostics), [FAULT], "{told}");
    let detail = &diagnostics[0].detail;
    assert!(detail.contains(told) && detail.contains("developers of the host"), "{detail}");
    assert!(!detail.contains("bug in the provider"), "{detail}");
}

/// A thing on the wire without these attributes.
fn without(thing: &Value, names: &[&str]) -> DynamicValue {
    let Value::Map(values) = thing else { panic!("an object") };
    let Type::Object(mut types) = ty() else { panic!("an object") };
    types.retain(|name, _| !names.contains(&name.as_str()));
    let values = values.iter().filter(|(name, _)| types.contains_key(*name));
    encoded(&Value::Map(values.map(|(name, value)| (name.clone(), value.clone())).collect()), &Type::Object(types))
}

#[tokio::test]
async fn a_missing_optional_attribute_or_block_is_null() {
    let service = Fixture::new().await.service;
    let config = without(&thing(&[("size", 3.into())]), &["timeouts", "tags", "key", "id"]);
    let request = validate_resource_type_config::Request {
        type_name: name(),
        config: Some(config.clone()),
        ..Default::default()
    };
    let answer = service.validate_resource_type_config(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);

    let request = plan_resource_change::Request {
        type_name: name(),
        prior_state: Some(wire(&Value::Null)),
        proposed_new_state: Some(config.clone()),
        config: Some(config),
        ..Default::default()
    };
    let answer = service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);
    assert_eq!(decoded(answer.planned_state.as_ref()).attribute("timeouts"), &Value::Null);
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_a_fault_of_the_host() {
    let service = Fixture::new().await.service;
    for (msgpack, told) in [
        (&b"\xc1"[..], "invalid msgpack"),
        (b"\x81\xa4nope\x01", "no such attribute"),
        (b"\x81\xa4size\xa5hello", "expected a decimal number"),
        (b"\x91\x01", "expected an object"),
        (b"\xc0", "no value for the configuration"),
        (b"", "no value for the configuration"),
        (b"\xd4\0\0", "no value for the configuration"),
    ] {
        let config = Some(DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() });
        let request = validate_resource_type_config::Request { type_name: name(), config, ..Default::default() };
        let answer = service.validate_resource_type_config(Request::new(request)).await.expect("no status");
        assert_fault(&answer.into_inner().diagnostics, told);
    }
}

#[tokio::test]
async fn a_change_from_nothing_to_nothing_is_a_fault_of_the_host() {
    let fixture = Fixture::new().await;
    let answer = fixture.apply(&Value::Null, &Value::Null, &Value::Null).await;
    assert_fault(&answer.diagnostics, "without an object");
    assert_eq!(decoded(answer.new_state.as_ref()), Value::Null);
}

#[tokio::test]
async fn a_call_without_its_object_is_a_fault_of_the_host() {
    let fixture = Fixture::new().await;
    assert_fault(&fixture.read(&Value::Null).await.diagnostics, "no value for the current state");
    let prior = existing("here");
    let update = fixture.apply(&prior, &with(prior.clone(), "size", 4.into()), &Value::Null).await;
    assert_fault(&update.diagnostics, "no value for the configuration");
    assert_eq!(decoded(update.new_state.as_ref()), prior, "the state is kept");

    let request = generate_resource_config::Request { type_name: name(), ..Default::default() };
    let answer = fixture.service.generate_resource_config(Request::new(request)).await.expect("no status");
    assert_fault(&answer.into_inner().diagnostics, "no value for the state");
    let answer = fixture.service.prepare_provider_config(Request::new(prepare_provider_config::Request::default()));
    assert_fault(&answer.await.expect("no status").into_inner().diagnostics, "the configuration of the provider");
}

#[tokio::test]
async fn a_name_that_the_schema_does_not_have_is_a_fault_of_the_host() {
    let service = Fixture::new().await.service;
    let request = read_resource::Request { type_name: "test_other".to_owned(), ..Default::default() };
    let answer = service.read_resource(Request::new(request)).await.expect("no status").into_inner();
    assert_fault(&answer.diagnostics, "`test_other`");
    let request = read_data_source::Request { type_name: "test_other".to_owned(), ..Default::default() };
    let answer = service.read_data_source(Request::new(request)).await.expect("no status").into_inner();
    assert_fault(&answer.diagnostics, "`test_other`");
}

#[tokio::test]
async fn a_number_of_any_size_is_out_of_the_range() {
    let fixture = Fixture::new().await;
    for number in ["1e1000".to_owned(), format!("1{}", "0".repeat(2000)), format!("-{}.5", "9".repeat(5000))] {
        let diagnostics = fixture.validate(&thing(&[("size", Value::Number(number.parse().expect("a number")))])).await;
        assert_eq!(summaries(&diagnostics), ["Invalid value for `size`"]);
        assert!(diagnostics[0].detail.contains("from 1 to 9") || diagnostics[0].detail.contains("whole number"));
        assert!(diagnostics[0].detail.len() < 300, "{}", diagnostics[0].detail);
        assert!(diagnostics[0].attribute.is_some());
    }
}
