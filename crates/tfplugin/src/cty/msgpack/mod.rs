//! Values as msgpack, as in the requests and responses of the plugin protocol.

mod decode;
mod encode;
mod item;

pub use decode::decode;
pub use encode::encode;

#[cfg(test)]
mod tests;
