use secrecy::zeroize::Zeroizing;

use super::{Error, Type, Value, msgpack};

impl Value {
    /// Whether Terraform accepts this as a value of the type.
    ///
    /// # Errors
    /// The first part whose kind differs, or the first object that lacks an attribute or has one too many.
    pub fn conforms(&self, ty: &Type) -> Result<(), Error> {
        // The encoder makes the check, so that the two cannot disagree.
        msgpack::encode(self, ty).map(|bytes| drop(Zeroizing::new(bytes)))
    }
}
