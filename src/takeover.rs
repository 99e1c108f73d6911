//! Objects that another provider manages through their URLs, for `moved` blocks.

use serde_json::Value;
use uuid::Uuid;

use super::organization::parse_id;
use deepslate::Organization;
use tfplugin::MoveSource;

/// The resources of general REST providers whose states name an object by its path: Mastercard/restapi and
/// magodo/restful.
const KNOWN: [&str; 2] = ["restapi_object", "restful_resource"];

/// What `moved` blocks accept, worded to follow "Expected".
pub(super) const MOVE_HINT: &str = "a resource that manages the same object through its URL: `restapi_object` or \
                                    `restful_resource`, with the path of the object in its state";

/// Where the source's object is, and the ids behind the organization: those in the place of each `{}` of `collection`,
/// which is what comes behind the organization in the path (`sip/credentials/{}/phone-numbers`), and the object's own.
///
/// One provider keeps the collection in `path` and the object's own id in `id`, the other may have the whole path in
/// `id`.
pub(super) fn locate<const IDS: usize>(
    source: &MoveSource<'_>,
    collection: &str,
) -> Option<(Organization, [Uuid; IDS])> {
    if !KNOWN.contains(&source.type_name) {
        return None;
    }
    let text = |name: &str| source.state.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, path) = (text("id"), text("path"));
    let (organization, ids) = [id, path].into_iter().find_map(|path| split(path, collection))?;
    let whole = |ids: Vec<Uuid>| <[Uuid; IDS]>::try_from(ids).ok();
    let ids = whole(ids.clone()).or_else(|| whole([ids, vec![parse_id(id)?]].concat()))?;
    Some((organization, ids))
}

/// The organization in `…/vendors/<id>/organizations/<id>/<collection>/<id>`, and the ids behind it. The last may be
/// missing.
fn split(path: &str, collection: &str) -> Option<(Organization, Vec<Uuid>)> {
    let (_, rest) = path.split_once("/vendors/")?;
    let (vendor_id, rest) = rest.split_once("/organizations/")?;
    let (id, rest) = rest.split_once('/')?;
    let organization = Organization { vendor_id: parse_id(vendor_id)?, id: parse_id(id)? };
    let mut parts = rest.trim_end_matches('/').split('/');
    let mut ids = Vec::new();
    for expected in collection.split('/') {
        match parts.next()? {
            part if expected == "{}" => ids.push(parse_id(part)?),
            part if part == expected => {}
            _ => return None,
        }
    }
    if let Some(own) = parts.next() {
        ids.push(parse_id(own)?);
    }
    parts.next().is_none().then_some((organization, ids))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
    const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";
    const OBJECT: &str = "33333333-3333-4333-8333-333333333333";

    fn located(type_name: &str, state: &Value) -> Option<String> {
        let (organization, [object]) = locate(&MoveSource { type_name, state }, "sip/credentials")?;
        Some(format!("{} {} {object}", organization.vendor_id, organization.id))
    }

    #[test]
    fn finds_an_object_below_another() {
        let collection =
            format!("/vendors/{VENDOR}/organizations/{ORGANIZATION}/sip/credentials/{OBJECT}/phone-numbers");
        for (state, found) in [
            (json!({"id": VENDOR, "path": collection}), true),
            (json!({"id": format!("{collection}/{VENDOR}"), "path": collection}), true),
            (json!({"id": VENDOR, "path": format!("{collection}/")}), true),
            (json!({"id": "x", "path": collection}), false),
            (json!({"id": VENDOR, "path": collection.replace(OBJECT, "x")}), false),
        ] {
            let source = MoveSource { type_name: "restapi_object", state: &state };
            let ids = locate(&source, "sip/credentials/{}/phone-numbers").map(|(_, ids)| ids);
            let expected = [OBJECT, VENDOR].map(|id| parse_id(id).expect("a UUID"));
            assert_eq!(ids, found.then_some(expected), "{state}");
        }
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
