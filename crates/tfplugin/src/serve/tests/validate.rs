//! The check of a configuration.

use super::*;

#[tokio::test]
async fn each_mistake_is_reported_at_its_attribute() {
    let fixture = Fixture::new().await;
    let timeouts = object(&[
        ("create", "5 apples".into()),
        ("read", Value::Unknown),
        ("update", Value::Null),
        ("delete", "0s".into()),
    ]);
    let found = fixture.validate(&thing(&[("size", 10.into()), ("key", "".into()), ("timeouts", timeouts)])).await;
    let expected = [
        "Invalid value for `size`",
        "Invalid value for `key`",
        "Invalid value for `timeouts.create`",
        "Invalid value for `timeouts.delete`",
    ];
    assert_eq!(summaries(&found), expected);
    assert_eq!(found[0].detail, "Expected a whole number from 1 to 9, got 10");
    assert_eq!(found[1].detail, "Expected a string that is not empty");
    assert!(found[2].detail.ends_with("got a text of 8 characters"), "{}", found[2].detail);
    assert_eq!(found[2].attribute.as_ref().map(|path| path.steps.len()), Some(2));
    assert!(fixture.validate(&thing(&[("size", Value::Unknown)])).await.is_empty());
    let found = fixture.validate(&thing(&[("id", "mine".into()), ("revision", Value::Unknown)])).await;
    assert_eq!(summaries(&found), ["`id` cannot be set", "`revision` cannot be set"]);
}

#[tokio::test]
async fn a_resource_checks_what_its_schema_accepts() {
    let fixture = Fixture::new().await;
    for (size, expected) in [
        (Value::from(7), &[][..]),
        (8.into(), &["Large"]),
        (9.into(), &["Too large"]),
        (10.into(), &["Invalid value for `size`"]),
        (Value::Unknown, &[]),
    ] {
        assert_eq!(summaries(&fixture.validate(&thing(&[("size", size.clone())])).await), expected, "{size:?}");
    }
}
