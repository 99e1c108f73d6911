//! The bytes themselves, as core sends and expects them.

use std::collections::BTreeMap;

use super::{decode, encode};
use crate::cty::error::MAX_DEPTH;
use crate::cty::{Error, Number, Path, Step, Type, Value};

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect(text))
}

fn float(float: f64) -> Value {
    Value::Number(Number::try_from(float).expect("finite"))
}

fn credentials() -> Type {
    Type::Object(BTreeMap::from([("hostname".to_owned(), Type::String), ("port".to_owned(), Type::Number)]))
}

#[track_caller]
fn assert_refused(bytes: &[u8], ty: &Type, expected: &str) {
    assert_eq!(decode(bytes, ty).map_err(|error| error.to_string()), Err(expected.to_owned()));
}

#[test]
fn each_kind_has_its_bytes() {
    let strings = || Value::List(vec!["a".into(), Value::Null]);
    let tags = Value::Map(BTreeMap::from([("a".to_owned(), true.into())]));
    let object = Value::Map(BTreeMap::from([("hostname".to_owned(), "a".into()), ("port".to_owned(), 5060.into())]));
    for (value, ty, bytes) in [
        (Value::Null, Type::String, &b"\xc0"[..]),
        (Value::Unknown, Type::String, b"\xd4\0\0"),
        (Value::Unknown, Type::Dynamic, b"\xd4\0\0"),
        (Value::Null, Type::Dynamic, b"\xc0"),
        (false.into(), Type::Bool, b"\xc2"),
        ("pre-fix".into(), Type::String, b"\xa7pre-fix"),
        (strings(), Type::List(Type::String.into()), b"\x92\xa1a\xc0"),
        (strings(), Type::Set(Type::String.into()), b"\x92\xa1a\xc0"),
        (strings(), Type::Tuple(vec![Type::String, Type::Bool]), b"\x92\xa1a\xc0"),
        (tags, Type::Map(Type::Bool.into()), b"\x81\xa1a\xc3"),
        (object, credentials(), b"\x82\xa8hostname\xa1a\xa4port\xcd\x13\xc4"),
        ("a".into(), Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1a"),
        (Value::List(vec![Value::Null]), Type::Dynamic, b"\x92\xc4\x15[\"tuple\",[\"dynamic\"]]\x91\xc0"),
    ] {
        assert_eq!(encode(&value, &ty).as_deref(), Ok(bytes));
        assert_eq!(decode(bytes, &ty), Ok(value));
    }
}

#[test]
fn each_number_has_its_bytes() {
    for (value, bytes) in [
        (Value::from(0), &b"\0"[..]),
        (Value::from(-1), b"\xff"),
        (Value::from(65_536), b"\xce\0\x01\0\0"),
        (Value::from(i64::MIN), b"\xd3\x80\0\0\0\0\0\0\0"),
        (number("18446744073709551615"), b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
        (number("1.5"), b"\xcb\x3f\xf8\0\0\0\0\0\0"),
        (float(0.1), b"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"),
        (number("0.1"), b"\xa30.1"),
        (number("18446744073709551617"), b"\xb418446744073709551617"),
    ] {
        assert_eq!(encode(&value, &Type::Number).as_deref(), Ok(bytes));
        assert_eq!(decode(bytes, &Type::Number), Ok(value));
    }
}

#[test]
fn a_number_is_read_in_every_form() {
    for bytes in [
        &b"\x0a"[..],
        b"\xcc\x0a",
        b"\xcd\0\x0a",
        b"\xce\0\0\0\x0a",
        b"\xcf\0\0\0\0\0\0\0\x0a",
        b"\xd0\x0a",
        b"\xd1\0\x0a",
        b"\xd2\0\0\0\x0a",
        b"\xd3\0\0\0\0\0\0\0\x0a",
        b"\xca\x41\x20\0\0",
        b"\xcb\x40\x24\0\0\0\0\0\0",
        b"\xa210",
        b"\xa410.0",
        b"\xc4\x0210",
    ] {
        assert_eq!(decode(bytes, &Type::Number), Ok(Value::from(10)), "{bytes:x?}");
    }
}

#[test]
fn any_extension_is_unknown() {
    for bytes in [
        &b"\xc7\x0d\x0c\x82\x01\xc2\x02\xa8pre-fix-"[..],
        b"\xd4\x0c\x80",
        b"\xd5\0\0\0",
        b"\xd6\0\0\0\0\0",
        b"\xd7\0\0\0\0\0\0\0\0\0",
        b"\xd8\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        b"\xc8\0\x01\0\0",
        b"\xc9\0\0\0\0\0",
    ] {
        assert_eq!(decode(bytes, &Type::String), Ok(Value::Unknown), "{bytes:x?}");
        assert_eq!(decode(bytes, &credentials()), Ok(Value::Unknown), "{bytes:x?}");
    }
    let element = b"\x92\xc7\x0d\x0c\x82\x01\xc2\x02\xa8pre-fix-\xa1a";
    assert_eq!(decode(element, &Type::List(Type::String.into())), Ok(Value::List(vec![Value::Unknown, "a".into()])));
}

#[test]
fn a_dynamic_value_comes_with_its_type() {
    for (bytes, value) in [
        (&b"\x92\xc4\x11[\"list\",\"string\"]\x91\xa1a"[..], Value::List(vec!["a".into()])),
        (b"\x92\xc4\x08\"string\"\xc0", Value::Null),
        (b"\x92\xc4\x08\"string\"\xd4\0\0", Value::Unknown),
    ] {
        assert_eq!(decode(bytes, &Type::Dynamic), Ok(value));
    }
}

#[test]
fn nothing_is_null() {
    assert_eq!(decode(b"", &credentials()), Ok(Value::Null));
}

#[test]
fn strings_and_keys_are_normalised() {
    let decomposed = b"\x81\xa3e\xcc\x81\xc4\x03e\xcc\x81";
    let composed = Value::Map(BTreeMap::from([("é".to_owned(), "é".into())]));
    assert_eq!(decode(decomposed, &Type::Map(Type::String.into())), Ok(composed));
}

#[test]
fn an_object_has_only_its_attributes() {
    let missing = "`port`: the object does not have this attribute";
    let unexpected = "`user`: the object's type has no such attribute";
    let lacking = BTreeMap::from([("hostname".to_owned(), "a".into()), ("port".to_owned(), Value::Null)]);
    assert_eq!(decode(b"\x81\xa8hostname\xa1a", &credentials()), Ok(Value::Map(lacking)), "as other hosts send it");
    assert_refused(b"\x83\xa8hostname\xa1a\xa4port\x01\xa4user\xa1a", &credentials(), unexpected);
    assert_refused(b"\x82\xa4port\x01\xa4port\x01", &credentials(), "`port`: this attribute is used twice");

    let object = |names: &[&str]| Value::Map(names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect());
    let encoded = |names| encode(&object(names), &credentials()).map_err(|error| error.to_string());
    assert_eq!(encoded(&["hostname"]), Err(missing.to_owned()));
    assert_eq!(encoded(&["hostname", "port", "user"]), Err(unexpected.to_owned()));
    assert!(encoded(&["hostname", "port"]).is_ok());
}

#[test]
fn refuses_values_of_another_type() {
    assert_refused(b"\xa1a", &Type::Bool, "expected a bool, found a string");
    assert_refused(b"\x01", &Type::String, "expected a string, found a number");
    assert_refused(b"\xa3abc", &Type::Number, "expected a decimal number, found other text or too large an exponent");
    assert_refused(b"\x80", &Type::List(Type::Bool.into()), "expected a list, found a map");
    assert_refused(b"\x91\xc3", &Type::Tuple(vec![]), "expected a tuple of 0 elements, found 1");
    assert_refused(b"\x92\xc3\x01", &Type::Set(Type::Bool.into()), "`[1]`: expected a bool, found a number");
    assert_refused(b"\x81\x01\xc3", &Type::Map(Type::Bool.into()), "expected a string as key, found a number");
    assert_refused(b"\x82\xa1a\xc3\xa1a\xc3", &Type::Map(Type::Bool.into()), "`[\"a\"]`: this key is used twice");
    assert_refused(b"\x92\xc4\x03\"a\"\xc3", &Type::Dynamic, "not the JSON form of a type");
    let elsewhere = encode(&Value::List(vec![Value::Null]), &Type::Tuple(vec![]));
    assert_eq!(elsewhere, Err(Error::tuple_length(0, 1)));
}

#[test]
fn refuses_numbers_that_are_not_finite() {
    for bytes in
        [&b"\xca\x7f\x80\0\0"[..], b"\xca\x7f\xc0\0\0", b"\xcb\x7f\xf0\0\0\0\0\0\0", b"\xcb\xff\xf8\0\0\0\0\0\0"]
    {
        assert_refused(bytes, &Type::Number, "expected a finite number, found infinity or not a number");
    }
}

#[test]
fn refuses_bytes_that_are_no_value() {
    assert_refused(b"\xc0\xc0", &Type::Bool, "invalid msgpack: more bytes follow the value");
    assert_refused(b"\xc1", &Type::Bool, "invalid msgpack: the reserved byte c1");
    assert_refused(b"\xa1\xff", &Type::String, "expected UTF-8 text, found other bytes");
}

#[test]
fn trusts_no_length() {
    let cut_short = "invalid msgpack: it ends before it is complete";
    for (bytes, ty) in [
        (b"\xdb\xff\xff\xff\xff", Type::String),
        (b"\xc6\xff\xff\xff\xff", Type::String),
        (b"\xc9\xff\xff\xff\xff", Type::String),
        (b"\xdd\xff\xff\xff\xff", Type::List(Type::Bool.into())),
        (b"\xdf\xff\xff\xff\xff", Type::Map(Type::Bool.into())),
    ] {
        assert_refused(bytes, &ty, cut_short);
    }
    assert_refused(b"\x82\xa1a\xc3", &Type::Map(Type::Bool.into()), cut_short);
}

#[test]
fn refuses_depth() {
    let dynamic = |depth| [b"\x92\xc4\x09\"dynamic\"".repeat(depth), b"\xc0".to_vec()].concat();
    assert_eq!(decode(&dynamic(MAX_DEPTH), &Type::Dynamic), Ok(Value::Null));
    assert_eq!(decode(&dynamic(100_000), &Type::Dynamic), Err(Error::too_deep()));

    let ty = (0..=MAX_DEPTH).fold(Type::Bool, |ty, _| Type::List(ty.into()));
    let mut path = Path::default();
    path.0.resize(MAX_DEPTH + 1, Step::Index(0));
    let bytes = [vec![0x91; MAX_DEPTH + 1], vec![0xc3]].concat();
    assert_eq!(decode(&bytes, &ty), Err(Error { path, ..Error::too_deep() }));
}
