//! Objects that another provider manages through their URLs, for `moved` blocks.

use serde_json::Value;
use uuid::Uuid;

use super::organization::parse_id;
use crate::deepslate::Organization;
use crate::framework::Source;

/// The resources of general REST providers whose states name an object by its path: Mastercard/restapi and
/// magodo/restful.
const KNOWN: [&str; 2] = ["restapi_object", "restful_resource"];

/// Where the source's object is, and its id. `collection` is what comes behind the organization in the path:
/// `sip/credentials`.
///
/// One provider keeps the collection in `path` and the object's own id in `id`, the other may have the whole path in
/// `id`.
pub(super) fn locate(source: &Source<'_>, collection: &str) -> Option<(Organization, Uuid)> {
    if !KNOWN.contains(&source.type_name) {
        return None;
    }
    let text = |name: &str| source.state.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, path) = (text("id"), text("path"));
    let (organization, _) = [id, path].into_iter().find_map(|path| split(path, collection))?;
    let object = [id, path].into_iter().find_map(|path| split(path, collection)?.1).or_else(|| parse_id(id))?;
    Some((organization, object))
}

/// The organization in `…/vendors/<id>/organizations/<id>/<collection>/<id>`, and the last id where there is one.
fn split(path: &str, collection: &str) -> Option<(Organization, Option<Uuid>)> {
    let (_, rest) = path.split_once("/vendors/")?;
    let (vendor_id, rest) = rest.split_once("/organizations/")?;
    let (id, rest) = rest.split_once('/')?;
    let object = match rest.strip_prefix(collection)? {
        "" | "/" => None,
        object => Some(parse_id(object.strip_prefix('/')?)?),
    };
    Some((Organization { vendor_id: parse_id(vendor_id)?, id: parse_id(id)? }, object))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
    const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";
    const OBJECT: &str = "33333333-3333-4333-8333-333333333333";

    fn located(type_name: &str, state: &Value) -> Option<String> {
        let (organization, object) = locate(&Source { type_name, state }, "sip/credentials")?;
        Some(format!("{} {} {object}", organization.vendor_id, organization.id))
    }

    #[test]
    fn finds_the_object_in_either_form() {
        let collection = format!("/api/v1/vendors/{VENDOR}/organizations/{ORGANIZATION}/sip/credentials");
        let expected = Some(format!("{VENDOR} {ORGANIZATION} {OBJECT}"));
        assert_eq!(located("restapi_object", &json!({"id": OBJECT, "path": collection})), expected);
        assert_eq!(
            located("restful_resource", &json!({"id": format!("{collection}/{OBJECT}"), "path": collection})),
            expected
        );
        assert_eq!(located("restful_resource", &json!({"id": format!("https://x{collection}/{OBJECT}")})), expected);
    }

    #[test]
    fn refuses_what_is_something_else() {
        let collection = format!("/api/v1/vendors/{VENDOR}/organizations/{ORGANIZATION}");
        for state in [
            json!(null),
            json!({"id": OBJECT}),
            json!({"id": 7, "path": format!("{collection}/sip/credentials")}),
            json!({"id": "seven", "path": format!("{collection}/sip/credentials")}),
            json!({"id": OBJECT, "path": format!("{collection}/agents")}),
            json!({"id": OBJECT, "path": "/api/v1/vendors/../organizations/x/sip/credentials"}),
            json!({"id": OBJECT, "path": format!("{collection}/sip/credentials/{OBJECT}/phone-numbers")}),
            json!({"id": OBJECT, "path": format!("{collection}/sip/credentials-other")}),
        ] {
            assert_eq!(located("restapi_object", &state), None, "{state}");
        }
        let state = json!({"id": OBJECT, "path": format!("{collection}/sip/credentials")});
        assert_eq!(located("null_resource", &state), None);
    }
}
