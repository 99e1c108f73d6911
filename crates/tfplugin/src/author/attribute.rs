//! One attribute of the schema and its rules.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::mismatch::Mismatch;
use crate::cty::{Type, Value};

/// The longest text that a message shows, in characters.
const LONGEST_SHOWN: usize = 80;

/// One attribute. Each word of `#[attribute(…)]` is one of its methods.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol's own flags, which combine freely")]
pub struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) description: Cow<'static, str>,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
    pub(crate) stable: bool,
    pub(crate) requires_replace: bool,
    pub(crate) identity: bool,
    pub(crate) default: Option<Value>,
    /// Of a write-only attribute: the attribute that counts its changes.
    pub(crate) version: Option<&'static str>,
    /// The attribute that excludes this one: exactly one of the two has a value.
    pub(crate) alternative: Option<&'static str>,
    /// The attribute that must have a value if this one has.
    pub(crate) requires: Option<&'static str>,
    /// Whether two values mean the same to the service.
    pub(crate) same: fn(&Value, &Value) -> bool,
    /// The rules of the type.
    fits: fn(&Value) -> Result<(), Mismatch>,
    check: Option<Check>,
}

/// A rule for a known value, in addition to those of its type.
#[derive(Clone, Debug)]
enum Check {
    Range(RangeInclusive<i64>),
    NotEmpty,
}

impl Attribute {
    pub(super) fn new(
        name: &'static str,
        description: Cow<'static, str>,
        ty: Type,
        fits: fn(&Value) -> Result<(), Mismatch>,
        same: fn(&Value, &Value) -> bool,
    ) -> Self {
        Self {
            name,
            description,
            ty,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            stable: false,
            requires_replace: false,
            identity: false,
            default: None,
            version: None,
            alternative: None,
            requires: None,
            same,
            fits,
            check: None,
        }
    }

    /// The user must set a value.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The user can set a value.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The provider sets the value unless the user does.
    #[must_use]
    pub fn computed(self) -> Self {
        Self { computed: true, ..self }
    }

    /// Terraform hides the value in its output.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// The value is in the configuration only, never in a plan or a state.
    ///
    /// `version` names the number attribute that shows a change of the value. The user can count it up. Otherwise the SDK
    /// counts it up when the value differs from a hash that it keeps in private data.
    #[must_use]
    pub fn write_only(self, version: &'static str) -> Self {
        Self { write_only: true, version: Some(version), ..self }
    }

    /// Exactly one of this attribute and the other must have a value.
    #[must_use]
    pub fn alternative(self, other: &'static str) -> Self {
        Self { alternative: Some(other), ..self }
    }

    /// If this attribute has a value, the other must have one too.
    #[must_use]
    pub fn requires(self, other: &'static str) -> Self {
        Self { requires: Some(other), ..self }
    }

    /// A computed attribute keeps its value when other attributes change.
    #[must_use]
    pub fn stable(self) -> Self {
        Self { stable: true, ..self }
    }

    /// Changing the value replaces the object.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        Self { requires_replace: true, ..self }
    }

    /// The value is part of the resource identity, which names the object as long as it exists.
    #[must_use]
    pub fn identity(self) -> Self {
        Self { identity: true, ..self }
    }

    /// The value if the user sets none. Terraform calls such an attribute optional and computed.
    #[must_use]
    pub fn default(self, value: impl Into<Value>) -> Self {
        Self { optional: true, computed: true, default: Some(value.into()), ..self }
    }

    /// A number must be whole and within these bounds.
    #[must_use]
    pub fn range<T: Copy + Into<i64>>(self, range: RangeInclusive<T>) -> Self {
        let range = (*range.start()).into()..=(*range.end()).into();
        Self { check: Some(Check::Range(range)), ..self }
    }

    /// A string must not be empty.
    #[must_use]
    pub fn not_empty(self) -> Self {
        Self { check: Some(Check::NotEmpty), ..self }
    }

    /// Checks a value of the configuration that is known and not null against all rules.
    pub(crate) fn check(&self, value: &Value) -> Result<(), Mismatch> {
        match (&self.check, value) {
            (Some(Check::Range(range)), Value::Number(number))
                if !number.as_i64().is_some_and(|it| range.contains(&it)) =>
            {
                Err(Mismatch::expected(format!("a whole number from {} to {}", range.start(), range.end())))
            }
            (Some(Check::NotEmpty), Value::String(text)) if text.is_empty() => {
                Err(Mismatch::expected("a string that is not empty"))
            }
            _ => (self.fits)(value),
        }
    }

    /// The description as users read it: with the bounds, the default and whether a change replaces the object.
    pub(crate) fn full_description(&self) -> String {
        let mut text = self.description.to_string();
        if let Some(Check::Range(range)) = &self.check {
            text.push_str(&format!(" A whole number from {} to {}.", range.start(), range.end()));
        }
        match &self.default {
            Some(Value::Number(number)) => text.push_str(&format!(" Default: `{number}`.")),
            Some(Value::String(default)) => text.push_str(&format!(" Default: `{}`.", default.as_str())),
            Some(Value::Bool(default)) => text.push_str(&format!(" Default: `{default}`.")),
            _ => {}
        }
        if self.requires_replace {
            text.push_str(" A change replaces the object.");
        }
        text
    }

    /// A value as a message may show it: never a secret, and not at any length.
    pub(crate) fn show(&self, value: &Value) -> String {
        match value {
            Value::Null => "no value".to_owned(),
            _ if self.sensitive => "a sensitive value".to_owned(),
            Value::String(text) if text.chars().count() > LONGEST_SHOWN => {
                let beginning: String = text.chars().take(LONGEST_SHOWN).collect();
                format!("{beginning:?}… ({} characters)", text.chars().count())
            }
            Value::String(text) => format!("{:?}", text.as_str()),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            _ => "another value".to_owned(),
        }
    }
}
