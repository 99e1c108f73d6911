//! What Unix and Windows have in common.

/// Where the host connects to the plugin, as the handshake writes it.
#[derive(Debug)]
pub(crate) struct Address {
    /// `unix` or `tcp`.
    pub(crate) network: &'static str,
    /// The socket's path, or host and port.
    pub(crate) location: String,
}

/// A request to end the process.
pub(crate) enum Signal {
    /// Ctrl-C, or a closed terminal. The host gets it too.
    Interrupt,
    /// A request to this process alone.
    Terminate,
}
