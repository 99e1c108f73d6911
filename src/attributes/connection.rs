//! `base_url` and `api_key` of the provider block. Both are checked by the client; neither is shown in a message, since
//! either may hold a secret.

use deepslate::{ApiKey, BaseUrl};
use secrecy::SecretString;
use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Mismatch};

/// A `base_url`.
pub(crate) struct Location(pub(crate) BaseUrl);

/// An `api_key`.
pub(crate) struct Key(pub(crate) ApiKey);

impl AttributeType for Location {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let url = String::from_value(value)?.parse();
        url.map(Self).map_err(|error| Mismatch::expected(format!("a URL such as `https://app.deepslate.eu`; {error}")))
    }

    fn into_value(self) -> Value {
        self.0.to_string().into()
    }
}

impl AttributeType for Key {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let key = ApiKey::new(SecretString::from_value(value)?);
        key.map(Self).map_err(|error| Mismatch::expected(format!("an API key; {error}")))
    }

    fn into_value(self) -> Value {
        self.0.secret().clone().into_value()
    }
}
