//! Windows: a port on the loopback address, and console events.

use std::io;

use tokio::signal::windows as signal;

use super::super::error::Error;
use super::common::{Signal, Socket};
use super::tcp;

impl Socket {
    /// In plaintext, any process on this machine can connect; see [`others_can_connect`](super::super::others_can_connect).
    pub(crate) fn bind(_in_plaintext: bool) -> Result<Self, Error> {
        tcp::bind()
    }
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
