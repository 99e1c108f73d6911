//! `moved` blocks from other providers: which object a resource manages through its URL.

use deepslate::Kind;
use serde_json::Value;
use tfplugin::MoveSource;
use uuid::Uuid;

use crate::parent::{Parent, parse_id};

/// The resources of general REST providers whose states name an object by its path: Mastercard/restapi and
/// magodo/restful.
const KNOWN: [&str; 2] = ["restapi_object", "restful_resource"];

/// What is expected of the resource to be moved.
pub(crate) const HINT: &str = "a resource that manages the same object through its URL: `restapi_object` or \
                                   `restful_resource`, with the path of the object in its state";

/// The parent and the ID of the object that another provider's resource manages. `None` if it is of another kind.
///
/// One provider keeps the path of the collection in `path` and the object's ID in `id`, the other may have the path of
/// the object in `id`.
pub(crate) fn locate<P: Parent, K: Kind<Parent = P::Ref>>(source: &MoveSource<'_>) -> Option<(P::Ref, Uuid)> {
    if !KNOWN.contains(&source.type_name) {
        return None;
    }
    let text = |name: &str| source.state.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, path) = (text("id"), text("path"));
    let object = |path: &str| {
        let (collection, id) = path.trim_end_matches('/').rsplit_once('/')?;
        Some((in_collection::<P, K>(collection)?, parse_id(id)?))
    };
    object(id).or_else(|| object(path)).or_else(|| Some((in_collection::<P, K>(path)?, parse_id(id)?)))
}

/// The parent whose collection has this path, whatever precedes `/vendors/`.
fn in_collection<P: Parent, K: Kind<Parent = P::Ref>>(path: &str) -> Option<P::Ref> {
    let behind_base =
        |path: &str| path.find("/vendors/").map(|at| path[at..].trim_end_matches('/').to_ascii_lowercase());
    let path = behind_base(path)?;
    let ids: Vec<_> = path.split('/').filter_map(parse_id).collect();
    let parent = P::from_ids(&ids)?;
    (behind_base(&K::path(parent))? == path).then_some(parent)
}

#[cfg(test)]
mod tests {
    use deepslate::{SipCredentials, SipPhoneNumber};
    use serde_json::json;

    use super::*;
    use crate::parent::InOrganization;
    use crate::sip_phone_number::InSipCredentials;

    const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
    const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";
    const OBJECT: &str = "33333333-3333-4333-8333-333333333333";

    fn located(type_name: &str, state: &Value) -> Option<String> {
        let source = MoveSource { type_name, state };
        let (organization, object) = locate::<InOrganization, SipCredentials>(&source)?;
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
            let ids = locate::<InSipCredentials, SipPhoneNumber>(&source).map(|(credentials, id)| [credentials.id, id]);
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
    fn refuses_the_states_of_other_objects() {
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
