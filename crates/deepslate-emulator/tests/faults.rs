//! Faults on demand, and the log of requests.

mod client;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Answer, call, send};
use deepslate_emulator::{Chaos, Config, Effect, Emulator, Fault};
use serde_json::{Value, json};
use uuid::Uuid;

fn path() -> String {
    format!("/api/v1/vendors/{0}/organizations/{0}/sip/credentials", Uuid::nil())
}

fn create(emulator: &Emulator) -> std::io::Result<Answer> {
    let body = json!({ "hostname": "h", "port": 1, "username": "u", "password": "secret" });
    call(emulator, "POST", &path(), Some(&body))
}

fn start(effect: Effect) -> Emulator {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    emulator.fault(Fault { method: Some("POST"), path: String::new(), times: Some(1), effect });
    emulator
}

fn unavailable() -> (u16, Vec<(String, String)>, Vec<u8>) {
    (503, vec![("Retry-After".to_owned(), "7".to_owned())], b"<html>".to_vec())
}

#[test]
fn a_prescribed_answer() {
    let (status, headers, body) = unavailable();
    let emulator = start(Effect::Answer { status, headers, body });
    let answer = create(&emulator).expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (503, "<html>"));
    assert!(answer.headers.contains("Retry-After: 7") || answer.headers.contains("retry-after: 7"));
    assert!(emulator.credentials().is_empty());
    assert_eq!(create(&emulator).expect("an answer").status, 201, "once was asked for");
}

#[test]
fn a_prescribed_answer_after_the_work() {
    let (status, headers, body) = unavailable();
    let emulator = start(Effect::AnswerAfter { status, headers, body });
    assert_eq!(create(&emulator).expect("an answer").status, 503);
    assert_eq!(emulator.credentials().len(), 1);
}

#[test]
fn an_answer_that_http_cannot_say() {
    let emulator =
        start(Effect::Answer { status: 200, headers: vec![("a b".to_owned(), String::new())], body: vec![] });
    let answer = create(&emulator).expect("an answer");
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("not HTTP"));
}

#[test]
fn a_connection_closed_before_and_after_the_work() {
    for (effect, objects) in [(Effect::DropBefore, 0), (Effect::DropAfter, 1)] {
        let emulator = start(effect.clone());
        assert!(create(&emulator).is_err());
        assert_eq!(emulator.credentials().len(), objects);
        let request = &emulator.requests()[0];
        assert_eq!(request.status, None);
        assert_eq!(!request.answer.is_empty(), matches!(effect, Effect::DropAfter), "the answer that got lost");
    }
}

#[test]
fn an_answer_cut_in_its_body() {
    let emulator = start(Effect::Cut);
    let error = create(&emulator).err().expect("the answer is broken").to_string();
    assert!(error.contains("201 Created") && error.contains("content-length") && error.contains('{'), "{error}");
    assert!(!error.contains("traceId"), "half of it: {error}");
    assert_eq!(emulator.credentials().len(), 1);
    assert_eq!(emulator.requests()[0].status, Some(201));
}

#[test]
fn an_answer_that_is_not_json() {
    let emulator = start(Effect::Garble);
    let answer = create(&emulator).expect("an answer");
    assert_eq!((answer.status, answer.json()), (201, Value::Null));
    assert_eq!(emulator.credentials().len(), 1);
}

#[test]
fn an_answer_rewritten() {
    let emulator = start(Effect::Rewrite(Arc::new(|body| body["data"] = Value::Null)));
    let answer = create(&emulator).expect("an answer").json();
    assert_eq!((&answer["success"], &answer["data"]), (&json!(true), &Value::Null));
}

#[test]
fn an_answer_that_drips() {
    let emulator = start(Effect::Drip { interval: Duration::from_millis(2) });
    let before = Instant::now();
    let answer = create(&emulator).expect("an answer");
    assert_eq!(answer.json()["success"], true);
    assert!(before.elapsed() >= Duration::from_millis(200), "each of the bytes waits");
}

#[test]
fn a_delay_outlives_its_client() {
    let emulator = start(Effect::Delay(Duration::from_millis(100)));
    let mut stream = TcpStream::connect(emulator.url().replace("http://", "")).expect("it listens");
    let body = json!({ "hostname": "h", "port": 1, "username": "u", "password": "p" }).to_string();
    let head = "Host: a\r\nAuthorization: Bearer test-key\r\nContent-Type: application/json";
    write!(stream, "POST {} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", path(), body.len()).unwrap();
    while emulator.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(stream);
    assert!(emulator.credentials().is_empty());
    let patience = Instant::now() + Duration::from_secs(30);
    while emulator.credentials().is_empty() {
        assert!(Instant::now() < patience, "what has arrived is done, whether or not its client waits");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn faults_fit_by_method_and_path_in_the_order_asked_for() {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    let fault = |method, path: &str, times, status| {
        let effect = Effect::Answer { status, headers: vec![], body: vec![] };
        emulator.fault(Fault { method, path: path.to_owned(), times, effect });
    };
    let status = || create(&emulator).expect("an answer").status;
    fault(Some("PUT"), "", None, 501);
    fault(Some("POST"), "/phone-numbers", None, 502);
    fault(None, "/credentials", Some(2), 503);
    fault(Some("POST"), "", None, 504);
    assert_eq!([status(), status(), status(), status()], [503, 503, 504, 504]);
    emulator.clear_faults();
    assert_eq!(status(), 201);
}

/// The statuses of as many calls that meet chaos; `None` where no answer came.
fn statuses(emulator: &Emulator, count: usize) -> Vec<Option<u16>> {
    (0..count).map(|_| create(emulator).ok().map(|answer| answer.status)).collect()
}

#[test]
fn chaos_is_the_same_again_with_the_same_seed() {
    let chaos = |seed| Chaos {
        seed,
        lost: 0.3,
        unavailable: 0.1,
        throttled: 0.2,
        list_lag: Duration::ZERO,
        longest_delay: Duration::from_micros(1),
    };
    let run = |seed| {
        let emulator = Emulator::start(Config::default()).expect("it starts");
        emulator.chaos(Some(chaos(seed)));
        let met = statuses(&emulator, 200);
        let answered = |status| met.iter().filter(|&&met| met == status).count();
        assert_eq!(emulator.credentials().len(), answered(None) + answered(Some(201)), "what is lost is done");
        emulator.chaos(None);
        assert_eq!(statuses(&emulator, 10), [Some(201); 10]);
        met
    };
    let met = run(1);
    for (status, expected) in [(None, 60), (Some(503), 20), (Some(429), 40), (Some(201), 80)] {
        let count = met.iter().filter(|&&met| met == status).count();
        assert!(count.abs_diff(expected) <= 20, "{count} of 200 were {status:?}, and about {expected} should be");
    }
    assert_eq!(met, run(1));
    assert_ne!(met, run(2));
}

#[test]
fn a_fault_that_was_asked_for_comes_before_chaos() {
    let (status, headers, body) = unavailable();
    let emulator = start(Effect::Answer { status, headers, body });
    let chaos = Chaos {
        seed: 0,
        lost: 0.0,
        unavailable: 0.0,
        throttled: 1.0,
        list_lag: Duration::ZERO,
        longest_delay: Duration::ZERO,
    };
    emulator.chaos(Some(chaos));
    assert_eq!(statuses(&emulator, 2), [Some(503), Some(429)]);
    let asks_to_wait = |_| create(&emulator).expect("an answer").headers.to_lowercase().contains("retry-after: 1");
    let asking = (0..40).filter(|&call| asks_to_wait(call)).count();
    assert!((1..40).contains(&asking), "{asking} of 40 ask to wait");
}

#[test]
fn requests_are_logged_in_order() {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    let with_query = format!("{}?page=1&size=5", path());
    let created = create(&emulator).expect("an answer");
    send(&emulator, "GET", &with_query, "X-Mark: here\r\n", None).expect("an answer");
    let requests = emulator.requests();
    assert_eq!(requests[0].body.as_ref().expect("a body")["password"], "secret");
    assert_eq!((requests[0].method.as_str(), requests[0].status), ("POST", Some(201)));
    assert_eq!(requests[0].answer, created.body);
    assert_eq!((requests[1].path.as_str(), requests[1].query.as_str()), (path().as_str(), "page=1&size=5"));
    assert_eq!((&requests[1].body, requests[1].status), (&None, Some(401)));
    assert!(requests[1].headers.contains(&("x-mark".to_owned(), "here".to_owned())));
    assert!(!format!("{requests:?}").contains("secret"));

    emulator.clear_requests();
    create(&emulator).expect("an answer");
    assert_eq!(emulator.requests().len(), 1);
    assert_eq!(emulator.requests()[0].status, Some(201));
}

#[test]
fn requests_in_progress_at_the_same_time_are_counted() {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    create(&emulator).expect("an answer");
    create(&emulator).expect("an answer");
    assert_eq!(emulator.most_requests_at_once(), 1);
    let effect = Effect::Delay(Duration::from_millis(500));
    emulator.fault(Fault { method: None, path: String::new(), times: None, effect });
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| create(&emulator).expect("an answer"));
        }
    });
    assert_eq!(emulator.most_requests_at_once(), 3);
}

#[test]
fn the_log_can_be_off() {
    let emulator = Emulator::start(Config { log_requests: false, ..Config::default() }).expect("it starts");
    create(&emulator).expect("an answer");
    assert!(emulator.requests().is_empty());
}

#[test]
fn a_connection_serves_several_calls() {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    let mut stream = TcpStream::connect(emulator.url().replace("http://", "")).expect("it listens");
    for _ in 0..3 {
        write!(stream, "GET /unknown HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 404");
        // The rest of the headers. The last line is empty.
        let mut end = [0; 4];
        while end != *b"\r\n\r\n" {
            end.rotate_left(1);
            stream.read_exact(&mut end[3..]).unwrap();
        }
    }
}

#[tokio::test]
async fn dropping_the_emulator_closes_its_connections() {
    let emulator = Emulator::start(Config::default()).expect("it starts");
    let address = emulator.url().replace("http://", "");
    let mut open = TcpStream::connect(&address).expect("it listens");
    drop(emulator);
    assert!(TcpStream::connect(&address).is_err());
    assert_eq!(open.read(&mut [0]).unwrap_or(0), 0, "its connections are closed");
}

#[test]
fn only_this_machine_is_served() {
    let config = Config { listen: ([0, 0, 0, 0], 0).into(), ..Config::default() };
    let error = Emulator::start(config).err().expect("it refuses");
    assert!(error.to_string().contains("not a loopback address"));
}
