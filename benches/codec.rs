//! The time and the allocations to decode and encode one object of the state, and to drop it.
//!
//! The provider never writes JSON: Terraform takes MessagePack, and keeps the state itself. The allocator is that of the
//! system that this runs on, which counts allocations; that of a static build may take longer for each.

use divan::{AllocProfiler, Bencher, black_box_drop};
use tfplugin::cty::{Type, Value, json, msgpack};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// The type of `deepslate_sip_credentials`.
const TYPE: &[u8] = br#"["object", {
    "id": "string",
    "vendor_id": "string",
    "organization_id": "string",
    "hostname": "string",
    "port": "number",
    "username": "string",
    "password": "string",
    "password_wo": "string",
    "password_wo_version": "number",
    "max_agent_tasks": "number",
    "timeouts": ["object", {"create": "string", "read": "string", "update": "string", "delete": "string"}]
}]"#;

/// An object as it lies in a state.
const STATE: &[u8] = br#"{
    "id": "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    "vendor_id": "11111111-1111-4111-8111-111111111111",
    "organization_id": "22222222-2222-4222-8222-222222222222",
    "hostname": "sip.example.com",
    "port": 5060,
    "username": "agent-17",
    "password": "not a real one",
    "password_wo": null,
    "password_wo_version": null,
    "max_agent_tasks": 10,
    "timeouts": null
}"#;

fn main() {
    divan::main();
}

fn object() -> (Type, Value) {
    let ty = Type::from_json(TYPE).expect("a type");
    let value = json::decode(STATE, &ty).expect("a value of it");
    (ty, value)
}

#[divan::bench(sample_size = 1000)]
fn msgpack_encode(bencher: Bencher) {
    let (ty, value) = object();
    bencher.bench_local(|| black_box_drop(msgpack::encode(&value, &ty)));
}

#[divan::bench(sample_size = 1000)]
fn msgpack_decode(bencher: Bencher) {
    let (ty, value) = object();
    let bytes = msgpack::encode(&value, &ty).expect("a value of its type");
    bencher.bench_local(|| black_box_drop(msgpack::decode(&bytes, &ty)));
}

#[divan::bench(sample_size = 1000)]
fn json_decode(bencher: Bencher) {
    let (ty, _) = object();
    bencher.bench_local(|| black_box_drop(json::decode(STATE, &ty)));
}
