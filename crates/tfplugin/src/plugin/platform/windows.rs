//! Windows: a port on the loopback address. Whoever can reach it has to prove that it is the host.

use std::net::{Ipv4Addr, TcpListener};
use std::num::ParseIntError;
use std::ops::RangeInclusive;
use std::{env, io};

use tokio::signal::windows as signal;

use super::super::error::Error;
use super::{Address, Signal};

pub(in crate::plugin) type Listener = tokio::net::TcpListener;
pub(in crate::plugin) type Stream = tokio::net::TcpStream;

/// A socket that clients can connect to.
pub(in crate::plugin) struct Socket {
    pub(in crate::plugin) listener: Listener,
    pub(in crate::plugin) address: Address,
    /// There is none to remove.
    pub(in crate::plugin) directory: (),
}

impl Socket {
    /// Takes the first free port from `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`, any where the host names none.
    pub(in crate::plugin) fn bind() -> Result<Self, Error> {
        let lowest = port("PLUGIN_MIN_PORT").map_err(|cause| Error::new("`PLUGIN_MIN_PORT` is no port", cause))?;
        let highest = port("PLUGIN_MAX_PORT").map_err(|cause| Error::new("`PLUGIN_MAX_PORT` is no port", cause))?;
        Self::bind_in(lowest..=highest)
            .map_err(|cause| Error::new("cannot listen on 127.0.0.1", format!("ports {lowest} to {highest}: {cause}")))
    }

    fn bind_in(ports: RangeInclusive<u16>) -> io::Result<Self> {
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
        Ok(Self { listener: Listener::from_std(listener)?, address, directory: () })
    }
}

/// The port that a variable holds; 0, which stands for any, where it is unset.
fn port(variable: &str) -> Result<u16, ParseIntError> {
    env::var(variable).ok().filter(|text| !text.is_empty()).map_or(Ok(0), |text| text.parse())
}

/// The next client.
pub(in crate::plugin) async fn accept(listener: &Listener) -> io::Result<Stream> {
    let (stream, _) = listener.accept().await?;
    // Else each small message would wait for the acknowledgement of the one before.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Windows does not tell when a parent dies.
pub(in crate::plugin) fn parent_id() -> Option<u32> {
    None
}

/// The events that ask a process to end. While this lives they do nothing by themselves.
pub(in crate::plugin) struct Signals {
    interrupt: signal::CtrlC,
    interrupt_hard: signal::CtrlBreak,
    close: signal::CtrlClose,
    shutdown: signal::CtrlShutdown,
}

impl Signals {
    pub(in crate::plugin) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal::ctrl_c()?,
            interrupt_hard: signal::ctrl_break()?,
            close: signal::ctrl_close()?,
            shutdown: signal::ctrl_shutdown()?,
        })
    }

    pub(in crate::plugin) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.interrupt_hard.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
