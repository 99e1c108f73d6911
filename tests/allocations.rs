//! The number of allocations in each call about one object, which does not depend on the speed of the machine.
#![cfg(target_os = "linux")] // Other systems allocate differently.

use std::io::{self, Cursor, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use dhat::HeapStats;
use serde_json::{Value as Json, json};
use terraform_provider_deepslate::DeepslateProvider;
use testkit::core::{block_type, encode, texts};
use testkit::workload::Workload;
use testkit::{API_KEY, ORGANIZATION, VENDOR, uuid};
use tfplugin::Service;
use tfplugin::cty::Type;
use tfplugin::proto::tfplugin5::provider_server::Provider as _;
use tfplugin::proto::tfplugin5::{
    DynamicValue, apply_resource_change, configure, get_provider_schema, plan_resource_change, read_resource,
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// The most allocations of a plan, a create, a read and a delete of SIP credentials, a tenth above what they make.
const BUDGET: [(&str, u64); 4] = [("plan", 183), ("create", 375), ("read", 293), ("delete", 153)];

/// The calls of each kind that are counted, and those before, which fill caches and open the connection.
const COUNTED: usize = 50;
const BEFORE: usize = 10;

const TYPE: &str = "deepslate_sip_credentials";

#[test]
fn calls_make_few_allocations() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let counted = runtime.block_on(count());
    for ((call, most), allocations) in BUDGET.iter().zip(counted) {
        assert!(
            allocations <= *most,
            "{call}: {allocations} allocations, at most {most} are allowed; all: {counted:?}"
        );
    }
}

/// The allocations of a call of each kind.
async fn count() -> [u64; 4] {
    let service = Service::new(DeepslateProvider, CancellationToken::new());
    let schema =
        service.get_schema(Request::new(get_provider_schema::Request {})).await.expect("a schema").into_inner();
    let provider = block_type(schema.provider.as_ref());
    let ty = block_type(schema.resource_schemas.get(TYPE));
    let config = json!({
        "base_url": canned_api(),
        "api_key": API_KEY,
        "vendor_id": VENDOR,
        "organization_id": ORGANIZATION,
        // A list would serve several reads.
        "coalesce_reads": false,
    });
    let request = configure::Request { config: Some(encode(&config, &provider)), ..Default::default() };
    let answer = service.configure(Request::new(request)).await.expect("an answer").into_inner();
    assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());

    let nothing = encode(&Json::Null, &ty);
    let configs = configs(&ty);
    let to_plan = configs.iter().map(|config| plan_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: Some(nothing.clone()),
        proposed_new_state: Some(config.clone()),
        config: Some(config.clone()),
        ..Default::default()
    });
    let (planned, plan) = counted(to_plan, async |request| service.plan_resource_change(request).await).await;

    let to_create = planned.into_iter().zip(&configs).map(|(planned, config)| apply_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: Some(nothing.clone()),
        planned_state: planned.planned_state,
        config: Some(config.clone()),
        planned_private: planned.planned_private,
        ..Default::default()
    });
    let (created, create) = counted(to_create, async |request| service.apply_resource_change(request).await).await;

    let to_read = created.into_iter().map(|created| {
        assert_eq!(texts(&created.diagnostics), Vec::<String>::new());
        read_resource::Request {
            type_name: TYPE.to_owned(),
            current_state: created.new_state,
            private: created.private,
            current_identity: created.new_identity,
            ..Default::default()
        }
    });
    let (read, one_read) = counted(to_read, async |request| service.read_resource(request).await).await;

    let to_delete = read.into_iter().map(|read| {
        assert_eq!(texts(&read.diagnostics), Vec::<String>::new());
        apply_resource_change::Request {
            type_name: TYPE.to_owned(),
            prior_state: read.new_state,
            planned_state: Some(nothing.clone()),
            config: Some(nothing.clone()),
            planned_private: read.private,
            ..Default::default()
        }
    });
    let (deleted, delete) = counted(to_delete, async |request| service.apply_resource_change(request).await).await;
    assert!(deleted.iter().all(|answer| answer.diagnostics.is_empty()));
    [plan, create, one_read, delete]
}

/// Makes all calls, one after the other. Returns the answers, and how many allocations a call makes.
async fn counted<R, A>(
    requests: impl Iterator<Item = R>,
    call: impl AsyncFn(Request<R>) -> Result<Response<A>, Status>,
) -> (Vec<A>, u64) {
    let requests: Vec<_> = requests.collect();
    let mut answers = Vec::with_capacity(requests.len());
    let mut before = 0;
    for (number, request) in requests.into_iter().enumerate() {
        if number == BEFORE {
            before = HeapStats::get().total_blocks;
        }
        answers.push(call(Request::new(request)).await.expect("an answer").into_inner());
    }
    (answers, (HeapStats::get().total_blocks - before) / COUNTED as u64)
}

/// The configurations of all objects.
fn configs(ty: &Type) -> Vec<DynamicValue> {
    let layer = &Workload::named("sip_credentials").expect("a workload").layers[0];
    let config = |number| encode(&layer.config(number, "", uuid(ORGANIZATION)), ty);
    (0..BEFORE + COUNTED).map(config).collect()
}

/// Returns the URL of an API that allocates nothing. It answers each POST with a new object, a GET with the object that it asks for, and
/// the GET of a list with an empty one.
fn canned_api() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let mut made = 0;
        while let Ok((connection, _)) = listener.accept() {
            // The provider closes it at its end.
            let _ = serve(connection, &mut made);
        }
    });
    url
}

fn serve(mut connection: TcpStream, made: &mut usize) -> io::Result<()> {
    let (mut buffer, mut answer) = ([0; 8192], Cursor::new([0; 1024]));
    while let Some(request) = receive(&mut connection, &mut buffer)? {
        let (method, rest) = request.split_once(' ').unwrap_or_default();
        let path = rest.split([' ', '?']).next().unwrap_or_default();
        let last = path.rsplit('-').next().and_then(|digits| digits.parse().ok());
        let mut body = Cursor::new([0; 512]);
        match (method, last) {
            ("GET", None) => {
                write!(body, r#"{{"success":true,"data":[],"page":0,"size":100,"totalElements":0,"totalPages":0}}"#)?;
            }
            (_, found) => {
                let id = found.unwrap_or_else(|| {
                    *made += 1;
                    *made
                });
                write!(
                    body,
                    r#"{{"success":true,"data":{{"id":"00000000-0000-4000-8000-{id:012}","hostname":"sip.example.com","port":5060,"username":"agent-{}","maxAgentTasks":10}}}}"#,
                    id - 1
                )?;
            }
        }
        let length = body.position();
        write!(answer, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")?;
        answer.write_all(written(&body))?;
        connection.write_all(written(&answer))?;
        answer.set_position(0);
    }
    Ok(())
}

/// Reads a whole request. `None` at the end of the connection.
fn receive<'a>(connection: &mut TcpStream, buffer: &'a mut [u8]) -> io::Result<Option<&'a str>> {
    let mut length = 0;
    loop {
        match connection.read(&mut buffer[length..])? {
            0 => return Ok(None),
            more => length += more,
        }
        let text = str::from_utf8(&buffer[..length]).map_err(io::Error::other)?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let expected = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= expected.unwrap_or(0) {
            // Borrowed again, because a borrow that is returned would last for the whole loop.
            return Ok(str::from_utf8(&buffer[..length]).ok());
        }
    }
}

fn written<const N: usize>(buffer: &Cursor<[u8; N]>) -> &[u8] {
    &buffer.get_ref()[..usize::try_from(buffer.position()).unwrap_or_default()]
}
