//! What the fuzzers call of the comparison of JSON.

use samejson::{Json, covers, kept, restricted, same};
use serde_json::{Map, Value};

/// Two JSON documents, with a line break between them.
pub fn same_json(input: &[u8]) {
    let Some((one, other)) = str::from_utf8(input).ok().and_then(|input| input.split_once('\n')) else { return };
    let (Ok(one), Ok(other)) = (Json::parse(one), Json::parse(other)) else { return };
    assert_eq!(one.same(&other), other.same(&one), "both ways");
    assert!(!one.same(&other) || one.covers(&other), "equal documents cover each other");
    let [one, other] = [one, other].map(|document| document.to_string().parse::<Value>().expect("it was JSON"));
    for document in [&one, &other] {
        let written = reversed(document);
        let again = Json::parse(&written).unwrap_or_else(|_| panic!("{written} is no JSON"));
        let document_again = Json::parse(&document.to_string()).expect("it was JSON");
        assert!(again.same(&document_again) && again.covers(&document_again), "{written} is another document");
        assert!(same(&restricted(document, document), document) && kept(document, document, document).is_empty());
    }
    assert_eq!(covers(&restricted(&one, &other), &other), covers(&one, &other));
    if let Value::Object(members) = &one {
        for key in members.keys() {
            let mut rest = members.clone();
            rest.remove(key);
            let rest = Value::Object(rest);
            assert!(!same(&one, &rest) && covers(&one, &rest), "a key more");
            assert_eq!(covers(&rest, &one), covers(&Value::Null, &members[key]), "a key less");
            assert_eq!(kept(&one, &one, &rest).contains(key), !members[key].is_null());
        }
    }
}

/// The document with its keys in reverse order, and with blanks.
fn reversed(value: &Value) -> String {
    let join = |parts: Vec<String>| parts.join(" ,\t");
    match value {
        Value::Array(elements) => format!("[ {} ]", join(elements.iter().map(reversed).collect())),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{} : {}", Value::from(key.as_str()), reversed(value));
            format!("{{\n{}\n}}", join(Map::iter(members).rev().map(member).collect()))
        }
        leaf => leaf.to_string(),
    }
}
