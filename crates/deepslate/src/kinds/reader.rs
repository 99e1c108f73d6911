//! The only place that reads objects from JSON, or writes them.

use secrecy::zeroize::Zeroizing;
use serde::de::value::MapDeserializer;
use serde_json::Value;
use uuid::Uuid;

use super::item::{Fields, Item, Unreadable, settled};
use super::kind::{Field, Kind};
use crate::json::{self, Members};

/// Reads an object. It may lack fields: a null counts as missing, and so does what cannot be read.
pub fn partial<K: Kind>(id: Uuid, members: &Members) -> Item<K> {
    let (mut fields, mut unreadable) = (Fields::new(), Vec::new());
    for &Field { name, form, .. } in K::FIELDS {
        let Some(found) = members.get(name).filter(|found| !json::is_null(found)) else { continue };
        if let Some(value) = form.read(found).filter(|value| value_of::<K>([(name, value)]).is_ok()) {
            fields.insert(name.to_owned(), value);
        } else {
            let reason = format!("expected {} within its range, got {}", form.noun(), json::noun(found));
            unreadable.push(Unreadable { name, reason });
        }
    }
    Item { unreadable, ..from_fields(id, fields) }
}

/// The object that has these fields, which were read before.
pub(crate) fn from_fields<K: Kind>(id: Uuid, fields: Fields) -> Item<K> {
    let value = value_of(fields.iter().map(|(name, value)| (name.as_str(), value))).unwrap_or_default();
    Item { id, fields, value, unreadable: Vec::new() }
}

/// The object with missing fields filled from another one, if `lacks` returns true for their names, and without the
/// values that the API added.
pub(crate) fn filled<K: Kind>(item: &Item<K>, other: &K, lacks: impl Fn(&str) -> bool) -> K {
    let other = to_fields(other);
    let mut fields = settled::<K>(item.fields.clone(), &other);
    for (name, value) in other {
        if lacks(&name) {
            fields.entry(name).or_insert(value);
        }
    }
    from_fields(item.id, fields).value
}

/// Writes an object as the body of a request, which is wiped when it is dropped: it may contain a password.
pub(crate) fn to_json<K: Kind>(object: &K) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    redaction::exact(|out| serde_json::to_writer(out, object))
}

/// The fields of an object as the API would return them.
pub(crate) fn to_fields<K: Kind>(object: &K) -> Fields {
    // Read back from what is written, because a password is written but not read.
    let returned = to_json(object).and_then(|json| serde_json::from_slice::<K>(&json)).unwrap_or_default();
    match serde_json::to_value(&returned) {
        Ok(Value::Object(fields)) => fields,
        _ => Fields::new(),
    }
}

fn value_of<'a, K: Kind>(fields: impl IntoIterator<Item = (&'a str, &'a Value)>) -> serde_json::Result<K> {
    K::deserialize(MapDeserializer::new(fields.into_iter()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::super::item::{continue_parts, is_as_known};
    use super::super::kind::{Form, Verb};
    use super::super::{
        Agent, Assistant, Document, LlmGenerationStrategy, Organization, Part, SipCredentials, SipPhoneNumber,
        VoiceAgent,
    };
    use super::*;

    #[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Door {
        port: Option<u16>,
        name_tag: Option<String>,
    }

    impl Kind for Door {
        type Parent = ();
        const FIELDS: &'static [Field] =
            &[Field::required("port", Form::Integer), Field::optional("nameTag", Form::Text)];
        const DOCUMENTED: &'static [Verb] = &[];

        fn path((): ()) -> String {
            String::new()
        }
    }

    fn read<K: Kind>(json: &str) -> Item<K> {
        partial(Uuid::nil(), &json::members(json).expect("an object"))
    }

    fn fields(json: &str) -> Fields {
        serde_json::from_str(json).expect("an object")
    }

    #[test]
    fn reads_the_fields_of_a_kind_and_no_others() {
        let item = read::<Door>(r#"{"port":5060,"nameTag":"a","new":[1e999]}"#);
        assert_eq!(item.value, Door { port: Some(5060), name_tag: Some("a".to_owned()) });
        assert!(item.is_full() && item.fields.len() == 2);

        let item = read::<Door>(r#"{"port":"5060.0","nameTag":null}"#);
        assert!(item.value.port == Some(5060) && item.is_usable() && !item.is_full() && item.unreadable.is_empty());

        let item = read::<Door>(r#"{"nameTag":"u\u0308"}"#);
        assert!(item.value.name_tag.as_deref() == Some("ü") && !item.is_usable());
    }

    #[test]
    fn a_field_that_cannot_be_read_counts_as_missing_and_is_named() {
        for (value, got) in [
            ("65536", "another number"),
            ("-1", "another number"),
            ("1.5", "another number"),
            ("1e999", "another number"),
            ("\"hunter2\"", "a string"),
            ("[]", "a list"),
            ("{}", "an object"),
            ("true", "a boolean"),
        ] {
            let item = read::<Door>(&format!(r#"{{"nameTag":"a","port":{value}}}"#));
            assert_eq!(item.value, Door { port: None, name_tag: Some("a".to_owned()) });
            let reason = format!("expected an integer within its range, got {got}");
            assert_eq!(item.unreadable, [Unreadable { name: "port", reason }]);
        }
    }

    #[test]
    fn a_missing_value_comes_from_another_object() {
        let item = read::<Door>(r#"{"port":[]}"#);
        let other = Door { port: Some(1), name_tag: Some("b".to_owned()) };
        assert_eq!(filled(&item, &other, |_| true), other);
        assert_eq!(filled(&item, &other, |name| name == "port"), Door { port: Some(1), name_tag: None });
    }

    /// Checks that these are all fields of a kind that the API returns, in the forms that the kind names.
    fn check<K: Kind>(json: &str) {
        let item = read::<K>(json);
        assert!(item.is_full() && item.fields == fields(json), "{item:?}");
        assert_eq!(to_fields(&item.value), item.fields);
    }

    #[test]
    fn each_kind_names_its_fields() {
        check::<Organization>(r#"{"companyName":"ACME"}"#);
        check::<SipCredentials>(r#"{"hostname":"sip.example","port":5060,"username":"u","maxAgentTasks":10}"#);
        check::<SipPhoneNumber>(r#"{"phoneNumber":"0049301","fallback":true}"#);
        let id = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";
        let shared = format!(
            r#""telephoneNumberId":"{id}","llmAudioContentGenerationStrategyId":"{id}","callEventHooks":[],
            "extensions":[{{"id":"{id}","type":"t","parameters":{{"a":[1,null]}}}}]"#
        );
        check::<Assistant>(&format!(r#"{{"name":"n","systemPrompt":"p","systemPromptGreeting":"g",{shared}}}"#));
        let types = r#"{"a":"STRING","b":null}"#;
        check::<Agent>(&format!(r#"{{"name":"n","userValueTypes":{types},"systemPromptTemplate":"p",{shared}}}"#));
        check::<LlmGenerationStrategy>(r#"{"name":"n","type":"t","parameters":{"temperature":0.2}}"#);
    }

    #[test]
    fn a_document_is_sent_as_it_is_written() {
        let text = r#"{ "b": 1.0, "a": 12345678901234567890123 }"#;
        let strategy = LlmGenerationStrategy { parameters: Some(Document::new(text)), ..Default::default() };
        let body = to_json(&strategy).expect("JSON");
        assert_eq!(std::str::from_utf8(&body).expect("a text"), format!(r#"{{"parameters":{text}}}"#));
        let broken = LlmGenerationStrategy { parameters: Some(Document::new("{")), ..Default::default() };
        assert!(to_json(&broken).is_err());
        assert!(!format!("{strategy:?}").contains('1'));
    }

    #[test]
    fn keys_that_the_api_adds_are_left_out_and_parts_keep_their_order() {
        let parts = vec![
            Part { kind: "b".into(), ..Part::default() },
            Part { kind: "a".into(), parameters: Document::new(r#"{"x": 1.0}"#), id: None },
        ];
        let voice = VoiceAgent { extensions: Some(parts), ..VoiceAgent::default() };
        let known = Assistant { voice, ..Assistant::default() };
        let item = read::<Assistant>(
            r#"{"extensions":[{"id":"3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b","name":"A","type":"a","parameters":{"x":1,"token":null}},{"type":"b"}]}"#,
        );
        assert!(is_as_known::<Assistant>(&item.fields, &to_fields(&known)));
        let value = filled(&item, &known, |_| false);
        let shown = |part: &Part| (part.kind.raw().to_owned(), part.parameters.as_str().to_owned());
        let parts: Vec<_> = value.voice.extensions.iter().flatten().map(shown).collect();
        assert_eq!(parts, [("b".to_owned(), "{}".to_owned()), ("a".to_owned(), r#"{"x":1}"#.to_owned())]);
        let mut wanted = known.clone();
        wanted.voice.extensions.as_mut().expect("parts").remove(0);
        let left = continue_parts(&mut wanted, &item.fields);
        assert!(wanted.voice.extensions.expect("parts")[0].id.is_some() && left.is_empty(), "the other has no ID");
    }

    #[test]
    fn a_password_is_written_and_not_read() {
        let written = SipCredentials { password: Some("hunter2".into()), port: Some(1), ..SipCredentials::default() };
        assert_eq!(to_json(&written).expect("JSON").as_slice(), br#"{"port":1,"password":"hunter2"}"#);
        assert_eq!(to_fields(&written), fields(r#"{"port":1}"#));
        let read = read::<SipCredentials>(r#"{"port":1,"password":"hunter2"}"#);
        assert!(read.value.password.is_none() && !read.fields.contains_key("password"));
    }

    /// A value of JSON as it may come.
    fn odd() -> impl Strategy<Value = &'static str> {
        prop_oneof![
            Just("null"),
            Just("5060"),
            Just("5060.0"),
            Just("\"5060\""),
            Just("5.06e3"),
            Just("1e999"),
            Just("-1"),
            Just("70000"),
            Just("[]"),
            Just("{}"),
            Just("true"),
            Just("\"x\""),
            Just("\"\""),
            Just("7.5"),
        ]
    }

    proptest! {
        #[test]
        fn each_field_is_read_by_itself(port in odd(), name in odd(), tasks in odd()) {
            let json = format!(r#"{{"port":{port},"username":{name},"maxAgentTasks":{tasks},"other":1e999}}"#);
            let item = read::<SipCredentials>(&json);
            for (field, value) in [("port", port), ("username", name), ("maxAgentTasks", tasks)] {
                let told = item.fields.contains_key(field);
                let odd = item.unreadable.iter().any(|unreadable| unreadable.name == field);
                prop_assert_eq!(told || odd, value != "null", "{} {}", field, value);
                prop_assert!(!(told && odd));
            }
            prop_assert_eq!(item.value.port.is_some(), ["5060", "5060.0", "\"5060\"", "5.06e3"].contains(&port));
            // Reading the result again gives the same result.
            let again = read::<SipCredentials>(&Value::Object(item.fields.clone()).to_string());
            prop_assert_eq!(again.fields, item.fields);
        }
    }
}
