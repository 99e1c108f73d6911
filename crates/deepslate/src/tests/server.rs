//! A server that plays a script over bare TCP, one step for each request. It can misbehave in ways in which an HTTP
//! library cannot.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Barrier, Notify};

use super::{FOUND, ID};

/// How long a restart lasts.
const RESTART: Duration = Duration::from_secs(1);

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Answers with these bytes and keeps the connection.
    Answer(String),
    /// Answers with these bytes and closes the connection.
    AnswerAndClose(String),
    /// Answers with the object whose id the path ends with, once as many such requests are there as the barrier wants.
    Find(Arc<Barrier>),
    /// Answers a byte every 5 ms.
    Drip(String),
    /// Answers with an endless body.
    Endless,
    /// Closes the connection without an answer.
    Drop,
    /// Does the same, and does not listen for a second.
    Restart,
    /// Never answers.
    Hang,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    script: Mutex<VecDeque<Step>>,
    seen: Mutex<Vec<Seen>>,
    arrived: Notify,
    restart: Notify,
    finding: AtomicUsize,
    most_finding: AtomicUsize,
}

impl Server {
    pub(crate) async fn start(script: impl IntoIterator<Item = Step>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback");
        let address = listener.local_addr().expect("bound");
        let played = Arc::new(Played { script: Mutex::new(script.into_iter().collect()), ..Played::default() });
        let server = Server { address, played: Arc::clone(&played) };
        tokio::spawn(async move {
            let mut listener = listener;
            loop {
                tokio::select! {
                    Ok((connection, _)) = listener.accept() => {
                        tokio::spawn(serve(connection, Arc::clone(&played)));
                    }
                    () = played.restart.notified() => {
                        drop(listener);
                        tokio::time::sleep(RESTART).await;
                        listener = TcpListener::bind(address).await.expect("the same port");
                    }
                }
            }
        });
        server
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.played.seen.lock().expect("not poisoned").clone()
    }

    /// Method and path of each request, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |seen: &Seen| seen.head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        self.seen().iter().map(line).collect()
    }

    /// How many requests waited at once in [`Step::Find`], at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.played.most_finding.load(Ordering::SeqCst)
    }

    /// Waits for the next request.
    pub(crate) async fn arrival(&self) {
        self.played.arrived.notified().await;
    }
}

async fn serve(mut connection: TcpStream, played: Arc<Played>) -> Option<()> {
    loop {
        let request = receive(&mut connection).await?;
        let path = request.head.split(' ').nth(1).unwrap_or_default();
        let id = path.rsplit('/').next().unwrap_or_default().to_owned();
        played.seen.lock().expect("not poisoned").push(request);
        let step = played.script.lock().expect("not poisoned").pop_front();
        // A request too many gets an answer that is not tried again, so that its test fails at once.
        let step = step.unwrap_or_else(|| json("403 Script Is Over", r#"{"success":false}"#));
        played.arrived.notify_one();
        match step {
            Step::Answer(answer) => connection.write_all(answer.as_bytes()).await.ok()?,
            Step::AnswerAndClose(answer) => {
                connection.write_all(answer.as_bytes()).await.ok()?;
                return None;
            }
            Step::Find(barrier) => {
                let now = played.finding.fetch_add(1, Ordering::SeqCst) + 1;
                played.most_finding.fetch_max(now, Ordering::SeqCst);
                barrier.wait().await;
                played.finding.fetch_sub(1, Ordering::SeqCst);
                connection.write_all(text("200 OK", "", &FOUND.replace(&ID.to_string(), &id)).as_bytes()).await.ok()?;
            }
            Step::Drip(answer) => {
                for byte in answer.bytes() {
                    connection.write_all(&[byte]).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            Step::Endless => {
                connection.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok()?;
                loop {
                    connection.write_all(b"8\r\n........\r\n").await.ok()?;
                }
            }
            Step::Drop => return None,
            Step::Restart => {
                played.restart.notify_one();
                return None;
            }
            Step::Hang => std::future::pending().await,
        }
    }
}

async fn receive(connection: &mut TcpStream) -> Option<Seen> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(connection.read_u8().await.ok()?));
    }
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().expect("a number"));
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    Some(Seen { head, body: String::from_utf8(body).expect("text") })
}

/// An answer with this status line, header lines and body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Step {
    Step::Answer(text(status, headers, body))
}

/// An answer with a body of JSON.
pub(crate) fn json(status: &str, body: &str) -> Step {
    answer(status, "content-type: application/json\r\n", body)
}

fn text(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}
