//! Values as msgpack: every value in the plugin protocol's requests and answers.

mod decode;
mod encode;
mod item;

pub use decode::decode;
pub use encode::encode;

#[cfg(test)]
mod tests;
