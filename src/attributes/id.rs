//! The ID of an object that a configuration refers to.

use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Mismatch};
use uuid::Uuid;

/// The ID of another object. Deepslate's IDs are UUIDs. A test may put any other text in the place of one
/// (`mock_provider`, `mock_outputs`), so only an operation that sends the ID requires a UUID.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Id {
    Uuid(Uuid),
    Other(String),
}

impl Id {
    /// The ID as a request carries it.
    pub(crate) fn uuid(&self) -> Option<Uuid> {
        match self {
            Self::Uuid(id) => Some(*id),
            Self::Other(_) => None,
        }
    }
}

impl From<Uuid> for Id {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}

impl AttributeType for Id {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Uuid::from_value(value.clone()).map(Self::Uuid).or_else(|_| String::from_value(value).map(Self::Other))
    }

    fn into_value(self) -> Value {
        match self {
            Self::Uuid(id) => id.into_value(),
            Self::Other(text) => text.into(),
        }
    }

    /// Refuses text that can never be an ID.
    fn check(&self) -> Vec<Mismatch> {
        match self {
            Self::Other(text) if !may_be_id(text) => Uuid::from_value(text.as_str().into()).err().into_iter().collect(),
            Self::Uuid(_) | Self::Other(_) => Vec::new(),
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

fn may_be_id(text: &str) -> bool {
    let never = |character: char| {
        character.is_whitespace() || character.is_control() || matches!(character, '/' | '\\' | '?' | '#' | '%')
    };
    !text.is_empty() && text != "." && !text.contains("..") && !text.contains(never)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";

    fn id(text: &str) -> Id {
        Id::from_value(text.into()).expect("a text")
    }

    #[test]
    fn any_text_may_be_a_mocked_id_unless_it_has_forbidden_characters() {
        for text in [UUID, &UUID.to_uppercase(), "a1b2c3d4", "mock-id", "id_1:2.3", "0", "prod.vendor"] {
            assert!(id(text).check().is_empty(), "{text}");
        }
        for text in
            ["", " ", "a b", "a/b", "..", "../x", ".", "a\\b", "a?b=c", "a#b", "%2e", "a\n", &format!("{UUID}/x")]
        {
            let refused = id(text).check();
            assert!(refused.len() == 1 && refused[0].expected.contains("UUID"), "{text:?}: {refused:?}");
        }
    }

    #[test]
    fn an_id_keeps_its_text_unless_it_is_a_uuid() {
        assert_eq!(id("Mock").into_value(), "Mock".into());
        assert_eq!(id(&UUID.to_uppercase()).into_value(), UUID.into());
        assert!(id(UUID).same(&id(&UUID.to_uppercase())) && !id("a").same(&id("A")));
        assert_eq!((id(UUID).uuid().is_some(), id("mock").uuid()), (true, None));
    }
}
