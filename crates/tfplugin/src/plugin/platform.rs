//! What differs between Unix and Windows. Nothing outside of this module asks which platform it is.

#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(windows, path = "platform/windows.rs")]
mod this;

pub(super) use this::{Listener, Signals, Socket, Stream, accept, parent_id};

/// Where the host finds the plugin, in the handshake's terms.
#[derive(Debug)]
pub(super) struct Address {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// The socket's path, or host and port.
    pub(super) location: String,
}

/// What asks a process to end.
pub(super) enum Signal {
    /// Ctrl-C, or the terminal is gone; the host gets it too.
    Interrupt,
    /// Meant for this process.
    Terminate,
}
