//! Who the plugin serves.

use super::handshake::Handshake;

/// Who the plugin serves.
pub enum Mode {
    /// The host that started this process.
    Host(Handshake),
    /// Any process of the same user (on Windows: any process on this machine), in plaintext, until interrupted. This is for
    /// a debugger. The announcement names the provider by these source addresses.
    Debug(&'static [&'static str]),
}
