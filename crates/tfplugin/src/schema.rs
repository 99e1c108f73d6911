//! The schema: which attributes and blocks there are, and the rules of each.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::attr::Mismatch;
use crate::cty::{Type, Value};

/// Longest text of a value that a message shows, in characters.
const LONGEST_SHOWN: usize = 80;

/// A resource's, data source's or provider's arguments and exported values.
#[derive(Clone, Debug)]
pub struct Block {
    pub(super) description: &'static str,
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<NestedBlock>,
}

/// A block inside a block, which may stand once. Its attributes are all given by the user: nothing in it is computed.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) block: Block,
}

/// One attribute. Its methods are the words that `#[attribute(…)]` takes.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol's own flags, which combine freely")]
pub struct Attribute {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) ty: Type,
    pub(super) required: bool,
    pub(super) optional: bool,
    pub(super) computed: bool,
    pub(super) sensitive: bool,
    pub(super) write_only: bool,
    pub(super) stable: bool,
    pub(super) requires_replace: bool,
    pub(super) identity: bool,
    pub(super) default: Option<Value>,
    /// Of a write-only attribute: the attribute that counts its changes.
    pub(super) version: Option<&'static str>,
    /// The attribute of which, and of this one, exactly one has to be given.
    pub(super) alternative: Option<&'static str>,
    /// The attribute that has to be given where this one is.
    pub(super) requires: Option<&'static str>,
    pub(super) same: fn(&Value, &Value) -> bool,
    fits: fn(&Value) -> Result<(), Mismatch>,
    check: Option<Check>,
}

/// A rule for a known value beyond its type.
#[derive(Clone, Debug)]
enum Check {
    Range(RangeInclusive<i64>),
    NotEmpty,
}

/// An attribute or a block, where [`Block::with`] takes either.
#[derive(Debug)]
pub enum Member {
    /// An attribute.
    Attribute(Attribute),
    /// A nested block.
    Block(NestedBlock),
}

// === impl Block ===

impl Block {
    /// A block without members. The description is Markdown.
    pub fn new(description: &'static str) -> Self {
        Self { description, attributes: Vec::new(), blocks: Vec::new() }
    }

    /// Adds an attribute or a nested block.
    #[must_use]
    pub fn with(mut self, member: impl Into<Member>) -> Self {
        match member.into() {
            Member::Attribute(attribute) => self.attributes.push(attribute),
            Member::Block(block) => self.blocks.push(block),
        }
        self
    }

    /// The type of an object with these attributes and blocks.
    pub fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|attribute| (attribute.name, attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|nested| (nested.name, nested.block.ty()));
        Type::Object(attributes.chain(blocks).map(|(name, ty)| (name.to_owned(), ty)).collect())
    }

    /// The names of all attributes and blocks.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().map(|attribute| attribute.name).chain(self.blocks.iter().map(|nested| nested.name))
    }

    /// The type of the object that names a resource for life: the attributes marked `identity`.
    pub(super) fn identity_type(&self) -> Type {
        let attributes = self.identity().map(|attribute| (attribute.name.to_owned(), attribute.ty.clone()));
        Type::Object(attributes.collect::<BTreeMap<_, _>>())
    }

    /// The attribute of which, and of the one with this name, exactly one has to be given.
    pub(super) fn other_of(&self, name: &str) -> Option<&'static str> {
        self.attributes.iter().find_map(|attribute| match attribute.alternative {
            Some(other) if attribute.name == name => Some(other),
            Some(other) if other == name => Some(attribute.name),
            _ => None,
        })
    }

    /// The write-only attributes whose changes are counted, each with the name of the attribute that counts.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&Attribute, &'static str)> {
        self.attributes.iter().filter_map(|attribute| Some((attribute, attribute.version?)))
    }

    /// The write-only attribute whose changes the attribute of this name counts.
    pub(super) fn counted_by(&self, version: &str) -> Option<&Attribute> {
        self.counted().find(|(_, counter)| *counter == version).map(|(attribute, _)| attribute)
    }

    /// The attributes marked `identity`.
    pub(super) fn identity(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.identity)
    }
}

// === impl Member ===

impl From<Attribute> for Member {
    fn from(attribute: Attribute) -> Self {
        Self::Attribute(attribute)
    }
}

impl From<NestedBlock> for Member {
    fn from(block: NestedBlock) -> Self {
        Self::Block(block)
    }
}

// === impl Attribute ===

impl Attribute {
    pub(super) fn new(
        name: &'static str,
        description: &'static str,
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

    /// The user must give a value.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The user may give a value.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The provider sets the value where the user does not.
    #[must_use]
    pub fn computed(self) -> Self {
        Self { computed: true, ..self }
    }

    /// Terraform hides the value in what it prints.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// The value is in the configuration only, never in a plan or a state. `version` names the number attribute by
    /// which a change of the value shows: the user counts it up, or leaves it out, and then the framework does where a
    /// hash of the value, kept in private data, differs.
    #[must_use]
    pub fn write_only(self, version: &'static str) -> Self {
        Self { write_only: true, version: Some(version), ..self }
    }

    /// Exactly one of this attribute and the other has to be given.
    #[must_use]
    pub fn alternative(self, other: &'static str) -> Self {
        Self { alternative: Some(other), ..self }
    }

    /// Where this attribute is given, the other has to be.
    #[must_use]
    pub fn requires(self, other: &'static str) -> Self {
        Self { requires: Some(other), ..self }
    }

    /// The value of a computed attribute stays as it is when others change.
    #[must_use]
    pub fn stable(self) -> Self {
        Self { stable: true, ..self }
    }

    /// A change of the value replaces the object.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        Self { requires_replace: true, ..self }
    }

    /// The value is part of the resource's identity: what names the object for life.
    #[must_use]
    pub fn identity(self) -> Self {
        Self { identity: true, ..self }
    }

    /// The value where the user gives none. Terraform calls such an attribute optional and computed.
    #[must_use]
    pub fn default(self, value: impl Into<Value>) -> Self {
        Self { optional: true, computed: true, default: Some(value.into()), ..self }
    }

    /// A number has to be whole and within these bounds.
    #[must_use]
    pub fn range<T: Copy + Into<i64>>(self, range: RangeInclusive<T>) -> Self {
        let range = (*range.start()).into()..=(*range.end()).into();
        Self { check: Some(Check::Range(range)), ..self }
    }

    /// A string has to have at least one character.
    #[must_use]
    pub fn not_empty(self) -> Self {
        Self { check: Some(Check::NotEmpty), ..self }
    }

    /// Holds a value that is known and not null against the rules.
    pub(super) fn check(&self, value: &Value) -> Result<(), Mismatch> {
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

    /// The description as users read it: with the range, the default and what a change does.
    pub(super) fn full_description(&self) -> String {
        let mut text = self.description.to_owned();
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

    /// A value as a message to the user may show it: never a secret, and not at any length.
    pub(super) fn show(&self, value: &Value) -> String {
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
