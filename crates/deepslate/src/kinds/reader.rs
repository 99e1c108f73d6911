//! The only place that reads objects from JSON, or writes them.

use secrecy::zeroize::Zeroizing;
use serde::de::value::MapDeserializer;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::item::{Fields, Item};
use super::kind::{Field, Kind};
use crate::error::Malformed;

/// A body that is longer than this is copied while it is written, and the copies are not wiped.
const USUAL_BODY: usize = 4096;

/// Reads an object that may lack fields. A null counts as missing.
pub fn partial<K: Kind>(id: Uuid, fields: &Map<String, Value>) -> Result<Item<K>, Malformed> {
    let fields: Fields = K::FIELDS
        .iter()
        .filter_map(|field| Some((field.name.to_owned(), fields.get(field.name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let value = value(K::FIELDS, &fields)?;
    Ok(Item { id, fields, value })
}

/// Reads an object that must have all required fields.
pub fn usable<K: Kind>(id: Uuid, fields: &Map<String, Value>) -> Result<Item<K>, Malformed> {
    let item = partial::<K>(id, fields)?;
    let missing = K::FIELDS.iter().find(|field| field.required && !item.fields.contains_key(field.name));
    match missing {
        Some(Field { name, form, .. }) => {
            Err(Malformed::Field { name, reason: format!("invalid type: null, expected {}", form.noun()) })
        }
        None => Ok(item),
    }
}

/// Writes an object as the body of a request, which is wiped when it is dropped: it may contain a password.
pub(crate) fn to_json<K: Kind>(object: &K) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let mut json = Zeroizing::new(Vec::with_capacity(USUAL_BODY));
    serde_json::to_writer(&mut *json, object)?;
    Ok(json)
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

/// Reads the value of an object, or reports the first field that cannot be read.
fn value<K: Kind>(expected: &[Field], fields: &Fields) -> Result<K, Malformed> {
    let read = |name: Option<&str>| {
        let fields = fields.iter().filter(|(field, _)| name.is_none_or(|name| name == *field));
        K::deserialize(MapDeserializer::new(fields.map(|(name, value)| (name.as_str(), value))))
    };
    read(None).map_err(|error: serde_json::Error| {
        let unreadable = expected.iter().find_map(|field| Some((field.name, read(Some(field.name)).err()?)));
        let (name, reason) = unreadable.unwrap_or(("data", error));
        Malformed::Field { name, reason: reason.to_string() }
    })
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::super::kind::{Form, Verb};
    use super::super::{Organization, SipCredentials, SipPhoneNumber};
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

    fn fields(json: &str) -> Map<String, Value> {
        serde_json::from_str(json).expect("an object")
    }

    #[test]
    fn reads_the_fields_of_a_kind_and_no_others() {
        let item = usable::<Door>(Uuid::nil(), &fields(r#"{"port":5060,"nameTag":"a","new":[]}"#)).expect("usable");
        assert_eq!(item.value, Door { port: Some(5060), name_tag: Some("a".to_owned()) });
        assert!(item.is_full() && item.fields.len() == 2);

        let item = usable::<Door>(Uuid::nil(), &fields(r#"{"port":5060,"nameTag":null}"#)).expect("usable");
        assert!(item.value.name_tag.is_none() && item.is_usable() && !item.is_full());

        let item = partial::<Door>(Uuid::nil(), &fields(r#"{"nameTag":"a"}"#)).expect("readable");
        assert!(item.value.port.is_none() && !item.is_usable());
    }

    #[test]
    fn names_the_field_that_cannot_be_read() {
        for (value, reason) in [
            ("65536", "invalid value: integer `65536`, expected u16"),
            ("-1", "invalid value: integer `-1`, expected u16"),
            ("1.5", "invalid type: floating point `1.5`, expected u16"),
            ("\"x\"", "invalid type: string \"x\", expected u16"),
            ("null", "invalid type: null, expected an integer"),
        ] {
            let fields = fields(&format!(r#"{{"nameTag":"a","port":{value}}}"#));
            let expected = Malformed::Field { name: "port", reason: reason.to_owned() };
            assert_eq!(usable::<Door>(Uuid::nil(), &fields).err(), Some(expected.clone()));
            assert_eq!(partial::<Door>(Uuid::nil(), &fields).err(), Some(expected).filter(|_| value != "null"));
        }
    }

    /// Checks that these are all fields of a kind that the API returns, in the forms that the kind names.
    fn check<K: Kind>(json: &str) {
        let item = usable::<K>(Uuid::nil(), &fields(json)).expect("usable");
        assert!(item.is_full() && item.fields == fields(json), "{item:?}");
        assert_eq!(to_fields(&item.value), item.fields);
    }

    #[test]
    fn each_kind_names_its_fields() {
        check::<Organization>(r#"{"companyName":"ACME"}"#);
        check::<SipCredentials>(r#"{"hostname":"sip.example","port":5060,"username":"u","maxAgentTasks":10}"#);
        check::<SipPhoneNumber>(r#"{"phoneNumber":"0049301","fallback":true}"#);
    }

    #[test]
    fn a_password_is_written_and_not_read() {
        let written = SipCredentials { password: Some("hunter2".into()), port: Some(1), ..SipCredentials::default() };
        assert_eq!(to_json(&written).expect("JSON").as_slice(), br#"{"port":1,"password":"hunter2"}"#);
        assert_eq!(to_fields(&written), fields(r#"{"port":1}"#));
        let read = partial::<SipCredentials>(Uuid::nil(), &fields(r#"{"port":1,"password":"hunter2"}"#)).expect("read");
        assert!(read.value.password.is_none() && !read.fields.contains_key("password"));
    }
}
