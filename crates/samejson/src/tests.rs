use proptest::prelude::*;

use super::*;

fn json(text: &str) -> Json {
    Json::parse(text).expect(text)
}

#[test]
fn formatting_order_of_keys_and_spelling_make_no_difference() {
    for (one, other, expected) in [
        (r#"{"a":1,"b":[true,null]}"#, "{ \"b\": [true, null],\n\t\"a\": 1.0 }", true),
        (r#"{"a":0.2}"#, r#"{"a":2e-1}"#, true),
        ("100", "1e2", true),
        ("0", "-0.0", true),
        ("18446744073709551615", "18446744073709551614", false),
        ("9007199254740993", "9007199254740992", false),
        (r#""u\u0308""#, r#""ü""#, true),
        (r#""a\/b""#, r#""a/b""#, true),
        (r#"{"a":null}"#, "{}", false),
        ("[1,2]", "[2,1]", false),
        ("[1]", "[1,1]", false),
        ("1", r#""1""#, false),
        ("null", "false", false),
    ] {
        assert_eq!(json(one).same(&json(other)), expected, "{one} {other}");
        assert_eq!(json(other).same(&json(one)), expected, "{other} {one}");
    }
}

#[test]
fn what_was_not_sent_is_ignored() {
    for (found, sent, expected) in [
        (r#"{"a":1,"token":null,"more":{"b":2}}"#, r#"{"a":1}"#, true),
        (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":1}}"#, true),
        (r#"{"a":{"b":2}}"#, r#"{"a":{"b":1}}"#, false),
        (r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":[{"b":1}]}"#, true),
        (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#, false),
        ("{}", r#"{"a":null}"#, true),
        ("{}", r#"{"a":1}"#, false),
        (r#"{"a":{}}"#, r#"{"a":1}"#, false),
        (r#"{"a":1}"#, "{}", true),
    ] {
        assert_eq!(json(found).covers(&json(sent)), expected, "{found} {sent}");
    }
}

#[test]
fn a_document_is_restricted_to_what_was_sent() {
    for (found, sent, expected) in [
        (r#"{"a":2,"b":3}"#, r#"{"a":1}"#, r#"{"a":2}"#),
        (r#"{"b":3}"#, r#"{"a":1}"#, "{}"),
        (r#"{"a":{"b":3}}"#, r#"{"a":{"c":null},"d":null}"#, r#"{"a":{"c":null},"d":null}"#),
        (r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":[{"b":9}]}"#, r#"{"a":[{"b":1}]}"#),
        (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#, r#"{"a":[1,2]}"#),
        (r#"{"a":{"b":1}}"#, r#"{"a":1}"#, r#"{"a":{"b":1}}"#),
    ] {
        assert_eq!(restricted(&json(found).0, &json(sent).0).to_string(), expected, "{found} {sent}");
    }
}

#[test]
fn keys_that_are_no_longer_sent_and_still_there_are_named() {
    let before = json(r#"{"a":1,"b":2,"c":{"d":3,"e":4},"f":[{"g":5}]}"#);
    let now = json(r#"{"a":1,"c":{"e":4},"f":[{}]}"#);
    let found_kept = |found: &str| kept(&json(found).0, &before.0, &now.0);
    assert_eq!(found_kept(r#"{"a":1,"b":2,"c":{"d":3,"e":4},"f":[{"g":5}],"x":1}"#), ["b", "c.d", "f[0].g"]);
    assert_eq!(found_kept(r#"{"a":1,"b":null,"c":{"e":4},"f":[{}],"x":1}"#), [""; 0]);
}

#[test]
fn an_error_has_the_position_and_nothing_of_the_text() {
    let text = "{\n  \"token\": \"hunter2\",\n}";
    assert_eq!(Json::parse(text).expect_err("a comma too much").to_string(), "trailing comma at line 3 column 1");
    for text in ["", "{", "hunter2", "\"hunter2", "{\"a\":1} hunter2", "1e999", "{hunter2: 1}"] {
        let error = Json::parse(text).expect_err(text).to_string();
        assert!(error.contains(" at line 1 column ") && !error.contains("hunter2"), "{error}");
    }
    assert!(Json::parse(&("[".repeat(200) + &"]".repeat(200))).is_err(), "too deep");
}

#[test]
fn debug_shows_nothing() {
    assert!(!format!("{:?}", json("\"hunter2\"")).contains("hunter2"));
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_is_the_same_and_covered_however_it_is_written(document in document()) {
        let written = json(&document.to_string());
        let pretty = json(&serde_json::to_string_pretty(&document).expect("JSON"));
        prop_assert!(written.same(&pretty) && written.covers(&pretty));
        prop_assert!(same(&restricted(&written.0, &pretty.0), &pretty.0));
    }

    #[test]
    fn what_is_restricted_to_what_was_sent_covers_it_exactly_if_the_whole_does(found in document(), sent in document()) {
        prop_assert_eq!(covers(&restricted(&found, &sent), &sent), covers(&found, &sent));
    }

    #[test]
    fn whole_numbers_are_compared_by_value(number in any::<i64>(), other in any::<i32>(), zeros in 0..5_usize) {
        prop_assert!(json(&number.to_string()).same(&json(&number.to_string())));
        for spelling in [
            format!("{other}.{}", "0".repeat(zeros + 1)),
            format!("{other}e0"),
            format!("{other}{}E-{zeros}", "0".repeat(zeros)),
        ] {
            prop_assert!(json(&spelling).same(&json(&other.to_string())), "{}", spelling);
            prop_assert_eq!(json(&spelling).same(&json(&number.to_string())), number == i64::from(other));
        }
        prop_assert_eq!(json(&number.to_string()).same(&json(&number.wrapping_add(1).to_string())), false);
    }

    #[test]
    fn a_float_is_the_same_however_it_is_written(float in proptest::num::f64::NORMAL) {
        let spellings = [format!("{float:?}"), format!("{float:e}"), format!("{float:.20e}")];
        for spelling in &spellings[1..] {
            prop_assert!(json(&spellings[0]).same(&json(spelling)), "{} {}", &spellings[0], spelling);
        }
    }

    #[test]
    fn a_key_more_or_less_is_a_difference_and_only_what_was_sent_counts(
        members in proptest::collection::btree_map("[a-d]", document(), 1..4),
        key in "[e-h]",
        added in document(),
    ) {
        let less = Value::Object(members.into_iter().collect());
        let mut more = less.clone();
        more[&key] = added.clone();
        prop_assert!(!same(&less, &more) && !same(&more, &less));
        prop_assert!(covers(&more, &less));
        prop_assert_eq!(covers(&less, &more), covers(&Value::Null, &added), "a null is no key");
        prop_assert_eq!(kept(&more, &more, &less), if added.is_null() { vec![] } else { vec![key] });
        prop_assert!(kept(&less, &more, &less).is_empty());
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Json::parse(&text);
    }
}
