//! A client that returns what came over the connection, even if it is not an answer.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use deepslate_emulator::Emulator;
use serde_json::Value;

/// The response. The header lines are as sent.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    /// Null where the body is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Makes a call with the key that emulators have by default.
///
/// Fails where the connection ends before the answer does.
pub(crate) fn call(emulator: &Emulator, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
    send(emulator, method, path, "Authorization: Bearer test-key\r\nContent-Type: application/json\r\n", body)
}

/// Makes a call with just these header lines, and those that HTTP needs.
pub(crate) fn send(
    emulator: &Emulator,
    method: &str,
    path: &str,
    headers: &str,
    body: Option<&Value>,
) -> io::Result<Answer> {
    let address = emulator.url().replace("http://", "");
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: emulator\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    parse(&text).ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, format!("a broken answer: {text:?}")))
}

fn parse(text: &str) -> Option<Answer> {
    let (headers, body) = text.split_once("\r\n\r\n")?;
    let status = headers.split(' ').nth(1)?.parse().ok()?;
    let lines = headers.to_lowercase();
    let length: usize = lines.split("\r\ncontent-length: ").nth(1)?.lines().next()?.parse().ok()?;
    (body.len() == length).then(|| Answer { status, headers: headers.to_owned(), body: body.to_owned() })
}
