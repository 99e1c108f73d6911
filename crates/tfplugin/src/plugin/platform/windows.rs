//! Windows: a port on the loopback address. Any process on the machine can connect, so TLS has to prove that it is the host.

use std::net::{Ipv4Addr, TcpListener};
use std::num::ParseIntError;
use std::ops::RangeInclusive;
use std::{env, io};

use tokio::signal::windows as signal;

use super::super::error::Error;
use super::common::{Address, Signal};

pub(crate) type Listener = tokio::net::TcpListener;
pub(crate) type Stream = tokio::net::TcpStream;

/// A socket that clients can connect to.
pub(crate) struct Socket {
    pub(crate) listener: Listener,
    pub(crate) address: Address,
    /// Nothing to remove.
    pub(crate) directory: (),
}

impl Socket {
    /// Takes the first free port from `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`, or any port if the host does not set them.
    ///
    /// In plaintext, any process on this machine can connect, so only a debugger asks for that.
    pub(crate) fn bind(_in_plaintext: bool) -> Result<Self, Error> {
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

/// The port in a variable. If the variable is unset: 0, which means any port.
fn port(variable: &str) -> Result<u16, ParseIntError> {
    env::var(variable).ok().filter(|text| !text.is_empty()).map_or(Ok(0), |text| text.parse())
}

/// Accepts the next client.
pub(crate) async fn accept(listener: &Listener) -> io::Result<Stream> {
    let (stream, _) = listener.accept().await?;
    // Otherwise each small message waits for the acknowledgment of the previous one.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Windows writes the memory of a process to disk only if an administrator asked for it.
#[expect(clippy::unnecessary_wraps, reason = "other platforms can fail")]
pub(crate) fn keep_memory_private() -> io::Result<()> {
    Ok(())
}

/// Windows does not report that a parent ended.
pub(crate) fn parent_id() -> Option<u32> {
    None
}

/// The events that ask a process to end. As long as this exists, they have no other effect.
pub(crate) struct Signals {
    interrupt: signal::CtrlC,
    interrupt_hard: signal::CtrlBreak,
    close: signal::CtrlClose,
    shutdown: signal::CtrlShutdown,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal::ctrl_c()?,
            interrupt_hard: signal::ctrl_break()?,
            close: signal::ctrl_close()?,
            shutdown: signal::ctrl_shutdown()?,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.interrupt_hard.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
