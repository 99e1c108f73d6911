//! The answers of the API, each checked against `openapi.yaml`.

mod client;
mod description;
mod entities;

use std::cell::RefCell;
use std::collections::BTreeSet;

use client::{Answer, call, send};
use deepslate_emulator::{Config, Credentials, Emulator, Operation, PhoneNumber};
use description::Description;
use serde_json::{Value, json};
use uuid::Uuid;

const VENDOR: Uuid = Uuid::from_u128(1);
const ORGANIZATION: Uuid = Uuid::from_u128(2);

/// An emulator whose every answer is checked.
struct Api {
    emulator: Emulator,
    description: Description,
    /// Operations that succeeded.
    succeeded: RefCell<BTreeSet<String>>,
}

impl Api {
    fn start(config: Config) -> Self {
        let emulator = Emulator::start(config).expect("it starts");
        Self { emulator, description: Description::read(), succeeded: RefCell::default() }
    }

    /// Calls an operation on the objects of our organization; `ids` go on from there.
    fn call(&self, operation: &str, ids: &[&str], body: Option<&Value>) -> (u16, Value) {
        self.call_at(operation, &[&[&*VENDOR.to_string(), &*ORGANIZATION.to_string()], ids].concat(), "", body)
    }

    fn list(&self, operation: &str, ids: &[&str], query: &str) -> (u16, Value) {
        self.call_at(operation, &[&[&*VENDOR.to_string(), &*ORGANIZATION.to_string()], ids].concat(), query, None)
    }

    /// Calls an operation with all ids given; those that its path has no place for are left out.
    fn call_at(&self, operation: &str, ids: &[&str], query: &str, body: Option<&Value>) -> (u16, Value) {
        let (path, method, _) = self.description.find(operation);
        let mut ids = ids.iter();
        let path: Vec<_> = path
            .split('/')
            .map(|part| if part.starts_with('{') { ids.next().copied().expect("an id for each place") } else { part })
            .collect();
        let path = format!("{}{query}", path.join("/"));
        let answer = call(&self.emulator, &method.to_uppercase(), &path, body).expect("an answer");
        self.check(operation, &answer)
    }

    fn check(&self, operation: &str, answer: &Answer) -> (u16, Value) {
        assert!(answer.headers.contains("content-type: application/json"), "{}", answer.headers);
        let body = answer.json();
        self.description.check(operation, answer.status, &body);
        let success = (200..300).contains(&answer.status);
        assert_eq!(body["success"], success, "{operation} {}", answer.status);
        assert_eq!(body["traceId"].as_str().map(str::len), Some(32));
        assert_eq!(body["message"].is_string(), !success, "a failure says why");
        if success {
            self.succeeded.borrow_mut().insert(operation.to_owned());
        }
        (answer.status, body)
    }

    fn create(&self, hostname: &str) -> String {
        let mut body = credentials();
        body["hostname"] = hostname.into();
        let (status, body) = self.call("createSipCredentials", &[], Some(&body));
        assert_eq!(status, 201);
        body["data"]["id"].as_str().expect("an id").to_owned()
    }

    fn create_number(&self, credentials: &str, number: &str) -> String {
        let (status, body) = self.call("createPhoneNumber", &[credentials], Some(&json!({ "phoneNumber": number })));
        assert_eq!(status, 201);
        body["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// The call is refused with this status and a message that holds the text.
    #[track_caller]
    fn refuses(&self, operation: &str, ids: &[&str], body: &Value, status: u16, text: &str) {
        let answer = self.call(operation, ids, Some(body));
        assert_eq!(answer.0, status, "{}", answer.1);
        let message = answer.1["message"].as_str().unwrap_or_default();
        assert!(message.contains(text), "{message}");
    }
}

fn credentials() -> Value {
    json!({ "hostname": "sip.example.com", "port": 5060, "username": "alice", "password": "secret" })
}

#[test]
fn every_operation_answers_as_described() {
    let api =
        Api::start(Config { organizations: vec![(VENDOR, ORGANIZATION, "Acme".to_owned())], ..Config::default() });
    let organizations = api.call("listOrganizations", &[], None).1;
    assert_eq!(organizations["data"], json!([{ "id": ORGANIZATION, "companyName": "Acme" }]));

    let id = api.create("sip.example.com");
    let mut expected = json!({
        "id": id, "hostname": "sip.example.com", "port": 5060, "username": "alice", "maxAgentTasks": 10
    });
    assert_eq!(api.call("getSipCredentials", &[&id], None).1["data"], expected);
    assert_eq!(api.list("listSipCredentials", &[], "").1["data"], json!([expected]));
    let mut changed = credentials();
    changed["port"] = 5061.into();
    changed["password"] = "other".into();
    changed["maxAgentTasks"] = 3.into();
    expected["port"] = 5061.into();
    expected["maxAgentTasks"] = 3.into();
    assert_eq!(api.call("updateSipCredentials", &[&id], Some(&changed)).1["data"], expected);
    assert_eq!(api.emulator.credentials()[0].password, "other");

    let number = api.create_number(&id, "0049301234567");
    let expected = json!({ "id": number, "phoneNumber": "0049301234567", "fallback": false });
    assert_eq!(api.call("getPhoneNumber", &[&id, &number], None).1["data"], expected);
    assert_eq!(api.list("listPhoneNumbers", &[&id], "").1["data"], json!([expected]));
    let changed = json!({ "phoneNumber": "0049307654321", "fallback": true });
    let updated = api.call("updatePhoneNumber", &[&id, &number], Some(&changed)).1;
    assert_eq!(updated["data"], json!({ "id": number, "phoneNumber": "0049307654321", "fallback": true }));

    entities::answer_as_described(&api, &id, &number);

    api.refuses("deleteSipCredentials", &[&id], &Value::Null, 409, "1 phone number");
    assert_eq!(api.call("deletePhoneNumber", &[&id, &number], None).0, 200);
    assert_eq!(api.call("deleteSipCredentials", &[&id], None).0, 200);
    assert!(api.emulator.credentials().is_empty() && api.emulator.phone_numbers().is_empty());

    let described = api.description.operations();
    let described: BTreeSet<_> =
        described.map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(*api.succeeded.borrow(), described, "an operation was never called");
}

#[test]
fn a_missing_object_is_a_404() {
    let api =
        Api::start(Config { organizations: vec![(VENDOR, ORGANIZATION, "Acme".to_owned())], ..Config::default() });
    let (vendor, organization, unknown) = (VENDOR.to_string(), ORGANIZATION.to_string(), Uuid::max().to_string());
    let id = api.create("a");
    let other = api.create("b");
    let number = api.create_number(&id, "+4930");
    for operation in ["getSipCredentials", "deleteSipCredentials", "listPhoneNumbers"] {
        assert_eq!(api.call(operation, &[&unknown], None).0, 404);
        assert_eq!(api.call_at(operation, &[&vendor, &unknown, &id], "", None).0, 404);
        assert_eq!(api.call_at(operation, &[&unknown, &organization, &id], "", None).0, 404);
    }
    api.refuses("updateSipCredentials", &[&unknown], &credentials(), 404, &unknown);
    api.refuses("createPhoneNumber", &[&unknown], &json!({ "phoneNumber": "1" }), 404, &unknown);
    api.refuses("updatePhoneNumber", &[&other, &number], &json!({ "phoneNumber": "1" }), 404, &number);
    for operation in ["getPhoneNumber", "deletePhoneNumber"] {
        assert_eq!(api.call(operation, &[&other, &number], None).0, 404, "it belongs to other credentials");
    }
    for operation in ["createSipCredentials", "listSipCredentials"] {
        assert_eq!(api.call_at(operation, &[&vendor, &unknown], "", Some(&credentials())).0, 404);
    }
    assert_eq!(api.call_at("listOrganizations", &[&unknown], "", None).0, 404);
    assert_eq!(call(&api.emulator, "GET", "/api/v2", None).expect("an answer").status, 404);
}

#[test]
fn ids_are_uuids() {
    let api = Api::start(Config::default());
    let id = Uuid::max().to_string();
    for wrong in ["x", "..%2F..", &id[1..], &Uuid::max().simple().to_string()] {
        api.refuses("getSipCredentials", &[wrong], &Value::Null, 400, "`sipCredentialsId`");
        api.refuses("deletePhoneNumber", &[&id, wrong], &Value::Null, 400, "`phoneNumberId`");
        assert_eq!(api.call_at("listSipCredentials", &[wrong, &id], "", None).0, 400);
        assert_eq!(api.call_at("listSipCredentials", &[&id, wrong], "", None).0, 400);
    }
    assert_eq!(api.call("getSipCredentials", &["ABCDEF00-0000-0000-0000-000000000000"], None).0, 404);
}

#[test]
fn a_wrong_field_is_named() {
    let api = Api::start(Config::default());
    let id = api.create("a");
    let wrong = |name: &str, value: Value| {
        let mut body = credentials();
        body[name] = value;
        api.refuses("createSipCredentials", &[], &body, 400, &format!("`{name}`"));
        api.refuses("updateSipCredentials", &[&id], &body, 400, &format!("`{name}`"));
    };
    for name in ["hostname", "username", "password"] {
        for value in [json!(null), json!(""), json!(5), json!(["x"])] {
            wrong(name, value);
        }
    }
    for value in [json!(null), json!(0), json!(-1), json!(65536), json!(1.5), json!("5060"), json!(1e300)] {
        wrong("port", value);
    }
    for value in [json!(0), json!(1_i64 << 31), json!("1"), json!(false)] {
        wrong("maxAgentTasks", value);
    }
    for body in [json!({}), json!({ "phoneNumber": "" }), json!({ "phoneNumber": 49 })] {
        api.refuses("createPhoneNumber", &[&id], &body, 400, "`phoneNumber`");
    }
    api.refuses("createPhoneNumber", &[&id], &json!({ "phoneNumber": "1", "fallback": "yes" }), 400, "`fallback`");
    api.refuses("createSipCredentials", &[], &json!([credentials()]), 400, "JSON object");
    assert_eq!(api.emulator.credentials().len(), 1);
    assert_eq!(api.emulator.credentials()[0].hostname, "a");
}

#[test]
fn the_limits_of_ranges_are_accepted() {
    let api = Api::start(Config::default());
    for (port, tasks) in [(1, 1), (65535, i32::MAX)] {
        let body = json!({ "hostname": "h", "port": port, "username": "u", "password": "p", "maxAgentTasks": tasks });
        assert_eq!(api.call("createSipCredentials", &[], Some(&body)).1["data"]["port"], port);
    }
    let mut body = credentials();
    body["maxAgentTasks"] = Value::Null;
    body["unknown"] = 1.into();
    assert_eq!(api.call("createSipCredentials", &[], Some(&body)).1["data"]["maxAgentTasks"], 10);
}

#[test]
fn the_token_the_method_and_the_content_type_are_checked() {
    let api = Api::start(Config::default());
    let path = format!("/api/v1/vendors/{VENDOR}/organizations/{ORGANIZATION}/sip/credentials");
    for headers in ["", "Authorization: Bearer other\r\n", "Authorization: test-key\r\n", "X-API-Key: test-key\r\n"] {
        let answer = send(&api.emulator, "GET", &path, headers, None).expect("an answer");
        assert_eq!(api.check("listSipCredentials", &answer).0, 401);
    }
    let answer = call(&api.emulator, "PATCH", &path, None).expect("an answer");
    assert_eq!(api.check("listSipCredentials", &answer).0, 405);
    let answer = send(&api.emulator, "POST", &path, "Authorization: Bearer test-key\r\n", Some(&credentials()));
    assert_eq!(api.check("createSipCredentials", &answer.expect("an answer")).0, 415);
    assert!(api.emulator.credentials().is_empty());
}

#[test]
fn lists_come_in_pages() {
    let api = Api::start(Config { max_page_size: 30, ..Config::default() });
    let ids: Vec<_> = (0..45).map(|number| api.create(&format!("host-{}", number % 9))).collect();
    let page = |query: &str| {
        let body = api.list("listSipCredentials", &[], query).1;
        let items: Vec<_> = body["data"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect();
        (
            items,
            [&body["page"], &body["size"], &body["totalElements"], &body["totalPages"]].map(|n| n.as_i64().unwrap()),
        )
    };
    assert_eq!(page(""), (ids[..20].iter().map(|id| json!(id)).collect(), [0, 20, 45, 3]));
    assert_eq!(page("?page=2"), (ids[40..].iter().map(|id| json!(id)).collect(), [2, 20, 45, 3]));
    assert_eq!(page("?size=1000"), (ids[..30].iter().map(|id| json!(id)).collect(), [0, 30, 45, 2]));
    assert_eq!(page("?page=2147483647&size=30"), (vec![], [2_147_483_647, 30, 45, 2]));

    let items = api.list("listSipCredentials", &[], "?size=30&sort=hostname,desc&sort=port&foo=1").1["data"].clone();
    assert_eq!((&items[0]["hostname"], &items[29]["hostname"]), (&json!("host-8"), &json!("host-3")));
    for query in ["?page=-1", "?page=x", "?size=0", "?sort=hostname,up", "?sort=password", "?page=2147483648"] {
        let (status, body) = api.list("listSipCredentials", &[], query);
        assert_eq!(status, 400);
        assert!(body["message"].as_str().unwrap().contains(&format!("`{}`", &query[1..5])), "{body}");
    }
}

#[test]
fn organizations_are_sorted_by_name() {
    let named = |number: u128, name: &str| (VENDOR, Uuid::from_u128(number), name.to_owned());
    let api = Api::start(Config { organizations: vec![named(5, "B"), named(6, "A")], ..Config::default() });
    let list = |query: &str| {
        let body = api.call_at("listOrganizations", &[&VENDOR.to_string()], query, None).1;
        body["data"].as_array().unwrap().iter().map(|item| item["companyName"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(list(""), ["A", "B"]);
    assert_eq!(list("?sort=name,desc"), ["B", "A"]);
    assert_eq!(list("?sort=id"), ["B", "A"]);
}

#[test]
fn a_server_may_have_less() {
    let api = Api::start(Config {
        summaries: true,
        without: vec![Operation::GetPhoneNumber, Operation::DeletePhoneNumber, Operation::ListPhoneNumbers],
        number_prefix: Some("+".to_owned()),
        ..Config::default()
    });
    let id = api.create("a");
    assert_eq!(api.list("listSipCredentials", &[], "").1["data"], json!([{ "id": id, "hostname": "a" }]));
    let number = api.create_number(&id, "0049301234567");
    assert_eq!(api.emulator.phone_numbers()[0].phone_number, "+49301234567");
    assert_eq!(api.call("getPhoneNumber", &[&id, &number], None).0, 405);
    assert_eq!(api.call("deletePhoneNumber", &[&id, &number], None).0, 405);
    assert_eq!(api.list("listPhoneNumbers", &[&id], "").0, 405);
}

#[test]
fn objects_change_behind_the_clients_back() {
    let api = Api::start(Config::default());
    let id = Uuid::from_u128(7);
    api.create("first");
    api.emulator.insert(Credentials {
        vendor_id: VENDOR,
        organization_id: ORGANIZATION,
        id,
        hostname: "second".to_owned(),
        port: 1,
        username: "u".to_owned(),
        password: "canary".to_owned(),
        max_agent_tasks: 1,
    });
    let number = PhoneNumber { sip_credentials_id: id, id, phone_number: "1".to_owned(), fallback: true };
    api.emulator.insert_phone_number(number.clone());
    assert!(api.emulator.change_phone_number(id, |number| number.phone_number = "2".to_owned()));
    assert_eq!(api.call("getPhoneNumber", &[&id.to_string(), &id.to_string()], None).1["data"]["phoneNumber"], "2");
    assert!(api.emulator.remove_phone_number(id));
    api.emulator.insert_phone_number(number);

    api.create("third");
    assert!(api.emulator.change(id, |credentials| credentials.port = 9));
    let hosts = || api.emulator.credentials().iter().map(|one| one.hostname.clone()).collect::<Vec<_>>();
    assert_eq!(hosts(), ["first", "second", "third"]);
    assert_eq!(api.call("getSipCredentials", &[&id.to_string()], None).1["data"]["port"], 9);
    assert!(!format!("{:?}", api.emulator.credentials()).contains("canary"));
    assert!(api.emulator.change(id, |credentials| credentials.organization_id = Uuid::max()));
    assert_eq!(api.call("getSipCredentials", &[&id.to_string()], None).0, 404);
    assert!(api.emulator.remove(id) && !api.emulator.remove(id) && !api.emulator.change(id, |_| ()));
    assert_eq!(hosts(), ["first", "third"]);
    assert!(api.emulator.phone_numbers().is_empty(), "they go with their credentials");
}
