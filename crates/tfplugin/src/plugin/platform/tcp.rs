//! A port on the loopback address: what plugins listen on where there are no Unix sockets. Any process on the machine can
//! connect, so TLS has to prove that it is the host.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;
use std::{env, io};

use super::super::error::Error;
use super::common::{Address, Listener, Socket};

/// Takes the first free port from `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`, or any port if the host does not set them.
pub(super) fn bind() -> Result<Socket, Error> {
    let lowest = port("PLUGIN_MIN_PORT", env::var("PLUGIN_MIN_PORT").ok())?;
    let highest = port("PLUGIN_MAX_PORT", env::var("PLUGIN_MAX_PORT").ok())?;
    bind_in(lowest..=highest)
        .map_err(|cause| Error::new("cannot listen on 127.0.0.1", format!("ports {lowest} to {highest}: {cause}")))
}

fn bind_in(ports: RangeInclusive<u16>) -> io::Result<Socket> {
    let mut outcome = Err(io::Error::new(io::ErrorKind::InvalidInput, "the range is empty"));
    for port in ports {
        outcome = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if outcome.is_ok() {
            break;
        }
    }
    let listener = outcome?;
    listener.set_nonblocking(true)?;
    let address = Address { network: "tcp", location: listener.local_addr()?.to_string() };
    let listener = Listener::Tcp(tokio::net::TcpListener::from_std(listener)?);
    Ok(Socket { listener, address, directory: None })
}

/// The port in a variable. If the variable is unset: 0, which means any port.
fn port(variable: &'static str, text: Option<String>) -> Result<u16, Error> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(0) };
    text.parse()
        .map_err(|cause| Error::new("cannot listen on 127.0.0.1", format!("`{variable}` is not a port: {cause}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port_of(socket: &Socket) -> u16 {
        socket.address.location.strip_prefix("127.0.0.1:").expect("the loopback address").parse().unwrap()
    }

    #[tokio::test]
    async fn the_first_free_port_of_the_range_is_used() {
        let taken = bind_in(0..=0).unwrap();
        let first = port_of(&taken);
        let next = bind_in(first..=first.saturating_add(50)).unwrap();
        assert!(port_of(&next) > first, "{:?}", next.address);
        assert_eq!(next.address.network, "tcp");
    }

    #[tokio::test]
    async fn a_range_without_a_free_port_is_an_error() {
        let taken = bind_in(0..=0).unwrap();
        let port = port_of(&taken);
        assert!(bind_in(port..=port).is_err());
        #[expect(clippy::reversed_empty_ranges, reason = "the host may say so")]
        let empty = bind_in(2..=1);
        assert!(empty.is_err_and(|error| error.to_string().contains("the range is empty")));
    }

    #[test]
    fn an_unset_port_means_any_and_a_word_is_an_error() {
        let read = |text: Option<&str>| port("PLUGIN_MIN_PORT", text.map(str::to_owned));
        assert_eq!(read(None).unwrap(), 0);
        assert_eq!(read(Some("")).unwrap(), 0);
        assert_eq!(read(Some("10000")).unwrap(), 10_000);
        for text in ["a port", "-1", "65536"] {
            let error = read(Some(text)).unwrap_err().to_string();
            assert!(error.contains("`PLUGIN_MIN_PORT` is not a port"), "{error}");
        }
    }
}
