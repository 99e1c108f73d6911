//! What differs between Unix and Windows. Only this module depends on the platform.

#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(windows, path = "platform/windows.rs")]
mod this;

mod common;
#[cfg(any(windows, debug_assertions))]
mod tcp;

pub(super) use common::{Address, Listener, Signal, Socket, Stream};
pub(super) use this::{Signals, keep_memory_private, parent_id};
