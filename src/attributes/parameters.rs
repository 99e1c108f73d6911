//! Settings that only Deepslate knows, as a JSON object.

use deepslate::Document;
use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Comparison, Json, Mismatch};

/// A JSON object, as `jsonencode` writes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Json);

impl Parameters {
    pub(crate) fn document(&self) -> Document {
        Document::new(self.0.as_str())
    }
}

impl From<Document> for Parameters {
    fn from(document: Document) -> Self {
        Self(document.as_str().to_owned().into())
    }
}

impl AttributeType for Parameters {
    fn ty() -> Type {
        Json::ty()
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Json::from_value(value).map(Self)
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }

    fn check(&self) -> Vec<Mismatch> {
        let found = self.0.check();
        if found.is_empty() && !self.0.is_object() {
            return vec![Mismatch::expected("a JSON object, as `jsonencode({ … })` returns")];
        }
        found
    }

    fn is_json() -> bool {
        true
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        Json::compare(by, one, other)
    }
}
