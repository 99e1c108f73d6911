//! What differs between Unix and Windows. Only this module depends on the platform.

#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(windows, path = "platform/windows.rs")]
mod this;

mod common;

pub(super) use common::{Address, Signal};
pub(super) use this::{Listener, Signals, Socket, Stream, accept, keep_memory_private, parent_id};
